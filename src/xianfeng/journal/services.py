"""Erasing personal data from the record: the values go, the commitments stay, and an entry says so."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from xianfeng.journal import queries
from xianfeng.journal.events import Event
from xianfeng.journal.models import PersonalDetail
from xianfeng.journal.recording import record
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Invalid, NotFoundHere

BATCH = 500  # erased entries named in one entry


def erase(
    *,
    actor: Actor,
    now: datetime,
    ground: str,
    subject: Any = None,
    seqs: Iterable[int] | None = None,
    keys: Iterable[str] | None = None,
    details: Iterable[int] | None = None,
) -> int:
    """Erase personal values for good and record it, in the caller's unit of work; returns how many.

    By default all of those in entries about ``subject``; ``seqs`` names other entries (those about a person under
    other subjects), ``keys`` only some of their values, ``details`` single rows. ``ground`` is the reason in words
    that name nobody. Whoever calls has asked a policy.
    """
    if not ground.strip():
        raise Invalid("清除个人信息须写明依据。")
    rows = PersonalDetail.objects.select_for_update()
    if details is not None:
        rows = rows.filter(pk__in=list(details))
    else:
        about = queries.entries_for(subject).values_list("seq", flat=True)
        rows = rows.filter(entry_seq__in=list(seqs if seqs is not None else about))
    if keys is not None:
        rows = rows.filter(key__in=list(keys))
    found: dict[int, list[str]] = {}
    for seq, key in rows.order_by("entry_seq", "key").values_list("entry_seq", "key"):
        found.setdefault(seq, []).append(key)
    if not found:
        raise NotFoundHere("没有可清除的个人信息。", "可能已经清除过。")
    rows.delete()
    everything = list(found.items())
    for start in range(0, len(everything), BATCH):
        named: list[dict[str, Any]] = [{"seq": seq, "keys": kept} for seq, kept in everything[start : start + BATCH]]
        count = sum(len(one["keys"]) for one in named)
        record(
            Event.ERASED, subject=subject or PersonalDetail(), actor=actor, at=now,
            data={"entries": named, "count": count, "ground": ground.strip()},
        )  # fmt: skip
    return sum(len(kept) for kept in found.values())
