"""A case is opened, with the names and the chain of its day."""

from datetime import datetime
from typing import Any

from xianfeng import journal
from xianfeng.cases import rules
from xianfeng.cases.events import Event
from xianfeng.cases.models import Case
from xianfeng.cases.procedure import procedure_of
from xianfeng.cases.services.moving import enter
from xianfeng.directory import queries as directory
from xianfeng.directory.models import Organisation
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, NotPermitted
from xianfeng.programmes.models import DefinitionVersion, Round
from xianfeng.registry.models import Nominee


def case_open(
    *,
    kind: str,
    nominee: Nominee,
    round: Round,
    version: DefinitionVersion,
    tier: str,
    category: str,
    actor: Actor,
    now: datetime,
) -> Case:
    """Open a case and its first step. The caller has checked eligibility and who may start this kind.

    Conflict when the nominee already has an open case of this kind, tier and category in the programme.
    """
    key = f"{round.programme_id}:{kind}:{tier}:{category}:{nominee.pk}"
    Nominee.objects.select_for_update().get(pk=nominee.pk)  # capacity one: the lock comes before the check
    if Case.objects.filter(open_key=key).exists():
        raise Conflict(f"“{nominee.name}”已有办理中的{rules.CASE_KINDS[kind]}。", "请在列表中打开该事项继续办理。")
    party = nominee.party
    unit = directory.unit_of(party, clock.local_day(now))
    case = Case.objects.create(
        kind=kind,
        nominee=nominee,
        round=round,
        version=version,
        tier=tier,
        category=category,
        group=_group(version, unit),
        party=party,
        unit=unit,
        name=nominee.name,
        snapshot=snapshot(nominee, party, unit, now),
        stage="",
        opened_at=now,
        open_key=key,
    )
    # A member's name is personal: the entry carries it as a commitment, and its label says only the category.
    journal.record(
        Event.OPENED,
        subject=case,
        actor=actor.under(party.pk),
        at=now,
        data={"kind": kind, "kind_label": rules.CASE_KINDS[kind], "name": public_label(case)},
        personal={"name": nominee.name} if nominee.kind == "member" else None,
    )
    enter(case, procedure_of(case)[0], now)
    return case


def _group(version: DefinitionVersion, unit: Organisation) -> str:
    group = version.definition.group_of(unit.kind)
    if group is None:
        raise NotPermitted(f"“{unit.name}”不在创建范围内。", "创建范围见实施方案，如有疑问请联系推进组。")
    return group.code


def public_label(case: Case) -> str:
    """A label that never names a person: the category and the party organisation stand in for a member."""
    if case.nominee.kind != "member":
        return case.name
    return f"{case.version.definition.category(case.category).title}（{case.party.label}）"


def snapshot(nominee: Nominee, party: Organisation, unit: Organisation, now: datetime) -> dict[str, Any]:
    """Names and chain as of this day: kept with what is submitted or named."""
    chain = directory.superior_chain(party.pk, clock.local_day(now))
    taken: dict[str, Any] = {
        "name": nominee.name,
        "kind": nominee.kind,
        "party": party.name,
        "unit": unit.name,
        "chain": [one.name for one in chain],
        "on": clock.local_day(now).isoformat(),
    }
    if nominee.member is not None:
        taken["post"] = nominee.member.post
    return taken
