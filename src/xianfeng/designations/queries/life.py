"""Where a title stands by the rules in force: its definition, self-checks, sanctions, and what waits for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from xianfeng.cases.queries import acting_ids
from xianfeng.designations import rules
from xianfeng.designations.models import Designation, DesignationCase, SelfCheck
from xianfeng.designations.rules import bands_of, ladder, turns
from xianfeng.kernel import clock, workdays
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, NotFoundHere
from xianfeng.programmes.models import DefinitionVersion, Programme, Round
from xianfeng.programmes.policies import seats
from xianfeng.programmes.rules import Definition, upgrade_faults

MOST = 100  # lines on a workbench


def newest_version(programme: Programme) -> DefinitionVersion:
    """The newest published definition: what a title's life follows today."""
    found = programme.versions.filter(state="published").order_by("-number").first()
    if found is None:
        raise Conflict("创建活动还没有已发布的定义。", "请先发布定义。")
    return found


def checks_of(title: Designation, version: DefinitionVersion, today: date) -> turns.Checks:
    """A title's self-checks on a day; one query where the definition asks for any."""
    definition = version.definition
    if definition.title_life.self_check is None or title.tier not in definition.title_life.applies_to:
        return turns.NO_CHECKS
    rows = list(title.self_checks.values_list("due_on", "handed_in_at"))
    since = clock.local_day(version.published_at) if version.published_at else title.named_on
    return turns.checks(
        definition,
        named_on=title.named_on,
        handed_in=[due for due, at in rows if at is not None],
        noted=[due for due, at in rows if at is None],
        on=today,
        since=since,
    )


def standing_of(title: Designation, today: date) -> list[ladder.Standing]:
    """The sanctions that still count against a title; one query."""
    history = title.history.order_by("happened_on", "id").values_list("kind", "happened_on", "until")
    return ladder.standing(history, today)


def renewal_under_way(title: Designation) -> bool:
    """Whether the holder has asked for renewal and nobody has concluded yet."""
    return DesignationCase.objects.filter(designation=title, trigger="renewal", case__state="open").exists()


def renewable(title: Designation, today: date) -> bool:
    """Whether the holder may ask for renewal today."""
    return (
        title.renew_from is not None
        and title.valid_until is not None
        and title.renew_from <= today <= title.valid_until
        and rules.moved(title.state, "reassess") is not None
    )


def held_against(title: Designation, definition: Definition, row: Round, on: date, wanted: str = "") -> str:
    """Why a held title stands in the way of a new one of its tier, in Chinese; empty when a new one may replace it.

    It may where the programme grades and there is a higher grade to rise to, and where a term ends without renewal.
    """
    grades = [band.code for band in bands_of(definition)]
    rises = title.grade in grades[1:]
    again = title.valid_until is not None and definition.title_life.renewal_months_before is None
    if title.round_id == row.pk or not (rises or again):
        return f"已有有效命名（{title.number}），不能重复申报"
    higher = wanted if rises and wanted in grades else None
    held = title.grade if higher else None
    return "；".join(upgrade_faults(definition, held_since=title.named_on, on=on, grade=held, wanted=higher))


def self_check_for_page(public_id: str, titles: QuerySet[Designation]) -> SelfCheck:
    """One self-check of a title among those its reader may see; 404 otherwise."""
    rows = SelfCheck.objects.filter(designation__in=titles.values("pk")).prefetch_related("files")
    row = rows.select_related("designation", "handed_in_by").filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere("没有找到这份自查，或者您无权查看。", "请从命名页面进入。")
    return row


# --- what waits for whom ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Todo:
    """One line for a workbench."""

    kind: str  # check, renew, due, late
    title: str
    subject: str
    note: str
    due: datetime | None
    designation: Designation | None = None


def todos(actor: Actor, now: datetime) -> list[Todo]:
    """Self-checks and renewals that wait for the holder, and what the working group has to look at. Three queries."""
    today = clock.local_day(now)
    mine = acting_ids(actor)
    found = _holders(mine, today) if mine else []
    programmes = {one.programme_id for one in seats(actor) if one.kind in ("working_group", "office")}
    return found + (_runners(programmes, today) if programmes else [])


def _holders(mine: Iterable[int], today: date) -> list[Todo]:
    soon = today + timedelta(days=turns.OPENS_BEFORE)
    asked = Q(self_check_by__lte=soon) | Q(renew_from__lte=today, valid_until__gte=today)
    rows = Designation.objects.filter(asked, party__in=mine, state__in=rules.LIVE).order_by("id")[:MOST]
    found: list[Todo] = []
    for one in rows:
        if one.self_check_by and one.self_check_by <= soon:
            late = "已逾期，请尽快补报" if one.self_check_by < today else "按规定定期报送"
            due = workdays.deadline_instant(one.self_check_by)
            found.append(Todo("check", "年度自查", one.holder, f"{one.number} · {late}", due, one))
        if renewable(one, today):
            due = workdays.deadline_instant(one.valid_until or today)
            found.append(Todo("renew", "申请续期", one.holder, f"{one.number} · 有效期将满，不续期即到期", due, one))
    return found


def _runners(programmes: Iterable[int], today: date) -> list[Todo]:
    held = Designation.objects.filter(programme__in=programmes, state__in=rules.LIVE)
    late = held.filter(self_check_by__lt=today).count()
    due = held.filter(state__in=rules.RESTING, reassess_by__lte=today).count()
    found = []
    if due:
        found.append(Todo("due", f"到期未复评的命名 {due} 个", "", "已过复评期限，请启动复评", None))
    if late:
        found.append(Todo("late", f"年度自查逾期未报 {late} 个", "", "请督促持有单位补报", None))
    return found
