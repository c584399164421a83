"""The journal's tables. Entries are appended, never changed; personal details may be erased.

Beside them stand the signed checkpoints, the cosignatures of others, and what each outside address holds.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar, NoReturn

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from xianfeng.journal.kinds import JournalError


def _refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise JournalError("journal entries are only appended, by journal.record inside a unit of work")


class EntryQuerySet(models.QuerySet["Entry"]):
    """Reads as usual; the only write is ``append``, which recording calls under the journal's lock."""

    update = _refuse
    bulk_update = _refuse
    delete = _refuse
    create = _refuse
    bulk_create = _refuse
    get_or_create = _refuse
    update_or_create = _refuse

    def append(self, entries: Sequence["Values"], details: Sequence["Values"]) -> None:
        """Insert new entries and their personal details, each the values of its columns in order."""
        statements = [*_inserts(Entry, entries), *_inserts(PersonalDetail, details)]
        if connection.vendor == "postgresql":  # all in one message: half of a write's time is the way to the server
            statements = [("; ".join(sql for sql, _ in statements), [one for _, given in statements for one in given])]
        with connection.cursor() as cursor:
            for sql, values in statements:
                cursor.execute(sql, values)


Values = tuple[str | int | datetime, ...]
MOST_VALUES = 999  # what the oldest SQLite takes in one statement


def _inserts(model: type[models.Model], rows: Sequence[Values]) -> Iterator[tuple[str, list[Any]]]:
    """The fewest INSERTs a database takes. Not ``bulk_create``, which costs several times as much: every service call
    pays for it."""
    adapt = connection.ops.adapt_datetimefield_value
    batch = MOST_VALUES // len(rows[0]) if rows else 1
    for start in range(0, len(rows), batch):
        some = rows[start : start + batch]
        yield (
            _insert_sql(model, len(some)),
            [adapt(one) if isinstance(one, datetime) else one for row in some for one in row],
        )


@lru_cache(maxsize=64)
def _insert_sql(model: type[models.Model], count: int) -> str:
    columns = [one.column for one in model._meta.concrete_fields if not isinstance(one, models.AutoField)]
    names, one = ", ".join(f'"{column}"' for column in columns), ", ".join(["%s"] * len(columns))
    return f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES {", ".join([f"({one})"] * count)}'


class Entry(models.Model):
    """One thing that happened: the canonical leaf, its hashes, and copies of some values to search by.

    Not guarded by database triggers: whoever owns the database can drop them, so they would only look like
    proof. The chain finds the edit instead. No foreign keys: the journal outlives what it speaks of.
    """

    seq = models.BigIntegerField(_("序号"), primary_key=True)
    leaf = models.TextField(_("条目"))
    leaf_hash = models.CharField(_("条目摘要"), max_length=64)
    chain_hash = models.CharField(_("链摘要"), max_length=64)
    # Roots of the Merkle tree's complete subtrees that end with this entry, smallest first, 64 hex digits each.
    nodes = models.TextField(_("子树摘要"), blank=True, default="")
    event = models.CharField(_("事件"), max_length=120)
    subject_type = models.CharField(_("对象类型"), max_length=80)
    subject_id = models.CharField(_("对象编号"), max_length=64)
    subject_label = models.TextField(_("对象"), blank=True)
    actor_kind = models.CharField(_("办理者类型"), max_length=16)
    actor_id = models.CharField(_("办理者编号"), max_length=64, blank=True)
    actor_label = models.TextField(_("办理者"), blank=True)
    at = models.DateTimeField(_("发生时间"))
    recorded_at = models.DateTimeField(_("记录时间"))

    objects: ClassVar[EntryQuerySet] = EntryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("留痕条目")
        verbose_name_plural = _("留痕条目")
        ordering = ("seq",)
        base_manager_name = "objects"
        indexes = (
            models.Index(fields=("subject_type", "subject_id"), name="journal_subject"),
            models.Index(fields=("event",), name="journal_event"),
            models.Index(fields=("actor_id",), name="journal_actor"),
            models.Index(fields=("at",), name="journal_at"),
        )

    def __str__(self) -> str:
        return f"{self.seq} {self.event}"

    save = _refuse
    delete = _refuse


class PersonalDetailQuerySet(models.QuerySet["PersonalDetail"]):
    """May be read, appended and erased; never edited, for the leaf commits to the value."""

    update = _refuse
    bulk_update = _refuse


class PersonalDetail(models.Model):
    """One personal value of an entry. The leaf holds its commitment only: erasing it leaves it whole."""

    # All of them together are the subject of an entry that erases some.
    public_id, journal_label = "personal", "个人信息"
    entry_seq = models.BigIntegerField(_("条目序号"))
    key = models.CharField(_("项目"), max_length=80)
    salt = models.CharField(_("盐"), max_length=64)
    value = models.TextField(_("内容"))

    objects: ClassVar[PersonalDetailQuerySet] = PersonalDetailQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("个人信息")
        verbose_name_plural = _("个人信息")
        base_manager_name = "objects"
        constraints = (models.UniqueConstraint(fields=("entry_seq", "key"), name="journal_personal_once"),)

    def __str__(self) -> str:
        return f"{self.entry_seq} {self.key}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to change what a leaf has committed to."""
        if not self._state.adding:
            _refuse()
        super().save(*args, **kwargs)


class Checkpoint(models.Model):
    """What the log was at a size, signed: the note others hold, against which a later rewrite is seen."""

    size = models.BigIntegerField(_("条目数"))
    root = models.CharField(_("树根摘要"), max_length=64)
    key_id = models.CharField(_("签名密钥编号"), max_length=8)
    note = models.TextField(_("签名文本"))
    made_at = models.DateTimeField(_("签名时间"))

    class Meta:
        verbose_name = _("检查点")
        verbose_name_plural = _("检查点")
        ordering = ("-size", "-id")
        constraints = (models.UniqueConstraint(fields=("size", "key_id"), name="journal_checkpoint_once"),)

    def __str__(self) -> str:
        return f"{self.size} {self.root}"


class Cosignature(models.Model):
    """A signature line by somebody outside who has checked a checkpoint against what they saw before."""

    checkpoint = models.ForeignKey(Checkpoint, models.CASCADE, related_name="cosignatures", verbose_name=_("检查点"))
    name = models.CharField(_("见证者"), max_length=200)
    key_id = models.CharField(_("密钥编号"), max_length=8)
    line = models.TextField(_("签名行"))
    signed_at = models.DateTimeField(_("见证时间"), null=True)
    received_at = models.DateTimeField(_("收到时间"))

    class Meta:
        verbose_name = _("见证签名")
        verbose_name_plural = _("见证签名")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("checkpoint", "name", "key_id"), name="journal_cosignature_once"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.key_id}"


class Witness(models.Model):
    """What an outside address last took, and how the last attempt went. The address itself may hold a password."""

    address_digest = models.CharField(_("地址摘要"), max_length=64, unique=True)
    label = models.CharField(_("名称"), max_length=200)
    size = models.BigIntegerField(_("已送达条目数"), default=0)
    sent_at = models.DateTimeField(_("送达时间"), null=True)
    tried_at = models.DateTimeField(_("最近尝试"), null=True)
    failures = models.PositiveIntegerField(_("连续失败次数"), default=0)
    error = models.TextField(_("失败原因"), blank=True)

    class Meta:
        verbose_name = _("外部存放处")
        verbose_name_plural = _("外部存放处")
        ordering = ("label",)

    def __str__(self) -> str:
        return self.label
