"""Cases at every station of the procedure, for the boards: moved by the engine itself, never by hand."""

from datetime import date, datetime, timedelta

from tests.factories.base import World
from xianfeng import journal
from xianfeng.cases import services
from xianfeng.cases.models import Case, Step
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM
from xianfeng.registry.models import Nominee

NOW = clock.instant(date(2019, 11, 18), 10)
WALK = (
    ("assess", "submitted"),
    ("endorse", "consented"),
    ("screen", "passed"),
    ("panel", "ranked"),
    ("decide", "approved"),
    ("announce", "cleared"),
    ("name", "named"),
)


def unit(world: World, number: int, kind: str = "company") -> Nominee:
    """One more unit with a branch under the company's committee; its branch is the nominee."""
    world.organisation(f"unit{number}", kind, f"示例第{number}水利建设公司", membership="assoc")
    world.organisation(
        f"party{number}",
        "party_branch",
        f"示例第{number}水利建设公司党支部",
        superior="co-committee",
        unit=f"unit{number}",
    )
    return world.party_nominee(f"party{number}")


def case_at(world: World, nominee: Nominee, station: str, category: str = "organisation", now: datetime = NOW) -> Case:
    """A nomination that stands at a station of the procedure; ``named`` walks it to its end."""
    with journal.unit_of_work():
        case = services.case_open(
            kind="nomination",
            nominee=nominee,
            round=world.round,
            version=world.version,
            tier="tier1",
            category=category,
            actor=SYSTEM,
            now=now,
        )
    for kind, outcome in WALK:
        if kind == station:
            break
        close(case, kind, outcome, now=now)
    case.refresh_from_db()
    return case


def close(case: Case, kind: str, outcome: str, opinion: str = "", now: datetime = NOW) -> None:
    """End the open step of a kind as the system, whoever it was asked of."""
    with journal.unit_of_work():
        step = Step.objects.get(case=case, kind=kind, state="open")
        locked = services.access_step_for_update(step.pk, SYSTEM)
        services.step_close(step=locked, outcome=outcome, actor=SYSTEM, now=now, opinion=opinion)
        if kind == "assess":
            Case.objects.filter(pk=case.pk).update(submitted_at=now)


def late(case: Case, days: int = 2, now: datetime = NOW) -> None:
    """Let the case's open steps be overdue by so many days."""
    Step.objects.filter(case=case, state="open").update(due_at=now - timedelta(days=days))
