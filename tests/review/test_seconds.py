"""第二评审组: other experts, sheets of their own, and the definition's word on which sheets count."""

from datetime import date

import pytest

from tests.factories import review as made
from tests.factories.base import World, world
from xianfeng import journal
from xianfeng.cases.models import Case
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Conflict, Invalid
from xianfeng.review import board, packet, queries, services
from xianfeng.review.models import Assignment, Discussion, Draw, Panel, RankingRow
from xianfeng.review.rules.again import first_difference
from xianfeng.review.services.allotting import replay

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def send(place: World, panel: Panel, *cases: Case) -> list[Assignment]:
    with journal.unit_of_work():
        return services.second_panel_open(
            panel_id=panel.pk, case_ids=[one.pk for one in cases], reason="相差较大", actor=place.actor("worker"),
            now=made.now_of(place),
        )  # fmt: skip


def call_off(place: World, row: Discussion) -> None:
    with journal.unit_of_work():
        services.second_panel_call_off(
            discussion_id=row.pk, reason="误送", actor=place.actor("worker"), now=made.now_of(place)
        )


def rank(place: World, panel: Panel):
    with journal.unit_of_work():
        return services.panel_rank(panel_id=panel.pk, actor=place.actor("worker"), now=made.now_of(place))


def said(row: RankingRow) -> list[str]:
    """What the calculation says of a second panel."""
    return [line["effect"] for line in row.trace if line["rule"] == "第二评审组"]


def sign_second(place: World, panel: Panel, off: str) -> None:
    for row in panel.assignments.filter(second=True, state="active").select_related("case__version", "expert__user"):
        made.sign(place, row, off)


def judged_by_first(place: World, count: int = 2, experts: int = 7) -> tuple[Panel, list[Case]]:
    """Cases whose first panel has signed: full marks less one point a case, the first case torn by four."""
    cases = made.organisations_at_panel(place, count)
    made.experts(place, experts)
    panel = made.panel(place)
    for number, row in enumerate(panel.assignments.select_related("case__version", "expert__user").order_by("id")):
        made.sign(place, row, "4" if row.case_id == cases[0].pk and number % 2 else "1")
    return panel, cases


def test_a_second_panel_has_other_experts_its_own_draw_and_its_sheets_replace_the_first(place):
    panel, cases = judged_by_first(place)
    first = set(panel.assignments.filter(case=cases[0]).values_list("expert_id", flat=True))
    seats = send(place, panel, cases[0])
    assert len(seats) == 3
    assert not first & {one.expert_id for one in seats}
    assert {one.case_id for one in seats} == {cases[0].pk}
    drawn = Draw.objects.get(cause="second")
    assert replay(drawn)
    assert len(drawn.pairs) == 3
    found = board.matrix(panel)
    assert [line.case for line in found.second] == [cases[0]]
    assert (found.sheets, found.signed, found.lacking, found.may_rank) == (9, 6, 0, False)
    with pytest.raises(Conflict, match="没有签名"):
        rank(place, panel)
    sign_second(place, panel, "2")
    assert board.matrix(panel).may_rank
    ranking = rank(place, panel)
    rows = {row.case_id: row for row in ranking.rows.all()}
    assert rows[cases[0].pk].score == 98
    assert [one["key"] for one in rows[cases[0].pk].sheets] == ["专家 D", "专家 E", "专家 F"]
    assert said(rows[cases[0].pk]) == ["由第二评审组评分替代"]
    assert said(rows[cases[1].pk]) == []
    assert rows[cases[1].pk].score == 99
    kept = packet.packet_of(ranking, office=False)
    sheets = next(one["sheets"] for one in kept["inputs"]["cases"] if one["id"] == cases[0].public_id)
    assert [one["second"] for one in sheets] == [False] * 3 + [True] * 3
    assert first_difference(kept) == ""


def test_a_definition_may_count_both_panels_together():
    place = world(source=made.ruled("second_panel: join"))
    with clock.frozen(made.now_of(place)):
        panel, cases = judged_by_first(place, 1)
        send(place, panel, cases[0])
        sign_second(place, panel, "2")
        row = rank(place, panel).rows.get()
    assert len(row.sheets) == 6
    assert sum(one["dropped"] for one in row.sheets) == 2  # six sheets are trimmed: five is the least
    assert said(row) == ["两组评分合并计算"]


def test_only_what_the_first_panel_has_finished_is_sent_and_only_once(place):
    cases = made.organisations_at_panel(place, 2)
    made.experts(place, 7)
    panel = made.panel(place)
    with pytest.raises(Conflict, match="还没有全部签名"):
        send(place, panel, cases[0])
    made.sign_all(place, panel)
    with pytest.raises(Invalid, match="事由"), journal.unit_of_work():
        services.second_panel_open(
            panel_id=panel.pk, case_ids=[cases[0].pk], reason=" ", actor=place.actor("worker"), now=made.now_of(place)
        )
    send(place, panel, cases[0])
    with pytest.raises(Conflict, match="已送第二评审组"):
        send(place, panel, *cases)
    assert not Discussion.objects.filter(case=cases[1]).exists()


def test_too_few_other_experts_leave_everything_as_it_was(place):
    panel, cases = judged_by_first(place, 1, experts=5)
    with pytest.raises(Conflict, match="缺 1 位"):
        send(place, panel, cases[0])
    assert not Discussion.objects.exists()
    assert rank(place, panel).rows.count() == 1


def test_a_recusal_is_topped_up_within_the_second_panel_and_the_first_stays_shut(place):
    panel, cases = judged_by_first(place, 1, experts=8)
    seats = send(place, panel, cases[0])
    gone = seats[0]
    with journal.unit_of_work():
        extra = services.expert_recuse(
            step_id=gone.step_id,
            reason="师生关系",
            actor=place.actor(gone.expert.user.username),
            now=made.now_of(place),
        )
    assert extra
    assert extra.second
    mine = panel.assignments.filter(second=False, case=cases[0]).select_related("expert").first()
    assert mine
    worker, at = place.actor("worker"), made.now_of(place)
    with pytest.raises(Conflict, match="第一评审组评审过"), journal.unit_of_work():
        services.assignment_add(panel_id=panel.pk, case_id=cases[0].pk, expert_id=mine.expert_id, actor=worker, now=at)
    with pytest.raises(Conflict, match="不再退回"), journal.unit_of_work():
        services.scorecard_reopen(assignment_id=mine.pk, reason="误填", actor=worker, now=at)


def test_it_is_called_off_only_before_anybody_has_signed(place):
    panel, cases = judged_by_first(place)
    seats = send(place, panel, *cases)
    mine, other = (Discussion.objects.get(case=one) for one in cases)
    call_off(place, mine)
    assert queries.at_second(cases) == {cases[1].pk}
    made.sign(place, next(one for one in seats if one.case_id == cases[1].pk))
    with pytest.raises(Conflict, match="已有专家签名"):
        call_off(place, other)
    sign_second_rest = panel.assignments.filter(second=True, state="active", step__state="open")
    for row in sign_second_rest.select_related("case__version", "expert__user"):
        made.sign(place, row)
    rows = {row.case_id: row for row in rank(place, panel).rows.all()}
    assert len(rows[cases[0].pk].sheets) == 3
    assert [len(said(rows[one.pk])) for one in cases] == [0, 1]


def test_the_second_panel_does_not_read_what_the_first_one_discussed(client, place):
    panel, cases = judged_by_first(place, 1)
    for kind, minutes in (("discussion", "第一组对台账看法不一"), ("visit", "现场台账属实")):
        row = made.discuss(place, panel, cases[0], kind)
        Discussion.objects.filter(pk=row.pk).update(minutes=minutes, held_on=date(2019, 11, 1))
    seat = send(place, panel, cases[0])[0]
    client.force_login(seat.expert.user, backend=BACKEND)
    page = client.get(f"/review/score/{seat.step.public_id}/").content.decode()
    assert "现场台账属实" in page
    assert "看法不一" not in page


def test_the_office_sends_by_the_page_and_sees_both_panels(client, place):
    panel, cases = judged_by_first(place)
    client.force_login(place.users["worker"], backend=BACKEND)
    address = f"/review/panels/{panel.public_id}/second/"
    assert "以第二评审组的评分为准" in client.get(address).content.decode()
    assert client.post(address, {"cases": [cases[0].pk], "reason": ""}).status_code == 422
    assert client.post(address, {"cases": [cases[0].pk], "reason": "相差较大"}).status_code == 302
    row = Discussion.objects.get()
    page = client.get(f"/review/discussions/{row.public_id}/").content.decode()
    assert page.count("待评") + page.count("未开始") >= 3
    assert page.count("已签名") >= 3
    assert "已送第二评审组" in client.get(f"/review/panels/{panel.public_id}/").content.decode()
    assert client.post(f"/review/discussions/{row.public_id}/", {"reason": "误送"}).status_code == 302
    assert "已送第二评审组" not in client.get(f"/review/panels/{panel.public_id}/").content.decode()
