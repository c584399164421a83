"""Public notices by the rules: how long they stand, what an objection must have, whose name is shown and how long."""

from datetime import date, timedelta
from typing import Literal

from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.programmes.rules.schema.procedures import Due

Lack = Literal["signed", "written", "evidence"]


def notice_due(definition: Definition) -> Due:
    """How long a public notice stands: working days, or calendar days where the programme counts those."""
    notice = definition.notice
    if notice.calendar_days is not None:
        return Due(calendar_days=notice.calendar_days)
    return Due(working_days=notice.working_days)


def objections_due(definition: Definition) -> Due:
    """Until when objections may be raised: the notice's own time unless the programme gives another."""
    return definition.notice.objections.within or notice_due(definition)


def answer_due(definition: Definition) -> Due:
    """How long the office has to answer an objection."""
    return Due(working_days=definition.notice.objections.answer_working_days)


def objection_lacks(definition: Definition, *, signed: bool, written: bool, evidence: bool) -> list[Lack]:
    """What an objection lacks to be taken up: a real name, a written account, evidence; empty when it is in order."""
    asked = definition.notice.objections
    found: list[tuple[Lack, bool]] = [
        ("signed", asked.real_name and not signed),
        ("written", asked.written and not written),
        ("evidence", asked.evidence and not evidence),
    ]
    return [lack for lack, missing in found if missing]


def may_name(definition: Definition, *, consented_on: date | None, on: date) -> bool:
    """Whether a person's name may be shown to the public on a day: with consent, where the programme asks for it."""
    if not definition.notice.names_need_consent:
        return True
    return consented_on is not None and consented_on <= on


def names_until(definition: Definition, *, ends_on: date) -> date:
    """The last day on which a notice that ended on a day may still name persons."""
    return ends_on + timedelta(days=definition.notice.take_down_after_days)
