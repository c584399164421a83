"""Cases brought to any step by the engine itself, and titles named by the services, for tests of designations."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal

from xianfeng import journal
from xianfeng.cases import rules as case_rules
from xianfeng.cases.models import Case, Step
from xianfeng.cases.services import access_step_for_update, case_open, step_close
from xianfeng.designations import services
from xianfeng.designations.models import Designation, PublicNotice
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM
from xianfeng.programmes.definitions import shipped_source
from xianfeng.registry.models import Nominee
from xianfeng.review.models import Panel, Ranking, RankingRow

from .base import World, world

MEETING = date(2019, 12, 9)
FORWARD = {
    "assess": "submitted",
    "endorse": "consented",
    "screen": "passed",
    "panel": "ranked",
    "recommend": "recommended",
    "decide": "approved",
    "announce": "cleared",
    "name": "named",
    "opine": "given",
}
CATEGORIES = {"organisation": "organisation", "service_point": "service_point", "member": "post"}


def changed(*pairs: tuple[str, str]) -> World:
    """The small world under the shipped definition with some of its lines written otherwise."""
    source = shipped_source("zhishui-guanhai-2019")
    for old, new in pairs:
        assert old in source, old
        source = source.replace(old, new)
    return world(source=source)


def moment(day: date = MEETING, hour: int = 10) -> datetime:
    """Ten o'clock of a day in Shanghai."""
    return clock.instant(day, hour)


@contextmanager
def at(when: datetime) -> Iterator[datetime]:
    """A unit of work on a frozen clock."""
    with clock.frozen(when), journal.unit_of_work():
        yield when


def case_at(world: World, nominee: Nominee, kind: str, when: datetime | None = None) -> Case:
    """A nomination brought forward by the engine until it stands at an open step of ``kind``."""
    now = when or moment()
    with at(now):
        case = case_open(
            kind="nomination",
            nominee=nominee,
            round=world.round,
            version=world.round.version,
            tier="tier1",
            category=CATEGORIES[nominee.kind],
            actor=SYSTEM,
            now=now,
        )
        advance(case, kind, now)
    return case


def advance(case: Case, kind: str, now: datetime) -> Step:
    """Close step after step as the system until one of this kind is open."""
    for _ in range(12):
        step = case.steps.get(state="open")
        if step.kind == kind:
            return step
        step_close(
            step=access_step_for_update(step.pk, SYSTEM),
            outcome=FORWARD[step.kind],
            actor=SYSTEM,
            now=now,
            opinion="同意。",
        )
    raise AssertionError(f"never came to {case_rules.STEP_KINDS[kind]}")


def nominees(world: World, count: int, kind: str = "member") -> list[Nominee]:
    """More nominees of the station: members or service points."""
    made = []
    for number in range(1, count + 1):
        code = f"st-{kind}-{number}"
        if kind == "member":
            world.member(code, "st-branch", "st-unit")
        else:
            world.service_point(code, "st-branch", "st-unit")
        made.append(world.nominees[code])
    return made


def ranked(world: World, cases: list[Case], places: int = 5) -> Ranking:
    """A ranking of these cases in the order given."""
    first = cases[0]
    panel = Panel.objects.create(
        round=world.round, tier=first.tier, category=first.category, seed="1", state="ranked", opened_at=moment()
    )
    ranking = Ranking.objects.create(panel=panel, places=places, content_hash="0" * 64, computed_at=moment())
    for number, case in enumerate(cases, start=1):
        RankingRow.objects.create(
            ranking=ranking, case=case, rank=number, score=Decimal(95 - number), inside=number <= places
        )
    return ranking


def decided(world: World, cases: list[Case], *, present: int = 9, votes: int = 8) -> None:
    """The leading group approves them all."""
    with at(moment()) as now:
        services.decision_record(
            round_id=world.round.pk,
            tier="tier1",
            items=[(one.pk, "approved", votes, present - votes, "") for one in cases],
            meeting_on=MEETING,
            document_no="示例〔2019〕12号",
            present=present,
            actor=world.actor("leader"),
            now=now,
        )


def announced(world: World, cases: list[Case]) -> PublicNotice:
    """The working group puts them on notice on the day of the meeting."""
    with at(moment(hour=15)) as now:
        return services.notice_publish(
            round_id=world.round.pk,
            tier="tier1",
            case_ids=[one.pk for one in cases],
            title="关于2019年度示范点的公示（示例）",
            contact="示例联系电话 000-0000",
            actor=world.actor("worker"),
            now=now,
        )


def after_notice(notice: PublicNotice) -> datetime:
    """An hour after a notice is over."""
    return notice.ends_at + timedelta(hours=10)


def cleared(world: World, notice: PublicNotice) -> None:
    """The notice ends without objection."""
    with at(after_notice(notice)) as now:
        services.notice_close(notice_id=notice.pk, actor=world.actor("worker"), now=now)


def titled(world: World, *chosen: Nominee) -> list[Designation]:
    """Named, the whole way: decision, notice, naming."""
    cases = [case_at(world, one, "decide") for one in chosen]
    decided(world, cases)
    notice = announced(world, cases)
    cleared(world, notice)
    with at(after_notice(notice)) as now:
        return services.designations_name(
            round_id=world.round.pk,
            tier="tier1",
            case_ids=[one.pk for one in cases],
            actor=world.actor("worker"),
            now=now,
        )


def concluding(world: World, designation: Designation, when: datetime) -> Step:
    """A reassessment of a title, brought to the office's conclusion."""
    with at(when) as now:
        case = services.reassessment_open(
            designation_id=designation.pk, trigger="periodic", reason="", actor=world.actor("worker"), now=now
        )
        return advance(case, "conclude", now)
