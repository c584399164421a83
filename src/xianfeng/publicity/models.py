"""What is on show: stories about designated nominees."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xianfeng.designations.models import Designation
from xianfeng.directory.models import User
from xianfeng.kernel.ids import new_id


class Story(models.Model):
    """典型事迹 about a designated nominee."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    designation = models.ForeignKey(Designation, on_delete=models.PROTECT, related_name="stories")
    title = models.CharField(_("标题"), max_length=120)
    body = models.TextField(_("正文"))
    state = models.CharField(max_length=10, choices=[("draft", "草稿"), ("published", "已发布")], default="draft")
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-published_at", "-id")

    def __str__(self) -> str:
        return self.title

    @property
    def journal_label(self) -> str:
        """The title's number: the story's own heading may name a person."""
        return f"典型事迹（{self.designation.number}）"
