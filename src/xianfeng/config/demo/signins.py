"""The table of sign-ins: for each role, the people with most waiting for them, and how much."""

from collections.abc import Iterable

from django.db.models import Q
from rich import box
from rich.console import Console
from rich.table import Table

from xianfeng.cases.models import Step
from xianfeng.config.demo.years import TODAY
from xianfeng.directory.models import Appointment, holds_on
from xianfeng.directory.rules import ADMIN_DUTIES, DUTIES
from xianfeng.programmes.models import Body
from xianfeng.review.models import Expert

PASSWORD = "xianfeng-demo"
BODIES = {
    "working_group": "推进组（组织人事科）",
    "office": "领导小组办公室",
    "leading_group": "领导小组",
    "comprehensive_group": "综合工作组",
    "secretariat": "协会秘书处",
}


def rows() -> list[tuple[str, str, str, int]]:
    """Role, username, organisation, how many steps wait."""
    waiting = Step.objects.filter(state="open").select_related("organisation", "user", "case__unit")
    open_steps = list(waiting)
    found = []
    for role, kinds, unit_kind in (
        ("创建单位（监督站）", {"assess", "correct", "rectify"}, "station"),
        ("创建单位（协会会员）", {"assess", "correct", "rectify"}, "company"),
        ("上级党组织", {"endorse"}, ""),
    ):
        ids = [s.organisation_id for s in open_steps if s.kind in kinds and unit_kind in ("", s.case.unit.kind)]
        found += _most_asked(role, ids)
    for kind, role in BODIES.items():
        body = Body.objects.filter(kind=kind).first()
        found += _people(role, body.organisation_id, open_steps, 2) if body else []
    experts = [step.user_id for step in open_steps if step.user_id]
    for expert in Expert.objects.filter(user_id__in=sorted(set(experts), key=experts.count)[-2:]):
        employer = expert.employer.label if expert.employer else expert.employer_name
        found.append(("评审专家", expert.user.username, employer, experts.count(expert.user_id)))
    admins = Appointment.objects.filter(holds_on(TODAY), duty__in=ADMIN_DUTIES).select_related("user", "organisation")
    found += [(DUTIES[one.duty], one.user.username, one.organisation.label, 0) for one in admins.order_by("id")]
    return found


def _most_asked(role: str, organisation_ids: Iterable[int | None]) -> list[tuple[str, str, str, int]]:
    ids = [one for one in organisation_ids if one is not None]
    for best in sorted(set(ids), key=ids.count, reverse=True)[:1]:
        return _people(role, best, None, 1, ids.count(best))
    return []


def _people(
    role: str, organisation_id: int, open_steps: list[Step] | None, most: int, count: int = 0
) -> list[tuple[str, str, str, int]]:
    if open_steps is not None:
        count = sum(1 for step in open_steps if step.organisation_id == organisation_id and step.user_id is None)
    found = Appointment.objects.filter(
        holds_on(TODAY), Q(duty__in=("staff", "secretary", "member")), organisation_id=organisation_id
    ).select_related("user", "organisation")
    return [(role, one.user.username, one.organisation.label, count) for one in found.order_by("user__username")[:most]]


def show(screen: Console) -> None:
    """Print who can sign in."""
    table = Table(title=f"演示账号（密码均为 {PASSWORD}）", title_justify="left", box=box.SIMPLE)
    for column in ("角色", "用户名", "所在组织"):
        table.add_column(column, no_wrap=True, overflow="ignore")
    table.add_column("待办环节", justify="right")
    for role, username, organisation, count in rows():
        table.add_row(role, username, organisation, str(count) if count else "")
    # Piped into a file there is no width to ask for, and a username must never be cut.
    wide = Console(stderr=True, width=max(screen.width, 110))
    wide.print(table)
