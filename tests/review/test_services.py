"""The panel's spine: conflicts apart, a draw to repeat, sheets signed once, an order that follows the definition."""

from collections import Counter
from decimal import Decimal

import pytest

from tests.factories import review as made
from tests.factories.base import World, world
from xianfeng import journal
from xianfeng.cases.models import Step
from xianfeng.directory.models import Appointment
from xianfeng.journal.models import Entry
from xianfeng.kernel.errors import Conflict, Invalid, NotPermitted
from xianfeng.messaging.models import Message
from xianfeng.review import queries, services
from xianfeng.review.models import Assignment, Expert, Mark, Panel, Ranking, Recusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> World:
    return world()


def pairs(panel: Panel) -> set[tuple[str, str]]:
    rows = panel.assignments.filter(state="active")
    return set(rows.values_list("case__public_id", "expert__public_id"))


def test_an_expert_needs_an_employer_and_is_no_administrator(place):
    at, actor = made.now_of(place), place.actor("worker")
    with pytest.raises(Invalid, match="工作单位"), journal.unit_of_work():
        services.expert_register(user_id=place.users["expert1"].pk, actor=actor, now=at)
    with pytest.raises(Invalid, match="管理员"), journal.unit_of_work():
        services.expert_register(
            user_id=place.users["audit_admin"].pk, employer_name="示例水利大学", actor=actor, now=at
        )
    with pytest.raises(NotPermitted), journal.unit_of_work():
        services.expert_register(
            user_id=place.users["expert1"].pk, employer_name="示例水利大学", actor=place.actor("leader"), now=at
        )


def test_a_draw_covers_every_case_balances_the_experts_and_keeps_conflicts_apart(place):
    cases = made.organisations_at_panel(place, 4)
    found = made.experts(place, 6)
    Expert.objects.filter(pk=found[0].pk).update(employer=place.organisations["unit1"])
    Appointment.objects.create(
        user=found[1].user, organisation=place.organisations["party2"], duty="staff", since="2018-01-01"
    )
    panel = made.panel(place)
    rows = panel.assignments.filter(state="active")
    assert set(Counter(rows.values_list("case_id", flat=True)).values()) == {3}
    assert max(Counter(rows.values_list("expert_id", flat=True)).values()) == 2
    assert not rows.filter(case=cases[0], expert=found[0]).exists()
    assert not rows.filter(case=cases[1], expert=found[1]).exists()
    assert {row.step.kind for row in rows.select_related("step")} == {"score"}


def test_the_recorded_inputs_repeat_the_draw(place):
    from xianfeng.journal.queries import leaf_of
    from xianfeng.review.rules import assignment

    made.organisations_at_panel(place, 4)
    made.experts(place, 6)
    panel = made.panel(place)
    data = leaf_of(Entry.objects.get(event="review:panel:drawn"))["data"]
    again = assignment.draw(
        need=data["need"], capacity=data["capacity"], load=data["load"],
        forbidden=[tuple(pair) for pair in data["apart"]], seed=data["seed"],
    )  # fmt: skip
    assert set(again.pairs) == pairs(panel)


def test_an_impossible_draw_names_the_starved_and_what_would_help(place):
    made.organisations_at_panel(place, 3)
    made.experts(place, 3, max_load=1)
    panel = made.panel(place, drawn=False)
    with pytest.raises(Conflict, match=r"缺 \d 位.*提高 2 件"), journal.unit_of_work():
        services.panel_draw(panel_id=panel.pk, actor=place.actor("worker"), now=made.now_of(place))
    Expert.objects.update(max_load=20, employer=place.organisations["unit1"])
    with pytest.raises(Conflict, match=r"第1水利公司.*缺 3 位.*再增加 3 位"), journal.unit_of_work():
        services.panel_draw(panel_id=panel.pk, actor=place.actor("worker"), now=made.now_of(place))
    assert not panel.assignments.exists()


def test_a_recusal_is_topped_up_without_moving_anybody(place):
    made.organisations_at_panel(place, 2)
    made.experts(place, 4)
    panel = made.panel(place)
    before = pairs(panel)
    row = panel.assignments.select_related("expert__user", "case").first()
    assert row
    with journal.unit_of_work():
        extra = services.expert_recuse(
            step_id=row.step_id, reason="曾在该公司任职", actor=place.actor(row.expert.user.username),
            now=made.now_of(place),
        )  # fmt: skip
    assert extra
    assert extra.origin == "top_up"
    assert extra.case_id == row.case_id
    gone = (row.case.public_id, row.expert.public_id)
    assert pairs(panel) == before - {gone} | {(row.case.public_id, extra.expert.public_id)}
    assert Recusal.objects.get().source == "declared"
    assert Step.objects.get(pk=row.step_id).outcome == "recused"
    assert "曾在" not in "".join(Entry.objects.values_list("leaf", flat=True))
    with pytest.raises(Conflict, match="应当回避：已回避：曾在该公司任职"), journal.unit_of_work():
        services.assignment_add(
            panel_id=panel.pk, case_id=row.case_id, expert_id=row.expert_id, actor=place.actor("worker"),
            now=made.now_of(place),
        )  # fmt: skip


def test_a_recusal_that_nobody_can_replace_is_told_to_the_office(place):
    made.organisations_at_panel(place, 1)
    made.experts(place, 3)
    panel = made.panel(place)
    row = panel.assignments.select_related("expert__user").first()
    assert row
    actor = place.actor(row.expert.user.username)
    with pytest.raises(Invalid, match="事由"), journal.unit_of_work():
        services.expert_recuse(step_id=row.step_id, reason=" ", actor=actor, now=made.now_of(place))
    with journal.unit_of_work():
        assert not services.expert_recuse(step_id=row.step_id, reason="师生关系", actor=actor, now=made.now_of(place))
    told = Message.objects.filter(title__contains="无人补派").values_list("recipient__username", flat=True)
    assert set(told) == {"worker", "worker2"}


def test_a_sheet_is_checked_signed_once_and_reopened_on_record(place):
    (case,) = made.organisations_at_panel(place, 1)
    made.experts(place, 3)
    panel = made.panel(place)
    row = panel.assignments.select_related("expert__user").first()
    assert row
    actor, at = place.actor(row.expert.user.username), made.now_of(place)
    first = queries.standard_of(case).indicators[0]
    for wrong in (first.points + 1, Decimal("-0.5"), Decimal("0.3")):
        with pytest.raises(Invalid), journal.unit_of_work():
            services.scorecard_save(step_id=row.step_id, marks={first.code: (wrong, "")}, actor=actor, now=at)
    assert not Mark.objects.exists()
    with journal.unit_of_work():
        services.scorecard_save(step_id=row.step_id, marks={first.code: (first.points, "好")}, actor=actor, now=at)
    with pytest.raises(Invalid, match=r"还有 \d+ 项未评分"), journal.unit_of_work():
        services.scorecard_sign(step_id=row.step_id, actor=actor, now=at)
    other = place.actor("worker")
    with pytest.raises(NotPermitted), journal.unit_of_work():
        services.scorecard_save(step_id=row.step_id, marks={}, actor=other, now=at)
    made.sign(place, row)
    with pytest.raises(Conflict), journal.unit_of_work():
        services.scorecard_save(step_id=row.step_id, marks={first.code: (Decimal(0), "")}, actor=actor, now=at)
    with pytest.raises(Conflict, match="已签名"), journal.unit_of_work():
        services.assignment_remove(assignment_id=row.pk, reason="换人", actor=other, now=at)
    with journal.unit_of_work():
        services.scorecard_reopen(assignment_id=row.pk, reason="误填", actor=other, now=at)
    old = row.step_id
    made.sign(place, row, off="1")
    row.refresh_from_db()
    assert row.step_id != old
    assert queries.active_assignments(panel).get(pk=row.pk).scorecard.total == 99


def test_a_tie_that_came_up_later_keeps_an_expert_from_signing(place):
    made.organisations_at_panel(place, 1)
    made.experts(place, 3)
    row = made.panel(place).assignments.select_related("expert__user", "case").first()
    assert row
    Expert.objects.filter(pk=row.expert_id).update(employer=place.organisations["unit1"])
    with pytest.raises(NotPermitted, match="回避关系"):
        made.sign(place, row)


def test_ranking_waits_for_every_sheet_and_names_whom_to_remind(place):
    made.organisations_at_panel(place, 1)
    made.experts(place, 3)
    panel = made.panel(place)
    with pytest.raises(Conflict, match="示例expert1、示例expert2、示例expert3"), journal.unit_of_work():
        services.panel_rank(panel_id=panel.pk, actor=place.actor("worker"), now=made.now_of(place))
    row = panel.assignments.first()
    assert row
    with journal.unit_of_work():
        services.assignment_remove(
            assignment_id=row.pk, reason="出差", actor=place.actor("worker"), now=made.now_of(place)
        )
    made.sign_all(place, panel)
    with pytest.raises(Conflict, match="不足 3 份"), journal.unit_of_work():
        services.panel_rank(panel_id=panel.pk, actor=place.actor("worker"), now=made.now_of(place))


def test_ranking_follows_the_definition_and_moves_every_case_on(place):
    cases = made.organisations_at_panel(place, 7)
    made.experts(place, 6)
    panel = made.panel(place)
    offs = {case.pk: str(Decimal(number) / 2) for number, case in enumerate(cases)}
    offs[cases[1].pk] = offs[cases[0].pk]
    made.sign_all(place, panel, offs)
    with journal.unit_of_work():
        ranking = services.panel_rank(panel_id=panel.pk, actor=place.actor("worker"), now=made.now_of(place))
    rows = list(ranking.rows.select_related("case"))
    assert ranking.places == 5
    assert [row.case_id for row in rows[2:]] == [case.pk for case in cases[2:]]
    assert [row.standing for row in rows] == ["inside"] * 5 + ["outside"] * 2
    assert rows[2].score == 99
    assert rows[2].parts["industry"] == "50"
    assert "总分同为 100 的有 2 个" in rows[0].note
    assert "专家 A的评分表" in {line["rule"] for line in rows[2].trace}
    for case in cases:
        assert case.steps.get(kind="panel").outcome == "ranked"
        assert case.steps.get(state="open").kind == "decide"
    with pytest.raises(Conflict, match="已经汇总"), journal.unit_of_work():
        services.panel_rank(panel_id=panel.pk, actor=place.actor("worker"), now=made.now_of(place))


def test_a_tie_across_the_line_is_settled_by_a_recorded_lot(place):
    cases = made.organisations_at_panel(place, 7)
    made.experts(place, 6)
    panel = made.panel(place)
    made.sign_all(place, panel)
    with journal.unit_of_work():
        ranking = services.panel_rank(panel_id=panel.pk, actor=place.actor("worker"), now=made.now_of(place))
    assert {row.standing for row in ranking.rows.all()} == {"undecided"}
    with journal.unit_of_work():
        services.lots_draw(ranking_id=ranking.pk, actor=place.actor("worker"), now=made.now_of(place))
    rows = Ranking.objects.get().rows.all()
    assert [row.rank for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    assert sum(row.inside for row in rows) == 5 == sum(row.standing == "inside" for row in rows)
    assert len(cases) == 7


def test_nobody_but_the_working_group_learns_who_reviews_whom(place):
    (case,) = made.organisations_at_panel(place, 1)
    made.experts(place, 3)
    made.panel(place)
    place.user("nominee", "party1")
    seen = {name: queries.panel_view(case, place.actor(name)) for name in ("worker", "leader", "nominee", "expert1")}
    assert seen["worker"]
    assert len(seen["worker"].experts) == 3
    assert seen["leader"]
    assert seen["leader"].sheets == 3
    assert not seen["leader"].experts
    assert seen["nominee"] == queries.PanelView("scoring") == seen["expert1"]
    about_case = Entry.objects.filter(subject_id=case.public_id).values_list("leaf", flat=True)
    assert not any("示例expert" in leaf or "评分" in leaf for leaf in about_case)


def test_a_colleague_of_the_nominee_leaves_hand_assignment_to_another(place):
    (case,) = made.organisations_at_panel(place, 1)
    found = made.experts(place, 4)
    panel = made.panel(place)
    place.appoint("worker", "party1")
    free = next(one for one in found if not Assignment.objects.filter(expert=one).exists())
    with pytest.raises(NotPermitted, match="应当回避"), journal.unit_of_work():
        services.assignment_add(
            panel_id=panel.pk, case_id=case.pk, expert_id=free.pk, actor=place.actor("worker"), now=made.now_of(place)
        )
    with journal.unit_of_work():
        services.assignment_add(
            panel_id=panel.pk, case_id=case.pk, expert_id=free.pk, actor=place.actor("worker2"), now=made.now_of(place)
        )


def test_reminders_go_once_a_day(place):
    made.organisations_at_panel(place, 2)
    made.experts(place, 3)
    panel = made.panel(place)
    for _ in range(2):
        with journal.unit_of_work():
            count = services.panel_remind(panel_id=panel.pk, actor=place.actor("worker"), now=made.now_of(place))
        assert count == 3
    assert Message.objects.filter(title__startswith="请完成评分").count() == 3
