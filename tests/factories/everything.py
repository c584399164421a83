"""One of everything: a case at every step and a row of every kind, for tests that walk all pages."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.factories import creation, nominations, publicity, review
from tests.factories import designations as titles
from tests.factories.base import World, world
from tests.factories.kept import kept
from xianfeng.cases import services as engine
from xianfeng.cases.models import Case, Step
from xianfeng.config.workbook import contents
from xianfeng.creation import services as guidance
from xianfeng.creation.models import Activity, Bulletin, Inspection
from xianfeng.designations import services
from xianfeng.designations.models import Decision, Designation, SelfCheck
from xianfeng.designations.services import printing
from xianfeng.directory.models import Appointment
from xianfeng.files.services import file_store
from xianfeng.journal.models import Entry
from xianfeng.kernel import clock
from xianfeng.kernel.actors import public_actor
from xianfeng.messaging.models import Message
from xianfeng.nominations import services as applying
from xianfeng.nominations.models import Evidence, EvidenceLink
from xianfeng.programmes.designer import services as designer
from xianfeng.registry.models import Project, WorkbookImport
from xianfeng.review.models import Assignment, Expert

NOW = clock.instant(date(2020, 1, 15), 10)  # after the notice of the titles, within the one that runs
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@dataclass
class Everything:
    """The world, and for every address the arguments of the one row it is tried with."""

    world: World
    steps: dict[str, Step] = field(default_factory=dict)
    ids: dict[str, dict[str, Any]] = field(default_factory=dict)
    assigned: str = ""  # username of an expert who scores the case at the panel
    unassigned: str = ""

    def put(self, row: Any, *names: str, **more: Any) -> None:
        """These addresses are tried with this row's public id."""
        for name in names:
            self.ids[name] = {"public_id": row.public_id, **more}


@kept
def everything() -> Everything:
    """Build it: the station's branch and its people are the nominees throughout."""
    made = Everything(world())
    _applications(made)
    _panel(made)
    _titles(made)
    _notice(made)
    _guidance(made)
    _registry(made)
    _directory(made)
    return made


def _codes(w: World, word: str, count: int, kind: str = "member") -> list[str]:
    codes = [f"st-{word}-{number}" for number in range(1, count + 1)]
    for code in codes:
        w.member(code, "st-branch", "st-unit") if kind == "member" else w.service_point(code, "st-branch", "st-unit")
    return codes


def _step(case: Case, kind: str) -> Step:
    return case.steps.get(kind=kind, state="open")


def _applications(made: Everything) -> None:
    """自荐验收: writing, at the superior, at the office, returned."""
    w = made.world
    one, two, three, four = _codes(w, "applicant", 4)
    with clock.frozen(nominations.at()):
        drafted = nominations.filled(w)
        made.steps["assess"] = _step(drafted, "assess")
        made.steps["endorse"] = _step(nominations.submitted(w, one), "endorse")
        made.steps["screen"] = _step(nominations.endorsed(w, two), "screen")
        made.steps["correct"] = _step(nominations.returned(w, three), "correct")
    with titles.at(nominations.at()) as now:
        file = file_store(content=PNG, name="示例.png", actor=w.actor("st_staff"), now=now)
        code = EvidenceLink.objects.filter(case=drafted).values_list("indicator", flat=True)[0]
        kept = applying.evidence_add(
            case_id=drafted.pk, indicators=[code], title="示例照片", file=file, actor=w.actor("st_staff"), now=now
        )
    for kind in ("assess", "endorse", "screen", "correct"):
        made.put(made.steps[kind], f"nominations:{kind}")
    made.put(made.steps["assess"], "nominations:autosave", "nominations:review")
    made.put(made.steps["assess"], "nominations:evidence_add", code=code)
    made.put(made.steps["assess"], "nominations:evidence_unlink", code=code, evidence=kept.public_id)
    made.put(Evidence.objects.get(pk=kept.pk), "nominations:evidence")
    made.put(drafted, "nominations:withdraw", "reports:case")
    made.ids["nominations:start_category"] = {"category": "post"}
    made.put(w.nominees[four], "nominations:begin", category="post")
    entry = Entry.objects.filter(subject_id=drafted.public_id).order_by("seq")[0]
    made.ids["reports:audit-entry"] = {"seq": entry.seq}
    for name in ("proof", "proof_file"):
        made.ids[f"journal:{name}"] = {"seq": entry.seq}
    for name in ("checkpoint_at", "cosignatures"):
        made.ids[f"journal:{name}"] = {"size": 1}
    made.ids["journal:tile"] = {"level": 0, "place": "000"}
    made.ids["account_confirm_email"] = {"key": "a"}
    made.ids["account_reset_password_from_key"] = {"uidb36": "1", "key": "a"}


def _panel(made: Everything) -> None:
    """评审: the station's window waits for its sheets; the company's window is ranked in another category's panel."""
    w = made.world
    with clock.frozen(review.now_of(w)):
        scored = review.at_panel(w, w.nominees["st-window"], "service_point")
        review.experts(w)
        panel = review.panel(w, "service_point")
        waiting = review.at_panel(w, w.nominees["co-branch"], "organisation")
        ranked = review.panel(w, "organisation", per_case=5)  # every expert once had this one
        review.sign_all(w, ranked)
        with titles.at(review.now_of(w)) as now:
            review.services.panel_rank(panel_id=ranked.pk, actor=w.actor("worker"), now=now)
    row = Assignment.objects.filter(case=scored, state="active").select_related("expert__user", "step")[0]
    made.assigned = row.expert.user.username
    given = Assignment.objects.filter(case=scored).values("expert")
    made.unassigned = Expert.objects.exclude(pk__in=given).select_related("user")[0].user.username
    made.steps["score"], made.steps["panel"] = row.step, _step(scored, "panel")
    made.put(row.step, "review:score", "review:sign", "review:recuse", "review:offline")
    made.put(made.steps["panel"], "review:panel_step")
    made.put(row.step, "review:assignment")
    made.put(row.expert, "review:expert", "review:history")
    made.put(panel, "review:panel", "review:draw", "review:remind", "review:rank", "review:settings", "review:replay")
    made.put(panel, "review:second", "review:draws_file")
    made.put(panel, "review:discuss", case_id=scored.public_id)
    with titles.at(review.now_of(w)) as now:
        talk = review.services.discussion_open(
            panel_id=panel.pk, case_id=scored.pk, kind="discussion", reason="示例", actor=w.actor("worker"), now=now
        )
    made.put(talk, "review:discussion")
    made.put(
        ranked, "review:ranking", "review:ranking_export", "review:lots", "review:packet", "review:packet_pdf",
        "review:packet_file", "review:ranking_reopen",
    )  # fmt: skip
    made.steps["decide"] = _step(waiting, "decide")


def _titles(made: Everything) -> None:
    """命名: six titles of the station's people, four of them under way again."""
    w = made.world
    posts = [w.nominees[code] for code in _codes(w, "holder", 3)]
    points = [w.nominees[code] for code in _codes(w, "window", 3, "service_point")]
    plain, raised, opined, concluded, rectified, rechecked = titles.titled(w, *posts, *points)
    with titles.at(NOW) as now:
        case = services.recommendation_open(
            designation_id=raised.pk, reason="示例理由", actor=w.actor("worker"), now=now
        )
        made.steps["recommend"] = _step(case, "recommend")
        case = services.reassessment_open(
            designation_id=opined.pk, trigger="periodic", reason="", actor=w.actor("worker"), now=now
        )
        made.steps["opine"] = titles.advance(case, "opine", now)
    made.steps["conclude"] = titles.concluding(w, concluded, NOW)
    for title, kind in ((rectified, "rectify"), (rechecked, "recheck")):
        made.steps[kind] = _rectifying(w, title, kind)
    for kind in ("decide", "recommend", "opine", "conclude", "rectify", "recheck"):
        made.put(made.steps[kind], f"designations:{kind}")
    made.put(
        plain, "designations:title", "designations:certificate", "designations:recommend_open",
        "designations:reassess_open", "designations:suspend", "designations:self_check", "designations:renew",
        "publicity:title",
    )  # fmt: skip
    with titles.at(NOW) as now:
        file = file_store(content=PNG, name="自查.png", actor=w.actor("st_staff"), now=now)
    check = SelfCheck.objects.create(designation=plain, due_on=date(2020, 12, 31), handed_in_at=NOW, text="示例")
    check.files.add(file)
    made.put(check, "designations:self_check_file", file_id=file.public_id)
    made.put(_suspended(w, plain), "designations:restore", "designations:credential")
    made.put(plain, "designations:sheet", kind="certificate", extension="svg")
    with titles.at(NOW) as now:
        batch = printing.batch_ask(round_id=w.round.pk, kind="certificate", tier="", actor=w.actor("worker"), now=now)
    made.put(batch, "designations:print_batch", "designations:print_file")
    made.ids["designations:status_list"] = {"purpose": "revocation", "list_no": 1}
    with titles.at(NOW) as now:
        services.title_restore(designation_id=plain.pk, reason="示例", actor=w.actor("officer"), now=now)
    made.ids["publicity:verdict"] = {"code": plain.public_id}
    made.put(publicity.story(w, plain), "publicity:story_edit")
    made.put(publicity.published_story(w, plain, NOW), "publicity:story")


def _suspended(w: World, title: Designation) -> Designation:
    with titles.at(NOW) as now:
        return services.title_suspend(designation_id=title.pk, reason="示例", actor=w.actor("officer"), now=now)


def _rectifying(w: World, title: Designation, kind: str) -> Step:
    step = titles.concluding(w, title, NOW)
    with titles.at(NOW) as now:
        services.step_conclude(
            step_id=step.pk, result="rectify", opinion="限期整改。", meeting_on=now.date(),
            document_no="示例〔2020〕1号", actor=w.actor("officer"), now=now,
        )  # fmt: skip
    if kind == "recheck":
        with titles.at(NOW) as now:
            services.rectification_report(
                step_id=_step(step.case, "rectify").pk, text="已整改。", actor=w.actor("st_staff"), now=now
            )
    return _step(step.case, kind)


def _notice(made: Everything) -> None:
    """公示: one that runs with an objection, and a case past it that waits to be named."""
    w = made.world
    shown, past = (titles.case_at(w, w.nominees[code], "decide") for code in _codes(w, "listed", 2))
    titles.decided(w, [shown, past])
    titles.cleared(w, titles.announced(w, [past]))
    with titles.at(NOW - timedelta(days=1)) as now:
        notice = services.notice_publish(
            round_id=w.round.pk, tier="tier1", case_ids=[shown.pk], title="示例公示", contact="示例电话",
            actor=w.actor("worker"), now=now,
        )  # fmt: skip
        file = file_store(content=PNG, name="证据.png", actor=public_actor(), now=now)
        objection = services.objection_file(
            item_id=notice.items.get().pk, name="示例公众甲", contact="13800000000", content="示例异议内容，请予核查。",
            file=file, actor=public_actor(), now=now,
        )  # fmt: skip
    made.steps["announce"], made.steps["name"] = _step(shown, "announce"), _step(past, "name")
    drafted = made.steps["assess"].case
    with titles.at(NOW) as now:
        made.steps["report"] = engine.step_open(
            case=drafted, code="report", kind="report", to="nominee", optional=True, now=now
        )
    made.put(made.steps["report"], "designations:report", "cases:skip")
    made.steps["report"].files.add(file)
    made.put(made.steps["report"], "cases:file", file_id=file.public_id)
    made.put(made.steps["announce"], "designations:announce")
    made.put(made.steps["name"], "designations:name")
    made.put(
        notice, "designations:notice", "designations:notice_document", "publicity:notice", "publicity:objection_new"
    )
    made.put(objection, "designations:objection", "designations:objection_file")
    made.ids["publicity:objection"] = {"receipt": objection.receipt}
    decision = Decision.objects.filter(kind="name").latest("id")
    made.put(decision, "designations:decision", "designations:decision_document")


def _guidance(made: Everything) -> None:
    """自主创建 and 指导推进."""
    w = made.world
    made.put(creation.accepted_plan(w), "creation:plan", "creation:progress")
    w.organisation("st-second", "party_branch", "示例区安质监站第二党支部", superior="st-committee", unit="st-unit")
    w.appoint("st_staff", "st-second")
    made.put(creation.saved_plan(w, "st-second"), "creation:plan_edit")
    made.put(creation.raised_problem(w), "creation:problem")
    made.put(creation.called_meeting(w), "creation:meeting")
    bulletin: Bulletin = publicity.bulletin(w)
    made.put(bulletin, "creation:bulletin", "publicity:bulletin")
    with titles.at(creation.SPRING) as now:
        visit: Inspection = guidance.inspection_record(
            round_id=w.round.pk, organisation_id=w.organisations["st-branch"].pk, inspected_on=now.date(),
            findings="示例情况", conclusion="good", actor=w.actor("worker"), now=now,
        )  # fmt: skip
        activity: Activity = guidance.activity_add(
            round_id=w.round.pk, organisation_id=w.organisations["st-branch"].pk, kind="theme", title="示例活动",
            held_on=now.date(), actor=w.actor("st_staff"), now=now,
        )  # fmt: skip
    with titles.at(NOW - timedelta(days=1)) as now:
        survey = guidance.survey_open(
            round_id=w.round.pk, nominee_id=w.nominees["st-window"].pk, title="示例调查", opens_at=now,
            closes_at=now + timedelta(days=10), actor=w.actor("worker"), now=now,
        )  # fmt: skip
    made.put(visit, "creation:inspection")
    made.put(activity, "creation:activity")
    made.put(survey, "creation:survey", "publicity:survey", "publicity:survey_thanks")


def _registry(made: Everything) -> None:
    w = made.world
    fact = w.fact("honour", "示例荣誉", date(2019, 5, 1), organisation=w.organisations["st-unit"], level="municipal")
    project = Project.objects.create(code="X1", name="示例工程")
    made.put(w.nominees["st-member"], "registry:nominee")
    made.put(w.service_points["st-window"], "registry:point_edit")
    made.put(w.members["st-member"], "registry:member_edit", "registry:consent")
    made.put(fact, "registry:record", "registry:record_edit")
    made.put(project, "registry:project", "registry:project_edit", "registry:part_add")
    kept = WorkbookImport.objects.create(
        name="示例.xlsx", content_hash="0" * 64, content=contents.template(), uploaded_at=NOW,
        uploaded_by=w.users["system_admin"],
    )  # fmt: skip
    made.put(kept, "workbook:preview", "workbook:errors")


def _directory(made: Everything) -> None:
    w = made.world
    branch, person = w.organisations["st-branch"], w.users["st_staff"]
    appointment = Appointment.objects.filter(user=person).earliest("id")
    made.put(branch, "directory:organisation", "directory:organisation_edit", "directory:organisation_close")
    made.put(branch, "directory:relate", "directory:unrelate", kind="superior")
    made.put(
        person, "directory:user", "directory:user_edit", "directory:user_switch", "directory:user_reset",
        "directory:appointment_give",
    )  # fmt: skip
    for name in ("directory:appointment_end", "directory:deputise"):
        made.ids[name] = {"appointment_id": appointment.pk}
    message = Message.objects.filter(recipient=person)[0]
    made.put(message, "messaging:open")
    made.put(
        w.round, "programmes:round", "programmes:round_close", "programmes:allotments", "programmes:standards",
        "reports:urge",
    )  # fmt: skip
    made.put(w.round, "programmes:stage_edit", code="create")
    made.put(w.programme, "programmes:body_edit", code="office")
    _designer(made)


def _designer(made: Everything) -> None:
    w = made.world
    with titles.at(NOW) as now:
        draft = designer.version_draft(version_id=w.version.pk, actor=w.actor("worker"), now=now)
    pages = (
        "definition", "design_discard", "design_publish", "design_source", "design_try", "design_quotas",
        "design_undo", "design_stages", "design_standards",
    )  # fmt: skip
    made.put(draft, *(f"programmes:{name}" for name in pages))
    made.put(w.version, "programmes:definition_draft", "programmes:design_round")
    made.put(draft, "programmes:design_section", code="notice")
    made.put(draft, "programmes:design_at", where="notice")
    standards = ("design_standard", "standard_export", "standard_import")
    made.put(draft, *(f"programmes:{name}" for name in standards), category="post")
