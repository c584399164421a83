"""What falls due in a title's life, as sums over the definition: self-checks, and the timer's next look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from xianfeng.programmes.rules import Definition, missed_self_checks, self_checks
from xianfeng.programmes.rules.life import Missed, months_after

OPENS_BEFORE: Final = 60  # days: from then on a self-check may be handed in
REMIND_BEFORE: Final = (30, 7)  # days: when the holder is told that one is due
# What missing a self-check means for the title, by the definition's word.
ENDING: Final = {"revoked": "revoke", "withdrawn": "end"}
FAILING: Final = frozenset({"failed", "not_accepted"})
WARNINGS: Final = {
    "remind": "推进组将催办，并记入命名的历史",
    "failed": "视为不合格，启动复评",
    "not_accepted": "视为不合格，启动复评",
    "revoked": "命名自行撤销",
    "withdrawn": "视为放弃，命名终止",
}


@dataclass(frozen=True)
class Checks:
    """A title's self-checks on a day: the one asked for (``late`` when its day is over), the next, those just missed.

    One that was missed is asked for until the next may be handed in.
    """

    due: date | None
    late: bool
    coming: date | None
    missed: list[Missed]

    @property
    def opens(self) -> date | None:
        """From which day the one asked for may be handed in."""
        return None if self.due is None else opening(self.due)


NO_CHECKS: Final = Checks(None, False, None, [])


def opening(due: date) -> date:
    """From which day a self-check due on a day may be handed in."""
    return due - timedelta(days=OPENS_BEFORE)


def checks(
    definition: Definition,
    *,
    named_on: date,
    handed_in: Sequence[date],
    noted: Iterable[date],
    on: date,
    since: date,
) -> Checks:
    """Where a title's self-checks stand: ``handed_in`` and ``noted`` (found missing before) are due days.

    Nothing due before ``since``, the day from which the definition is in force, is held against the holder.
    """
    rule = definition.title_life.self_check
    if rule is None:
        return NO_CHECKS
    known, done = set(noted), set(handed_in)
    missed = [
        one
        for one in missed_self_checks(definition, named_on=named_on, done=handed_in, on=on)
        if one.due >= since and one.due not in known
    ]
    last = max(done, default=named_on)  # a later one covers the years before it
    late = max((day for day in known - done if last < day < on), default=None)
    if missed and missed[-1].due > last and missed[-1].consequence not in ENDING:
        late = missed[-1].due
    following = self_checks(definition, named_on=named_on, until=months_after(on, rule.every_months * 2 + 12))
    coming = next((day for day in following if day >= on and day not in done), None)
    if late and coming and on >= opening(coming):
        late = None
    return Checks(late or coming, late is not None, coming, missed)


def next_look(
    *,
    today: date,
    valid_until: date | None,
    renew_from: date | None,
    coming_check: date | None,
    sanctions_until: Iterable[date],
) -> date | None:
    """The next day after today on which the timer has something to do; None when nothing is due by itself."""
    after = timedelta(days=1)
    days = [one + after for one in sanctions_until]
    if valid_until:
        days += [valid_until + after, *(valid_until - timedelta(days=ahead) for ahead in REMIND_BEFORE)]
    if renew_from:
        days.append(renew_from)
    if coming_check:
        days += [coming_check + after, opening(coming_check)]
        days += [coming_check - timedelta(days=ahead) for ahead in REMIND_BEFORE]
    return min((day for day in days if day > today), default=None)


def reminder(due: date | None, today: date) -> int | None:
    """The nearest reminder that is due for a day to come, as days before it; None when none is."""
    if due is None or due < today:
        return None
    return min((ahead for ahead in REMIND_BEFORE if due - timedelta(days=ahead) <= today), default=None)
