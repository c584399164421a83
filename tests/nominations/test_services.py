"""自荐验收 from start to screening: what goes through, and what is refused with which words."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.factories import nominations as make
from tests.factories.base import World, world

from xianfeng import journal
from xianfeng.journal.models import Entry
from xianfeng.kernel.errors import Conflict, Invalid, NotPermitted, UserError
from xianfeng.nominations import hooks, queries, services
from xianfeng.nominations.models import Evidence, GateCheck, SelfAssessment

pytestmark = pytest.mark.django_db


@pytest.fixture
def base() -> World:
    return world()


def first_code(case):
    return queries.standard_of(case).indicators[0].code


def screen(base, case, result="passed", **more):
    with journal.unit_of_work():
        return services.step_screen(
            step_id=make.open_step(case).pk, result=result, actor=base.actor("officer"), now=make.at(), **more
        )


def test_a_nomination_starts_at_its_self_assessment(base):
    case = make.started(base)
    step = make.open_step(case)
    assert (step.kind, step.organisation) == ("assess", base.organisations["st-branch"])
    assert case.tier == "tier1"
    assert queries.assessment_of(case) is not None


@pytest.mark.parametrize(
    ("day", "words"),
    [(date(2019, 9, 1), "还没有到自荐时间.*2019年10月8日至2019年11月25日"), (date(2019, 12, 1), "自荐时间已过")],
)
def test_outside_its_window_a_nomination_is_refused_with_the_dates(base, day, words):
    with pytest.raises(Conflict, match=words), journal.unit_of_work():
        services.nomination_start(
            round_id=base.round.pk,
            nominee_id=base.nominees["st-branch"].pk,
            category="organisation",
            actor=base.actor("st_staff"),
            now=make.at(day),
        )


def start(base, nominee, category, by="st_staff"):
    with journal.unit_of_work():
        return services.nomination_start(
            round_id=base.round.pk,
            nominee_id=base.nominees[nominee].pk,
            category=category,
            actor=base.actor(by),
            now=make.at(),
        )


def test_only_its_own_party_organisation_speaks_for_a_nominee(base):
    with pytest.raises(NotPermitted, match="由“示例水利建设公司第一党支部”自荐"):
        start(base, "co-branch", "organisation")


def test_a_probationary_member_is_refused_with_the_reason(base):
    base.member("st-new", "st-branch", "st-unit", status="probationary")
    with pytest.raises(Invalid, match="党员身份应为正式党员"):
        start(base, "st-new", "post")


def test_a_category_of_another_kind_is_refused(base):
    with pytest.raises(Invalid, match="不面向这类对象"):
        start(base, "st-branch", "post")


def test_a_higher_floor_can_refuse_a_start(base, monkeypatch):
    def holds_title(asked: hooks.Start) -> None:
        raise Conflict(f"“{asked.nominee.name}”已持有该层级命名。")

    monkeypatch.setattr(hooks, "_checks", [])
    hooks.register(holds_title)
    with pytest.raises(Conflict, match="已持有该层级命名"):
        start(base, "st-branch", "organisation")


def test_a_second_open_nomination_is_refused(base):
    make.started(base)
    with pytest.raises(Conflict, match="已有办理中的自荐申报"):
        make.started(base)


def save(base, case, scores, by="st_staff", **more):
    with journal.unit_of_work():
        return services.assessment_save(case_id=case.pk, scores=scores, actor=base.actor(by), now=make.at(), **more)


def test_saving_touches_only_what_is_given_and_keeps_a_running_total(base):
    case = make.started(base)
    one, two = (indicator.code for indicator in queries.standard_of(case).indicators[:2])
    save(base, case, {one: (Decimal("4"), "有记录")}, statement="事迹")
    assessment = save(base, case, {two: (Decimal("3.5"), "")})
    assert assessment.total == Decimal("7.5")
    assert assessment.statement == "事迹"
    assert save(base, case, {one: (None, "")}).total == Decimal("3.5")


@pytest.mark.parametrize(
    ("points", "words"), [("99", "应在 0 与 4.5 分之间"), ("-1", "应在 0 与"), ("4.3", "应是 0.5 分的整数倍")]
)
def test_points_the_standard_does_not_allow_are_refused(base, points, words):
    case = make.started(base)
    with pytest.raises(Invalid, match=words):
        save(base, case, {first_code(case): (Decimal(points), "")})


def test_an_indicator_that_must_apply_cannot_be_left_out(base):
    case = make.started(base)
    with pytest.raises(Invalid, match="不能标为不适用"):
        save(base, case, {first_code(case): ("na", "")})


def test_others_cannot_save(base):
    case = make.started(base)
    with pytest.raises(NotPermitted):
        save(base, case, {}, by="co_staff")


def submit(base, case):
    with journal.unit_of_work():
        return services.assessment_submit(step_id=make.open_step(case).pk, actor=base.actor("st_staff"), now=make.at())


def test_an_incomplete_self_assessment_names_what_is_missing(base):
    case = make.started(base)
    with pytest.raises(Invalid, match=r"自评还没有填完：政治责任落实：尚未评分.*等 .* 项"):
        submit(base, case)
    standard = queries.standard_of(case)
    save(base, case, {one.code: (one.points, "") for one in standard.indicators}, statement="事迹")
    with pytest.raises(Invalid, match="尚缺佐证材料"):
        submit(base, case)


def test_a_statement_is_asked_for(base):
    case = make.filled(base)
    save(base, case, {}, statement="  ")
    with pytest.raises(Invalid, match="主要事迹"):
        submit(base, case)


def test_submission_freezes_total_gates_and_journal_and_goes_to_the_superior(base):
    case = make.submitted(base)
    assert SelfAssessment.objects.get(case=case).total == Decimal(100)
    assert case.snapshot["self_total"] == "100"
    assert {row.gate: row.state for row in GateCheck.objects.filter(case=case)} == {
        "unit_civilised": "unproven",
        "leadership_competent": "unproven",
        "no_larger_accident": "met",
    }
    assert make.open_step(case).organisation == base.organisations["st-committee"]
    entry = Entry.objects.get(event="nomination:assessment:submitted")
    leaf = json.loads(entry.leaf)
    assert leaf["data"]["total"] == "100"
    assert "示例事迹" not in entry.leaf
    with pytest.raises(Conflict, match="自评已经提交"):
        save(base, case, {})


def test_after_the_window_a_submission_is_refused(base):
    case = make.filled(base)
    with pytest.raises(Conflict, match="自荐提交时间已截止"), journal.unit_of_work():
        services.assessment_submit(
            step_id=make.open_step(case).pk, actor=base.actor("st_staff"), now=make.at(date(2019, 12, 2))
        )


def test_a_returned_self_assessment_comes_back_and_can_be_submitted_again(base):
    case = make.submitted(base)
    step = make.open_step(case)
    with pytest.raises(Invalid, match="请写明退回的原因"), journal.unit_of_work():
        services.step_return(step_id=step.pk, opinion=" ", actor=base.actor("st_superior"), now=make.at())
    with journal.unit_of_work():
        services.step_return(step_id=step.pk, opinion="事迹过简。", actor=base.actor("st_superior"), now=make.at())
    save(base, case, {}, statement="更充实的事迹")
    submit(base, case)
    assert make.open_step(case).kind == "endorse"


def test_consent_goes_to_the_office_with_opinion_and_rank(base):
    case = make.submitted(base)
    step = make.open_step(case)
    with journal.unit_of_work():
        services.step_endorse(step_id=step.pk, opinion="", rank=1, actor=base.actor("st_superior"), now=make.at())
    step.refresh_from_db()
    assert (step.opinion, step.detail["rank"]) == ("经研究，同意推荐。", 1)
    assert make.open_step(case).organisation == base.organisations["office"]


def test_a_rank_is_given_once(base):
    base.organisation("st-two", "party_branch", "示例第二支部", superior="st-committee", unit="st-unit")
    base.user("two_staff", "st-two")
    base.party_nominee("st-two")
    cases = [make.submitted(base), make.submitted(base, "st-two", "two_staff")]
    actor = base.actor("st_superior")

    def endorse(case):
        with journal.unit_of_work():
            services.step_endorse(step_id=make.open_step(case).pk, opinion="", rank=1, actor=actor, now=make.at())

    endorse(cases[0])
    with pytest.raises(Conflict, match="第 1 位已是“示例区安质监站党支部”"):
        endorse(cases[1])


def test_what_the_ledger_leaves_unproven_does_not_pass_without_a_reason(base):
    case = make.endorsed(base)
    with pytest.raises(Conflict, match="前置条件尚未证明：所在单位是区局级以上文明单位"):
        screen(base, case)
    screen(base, case, accepted_gates={"unit_civilised": "已核原件", "leadership_competent": "已核原件"})
    assert make.open_step(case).kind == "panel"
    assert GateCheck.objects.get(case=case, gate="unit_civilised").accepted_note == "已核原件"


def test_with_proof_in_the_ledger_it_passes(base):
    make.prove_gates(base)
    case = make.endorsed(base)
    screen(base, case)
    assert make.open_step(case).kind == "panel"


def test_a_failed_veto_cannot_be_accepted_nor_passed(base):
    make.prove_gates(base)
    base.fact("accident", "示例事故", date(2019, 5, 1), organisation=base.organisations["st-unit"], grade="larger")
    case = make.endorsed(base)
    with pytest.raises(Conflict, match=r"否决项不满足，不能通过.*示例事故"):
        screen(base, case)
    with pytest.raises(Conflict, match="不能认可"):
        screen(base, case, accepted_gates={"no_larger_accident": "情况特殊"})
    screen(base, case, result="not_accepted", opinion="存在较大事故。")
    case.refresh_from_db()
    assert case.outcome == "not_accepted"


def test_an_unconfirmed_report_decides_nothing(base):
    make.prove_gates(base)
    row = base.fact(
        "accident", "示例传闻", date(2019, 5, 1), organisation=base.organisations["st-unit"], grade="larger"
    )
    row.state = "reported"
    row.save()
    case = make.endorsed(base)
    screen(base, case)
    case.refresh_from_db()
    assert case.stage == "panel"


@pytest.mark.parametrize(
    ("result", "words"), [("returned", "请指出需要补正"), ("not_accepted", "请写明不予受理的理由")]
)
def test_a_refusal_without_a_word_is_refused(base, result, words):
    case = make.endorsed(base)
    with pytest.raises(Invalid, match=words):
        screen(base, case, result=result)


def test_a_correction_changes_only_what_was_returned_and_is_screened_again(base):
    make.prove_gates(base)
    case = make.returned(base)
    step = make.open_step(case)
    assert step.kind == "correct"
    one, two = (indicator.code for indicator in queries.standard_of(case).indicators[:2])
    save(base, case, {one: (Decimal(3), "已补")})
    with pytest.raises(Conflict, match="不在补正范围内"):
        save(base, case, {two: (Decimal(1), "")})
    evidence = Evidence.objects.get()
    with pytest.raises(Conflict, match="已提交的材料不能移除"), journal.unit_of_work():
        services.evidence_unlink(
            case_id=case.pk, evidence_id=evidence.pk, indicator=one, actor=base.actor("st_staff"), now=make.at()
        )
    with pytest.raises(Invalid, match="请说明补正了哪些内容"), journal.unit_of_work():
        services.correction_submit(step_id=step.pk, note="", actor=base.actor("st_staff"), now=make.at())
    with journal.unit_of_work():
        services.correction_submit(step_id=step.pk, note="已补检查记录。", actor=base.actor("st_staff"), now=make.at())
    again = make.open_step(case)
    assert again.kind == "screen"
    screen(base, case)
    assert make.open_step(case).kind == "panel"


def test_evidence_is_a_file_or_a_link_of_this_programme(base):
    case = make.started(base)
    bad: list[tuple[dict[str, Any], str]] = [
        ({"url": ""}, "请选择一个文件"),
        ({"url": "javascript:alert(1)"}, "链接应以 http"),
        ({"url": "https://example.org", "indicators": ["nowhere"]}, "没有指标“nowhere”"),
        ({"url": "https://example.org", "happened_on": date(2030, 1, 1)}, "不能晚于今天"),
    ]
    for given, words in bad:
        asked: dict[str, Any] = {"indicators": [first_code(case)], "title": "示例", **given}
        with pytest.raises(UserError, match=words), journal.unit_of_work():
            services.evidence_add(case_id=case.pk, actor=base.actor("st_staff"), now=make.at(), **asked)


def test_evidence_used_before_is_carried_over_to_the_next_case(base):
    from xianfeng.cases import services as engine

    case = make.filled(base)
    linked = len(queries.evidence_by_indicator(case))
    with journal.unit_of_work():
        engine.case_withdraw(case_id=case.pk, actor=base.actor("st_staff"), now=make.at())
    again = make.started(base)
    assert len(queries.evidence_by_indicator(again)) == linked > 10


def test_nobody_screens_a_nominee_of_the_own_unit_where_another_can(base):
    case = make.endorsed(base)
    base.appoint("officer", "st-branch")
    with pytest.raises(NotPermitted, match="应当回避"):
        screen(base, case, result="returned", opinion="补正")


def test_a_reassessment_is_prepared_and_submitted_by_the_same_services(base):
    from xianfeng.cases import services as engine

    make.prove_gates(base)
    earlier = make.filled(base)
    later = make.at(date(2021, 10, 9))
    with journal.unit_of_work():
        case = engine.case_open(
            kind="reassessment",
            nominee=base.nominees["st-branch"],
            round=base.round,
            version=base.version,
            tier="tier1",
            category="organisation",
            actor=base.actor("st_staff"),
            now=later,
        )
    assert queries.evidence_by_indicator(case) == queries.evidence_by_indicator(earlier)
    scores = {one.code: (one.points, "") for one in queries.standard_of(case).indicators}
    actor = base.actor("st_staff")
    with journal.unit_of_work():
        services.assessment_save(case_id=case.pk, scores=scores, statement="自查情况", actor=actor, now=later)
    with journal.unit_of_work():
        services.assessment_submit(step_id=make.open_step(case).pk, actor=actor, now=make.at(date(2021, 12, 20)))
    assert make.open_step(case).kind == "endorse"
