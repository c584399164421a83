"""The journal's two tables. Entries are appended, never changed; personal details may be erased."""

from collections.abc import Iterable
from typing import Any, ClassVar, NoReturn

from django.db import models
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

    def append(self, entries: Iterable["Entry"]) -> None:
        """Insert new entries in one statement (per batch the database can hold)."""
        super().bulk_create(list(entries))


class Entry(models.Model):
    """One thing that happened: the canonical leaf, its hashes, and copies of some values to search by.

    Not guarded by database triggers: whoever owns the database can drop them, so they would only look like
    proof. The chain finds the edit instead. No foreign keys: the journal outlives what it speaks of.
    """

    seq = models.BigIntegerField(_("序号"), primary_key=True)
    leaf = models.TextField(_("条目"))
    leaf_hash = models.CharField(_("条目摘要"), max_length=64)
    chain_hash = models.CharField(_("链摘要"), max_length=64)
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
