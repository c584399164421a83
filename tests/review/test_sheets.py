"""The sheet away from the page and at its end: Excel, blind review, wrong passwords, discussion, site visit."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from tests.factories import review as made
from tests.factories.base import World, world
from xianfeng import journal
from xianfeng.directory.models import SignIn
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Conflict, Invalid
from xianfeng.messaging.models import Message
from xianfeng.review import queries, services
from xianfeng.review.models import Assignment, Panel

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def task(place: World, client: Any, count: int = 1) -> Assignment:
    made.organisations_at_panel(place, count)
    made.experts(place, 4)
    row = made.panel(place).assignments.select_related("expert__user", "step", "case__version", "panel").first()
    assert row
    client.force_login(row.expert.user, backend=BACKEND)
    return row


def filled(client: Any, row: Assignment, change: Any) -> Any:
    """Fetch the sheet, change its cells as the expert would, hand it back."""
    address = f"/review/score/{row.step.public_id}/offline/"
    book = load_workbook(BytesIO(client.get(f"{address}?download=1").content))
    change(book["评分表"])
    out = BytesIO()
    book.save(out)
    return client.post(address, {"file": SimpleUploadedFile("评分表.xlsx", out.getvalue())})


def test_a_sheet_filled_offline_is_taken_over_and_can_be_signed(client, place):
    row = task(place, client)
    standard = queries.standard_of(row.case)

    def fill(sheet: Any) -> None:
        for line in sheet.iter_rows(min_row=2):
            code = line[1].value
            if code == "综合评语":
                line[9].value = "材料扎实"
            else:
                line[7].value = str(standard.indicator(code).points)

    assert filled(client, row, fill).url == f"/review/score/{row.step.public_id}/"
    card = Assignment.objects.get(pk=row.pk).scorecard
    assert (card.total, card.remark, card.state) == (100, "材料扎实", "draft")
    assert client.post(f"/review/score/{row.step.public_id}/sign/", {"password": "pass-word-1"}).status_code == 302


def test_every_bad_row_is_named_and_nothing_is_saved(client, place):
    row = task(place, client)

    def fill(sheet: Any) -> None:
        sheet.cell(2, 8).value = "999"
        sheet.cell(3, 8).value = "很好"
        sheet.cell(4, 8).value = "1"
        sheet.cell(5, 1).value = "别人的表"
        sheet.cell(6, 2).value = "没有的指标"

    answer = filled(client, row, fill)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "有 4 处需要改正，没有保存" in page
    for said in ("应在 0 与", "“很好”不是数字", "不属于这件申报", "没有编号为“没有的指标”的指标"):
        assert said in page
    assert not hasattr(Assignment.objects.get(pk=row.pk), "scorecard")


def test_another_experts_sheet_and_a_signed_one_cannot_be_fetched_or_handed_in(client, place):
    row = task(place, client)
    other = row.panel.assignments.exclude(expert=row.expert).select_related("step").first()
    assert other
    assert client.get(f"/review/score/{other.step.public_id}/offline/?download=1").status_code == 404
    made.sign(place, row)
    assert client.get(f"/review/score/{row.step.public_id}/offline/").status_code == 302


def test_five_wrong_passwords_close_the_signature_for_ten_minutes(client, place):
    row = task(place, client)
    with journal.unit_of_work():
        services.scorecard_save(
            step_id=row.step_id, marks=made.even_marks(row.case), actor=place.actor(row.expert.user.username),
            now=made.now_of(place),
        )  # fmt: skip
    address = f"/review/score/{row.step.public_id}/sign/"
    for _ in range(5):
        assert "密码不正确" in client.post(address, {"password": "wrong"}).content.decode()
    answer = client.post(address, {"password": "pass-word-1"})
    assert answer.status_code == 422
    assert "10 分钟后再签名" in answer.content.decode()
    assert SignIn.objects.filter(user=row.expert.user, outcome="refused").count() == 5
    SignIn.objects.update(at=clock.real_now() - timedelta(minutes=11))
    assert client.post(address, {"password": "pass-word-1"}).status_code == 302


def test_a_blind_review_does_not_show_the_expert_who_it_is(client):
    place = world(source=made.ruled("blind: true"))
    row = task(place, client)
    addresses = [f"/review/score/{row.step.public_id}/{end}" for end in ("", "sign/", "recuse/", "offline/")]
    for address in ["/review/queue/", *addresses]:
        assert row.case.name not in client.get(address).content.decode(), address
    assert "申报 " in client.get("/review/queue/").content.decode()


def test_a_wide_spread_is_shown_discussed_and_recorded_before_the_ranking(client, place):
    (case,) = made.organisations_at_panel(place, 1)
    found = made.experts(place, 5)
    panel = made.panel(place)
    rows = list(panel.assignments.select_related("expert__user", "case__version").order_by("id"))
    for number, row in enumerate(rows):
        made.sign(place, row, off="1" if number else "0")
    Panel.objects.update(spread_limit=1)
    client.force_login(place.users["worker"], backend=BACKEND)
    assert "专家分歧较大" in client.get(f"/review/panels/{panel.public_id}/").content.decode()
    extra = next(one for one in found if one.pk not in {row.expert_id for row in rows})
    address = f"/review/panels/{panel.public_id}/discuss/{case.public_id}/"
    answer = client.post(address, {"kind": "visit", "reason": "第一项分歧大", "expert": extra.pk})
    assert answer.status_code == 302
    added = panel.assignments.get(expert=extra)
    made.sign(place, added)
    assert Message.objects.filter(title__startswith="现场核查通知").count() == 4
    actor, at = place.actor("worker"), made.now_of(place)
    with pytest.raises(Conflict, match="还有合议或现场核查没有结束"), journal.unit_of_work():
        services.panel_rank(panel_id=panel.pk, actor=actor, now=at)
    code = queries.standard_of(case).indicators[0].code
    record = {"held_on": "2019-11-20", "place": "现场", "present": "示例甲", "minutes": "已核实台账"}
    assert "还没有填写" in client.post(answer.url, record).content.decode()
    assert client.post(answer.url, {**record, f"f_{code}": "true", f"n_{code}": "台账在"}).status_code == 302
    shown = client.get(answer.url).content.decode()
    assert "已核实台账" in shown
    assert "属实" in shown
    with journal.unit_of_work():
        ranking = services.panel_rank(panel_id=panel.pk, actor=actor, now=at)
    assert ranking.inputs["discussions"][0]["kind"] == "visit"
    assert len(ranking.rows.get().sheets) == 4


def test_minutes_are_needed_and_a_second_discussion_waits_for_the_first(place):
    (case,) = made.organisations_at_panel(place, 1)
    made.experts(place, 3)
    panel = made.panel(place)
    given: dict[str, Any] = {"panel_id": panel.pk, "case_id": case.pk, "kind": "discussion", "reason": "分歧"}
    when: dict[str, Any] = {"actor": place.actor("worker"), "now": made.now_of(place)}
    with journal.unit_of_work():
        row = services.discussion_open(**given, **when)
    with pytest.raises(Conflict, match="正在合议"), journal.unit_of_work():
        services.discussion_open(**given, **when)
    with pytest.raises(Invalid, match="纪要"), journal.unit_of_work():
        services.discussion_close(
            discussion_id=row.pk, held_on=made.now_of(place).date(), present="", minutes="", **when
        )


def test_an_expert_keeps_the_own_profile(client, place):
    row = task(place, client)
    page = client.get("/review/profile/").content.decode()
    assert "任职经历" in page
    given = {"act": "profile", "fields_text": "水文、造价", "max_load": "7", "training": "2019年评审培训"}
    assert client.post("/review/profile/", given).status_code == 302
    past = {"act": "place", "place-name": "示例设计院", "place-since": "2010-01-01", "place-until": "2017-01-01"}
    assert client.post("/review/profile/", past).status_code == 302
    row.expert.refresh_from_db()
    assert (row.expert.fields, row.expert.max_load) == (["水文", "造价"], 7)
    assert row.expert.employments.get().name == "示例设计院"
    client.force_login(place.users["worker"], backend=BACKEND)
    assert "示例设计院" in client.get(f"/review/experts/{row.expert.public_id}/history/").content.decode()


def test_settings_are_kept_and_the_draw_is_played_again(client, place):
    row = task(place, client)
    client.force_login(place.users["worker"], backend=BACKEND)
    address = f"/review/panels/{row.panel.public_id}/"
    given = {
        "objective": "fair", "institution_cap": "2", "least_load": "0", "spread_limit": "8",
    }  # fmt: skip
    assert client.post(f"{address}settings/", given).status_code == 302
    row.panel.refresh_from_db()
    assert (row.panel.objective, row.panel.institution_cap, row.panel.spread_limit) == ("fair", 2, 8)
    client.post(f"{address}replay/")
    assert "重演 1 次抽取，结果逐对一致" in client.get(address).content.decode()
