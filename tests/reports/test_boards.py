"""What the boards say: the funnel, the heat table, the merit list and their workbooks."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from tests.factories.base import World, world
from tests.factories.reports import NOW, case_at, close, late, unit
from tests.reports.test_pages import signed_in
from xianfeng.cases.models import Case
from xianfeng.creation.models import CreationPlan
from xianfeng.designations.models import Designation
from xianfeng.kernel import clock
from xianfeng.reports import rules
from xianfeng.reports.queries import merit, overview

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Iterator[World]:
    with clock.frozen(NOW):
        yield world()


def name(made: World, code: str, category: str, number: int, state: str = "active") -> Designation:
    case = case_at(made, made.nominees[code], "named", category)
    return Designation.objects.create(
        programme=made.programme, round=made.round, nominee=case.nominee, case=case, tier="tier1", category=category,
        group=case.group, party=case.party, unit=case.unit, number=f"SZ-ZXF-2019-{number:03d}", holder=case.name,
        unit_name=case.unit.name,
        title="示例称号", named_on=date(2019, 11, 15), state=state, live_key=f"live{number}",
    )  # fmt: skip


# --- rules --------------------------------------------------------------------------------------------------------


def test_a_funnel_counts_every_station_that_was_passed():
    standing = {("a", False): 2, ("b", False): 1, ("b", True): 1}
    assert rules.funnel(standing, ["a", "b"]) == [4, 2, 1]


def test_only_what_is_complete_is_drawn_full():
    assert [rules.heat(share) for share in (0, 1, 30, 60, 86, 99, 100)] == [0, 1, 2, 3, 4, 4, 5]


# --- overview -----------------------------------------------------------------------------------------------------


def test_the_funnel_leaves_out_what_was_withdrawn(made):
    case_at(made, made.nominees["st-branch"], "screen")
    gone = case_at(made, made.nominees["co-branch"], "screen")
    Case.objects.filter(pk=gone.pk).update(state="ended", outcome="withdrawn")
    seen = overview.scope(made.actor("worker"), made.round)
    found = overview.funnel(seen, made.round)
    assert dict(found.lines)["示范党组织"] == [1, 1, 1, 0, 0, 0, 0]


def test_the_heat_table_shows_plan_furthest_case_and_what_is_late(made):
    CreationPlan.objects.create(round=made.round, organisation=made.organisations["co-branch"], progress=60)
    case_at(made, made.nominees["co-branch"], "panel")
    late(case_at(made, made.nominees["co-window"], "assess", "service_point"))
    (line,) = overview.units(overview.scope(made.actor("worker"), made.round), made.round, NOW)
    assert [cell.words for cell in line.cells] == ["60%", "组织评审", "自评自荐", "未自荐", "逾期 1 项"]
    assert line.cells[-1].heat == "heat-late"


def test_quotas_count_the_named_and_the_open_places(made):
    name(made, "st-branch", "organisation", 1)
    line = next(one for one in overview.quotas(made.round) if one.chosen)
    assert [(one.total, one.named) for (one,) in line.places] == [(5, 1), (5, 0), (5, 0)]


def test_stations_and_members_are_told_apart(made):
    case_at(made, made.nominees["st-branch"], "screen")
    unit(made, 1)
    case_at(made, made.nominees["party1"], "assess")
    found = overview.groups(overview.scope(made.actor("worker"), made.round), made.round)
    assert [(one.opened, one.submitted) for one in found] == [(1, 1), (1, 0)]


def test_the_workbook_holds_what_the_page_shows(made):
    late(case_at(made, made.nominees["co-branch"], "assess"))
    answer = signed_in(made, "worker").get("/overview/export/")
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    assert book.sheet_names == ["名额", "环节", "单位进度", "逾期"]
    assert book.get_sheet_by_name("逾期").to_python()[1][:3] == ["示例水利建设公司第一党支部", "自评自荐", 1.0]


# --- merit --------------------------------------------------------------------------------------------------------


def test_the_merit_list_stands_by_superior_and_leaves_out_titles_in_question(made):
    name(made, "st-branch", "organisation", 1)
    name(made, "co-member", "post", 2)
    name(made, "co-window", "service_point", 3, state="warned")
    found = merit.merit(made.actor("worker"), made.programme)
    assert [(one.superior, one.honour) for one in found] == [
        ("示例区水务局党委", "先进基层党组织"),
        ("示例水利建设公司党委", "优秀共产党员"),
    ]


def test_a_superior_sees_its_own_line_only(made):
    name(made, "st-branch", "organisation", 1)
    name(made, "co-branch", "organisation", 2)
    found = merit.merit(made.actor("co_superior"), made.programme)
    assert [one.designation.number for one in found] == ["SZ-ZXF-2019-002"]


def test_the_merit_workbook_holds_what_is_filtered(made):
    name(made, "st-branch", "organisation", 1)
    name(made, "co-member", "post", 2)
    answer = signed_in(made, "worker").get("/reports/merit/?category=post&export=1")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    assert rows[1][6] == "SZ-ZXF-2019-002"


def test_a_rejected_case_says_so_only_to_the_bodies_in_its_opinion_box(made):
    case = case_at(made, made.nominees["co-branch"], "decide")
    close(case, "decide", "rejected", "名次靠后")
    path = f"/cases/{case.public_id}/"
    assert "名次靠后" in signed_in(made, "leader").get(path).content.decode()
    for username in ("co_staff", "co_superior", "secretariat"):
        assert "名次靠后" not in signed_in(made, username).get(path).content.decode()
