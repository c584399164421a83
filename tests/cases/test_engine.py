"""The engine: a nomination walks its procedure, and every wrong turn is refused with a sentence."""

from datetime import date, timedelta

import pytest

from tests.factories.base import World, day_in_stage, world
from xianfeng import journal
from xianfeng.cases import queries, rules, services, tasks
from xianfeng.cases.models import Case, Step
from xianfeng.cases.procedure import may_withdraw
from xianfeng.journal.models import Entry
from xianfeng.kernel import clock
from xianfeng.kernel.canonical import sha256_hex
from xianfeng.kernel.errors import Conflict, Invalid, NotPermitted, UserError
from xianfeng.programmes import services as programmes
from xianfeng.programmes.rules.life import months_after

pytestmark = pytest.mark.django_db
NOW = clock.instant(date(2019, 10, 9), 10)


@pytest.fixture
def made() -> World:
    return world()


def ruled(made: World, before: str, after: str) -> None:
    """The plan's definition with some words replaced, for cases opened from here on."""
    source = made.version.source
    assert before in source
    made.version.source = source.replace(before, after)
    made.version.content_hash = sha256_hex(made.version.source.encode())
    made.version.save()


def opened(made: World, nominee: str = "st-branch", category: str = "organisation") -> Case:
    with journal.unit_of_work():
        return services.case_open(
            kind="nomination",
            nominee=made.nominees[nominee],
            round=made.round,
            version=made.version,
            tier="tier1",
            category=category,
            actor=made.actor("st_staff"),
            now=NOW,
        )


def close(made: World, case: Case, username: str, outcome: str, opinion: str = "") -> None:
    step = Step.objects.open().get(case=case)
    with journal.unit_of_work():
        locked = services.access_step_for_update(step.pk, made.actor(username))
        services.step_close(step=locked, outcome=outcome, actor=made.actor(username), now=NOW, opinion=opinion)


def standing(case: Case) -> tuple[str, str]:
    """Where the case stands and whom it waits for."""
    case.refresh_from_db()
    step = Step.objects.open().filter(case=case).select_related("organisation").first()
    return case.stage, step.organisation.code if step and step.organisation else ""


def test_a_nomination_walks_from_the_nominee_to_its_name(made: World) -> None:
    case = opened(made)
    walk = [
        ("assess", "st-branch", "st_staff", "submitted"),
        ("endorse", "st-committee", "st_superior", "consented"),
        ("screen", "office", "officer", "passed"),
        ("panel", "working_group", "worker", "ranked"),
        ("decide", "leading_group", "leader", "approved"),
        ("announce", "working_group", "worker", "cleared"),
        ("name", "working_group", "worker2", "named"),
    ]
    for stage, addressee, username, outcome in walk:
        assert standing(case) == (stage, addressee)
        close(made, case, username, outcome)
    case.refresh_from_db()
    assert (case.state, case.outcome, case.open_key) == ("ended", "named", None)
    assert not Step.objects.open().filter(case=case).exists()


def test_what_is_returned_by_the_superior_goes_back_to_the_nominee(made: World) -> None:
    case = opened(made)
    close(made, case, "st_staff", "submitted")
    close(made, case, "st_superior", "returned", "请补充事迹")
    assert standing(case) == ("assess", "st-branch")


def test_a_correction_comes_back_to_the_screening(made: World) -> None:
    case = opened(made)
    close(made, case, "st_staff", "submitted")
    close(made, case, "st_superior", "consented")
    close(made, case, "officer", "returned")
    assert queries.open_step(case, "correct") is not None
    close(made, case, "st_staff", "resubmitted")
    assert standing(case) == ("screen", "office")


def test_a_missed_correction_ends_in_not_accepted_and_runs_once(made: World) -> None:
    case = opened(made)
    close(made, case, "st_staff", "submitted")
    close(made, case, "st_superior", "consented")
    close(made, case, "officer", "returned")
    due = Step.objects.open().get(case=case, kind="correct").due_at
    assert due is not None
    assert tasks.steps_lapse(due - timedelta(seconds=1)) == 0
    assert tasks.steps_lapse(due) == 1
    assert tasks.steps_lapse(due) == 0
    case.refresh_from_db()
    assert case.outcome == "not_accepted"


def test_reminders_are_sent_once(made: World) -> None:
    case = opened(made)
    due = Step.objects.get(case=case).due_at
    assert due is not None
    user = made.users["st_staff"]
    before = user.messages.count()
    tasks.steps_remind(due - timedelta(days=1))
    tasks.steps_remind(due - timedelta(days=1))
    assert user.messages.count() == before + 1


@pytest.mark.parametrize("username", ["co_staff", "officer", "worker", "expert1", "system_admin"])
def test_only_those_addressed_may_close_a_step(made: World, username: str) -> None:
    case = opened(made)
    with pytest.raises(NotPermitted, match="不由您所在的组织办理"):
        close(made, case, username, "submitted")
    assert standing(case) == ("assess", "st-branch")


def test_nobody_screens_a_nominee_of_their_own_unit_where_another_can(made: World) -> None:
    case = opened(made)
    close(made, case, "st_staff", "submitted")
    close(made, case, "st_superior", "consented")
    made.appoint("officer", "st-branch", "member")
    with pytest.raises(NotPermitted, match="回避"):
        close(made, case, "officer", "passed")
    close(made, case, "officer2", "passed")
    assert standing(case)[0] == "panel"


def test_the_only_one_who_can_act_may_act_on_their_own_unit(made: World) -> None:
    case = opened(made)
    close(made, case, "st_staff", "submitted")
    close(made, case, "st_superior", "consented")
    made.appoint("officer", "st-branch", "member")
    made.appoint("officer2", "st-branch", "member")
    close(made, case, "officer", "passed")
    assert standing(case)[0] == "panel"


def test_the_second_of_two_is_told_who_was_faster(made: World) -> None:
    case = opened(made)
    step = Step.objects.get(case=case)
    close(made, case, "st_staff", "submitted")
    with pytest.raises(Conflict, match="已由示例区安质监站党支部·示例st_staff办结"), journal.unit_of_work():
        services.access_step_for_update(step.pk, made.actor("st_staff"))


def test_a_nominee_has_one_open_case_of_a_kind(made: World) -> None:
    opened(made)
    with pytest.raises(Conflict, match="已有办理中的自荐申报"):
        opened(made)


def test_an_outcome_the_table_does_not_know_is_refused(made: World) -> None:
    case = opened(made)
    with pytest.raises(Conflict):
        close(made, case, "st_staff", "named")


def test_withdrawal_is_possible_until_the_public_is_told(made: World) -> None:
    case = opened(made)
    for username, outcome in (
        ("st_staff", "submitted"),
        ("st_superior", "consented"),
        ("officer", "passed"),
        ("worker", "ranked"),
        ("leader", "approved"),
    ):
        close(made, case, username, outcome)
    with pytest.raises(Conflict, match="已进入公示"), journal.unit_of_work():
        services.case_withdraw(case_id=case.pk, actor=made.actor("st_staff"), now=NOW)


def test_a_withdrawn_case_frees_its_nominee(made: World) -> None:
    case = opened(made)
    with journal.unit_of_work():
        services.case_withdraw(case_id=case.pk, actor=made.actor("st_staff"), now=NOW, reason="材料不足")
    case.refresh_from_db()
    assert case.outcome == "withdrawn"
    assert opened(made).state == "open"


def test_a_unit_outside_the_programme_is_told_so(made: World) -> None:
    made.organisation("auth", "authority", "示例主管局")
    made.organisation("auth-branch", "party_branch", "示例局党支部", superior="top", unit="auth")
    made.party_nominee("auth-branch")
    with pytest.raises(NotPermitted, match="不在创建范围内"):
        opened(made, "auth-branch")


def test_without_a_superior_the_submission_says_what_is_missing(made: World) -> None:
    made.organisation("lone", "party_branch", "示例孤立支部", unit="st-unit")
    made.party_nominee("lone")
    made.user("lone_staff", "lone")
    case = opened(made, "lone")
    with pytest.raises(UserError, match="没有登记上级党组织"):
        close(made, case, "lone_staff", "submitted")
    assert standing(case)[0] == "assess"


def test_a_members_name_is_never_clear_in_the_journal(made: World) -> None:
    case = opened(made, "st-member", "post")
    leaf = Entry.objects.filter(subject_id=case.public_id).latest("seq").leaf
    assert case.name not in leaf
    assert "党员示范岗" in leaf


def test_every_outcome_leads_to_a_known_step_kind_or_case_outcome() -> None:
    for kind, outcomes in rules.OUTCOMES.items():
        assert kind in rules.STEP_KINDS
        for then in outcomes.values():
            if then.move is rules.Move.OPEN:
                assert then.target in rules.STEP_KINDS
            if then.move is rules.Move.END:
                assert then.target in rules.CASE_OUTCOMES
            assert then.label


def test_readers_of_a_case(made: World) -> None:
    case = opened(made)
    readers = {
        name: queries.visible_to(made.actor(name)).filter(pk=case.pk).exists()
        for name in ("st_staff", "st_superior", "top_user", "officer", "leader", "co_staff", "expert1", "audit_admin")
    }
    assert readers == {
        "st_staff": True,
        "st_superior": True,
        "top_user": True,
        "officer": True,
        "leader": True,
        "co_staff": False,
        "expert1": False,
        "audit_admin": False,
    }
    assert day_in_stage(made.round, "apply").date() == date(2019, 10, 8)


def test_months_are_counted_to_the_same_day_or_the_months_last() -> None:
    assert months_after(date(2024, 3, 15), 12) == date(2025, 3, 15)
    assert months_after(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert months_after(date(2023, 11, 30), 3) == date(2024, 2, 29)


def test_a_programme_may_name_first_and_examine_two_years_later(made: World) -> None:
    """Reports on the way are asked for as often as the definition says; the waiting time ends by the timer."""
    before = "      - { code: endorse, kind: endorse, title: 上级认定, to: superior, levels: 1, stage: apply"
    nurture = (
        "      - { code: midterm, kind: report, to: nominee, times: 2, due: { months: 12 } }\n"
        '      - { code: nurture, kind: wait, to: "body:working_group", due: { months: 24 } }\n'
    )
    ruled(made, before, nurture + before)
    case = opened(made)
    close(made, case, "st_staff", "submitted")
    for turn in ("midterm", "midterm_2"):
        assert standing(case)[0] == turn
        close(made, case, "st_staff", "reported")
    assert standing(case)[0] == "nurture"
    due = Step.objects.open().get(case=case).due_at
    assert due is not None
    assert clock.local_day(due) == date(2021, 10, 10)
    tasks.steps_lapse(due)
    assert standing(case)[0] == "endorse"


ENDORSE = "code: endorse, kind: endorse, title: 上级认定, to: superior, levels: 1, stage: apply"


def test_superiors_are_asked_one_above_the_other_and_who_is_not_there_is_not_asked(made: World) -> None:
    ruled(made, ENDORSE, ENDORSE.replace("levels: 1", "levels: 3"))
    case = opened(made)
    close(made, case, "st_staff", "submitted")
    assert standing(case) == ("endorse", "st-committee")
    close(made, case, "st_superior", "consented")
    assert standing(case) == ("endorse_2", "top")
    close(made, case, "top_user", "returned")
    assert standing(case) == ("assess", "st-branch")
    close(made, case, "st_staff", "submitted")
    close(made, case, "st_superior", "consented")
    close(made, case, "top_user", "consented")
    assert standing(case) == ("screen", "office")


@pytest.mark.parametrize(
    ("word", "outcome"), [("not_accepted", "not_accepted"), ("withdrawn", "withdrawn"), ("failed", "rejected")]
)
def test_a_missed_deadline_of_any_step_means_what_the_definition_says(made: World, word: str, outcome: str) -> None:
    ruled(made, ENDORSE, f"{ENDORSE}, on_missed: {word}")
    case = opened(made)
    close(made, case, "st_staff", "submitted")
    due = Step.objects.open().get(case=case).due_at
    assert due is not None
    assert tasks.steps_lapse(due) == 1
    case.refresh_from_db()
    assert case.outcome == outcome
    entry = Entry.objects.filter(subject_id=case.public_id, event="case:step:lapsed").get()
    assert "上级认定" in entry.leaf


def test_where_the_definition_only_reminds_an_overdue_step_stays_open(made: World) -> None:
    case = opened(made)
    close(made, case, "st_staff", "submitted")
    due = Step.objects.open().get(case=case).due_at
    assert due is not None
    assert tasks.steps_lapse(due + timedelta(days=90)) == 0
    assert standing(case)[0] == "endorse"


def test_an_optional_step_is_left_out_with_a_reason_and_no_other(made: World) -> None:
    ruled(made, ENDORSE, f"{ENDORSE}, optional: true")
    case = opened(made)

    def skip(username: str, reason: str) -> None:
        with journal.unit_of_work():
            services.step_skip(
                step_id=Step.objects.open().get(case=case).pk, reason=reason, actor=made.actor(username), now=NOW
            )

    with pytest.raises(Conflict, match="必须办理"):
        skip("st_staff", "不需要")
    close(made, case, "st_staff", "submitted")
    with pytest.raises(Invalid, match="请写明不需要办理的理由"):
        skip("st_superior", " ")
    with pytest.raises(NotPermitted):
        skip("officer", "不需要")
    skip("st_superior", "本年度已书面同意")
    assert standing(case) == ("screen", "office")
    left = case.steps.get(kind="endorse")
    assert (left.outcome, rules.outcome_label(left.kind, left.outcome)) == ("skipped", "不需要")


def test_an_optional_step_whose_addressee_does_not_exist_is_passed_over(made: World) -> None:
    ruled(made, ENDORSE, f"{ENDORSE}, optional: true")
    made.organisation("lone", "party_branch", "示例孤立支部", unit="st-unit")
    made.party_nominee("lone")
    made.user("lone_staff", "lone")
    case = opened(made, "lone")
    close(made, case, "lone_staff", "submitted")
    assert standing(case) == ("screen", "office")


def test_two_notices_follow_each_other_and_no_withdrawal_comes_between(made: World) -> None:
    announce = 'code: announce, kind: announce, title: 公示, to: "body:working_group", stage: evaluate'
    ruled(made, announce, f"{announce}, times: 2")
    case = opened(made)
    for username, outcome in (
        ("st_staff", "submitted"), ("st_superior", "consented"), ("officer", "passed"), ("worker", "ranked"),
        ("leader", "approved"), ("worker", "cleared"),
    ):  # fmt: skip
        close(made, case, username, outcome)
    assert standing(case)[0] == "announce_2"
    assert not may_withdraw(case)
    close(made, case, "worker", "cleared")
    assert standing(case)[0] == "name"


def test_a_round_is_not_closed_while_somebody_waits_for_an_answer(made: World) -> None:
    case = opened(made)

    def round_closes() -> None:
        with journal.unit_of_work():
            programmes.round_close(round_id=made.round.pk, actor=made.actor("worker"), now=NOW)

    with pytest.raises(Conflict, match="还有申报没有办结：“示例区安质监站党支部”"):
        round_closes()
    with journal.unit_of_work():
        services.case_withdraw(case_id=case.pk, actor=made.actor("st_staff"), now=NOW)
    round_closes()
    made.round.refresh_from_db()
    assert made.round.state == "closed"
