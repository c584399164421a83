"""Programmes, their published definitions, the bodies that play a part, and the yearly rounds."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from xianfeng.directory.models import Dated, Organisation, User, holds_on
from xianfeng.kernel import clock
from xianfeng.kernel.ids import new_id

if TYPE_CHECKING:
    from xianfeng.programmes.rules.schema import Definition


class Programme(models.Model):
    """创建活动: the whole scheme; what it says is in its definition versions."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    code = models.CharField(max_length=60, unique=True)
    title = models.CharField(_("名称"), max_length=160)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.title

    @property
    def journal_label(self) -> str:
        """How the journal names the programme."""
        return self.title


class DefinitionVersion(models.Model):
    """One version of a programme's definition; once published it is immutable and known by its content hash."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    source = models.TextField()  # the YAML as written, with its comments
    # Of a published version: the words it adds to the house's own (sort → code → word), for ``kernel.vocabulary``.
    words: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict, editable=False)
    content_hash = models.CharField(max_length=64, db_index=True)
    state = models.CharField(max_length=10, choices=[("draft", "草案"), ("published", "已发布")], default="draft")
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    # Of a draft: what it began from (public id of a version, or code of a shipped definition), who edited it last.
    origin = models.CharField(max_length=80, blank=True, default="")
    edited_at = models.DateTimeField(null=True, blank=True)
    # What the last change to a draft was, and the text before it: one step back, whatever was deleted.
    undo_what = models.CharField(max_length=200, blank=True, default="")
    undo_source = models.TextField(blank=True, default="")
    edited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("programme", "-number")
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="definition_number_once")]

    def __str__(self) -> str:
        return f"{self.programme} 第{self.number}版"

    @property
    def journal_label(self) -> str:
        """How the journal names the version."""
        return f"定义第{self.number}版"

    @property
    def definition(self) -> "Definition":
        """The parsed definition, cached by content hash: versions are read on every page."""
        from xianfeng.programmes.definitions import parsed  # a cache beside the shipped files

        return parsed(self.content_hash, self.source)


class Seated(models.Manager["Body"]):
    """Bodies as they are today, by the programme's clock."""

    def get_queryset(self) -> models.QuerySet["Body"]:
        """Terms that hold today."""
        return super().get_queryset().filter(holds_on(clock.today()))


class Body(Dated):
    """Which organisation is which body of a programme, and which of the house's parts (``rules.parts``) it plays, from
    when until when: ``objects`` (and ``programme.bodies``) are those of today, ``terms`` all, past and to come."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="bodies")
    kind = models.CharField(max_length=40)  # a body of the definition, or a part
    title = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="bodies")

    objects = Seated()
    terms = models.Manager["Body"]()

    class Meta:
        ordering = ("programme", "kind", "since")
        constraints = [models.UniqueConstraint(fields=["programme", "kind", "since"], name="body_once")]

    def __str__(self) -> str:
        return self.title


class Round(models.Model):
    """年度批次: one year's run under one pinned definition version."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="rounds")
    version = models.ForeignKey(DefinitionVersion, on_delete=models.PROTECT, related_name="rounds")
    year = models.PositiveIntegerField(_("年度"))
    title = models.CharField(_("名称"), max_length=160)
    state = models.CharField(
        max_length=10,
        choices=[("open", "进行中"), ("closed", "已办结"), ("annulled", "已作废")],
        default="open",
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-year",)
        constraints = [models.UniqueConstraint(fields=["programme", "year"], name="round_once_a_year")]

    def __str__(self) -> str:
        return self.title

    @property
    def journal_label(self) -> str:
        """How the journal names the round."""
        return self.title


class RoundStage(models.Model):
    """When a stage of a round runs: days inclusive, taken from the definition, amendable with a reason."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="stages")
    code = models.CharField(max_length=32)
    title = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ("round", "position")
        constraints = [models.UniqueConstraint(fields=["round", "code"], name="stage_once_a_round")]

    def __str__(self) -> str:
        return self.title


class Allotment(models.Model):
    """名额分配: how many a recommending party organisation may put forward in a category of a round (``allotted``)."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="allotments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="allotments")
    category = models.CharField(max_length=40)
    places = models.PositiveIntegerField(_("推荐名额"))

    class Meta:
        ordering = ("round", "organisation", "category")
        constraints = [
            models.UniqueConstraint(fields=["round", "organisation", "category"], name="allotted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.category} {self.places}"
