"""Asking somebody for something by a date: a step is opened, addressed, given its due time, and told of."""

from datetime import datetime

from xianfeng.cases import pages, rules
from xianfeng.cases.addressing import addressee, deadline
from xianfeng.cases.models import Case, Step
from xianfeng.directory import queries as directory
from xianfeng.directory.models import Organisation
from xianfeng.kernel import clock
from xianfeng.messaging import services as messaging
from xianfeng.programmes.rules.schema.procedures import Due


def step_open(
    *,
    case: Case,
    code: str,
    kind: str,
    to: str,
    now: datetime,
    title: str = "",
    level: int = 1,
    due: Due | None = None,
    on_missed: str = "remind",
    optional: bool = False,
    user_id: int | None = None,
    alias: str = "",
) -> Step:
    """Open one step, address it, give it its due time, and tell those it is addressed to.

    ``title`` is the definition's own; a step that an outcome opens goes by its kind's. ``alias`` stands for the nominee
    towards a person who must not know whom they judge.
    """
    body = to.removeprefix("body:") if to.startswith("body:") else ""
    # A time that must pass asks nothing of anybody.
    organisation = None if user_id or kind == "wait" else addressee(case, to, level, now)
    due_at, known = deadline(case, due, now)
    step = Step.objects.create(
        case=case,
        code=code,
        kind=kind,
        title=title or rules.STEP_KINDS[kind],
        level=level,
        body_kind=body,
        organisation=organisation,
        user_id=user_id,
        opened_at=now,
        due_at=due_at,
        due_known=known,
        on_missed=on_missed,
        optional=optional,
        detail={"alias": alias} if alias else {},
    )
    messaging.notify(
        user_ids=[user_id] if user_id else people_of(organisation, now),
        title=f"待办：{step.title}——{step.called}",
        body=f"{case.round.title}",
        link=pages.url_for(step) if alias else f"/cases/{case.public_id}/",
        now=now,
    )
    return step


def people_of(organisation: Organisation | None, now: datetime) -> list[int]:
    """Ids of those who may act for an organisation now: the recipients of its messages."""
    if organisation is None:
        return []
    return list(directory.people_acting_for(organisation.pk, clock.local_day(now)).values_list("pk", flat=True))
