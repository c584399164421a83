"""The title's life: recommendation, reassessment, rectification, loss, annulment."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.factories import designations as made
from tests.factories.base import World, open_round, world

from xianfeng import journal
from xianfeng.cases.models import Case
from xianfeng.cases.services import step_lapse
from xianfeng.designations import queries, services
from xianfeng.designations.models import Designation, DesignationCase
from xianfeng.directory.events import Event as DirectoryEvent
from xianfeng.journal.models import Entry
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM
from xianfeng.kernel.errors import Conflict, NotPermitted
from xianfeng.programmes.rules.life import months_after
from xianfeng.registry.events import Event as RegistryEvent

pytestmark = pytest.mark.django_db
LATER = made.moment(date(2021, 9, 6))


@pytest.fixture
def w() -> World:
    return world()


@pytest.fixture
def title(w) -> Designation:
    return made.titled(w, w.nominees["st-window"])[0]


def conclude(w: World, title: Designation, result: str, when=LATER, actor="officer"):
    step = made.concluding(w, title, when)
    return conclude_step(w, step, result, when, actor)


def conclude_step(w: World, step, result, when=LATER, actor="officer"):
    with made.at(when) as now:
        return services.step_conclude(
            step_id=step.pk,
            result=result,
            opinion="经审定。",
            meeting_on=date(2021, 9, 6),
            document_no="示例〔2021〕3号",
            actor=w.actor(actor),
            now=now,
        )


def fresh(title: Designation) -> Designation:
    return Designation.objects.get(pk=title.pk)


def shown(title: Designation) -> queries.Verification:
    found = queries.verification(title.public_id)
    assert found is not None
    return found


def kinds(title: Designation) -> list[str]:
    return list(title.history.values_list("kind", flat=True))


def raised(w: World, title: Designation) -> Designation:
    """Tier 2 drawn from a title, the whole way."""
    with made.at(made.moment(date(2019, 12, 20))) as now:
        case = services.recommendation_open(
            designation_id=title.pk, reason="成绩突出", actor=w.actor("worker"), now=now
        )
        step = case.steps.get(state="open")
        services.step_recommend(step_id=step.pk, opinion="同意推荐。", actor=w.actor("worker"), now=now)
        made.advance(case, "name", now)
        return services.designations_name(
            round_id=w.round.pk, tier="tier2", case_ids=[case.pk], actor=w.actor("city"), now=now
        )[0]


def test_a_recommendation_raises_a_title_and_both_remember(w, title):
    above = raised(w, title)
    assert (above.tier, above.based_on_id, above.number) == ("tier2", title.pk, "ZXF-2019-FWD-001")
    assert kinds(title) == ["named", "recommended", "raised"]
    with pytest.raises(Conflict, match="已有“治水管海先锋”称号"), made.at(LATER) as now:
        services.recommendation_open(designation_id=title.pk, reason="再推", actor=w.actor("worker"), now=now)


def test_only_an_active_title_in_a_round_with_places_is_recommended(w, title):
    Designation.objects.filter(pk=title.pk).update(state="warned")
    with pytest.raises(Conflict, match="现为“警告”，不能推荐"), made.at(LATER) as now:
        services.recommendation_open(designation_id=title.pk, reason="好", actor=w.actor("worker"), now=now)
    with pytest.raises(NotPermitted), made.at(LATER) as now:
        services.recommendation_open(designation_id=title.pk, reason="好", actor=w.actor("st_staff"), now=now)


@pytest.mark.parametrize(
    ("result", "state", "history"),
    [("confirmed", "active", "confirm"), ("warned", "warned", "warn"), ("revoked", "revoked", "revoke")],
)
def test_the_title_follows_the_conclusion(w, title, result, state, history):
    conclude(w, title, result)
    after = fresh(title)
    assert after.state == state
    assert kinds(after) == ["named", "reassess", history]
    assert (after.live_key is None) == (result == "revoked")
    assert shown(title).word == {"revoked": "已撤销"}.get(result, "有效")


def test_opinion_before_conclusion_and_only_the_office_concludes(w, title):
    with made.at(LATER) as now:
        case = services.reassessment_open(
            designation_id=title.pk, trigger="periodic", reason="", actor=w.actor("worker"), now=now
        )
        step = made.advance(case, "opine", now)
        services.step_opine(
            step_id=step.pk, opinion="建议保留。", suggestion="confirmed", actor=w.actor("worker"), now=now
        )
    assert fresh(title).state == "reassessing"
    with pytest.raises(NotPermitted):
        conclude_step(w, case.steps.get(state="open"), "confirmed", actor="worker")
    conclude_step(w, case.steps.get(state="open"), "confirmed")
    assert fresh(title).reassess_by == months_after(date(2021, 9, 6), 24)


def test_a_title_is_not_reassessed_twice_at_once(w, title):
    made.concluding(w, title, LATER)
    with pytest.raises(Conflict, match="现为“复评中”，不能启动复评"):
        made.concluding(w, title, LATER)


def test_rectified_and_rechecked_the_title_is_kept(w, title):
    step = conclude(w, title, "rectify")
    assert fresh(title).state == "rectifying"
    answer(w, step.case, passed=True)
    assert fresh(title).state == "active"
    assert kinds(title) == ["named", "reassess", "rectify", "rectified"]


def test_a_failed_recheck_comes_back_to_the_office_which_may_revoke(w, title):
    step = conclude(w, title, "rectify")
    answer(w, step.case, passed=False)
    assert fresh(title).state == "rectifying"
    conclude_step(w, step.case.steps.get(state="open"), "revoked", LATER + timedelta(days=2))
    assert fresh(title).state == "revoked"


def test_a_missed_rectification_comes_back_too(w, title):
    step = conclude(w, title, "rectify")
    rectify = step.case.steps.get(state="open")
    with made.at(rectify.due_at) as now:
        assert step_lapse(step_id=rectify.pk, actor=SYSTEM, now=now)
    assert step.case.steps.get(state="open").kind == "conclude"


def test_a_report_comes_with_its_proof(w: World, title: Designation, client: Client) -> None:
    """Handed in on the page, kept with the step, told to the record, read by whoever may read the case."""
    case = conclude(w, title, "rectify").case
    step = case.steps.get(state="open")
    address = reverse("designations:rectify", args=[step.public_id])
    with clock.frozen(LATER + timedelta(days=1)):
        client.force_login(w.users["st_staff"])
        refused = client.post(address, {"text": "示例情况", "uploads": proofs(11)})
        assert refused.status_code == 422
        assert "附件最多 10 个" in refused.content.decode()
        assert "示例情况" in refused.content.decode()
        assert client.post(address, {"text": "示例情况", "uploads": proofs(2)}).status_code == 302
        step.refresh_from_db()
        assert (step.state, step.opinion, step.files.count()) == ("done", "示例情况", 2)
        page = client.get(f"/cases/{case.public_id}/").content.decode()
        for name, url in step.attached:
            assert f"{name}</a>" in page
            assert url in page
            assert client.get(url).status_code == 200
        entry = Entry.objects.filter(subject_id=case.public_id).order_by("-pk").values_list("leaf", flat=True)
        assert any(step.files.all()[0].sha256 in leaf for leaf in entry)
        client.force_login(w.users["co_staff"])
        assert client.get(step.attached[0][1]).status_code == 404


def proofs(number: int) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"示例{n}.pdf", b"%PDF-1.4 " + bytes([48 + n])) for n in range(number)]


def answer(w: World, case: Case, *, passed: bool) -> None:
    with made.at(LATER + timedelta(days=1)) as now:
        services.rectification_report(
            step_id=case.steps.get(state="open").pk, text="已逐条整改。", actor=w.actor("st_staff"), now=now
        )
        services.step_recheck(
            step_id=case.steps.get(state="open").pk,
            passed=passed,
            opinion="已核查。",
            actor=w.actor("officer"),
            now=now,
        )


def test_losing_tier_one_revokes_tier_two(w, title):
    above = raised(w, title)
    conclude(w, title, "revoked")
    after = fresh(above)
    assert after.state == "revoked"
    words = "所依据的“治水管海（水务工程建设）先锋”称号已失效，按规定本称号随之撤销（原编号 SZ-ZXF-2019-FWD-001）"
    assert words in "".join(after.history.values_list("text", flat=True))


def test_losing_tier_one_ends_a_recommendation_under_way(w, title):
    with made.at(LATER) as now:
        case = services.recommendation_open(
            designation_id=title.pk, reason="成绩突出", actor=w.actor("worker"), now=now
        )
    conclude(w, title, "revoked")
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("ended", "rejected")


def test_suspension_is_the_offices_and_not_shown_in_public(w, title):
    with pytest.raises(NotPermitted), made.at(LATER) as now:
        services.title_suspend(designation_id=title.pk, reason="核查", actor=w.actor("worker"), now=now)
    w.appoint("officer2", "st-branch", "member")
    with pytest.raises(NotPermitted, match="应当回避"), made.at(LATER) as now:
        services.title_suspend(designation_id=title.pk, reason="核查", actor=w.actor("officer2"), now=now)
    with made.at(LATER) as now:
        services.title_suspend(designation_id=title.pk, reason="核查", actor=w.actor("officer"), now=now)
    assert fresh(title).state == "suspended"
    assert [one.kind for one in shown(title).history] == ["named"]
    with made.at(LATER) as now:
        services.title_restore(designation_id=title.pk, reason="查清", actor=w.actor("officer"), now=now)
    assert fresh(title).state == "active"


# --- facts --------------------------------------------------------------------------------------------------------


def confirm(w: World, record, when=LATER) -> None:
    """What the ledger records when a fact is confirmed; the subscriber hears it in the same transaction."""
    with made.at(when) as now:
        data = {"title": record.title, "kind": record.kind}
        journal.record(RegistryEvent.CONDUCT_CONFIRMED, subject=record, actor=SYSTEM, at=now, data=data)


def test_a_larger_accident_of_the_unit_opens_a_triggered_reassessment(w, title):
    small = w.fact(
        "accident", "示例一般事故", date(2021, 8, 1), organisation=w.organisations["st-unit"], grade="general"
    )
    confirm(w, small)
    assert fresh(title).state == "active"
    large = w.fact(
        "accident", "示例较大事故", date(2021, 8, 1), organisation=w.organisations["st-unit"], grade="larger"
    )
    confirm(w, large)
    assert fresh(title).state == "reassessing"
    tie = DesignationCase.objects.get(designation=title)
    assert (tie.trigger, tie.reason) == ("triggered", "发生较大及以上事故：示例较大事故（2021年8月1日）")
    confirm(w, large)  # a second fact while it runs is noted, not opened again
    assert DesignationCase.objects.filter(designation=title).count() == 1


def test_another_units_accident_does_not(w, title):
    confirm(w, w.fact("accident", "示例", date(2021, 8, 1), organisation=w.organisations["co-unit"], grade="larger"))
    assert fresh(title).state == "active"


def test_a_new_name_of_the_holder_is_a_line_in_its_history(w):
    (title,) = made.titled(w, w.nominees["st-branch"])
    with made.at(LATER) as now:
        data = {"old": "示例区安质监站党支部", "name": "示例区质安站党支部", "fields": "name"}
        branch = w.organisations["st-branch"]
        journal.record(DirectoryEvent.ORGANISATION_RENAMED, subject=branch, actor=SYSTEM, at=now, data=data)
    assert [one.text for one in shown(title).history][-1] == "“示例区安质监站党支部”更名为“示例区质安站党支部”"


# --- annulment ----------------------------------------------------------------------------------------------------


def annul(w: World, round_id: int, actor: str = "officer"):
    with made.at(LATER) as now:
        return services.round_annul(
            round_id=round_id, reason="程序违规（示例）", document_no="示例〔2021〕9号", actor=w.actor(actor), now=now
        )


def test_annulling_a_round_ends_its_cases_titles_and_what_hangs_on_them(w, title):
    above = raised(w, title)
    running = made.case_at(w, w.nominees["co-member"], "decide")
    later = open_round(w.version, 2021)
    open_case = made.concluding(w, title, LATER).case
    with pytest.raises(NotPermitted):
        annul(w, w.round.pk, "worker")
    decision = annul(w, w.round.pk)
    for case in (running, open_case):
        case.refresh_from_db()
        assert (case.state, case.outcome) == ("ended", "annulled")
    assert open_case.round_id == later.pk
    assert {fresh(one).state for one in (title, above)} == {"annulled"}
    assert decision.kind == "annul"
    with pytest.raises(Conflict, match="已经作废"):
        annul(w, w.round.pk)


def test_annulling_the_later_round_puts_a_reassessed_title_back(w, title):
    later = open_round(w.version, 2021)
    made.concluding(w, title, LATER)
    assert fresh(title).state == "reassessing"
    annul(w, later.pk)
    assert fresh(title).state == "active"
