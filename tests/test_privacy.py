"""Personal data: in the side table, never in a leaf; and on public pages only what consent and the rules allow."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import creation, nominations
from tests.factories import designations as titles
from tests.factories.everything import NOW, Everything, everything
from tests.test_access import ACCESS, is_public
from xianfeng.cases import services as engine
from xianfeng.creation import services as guidance
from xianfeng.creation.models import Bulletin, JointMeeting
from xianfeng.designations import services
from xianfeng.designations.models import PublicNotice
from xianfeng.directory import services as directory
from xianfeng.directory.models import Appointment, User
from xianfeng.journal.models import Entry, PersonalDetail
from xianfeng.journal.rules import parse
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM, public_actor
from xianfeng.programmes import services as programmes
from xianfeng.registry import services as registry
from xianfeng.registry.models import Member

pytestmark = pytest.mark.django_db

# Whatever somebody may write about somebody carries this word in the little life below.
WHISPER = "某某私语"
CONTACT = "13800000000"


def whisper(what: str) -> str:
    """A sentence of free text, long enough for every form."""
    return f"{what}：{WHISPER}，见张三丰同志的情况说明，请予核实。"


@pytest.fixture
def lived() -> Iterator[Everything]:
    """One of everything, and on top of it every free text that a service takes, with the whisper in it."""
    made = everything()
    for act in (_people, _ledger, _guidance, _cases, _titles, _rounds):
        act(made)
    with clock.frozen(NOW):
        yield made


def _people(made: Everything) -> None:
    w = made.world
    row = Appointment.objects.get(user=w.users["co_superior"])
    with titles.at(NOW) as now:
        person = directory.user_create(username="zhangsf", name="张三丰", email="z@example.org", actor=SYSTEM, now=now)
        deputy = directory.appointment_give(
            user_id=person.pk, organisation_id=row.organisation_id, duty=row.duty, since=now.date(),
            until=now.date() + timedelta(days=9), deputy_for_id=row.pk, actor=SYSTEM, now=now,
        )  # fmt: skip
        directory.appointment_end(
            appointment_id=deputy.pk, on=now.date(), reason=whisper("免去"), actor=SYSTEM, now=now
        )
        directory.user_disable(user_id=person.pk, reason=whisper("停用"), actor=SYSTEM, now=now)
        directory.user_enable(user_id=person.pk, reason=whisper("恢复"), actor=SYSTEM, now=now)
        directory.calendar_day_set(day=date(2020, 2, 1), working=True, note=whisper("加班"), actor=SYSTEM, now=now)
        directory.organisation_close(
            organisation_id=w.organisations["st-second"].pk, on=now.date(), reason=whisper("撤并"), actor=SYSTEM,
            now=now,
        )  # fmt: skip
        registry.member_save(
            data=registry.MemberData(
                code="M-9", name="张三丰", post="质量监督员", unit="st-unit", party_organisation="st-branch"
            ),
            actor=SYSTEM, now=now,
        )  # fmt: skip


def _ledger(made: Everything) -> None:
    def fact(title: str, state: str) -> registry.ConductData:
        return registry.ConductData(
            kind="complaint",
            title=title,
            subject_kind="member",
            subject="M-9",
            happened_on=date(2020, 1, 2),
            state=state,
        )

    worker = made.world.actor("worker")
    with titles.at(NOW) as now:
        one = registry.conduct_record_add(data=fact(whisper("投诉一"), "reported"), actor=worker, now=now)
        two = registry.conduct_record_add(data=fact(whisper("投诉二"), "reported"), actor=worker, now=now)
        registry.conduct_refute(record_id=one.pk, reason=whisper("不属实"), actor=worker, now=now)
        registry.conduct_confirm(record_id=two.pk, actor=worker, now=now)
        registry.conduct_withdraw(record_id=two.pk, reason=whisper("撤销"), actor=worker, now=now)


def _guidance(made: Everything) -> None:
    w = made.world
    staff, worker = w.actor("st_staff"), w.actor("worker")
    meeting = creation.called_meeting(w)
    problem = creation.raised_problem(w)
    plan = creation.saved_plan(w, "co-branch", "co_staff", goals=whisper("目标"), measures=whisper("措施"),
        first_responsible="张三丰", milestones=[(whisper("事项"), date(2019, 4, 30))])  # fmt: skip
    with titles.at(creation.SPRING) as now:
        guidance.meeting_call(
            round_id=w.round.pk, title=whisper("议题"), held_at=now + timedelta(days=9), place="示例会议室",
            invited=[w.organisations["st-branch"].pk], actor=worker, now=now,
        )  # fmt: skip
        guidance.bulletin_publish(
            round_id=w.round.pk, title=whisper("通报"), body=whisper("正文"), actor=worker, now=now
        )
        guidance.plan_submit(plan_id=plan.pk, actor=w.actor("co_staff"), now=now)
        guidance.plan_comment(plan_id=plan.pk, text=whisper("意见"), actor=worker, now=now)
        guidance.plan_accept(plan_id=plan.pk, reply=whisper("备案"), actor=worker, now=now)
        guidance.milestone_update(
            milestone_id=plan.milestones.get().pk, percent=50, note=whisper("进度"), actor=w.actor("co_staff"), now=now
        )
        guidance.activity_add(
            round_id=w.round.pk, organisation_id=w.organisations["st-branch"].pk, kind="theme", title=whisper("活动"),
            text=whisper("简述"), held_on=now.date(), actor=staff, now=now,
        )  # fmt: skip
        guidance.inspection_record(
            round_id=w.round.pk, organisation_id=w.organisations["st-branch"].pk, inspected_on=now.date(),
            findings=whisper("情况"), conclusion="fair", problems=[(whisper("问题"), whisper("细节"))], actor=worker,
            now=now,
        )  # fmt: skip
        guidance.problem_answer(problem_id=problem.pk, answer=whisper("整改"), actor=staff, now=now)
        guidance.problem_reopen(problem_id=problem.pk, note=whisper("退回"), actor=worker, now=now)
        guidance.meeting_cancel(meeting_id=meeting.pk, reason=whisper("取消"), actor=worker, now=now)


def _cases(made: Everything) -> None:
    w = made.world
    case = nominations.submitted(w, "co-member", "co_staff")
    with titles.at(nominations.at()) as now:
        nominations.services.step_return(
            step_id=nominations.open_step(case).pk, opinion=whisper("退回"), actor=w.actor("co_superior"), now=now
        )
        nominations.services.assessment_save(
            case_id=case.pk, scores={}, statement=whisper("事迹"), actor=w.actor("co_staff"), now=now
        )
        nominations.services.assessment_submit(
            step_id=nominations.open_step(case).pk, actor=w.actor("co_staff"), now=now
        )
        nominations.services.step_endorse(
            step_id=nominations.open_step(case).pk, opinion=whisper("同意"), actor=w.actor("co_superior"), now=now
        )
        nominations.services.step_screen(
            step_id=nominations.open_step(case).pk, result="returned", opinion=whisper("补正"),
            items=[(nominations.queries.standard_of(case).indicators[0].code, whisper("缺件"))],
            actor=w.actor("officer"), now=now,
        )  # fmt: skip
        engine.case_withdraw(case_id=case.pk, actor=w.actor("co_staff"), now=now, reason=whisper("撤回"))


def _titles(made: Everything) -> None:
    w, steps = made.world, made.steps
    item = steps["announce"].notice_items.get(result="open")
    with titles.at(NOW) as now:
        objection = services.objection_file(
            item_id=item.pk, name="张三丰", contact=CONTACT, content=whisper("异议"), evidence_note=whisper("证据"),
            actor=public_actor("张三丰"), now=now,
        )  # fmt: skip
        services.objection_accept(objection_id=objection.pk, reply=whisper("受理"), actor=w.actor("worker"), now=now)
        services.objection_dismiss(objection_id=objection.pk, reply=whisper("答复"), actor=w.actor("worker"), now=now)
        services.step_opine(
            step_id=steps["opine"].pk, opinion=whisper("意见"), suggestion="confirmed", actor=w.actor("worker"), now=now
        )
        services.step_recommend(
            step_id=steps["recommend"].pk, opinion=whisper("推荐"), actor=w.actor("worker"), now=now
        )
        services.rectification_report(
            step_id=steps["rectify"].pk, text=whisper("整改"), actor=w.actor("st_staff"), now=now
        )
        services.step_recheck(
            step_id=steps["recheck"].pk, passed=True, opinion=whisper("验收"), actor=w.actor("officer"), now=now
        )
        services.step_conclude(
            step_id=steps["conclude"].pk, result="warned", opinion=whisper("审定"), meeting_on=now.date(),
            document_no="示例〔2020〕2号", actor=w.actor("officer"), now=now,
        )  # fmt: skip


def _rounds(made: Everything) -> None:
    w = made.world
    with titles.at(NOW) as now:
        stage = w.round.stages.get(code="create")
        programmes.round_stage_move(
            stage_id=stage.pk, starts_on=stage.starts_on, ends_on=stage.ends_on, reason=whisper("调整"),
            actor=w.actor("worker"), now=now,
        )  # fmt: skip


def test_an_annulled_rounds_reason_is_no_part_of_a_leaf(lived):
    w = lived.world
    with titles.at(NOW) as now:
        services.round_annul(
            round_id=w.round.pk,
            reason=whisper("作废"),
            document_no="示例〔2020〕9号",
            actor=w.actor("officer"),
            now=now,
        )
    assert not Entry.objects.filter(leaf__contains=WHISPER).exists()
    assert PersonalDetail.objects.filter(value=whisper("作废")).exists()


def test_no_name_and_no_free_text_stands_in_a_leaf(lived):
    names = {one.name for one in Member.objects.all()} | {one.name for one in User.objects.all()}
    emails = set(User.objects.exclude(email="").values_list("email", flat=True))
    forbidden = names | emails | {WHISPER, CONTACT, "zhangsf"}
    assert "张三丰" in names
    found = []
    for entry in Entry.objects.order_by("seq"):
        columns = " ".join(str(getattr(entry, one.attname)) for one in Entry._meta.concrete_fields)
        found += [f"{entry.event}: {word}" for word in forbidden if word in columns]
    assert found == []


def test_no_label_is_what_an_office_called_it(lived):
    """Titles of meetings, bulletins and notices may name a person: labels say which one, not what it is called."""
    rows: list[JointMeeting | Bulletin | PublicNotice] = [
        *JointMeeting.objects.all(), *Bulletin.objects.all(), *PublicNotice.objects.all()
    ]  # fmt: skip
    assert len(rows) > 3
    for row in rows:
        assert row.title not in row.journal_label
    assert Entry.objects.filter(event="notice:notice:published").exists()
    for entry in Entry.objects.filter(event="notice:notice:published"):
        assert list(parse(entry.leaf)["personal"]) == ["title"]


def test_what_was_said_is_kept_beside_the_leaf(lived):
    """The control: the same words are there, where they can be erased."""
    kept = PersonalDetail.objects.filter(value__contains=WHISPER)
    events = set(Entry.objects.filter(seq__in=kept.values("entry_seq")).values_list("event", flat=True))
    assert len(events) >= 25
    assert PersonalDetail.objects.filter(value="张三丰").exists()


def test_public_pages_show_nothing_of_an_objector_and_no_inner_word(lived):
    """Strangers walk through everything that is public."""
    client, faults = Client(), []
    inner = {WHISPER, CONTACT, "示例公众甲", "张三丰", "z@example.org"}
    shown = [name for name in ACCESS if is_public(name) and name not in {"publicity:objection", "account_logout"}]
    for name in shown:
        response: Any = client.get(reverse(name, kwargs=lived.ids.get(name)))
        content = b"".join(response.streaming_content) if response.streaming else response.content
        text = content.decode("utf-8", "replace")
        faults += [f"{name}: {word}" for word in inner if word in text]
    assert len(shown) > 30
    assert faults == []


def test_a_receipt_shows_the_answer_but_not_who_objected(lived):
    address = reverse("publicity:objection", kwargs=lived.ids["publicity:objection"])
    text = Client().get(address).content.decode()
    assert "示例公众甲" not in text
    assert CONTACT not in text
