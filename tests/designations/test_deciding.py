"""What the definition says of the outcome is what a meeting may decide: votes, places, reserve, grades, passes."""

from datetime import date, timedelta

import pytest
from tests.factories import designations as made
from tests.factories.base import World, open_round, world

from xianfeng.cases import places
from xianfeng.cases import rules as case_rules
from xianfeng.designations import queries, services
from xianfeng.designations.models import Decision, Designation
from xianfeng.designations.services import Line
from xianfeng.journal.models import Entry
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Conflict, Invalid, NotPermitted
from xianfeng.messaging.models import Message
from xianfeng.programmes.models import Round
from xianfeng.review.models import RankingRow

pytestmark = pytest.mark.django_db

RESULT = "result: { kind: quota, margin: 1, reserve: 0, unused: lapse }"
VOTE = "vote: { quorum: 2/3, majority: 1/2, over: true, of: present }"
GRADES = """result:
  kind: grades
  bands:
    - { code: gold, title: 金牌, at_least: 90 }
    - { code: silver, title: 银牌, at_least: 80 }
"""
LIFE = "  reassessment_months: 24\n"


def result(**more: object) -> tuple[str, str]:
    words = {"margin": 1, "reserve": 0, "unused": "lapse"} | more
    return RESULT, "result: { kind: quota, " + ", ".join(f"{k}: {v}" for k, v in words.items()) + " }"


def standing(w: World, count: int) -> list:
    return [made.case_at(w, one, "decide") for one in made.nominees(w, count)]


def meet(w: World, lines, *, present=9, members=9, **more):
    with made.at(made.moment()) as now:
        return services.decision_record(
            round_id=w.round.pk, tier="tier1", items=lines, meeting_on=made.MEETING, document_no="示例〔2019〕12号",
            present=present, members=members, actor=w.actor("leader"), now=now, **more,
        )  # fmt: skip


def yes(case, votes=8, reason="", grade=""):
    return Line(case.pk, "approved", votes, 9 - votes, reason, grade)


def no(case, votes=2, reason=""):
    return Line(case.pk, "rejected", votes, 9 - votes, reason)


# --- votes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "votes", "members", "sentence"),
    [
        ("{ quorum: 2/3, majority: 2/3, over: false, of: present }", 5, 9, "未达到到会人数的 2/3"),
        ("{ quorum: 1/2, majority: 3/5, over: true, of: members }", 6, 10, "未超过应到人数的 3/5"),
    ],
)
def test_the_definitions_own_majority_is_asked_for(rule, votes, members, sentence):
    w = made.changed((VOTE, f"vote: {rule}"))
    (case,) = standing(w, 1)
    with pytest.raises(Invalid, match=sentence):
        meet(w, [yes(case, votes)], members=members)
    decision = meet(w, [yes(case, votes + 1)], members=members)
    assert "已" in decision.items.get().verdict


def test_a_result_that_contradicts_the_vote_is_refused():
    w = world()
    case, other = standing(w, 2)
    with pytest.raises(Invalid, match="表决已经通过，不能按未入选处理"):
        meet(w, [no(case, 8)])
    with pytest.raises(Invalid, match="不足 2/3，不能表决"):
        meet(w, [no(case, 2)], members=20)
    meet(w, [yes(case), no(other)])


def test_more_candidates_than_places_are_elected_by_their_votes():
    w = made.changed(result(margin=1.2))
    cases = standing(w, 6)
    made.ranked(w, cases)
    RankingRow.objects.update(basis={"shortlisted": True})
    counts = [9, 5, 8, 8, 7, 6]
    wrong = [
        yes(one, votes) if at < 5 else Line(one.pk, "rejected", votes, 0) for at, (one, votes) in rows(cases, counts)
    ]
    with pytest.raises(Invalid, match="没有当选"):
        meet(w, wrong)
    right = [no(one, votes) if at == 1 else yes(one, votes) for at, (one, votes) in rows(cases, counts)]
    meet(w, right)
    assert places.taken(w.round)["tier1", "post"] == 5


def rows(cases, counts):
    return list(enumerate(zip(cases, counts, strict=True)))


def test_equal_votes_across_the_line_need_another_vote():
    w = made.changed(result(margin=1.2))
    cases = standing(w, 6)
    counts = [9, 8, 8, 7, 6, 6]
    with pytest.raises(Invalid, match="2 个得票相同，须就余下的 1 个名额再次表决"):
        meet(w, [yes(one, votes) for one, votes in zip(cases[:5], counts, strict=False)] + [no(cases[5], 6)])
    meet(w, [yes(one, votes) for one, votes in zip(cases[:4], counts, strict=False)])


def test_one_outside_the_shortlist_cannot_be_elected():
    w = made.changed(result(margin=1.2))
    cases = standing(w, 2)
    made.ranked(w, cases, places=1)
    RankingRow.objects.filter(case=cases[1]).update(basis={"shortlisted": False})
    with pytest.raises(Invalid, match="不在差额候选的前 6 名"):
        meet(w, [yes(cases[1], reason="示例"), no(cases[0])])


def test_who_missed_what_is_asked_cannot_be_approved():
    w = world()
    (case,) = standing(w, 1)
    made.ranked(w, [case])
    RankingRow.objects.update(standing="unqualified")
    with pytest.raises(Invalid, match="评审未达最低要求，不能审定同意"):
        meet(w, [yes(case)])
    meet(w, [no(case, 8)])


# --- places -------------------------------------------------------------------------------------------------------


def test_places_may_be_overrun_only_as_far_as_allowed_with_a_reason_and_an_approval():
    w = made.changed(result(over_by=1))
    cases = standing(w, 7)
    six = [yes(one) for one in cases[:6]]
    with pytest.raises(Conflict, match="超出 2 个，最多可超出 1 个"):
        meet(w, [yes(one) for one in cases])
    with pytest.raises(Conflict, match="超出名额的，应说明理由"):
        meet(w, six)
    with pytest.raises(Invalid, match="超出名额 1 个，应经批准"):
        meet(w, six, over_reason="两个单位成绩相同。")
    decision = meet(w, six, over_reason="两个单位成绩相同。", over_approval="示例〔2019〕9号")
    assert (decision.over_reason, decision.over_approval) == ("两个单位成绩相同。", "示例〔2019〕9号")
    (line,) = [one for one in queries.quota_table(w.round) if (one.tier, one.category) == ("tier1", "post")]
    assert (line.total, line.under_way, line.left) == (5, 6, 0)


def closed_year(w: World, named: int) -> None:
    """An earlier round in which so many posts were named, now over."""
    made.titled(w, *made.nominees(w, named))
    Round.objects.filter(pk=w.round.pk).update(state="closed")
    w.round = open_round(w.version, 2020)


@pytest.mark.parametrize(("unused", "total"), [("next_round", 8), ("lapse", 5)])
def test_unused_places_go_to_the_next_round_or_lapse(unused, total):
    w = made.changed(result(unused=unused))
    closed_year(w, 2)
    found = places.places(w.round, "tier1")["post"]
    assert found.total == total
    (line,) = [one for one in queries.quota_table(w.round) if (one.tier, one.category) == ("tier1", "post")]
    assert line.total == total
    assert ("以前年度结转 3 个" in line.sentence) is (unused == "next_round")


def test_a_running_round_passes_nothing_on():
    w = made.changed(result(unused="next_round"))
    closed_year(w, 1)
    Round.objects.filter(year=2019).update(state="open")
    assert places.places(w.round, "tier1")["post"].total == 5


def test_places_that_a_category_cannot_fill_are_lent_and_never_more_than_there_are():
    w = made.changed(result(unused="other_category"))
    cases = standing(w, 7)
    assert places.places(w.round, "tier1")["post"].received == 2
    meet(w, [yes(one) for one in cases])
    points = [made.case_at(w, one, "decide") for one in made.nominees(w, 5, "service_point")]
    units = [made.case_at(w, w.nominees[one], "decide") for one in ("st-branch", "co-branch")]
    left = places.left(places.places(w.round, "tier1"), places.taken(w.round), "tier1")
    assert left == {"organisation": 3, "service_point": 5, "post": 0}
    meet(w, [yes(one) for one in [*points, *units]])
    assert sum(number for (tier, _), number in places.taken(w.round).items() if tier == "tier1") <= 15


def test_a_category_still_under_review_keeps_its_own_places():
    w = made.changed(result(unused="other_category"))
    standing(w, 6)
    for code in ("st-window", "co-window"):
        made.case_at(w, w.nominees[code], "screen")
    made.case_at(w, w.nominees["st-branch"], "screen")
    assert places.places(w.round, "tier1")["post"].received == 0


def test_a_revoked_title_keeps_its_place_in_its_own_round():
    w = world()
    titles = made.titled(w, *made.nominees(w, 5))
    Designation.objects.filter(pk=titles[0].pk).update(state="revoked", ended_on=date(2020, 1, 8), live_key=None)
    late = made.case_at(w, w.nominees["co-member"], "decide")
    with pytest.raises(Conflict, match="名额 5 个，拟命名 6 个"):
        meet(w, [yes(late)])
    (line,) = [one for one in queries.quota_table(w.round) if (one.tier, one.category) == ("tier1", "post")]
    assert (line.named, line.left) == (5, 0)


# --- reserve ------------------------------------------------------------------------------------------------------


def with_reserve() -> tuple[World, list]:
    """Five approved, two in reserve of the two that may be."""
    w = made.changed(result(reserve=2))
    cases = standing(w, 7)
    made.ranked(w, cases)
    meet(w, [yes(one) for one in cases[:5]] + [Line(one.pk, "reserve", 7, 2) for one in cases[5:]])
    return w, cases


def fill(w: World, *, reason="名额空出。", actor="leader"):
    with made.at(made.moment(made.MEETING + timedelta(days=3))) as now:
        return services.reserve_fill(
            round_id=w.round.pk, tier="tier1", pool="post", meeting_on=made.MEETING, reason=reason,
            document_no="示例〔2019〕15号", actor=w.actor(actor), now=now,
        )  # fmt: skip


def drop(w: World, case, *, reason="申报单位书面放弃。", actor="worker"):
    with made.at(made.moment(made.MEETING + timedelta(days=2))) as now:
        return services.candidate_drop(case_id=case.pk, reason=reason, actor=w.actor(actor), now=now)


def test_without_a_rule_there_is_no_reserve():
    w = world()
    (case,) = standing(w, 1)
    with pytest.raises(Invalid, match="没有规定递补人选"):
        meet(w, [Line(case.pk, "reserve", 8, 1)])


def test_a_reserve_needs_full_places_a_majority_and_no_more_than_may_be():
    w = made.changed(result(reserve=1))
    cases = standing(w, 7)
    with pytest.raises(Invalid, match="还有 5 个空余名额，不能列为递补"):
        meet(w, [Line(cases[0].pk, "reserve", 8, 1)])
    five = [yes(one) for one in cases[:5]]
    with pytest.raises(Invalid, match="最多列 1 个递补"):
        meet(w, five + [Line(one.pk, "reserve", 8, 1) for one in cases[5:7]])
    with pytest.raises(Invalid, match="不能列为递补：赞成 3 票"):
        meet(w, [*five, Line(cases[5].pk, "reserve", 3, 6)])
    meet(w, [*five, Line(cases[5].pk, "reserve", 8, 1)])
    with pytest.raises(Invalid, match="最多列 1 个递补，已有 1 个"):
        meet(w, [Line(cases[6].pk, "reserve", 8, 1)])


def test_the_first_in_reserve_is_put_in_when_a_place_comes_free():
    w, cases = with_reserve()
    assert queries.table(w.round, "tier1").reserve == {cases[5].pk: 1, cases[6].pk: 2}
    with pytest.raises(Conflict, match="没有空余名额，不能递补"):
        fill(w)
    with pytest.raises(Invalid, match="请写明放弃的情况"):
        drop(w, cases[0], reason=" ")
    with pytest.raises(NotPermitted):
        drop(w, cases[0], actor="st_staff")
    drop(w, cases[0])
    cases[0].refresh_from_db()
    assert (cases[0].state, cases[0].outcome) == ("ended", "withdrawn")
    assert Message.objects.filter(title__contains="名额空出，可以递补").exists()
    with pytest.raises(Invalid, match="请写明递补的缘由"):
        fill(w, reason="")
    with pytest.raises(NotPermitted):
        fill(w, actor="worker")
    decision = fill(w)
    assert decision.kind == "fill"
    assert decision.items.get().case == cases[5]
    cases[5].refresh_from_db()
    assert cases[5].stage == "announce"
    assert queries.table(w.round, "tier1").reserve == {cases[6].pk: 2}
    assert set(Entry.objects.values_list("event", flat=True)) >= {"decision:step:filled", "decision:case:given_up"}
    with pytest.raises(Conflict, match="没有空余名额"):
        fill(w)


def test_an_upheld_objection_wakes_the_reserve_which_only_waited_until_then():
    w, cases = with_reserve()
    step = cases[5].steps.get(kind="decide", state="open")
    assert "递补第 1 位" in case_rules.waits(step.detail, made.moment())
    notice = made.announced(w, cases[:5])
    with made.at(made.moment(made.MEETING + timedelta(days=1))) as now:
        objection = services.objection_file(
            item_id=notice.items.get(position=1).pk, name="示例群众甲", contact="000-12345678", evidence_note="见附件",
            content="该对象在公示年度有未披露的情况。", actor=w.actor("st_staff"), now=now,
        )  # fmt: skip
        services.objection_accept(objection_id=objection.pk, actor=w.actor("worker"), now=now)
        services.objection_uphold(objection_id=objection.pk, reply="属实。", actor=w.actor("worker"), now=now)
    step.refresh_from_db()
    assert case_rules.waits(step.detail, made.moment()) == ""
    fill(w)


def test_only_one_on_the_way_to_its_name_can_give_it_up():
    w = world()
    (case,) = standing(w, 1)
    with pytest.raises(Conflict, match="不在公示或命名环节"):
        drop(w, case)


# --- grades and passes --------------------------------------------------------------------------------------------


def graded() -> tuple[World, list]:
    w = made.changed(
        (RESULT, GRADES),
        (LIFE, LIFE + "  validity_months: 36\n  validity_by_grade: { gold: 60 }\n"),
        ("SZ-ZXF-{year}-{category}-{seq:03d}", "SZ-{year}-{category}-{grade}-{seq:03d}"),
    )
    cases = standing(w, 3)
    made.ranked(w, cases)
    for case, grade in zip(cases, ("gold", "silver", ""), strict=True):
        trace = [{"rule": "评定等次", "inputs": "85 分", "effect": grade}]
        RankingRow.objects.filter(case=case).update(grade=grade, trace=trace)
    return w, cases


@pytest.mark.parametrize(
    ("at", "grade", "reason", "sentence"),
    [
        (0, "", "", "请为“.*”选择等次"),
        (1, "gold", "表现突出", "按得分和规定最高评为银牌，不能评为金牌"),
        (0, "silver", "", "按规定应评为金牌，评为银牌应说明理由"),
        (2, "silver", "", "没有达到任何等次"),
    ],
)
def test_a_grade_follows_the_rules_or_a_reason(at, grade, reason, sentence):
    w, cases = graded()
    with pytest.raises(Invalid, match=sentence):
        meet(w, [yes(cases[at], reason=reason, grade=grade)])


def test_a_grade_reaches_title_number_validity_and_every_list():
    w, cases = graded()
    decision = meet(w, [yes(cases[0], grade="gold"), yes(cases[1], grade="silver"), no(cases[2], 8)])
    first = decision.items.get(case=cases[0])
    assert (first.grade, first.proposed_grade, first.trace) == ("gold", "gold", ["评定等次：85 分 → gold"])
    made.cleared(w, made.announced(w, cases[:2]))
    when = made.moment(date(2019, 12, 20))
    with made.at(when) as now:
        gold, silver = services.designations_name(
            round_id=w.round.pk, tier="tier1", case_ids=[one.pk for one in cases[:2]], actor=w.actor("worker"), now=now
        )
    assert (gold.number, silver.number) == ("SZ-2019-SFG-GOLD-001", "SZ-2019-SFG-SILVER-002")
    assert (gold.valid_until, silver.valid_until) == (date(2024, 12, 19), date(2022, 12, 19))
    assert gold.title_in_full.endswith("（金牌）")
    assert gold.history.get().text.endswith("（金牌）")


def test_a_programme_without_places_names_all_who_pass():
    w = made.changed((RESULT, "result: { kind: pass }"))
    cases = standing(w, 7)
    made.ranked(w, cases)
    RankingRow.objects.filter(case=cases[6]).update(standing="unqualified")
    with pytest.raises(Invalid, match="未达最低要求"):
        meet(w, [yes(one) for one in cases])
    meet(w, [yes(one) for one in cases[:6]])
    assert Decision.objects.get().items.count() == 6
    assert all(one.total is None for one in queries.quota_table(w.round))


# --- the page -----------------------------------------------------------------------------------------------------


def test_the_meetings_page_shows_grades_with_their_reckoning_and_refuses_at_the_check(client):
    w, cases = graded()
    client.force_login(w.users["leader"])
    address = f"/designations/decisions/meeting/?round={w.round.public_id}&tier=tier1"
    with clock.frozen(made.moment()):
        page = client.get(address).content.decode()
        key = cases[1].public_id
        data = {"meeting_on": "2019-12-09", "document_no": "示例〔2019〕12号", "members": "9", "present": "9"}
        data |= {"act": "check", f"result_{key}": "approved", f"for_{key}": "8", f"reason_{key}": "示例"}
        refused = client.post(address, data | {f"grade_{key}": "gold"})
        checked = client.post(address, data | {f"grade_{key}": "silver"})
    assert "应评金牌" in page
    assert "评定等次：85 分 → gold" in page
    assert refused.status_code == 422
    assert "最高评为银牌" in refused.content.decode()
    assert "赞成 8 票，已超过到会人数的 1/2。" in checked.content.decode()
