"""The expert pool by Excel and by the expert's own hand: in, out, and in again without a change."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from tests.factories import review as made
from tests.factories import workbook as make
from tests.factories.base import World, world
from xianfeng import journal
from xianfeng.config.workbook import importing
from xianfeng.journal.models import Entry
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Invalid, NotPermitted
from xianfeng.review import services
from xianfeng.review.models import Expert
from xianfeng.review.sheets import EMPLOYMENTS, EXPERTS

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

POOL: dict[str, Any] = {
    EXPERTS.name: [
        {
            "用户名": "expert1", "工作单位": "示例水利大学", "领域": "工程质量、施工安全", "最多件数": 12,
            "不能评审起": "2019年12月1日", "不能评审止": "2019年12月31日", "最近培训日期": "2019-04-10",
            "培训情况": "8 学时", "以往评审经历": "2018年某区评审",
        },
        {"用户名": "expert2", "工作单位编码": "co-unit", "在库": "停用"},
    ],
    EMPLOYMENTS.name: [
        {"用户名": "expert1", "单位编码": "st-unit", "起": "2010-07-01", "止": "2017-06-30"},
        {"用户名": "expert1", "单位": "示例设计院", "起": "2017-07-01"},
    ],
}  # fmt: skip


@pytest.fixture
def place():
    found = world()
    for name in ("expert1", "expert2"):
        if name not in found.users:
            found.user(name)
    with clock.frozen(made.now_of(found)):
        yield found


def bring_in(place: World, content: bytes) -> importing.Report:
    return importing.bring_in(content, "专家库.xlsx", actor=place.actor("worker"), now=made.now_of(place))


def test_a_pool_comes_in_whole_goes_out_and_comes_in_again_unchanged(client, place):
    report = bring_in(place, make.workbook(POOL))
    assert report.problems == []
    assert report.total.created == 4
    one = Expert.objects.get(user__username="expert1")
    assert (one.fields, one.max_load, one.served) == (["工程质量", "施工安全"], 12, "2018年某区评审")
    assert one.is_away(date(2019, 12, 31))
    assert not one.is_away(date(2020, 1, 1))
    assert [str(row.until) for row in one.employments.all()] == ["None", "2017-06-30"]
    assert not Expert.objects.get(user__username="expert2").active
    client.force_login(place.users["worker"], backend=BACKEND)
    book = client.get("/review/experts/export/").content
    entries = Entry.objects.count()
    again = bring_in(place, book)
    assert (again.problems, again.total.written, again.total.unchanged) == ([], 0, 4)
    assert (
        Entry.objects.filter(event__startswith="review").count()
        == entries
        - Entry.objects.exclude(event__startswith="review")
        .filter(pk__lte=Entry.objects.order_by("pk")[entries - 1].pk)
        .count()
    )
    filtered = load_workbook(BytesIO(client.get("/review/experts/export/?state=out").content))
    assert [row[0].value for row in filtered[EXPERTS.name].iter_rows(min_row=2)] == ["expert2"]


def test_the_template_is_empty_explains_itself_and_has_drop_downs(client, place):
    client.force_login(place.users["worker"], backend=BACKEND)
    book = load_workbook(BytesIO(client.get("/review/experts/export/?empty=1").content))
    assert [sheet.max_row for sheet in (book[EXPERTS.name], book[EMPLOYMENTS.name])] == [1, 1]
    assert any("填写示例" in str(row[0].value) for row in book["说明"].iter_rows())
    assert any("停用" in str(one.formula1) for one in book[EXPERTS.name].data_validations.dataValidation)


def test_every_bad_row_is_named_and_nothing_is_written(place):
    sheets = {
        EXPERTS.name: [
            {"用户名": "nobody", "工作单位": "示例水利大学"},
            {"用户名": "expert1", "工作单位": "示例水利大学", "不能评审起": "2019-12-31", "不能评审止": "2019-12-01"},
            {"用户名": "expert2", "最多件数": "很多"},
        ],
        EMPLOYMENTS.name: [
            {"用户名": "leader", "单位": "示例设计院", "起": "2010-07-01"},
            {"用户名": "expert1", "起": "2010-07-01"},
            {"用户名": "expert1", "单位编码": "XX", "起": "2010-07-01", "止": "2009-07-01"},
        ],
    }
    found = bring_in(place, make.workbook(sheets)).problems
    assert [(one.sheet, one.row, one.column) for one in found] == [
        ("评审专家", 2, "用户名"), ("评审专家", 3, "不能评审止"), ("评审专家", 4, "最多件数"),
        ("专家任职经历", 2, "用户名"), ("专家任职经历", 3, "单位"), ("专家任职经历", 4, "单位编码"),
        ("专家任职经历", 4, "止"),
    ]  # fmt: skip
    assert not Expert.objects.exists()


def test_an_expert_says_when_a_place_was_left_and_nobody_else_may(client, place):
    bring_in(place, make.workbook(POOL))
    expert = Expert.objects.get(user__username="expert1")
    row = expert.employments.get(until=None)
    client.force_login(place.users["expert1"], backend=BACKEND)
    assert client.post("/review/profile/", {"act": f"left:{row.pk}", "until": "2016-01-01"}).status_code == 422
    assert client.post("/review/profile/", {"act": f"left:{row.pk}", "until": "2019-10-31"}).status_code == 302
    row.refresh_from_db()
    assert row.until == date(2019, 10, 31)
    with pytest.raises(NotPermitted), journal.unit_of_work():
        services.employment_end(employment_id=row.pk, until=None, actor=place.actor("leader"), now=made.now_of(place))
    with pytest.raises(Invalid, match="早于"), journal.unit_of_work():
        services.employment_end(
            employment_id=row.pk, until=date(2010, 1, 1), actor=place.actor("worker"), now=timezone.now()
        )
