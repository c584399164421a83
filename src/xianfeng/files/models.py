"""Stored files, addressed by the hash of their content: the same bytes are kept once."""

from django.db import models

from xianfeng.directory.models import User
from xianfeng.kernel.ids import new_id


class StoredFile(models.Model):
    """One upload: its own name, and the content it points to in the data folder."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)  # by content, not by what the browser said
    size = models.PositiveBigIntegerField()
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ("-uploaded_at",)

    def __str__(self) -> str:
        return self.name
