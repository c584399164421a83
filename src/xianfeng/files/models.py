"""Stored files, addressed by the hash of their content: the same bytes are kept once."""

from django.db import models

from xianfeng.directory.models import User
from xianfeng.files import rules
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

    journal_label = "文件"  # its own name may name a person

    @staticmethod
    def path_of(sha256: str) -> str:
        """Where the bytes lie below the files folder: two levels of folders keep each of them small."""
        return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"

    @property
    def word(self) -> str:
        """PDF, 图片, Word … for the tile."""
        return rules.word_for(self.media_type)

    @property
    def has_thumbnail(self) -> bool:
        """Whether the file is a picture light enough to stand for itself on a tile."""
        return self.media_type.startswith("image/") and self.size <= rules.THUMBNAIL_BYTES

    @property
    def size_words(self) -> str:
        """The size as people write it."""
        return rules.size_words(self.size)
