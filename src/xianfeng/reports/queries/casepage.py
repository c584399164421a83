"""One case as one reader may see it: what follows from who they are stands here, the page only draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.urls import reverse

from xianfeng.cases import pages, policies
from xianfeng.cases import queries as cases
from xianfeng.cases import rules as case_rules
from xianfeng.cases.models import Case, Step
from xianfeng.cases.procedure import may_withdraw as may_be_withdrawn
from xianfeng.cases.procedure import procedure_of, stage_spec
from xianfeng.designations.models import DecisionItem, Designation, DesignationCase, NoticeItem
from xianfeng.journal import queries as journal
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.programmes.policies import seats
from xianfeng.programmes.rules.procedures import StepSpec
from xianfeng.reports import rules
from xianfeng.review.models import RankingRow
from xianfeng.review.queries import PanelView, panel_view
from xianfeng.ui import formats
from xianfeng.ui.parts import Happening, Opinion, Stage

MOST_ENTRIES = 100


@dataclass(frozen=True)
class Reader:
    """How near a reader stands: ``own`` the nominee's side, ``internal`` a body that is not, ``scores`` an expert."""

    own: bool
    internal: bool
    runs_panels: bool
    expert: bool
    acts_for_party: bool


def reader_of(case: Case, actor: Actor) -> Reader:
    """Who this reader is to the case. Somebody of a body who belongs to the nominee's side reads as that side."""
    mine = cases.acting_ids(actor)
    seated_in = {one.kind for one in seats(actor) if one.programme_id == case.round.programme_id}
    own = bool(mine & {case.party_id, case.unit_id})
    seated = bool(seated_in & set(cases.OVERSEERS)) and not own
    asked = [] if seated_in else list(Step.objects.filter(case=case, kind="score", user_id=actor.user_id or 0))
    if any(one.detail.get("alias") for one in asked) and not own:
        raise NotFoundHere("盲审期间不显示申报对象。", "请从评分任务进入。")
    scoring = bool(asked)
    return Reader(own, seated, seated and "working_group" in seated_in, scoring, case.party_id in mine)


# --- where it stands ----------------------------------------------------------------------------------------------


def chip_of(case: Case, steps: Sequence[Step], reader: Reader) -> tuple[str, str]:
    """Word and colour of the state in the head."""
    if case.state == "ended":
        words = case_rules.CASE_OUTCOMES if reader.internal else case_rules.PUBLIC_OUTCOMES
        return words.get(case.outcome, "已办结"), rules.OUTCOME_COLOURS.get(case.outcome, "ink")
    now = next((one for one in steps if one.state == "open" and one.kind != "score"), None)
    at = now or stage_spec(case)
    return _told(at, reader), "amber" if at.kind in case_rules.NOMINEE_KINDS else "blue"


def _told(at: Step | StepSpec, reader: Reader) -> str:
    """What a step is called before this reader: as the definition does, or in public words."""
    return at.title if reader.internal else rules.PUBLIC_STAGES.get(at.kind, "办理中")


def stage_line(case: Case, steps: Sequence[Step]) -> list[Stage]:
    """The pinned procedure as one line: what is behind, where it stands, what is to come."""
    specs = procedure_of(case)
    here = next((at for at, spec in enumerate(specs) if spec.code == case.stage), 0)
    latest = {step.code: step for step in sorted(steps, key=lambda one: one.pk)}
    return [_station(spec.title, latest.get(spec.code), at - here, case) for at, spec in enumerate(specs)]


def _station(title: str, step: Step | None, offset: int, case: Case) -> Stage:
    if offset < 0:
        if step is None:
            return Stage(title, "skipped", "不适用")
        return Stage(title, "done", formats.cn_day(step.closed_at))
    if offset > 0:
        return Stage(title)
    if case.state == "ended":
        good = case.outcome in ("named", "confirmed", "rectified", "warned")
        return Stage(title, "done" if good else "failed", formats.cn_day(case.ended_at))
    due = f"至{formats.due_words(step.due_at)}" if step and step.state == "open" and step.due_at else ""
    return Stage(title, "current", due)


@dataclass(frozen=True)
class Wait:
    """What the case waits for, of whom, by when; ``url`` when this reader may do it, ``skip_url`` when leave it out."""

    title: str
    who: str
    due: datetime | None
    url: str
    known: bool
    skip_url: str = ""


def waits(case: Case, steps: Sequence[Step], actor: Actor, reader: Reader) -> list[Wait]:
    """Open steps in this reader's words; experts are counted, never named, and only before those who run panels."""
    found: list[Wait] = []
    scoring = [one for one in steps if one.state == "open" and one.kind == "score"]
    for step in steps:
        if step.state != "open" or step.kind == "score":
            continue
        who = step.organisation.label if step.organisation else ""
        may_skip = step.optional and policies.may_close(actor, step)
        skip_url = reverse("cases:skip", args=[step.public_id]) if may_skip else ""
        url = _work_url(step, actor)
        found.append(Wait(_told(step, reader), who, step.due_at, url, step.due_known, skip_url))
    mine = [one for one in scoring if one.user_id == actor.user_id]
    if mine:
        found.append(Wait("专家评分", "您", mine[0].due_at, _work_url(mine[0], actor), mine[0].due_known))
    elif scoring and reader.internal:
        due = rules.shortest(one.due_at for one in scoring)
        found.append(Wait("专家评分", f"评审专家 {len(scoring)} 位", due, "", True))
    return found


def _work_url(step: Step, actor: Actor) -> str:
    url = pages.url_for(step)
    if url == f"/cases/{step.case.public_id}/" or not policies.may_close(actor, step):
        return ""
    return url


# --- opinions -----------------------------------------------------------------------------------------------------

OPINION_TITLES = {
    "endorse": "上级党组织\n认定意见",
    "screen": "初审意见",
    "recommend": "推荐意见",
    "decide": "审定意见",
    "opine": "推进组\n复评意见",
    "conclude": "复评审定",
    "rectify": "整改情况",
    "recheck": "整改验收",
    "report": "进展情况",
}
GOOD = frozenset({"consented", "passed", "approved", "recommended", "confirmed"})
BAD = frozenset({"not_accepted", "rejected", "revoked", "lapsed", "failed"})


def opinions(case: Case, steps: Sequence[Step], reader: Reader) -> list[Opinion]:
    """The opinion column, in the order the paper form has it: oldest first, then what is still awaited."""
    decided = {
        item.step_id: item for item in DecisionItem.objects.filter(case=case).select_related("decision__organisation")
    }
    told = [one for one in sorted(steps, key=lambda one: one.pk) if one.kind in OPINION_TITLES]
    boxes = [
        _opinion(one, decided.get(one.pk), reader)
        for one in told
        if one.state in ("done", "lapsed") and (reader.internal or one.kind != "opine")
    ]
    for one in told:
        if one.state == "open" and one.organisation is not None and (reader.internal or one.kind != "opine"):
            boxes.append(Opinion(title=_box(one), waiting=f"待{one.organisation.label}办理"))
    return boxes


def _box(step: Step) -> str:
    """The box's heading: the paper form's, unless the programme calls the step otherwise."""
    return OPINION_TITLES[step.kind] if step.title == case_rules.STEP_KINDS[step.kind] else step.title


def _opinion(step: Step, item: DecisionItem | None, reader: Reader) -> Opinion:
    verdict = case_rules.outcome_label(step.kind, step.outcome, step.case.kind)
    text = step.opinion
    if item is not None and reader.internal:
        votes = f"应到 {item.decision.members} 人，到会 {item.decision.present} 人，" if item.decision.members else ""
        if item.votes_for or item.votes_against:  # a conclusion of the office is not voted on
            votes += f"赞成 {item.votes_for} 票，反对 {item.votes_against} 票。"
        text = "\n".join(part for part in (item.reason or text, votes, f"文号：{item.decision.document_no}") if part)
    elif step.kind == "decide" and not reader.internal:
        text = f"文号：{item.decision.document_no}" if item is not None and step.outcome == "approved" else ""
    if not reader.internal:
        verdict = rules.public_words(verdict)
    colour = "green" if step.outcome in GOOD else "red" if step.outcome in BAD else "amber"
    post, name = signature(step, reader)
    return Opinion(_box(step), text, verdict, colour, name, post, step.closed_at, files=step.attached)


def signature(step: Step, reader: Reader) -> tuple[str, str]:
    """Post and person under an opinion. Outside the bodies a body's word is the body's, not its clerk's."""
    if step.kind == "score" and not reader.runs_panels:
        return "评审专家", ""
    if step.body_kind and not reader.internal:
        return (step.organisation.name if step.organisation else ""), ""
    if step.closed_by is None:
        return step.closed_as, ""
    name = step.closed_by.name
    return step.closed_as.removesuffix(name).rstrip("·"), name


# --- result -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartScore:
    """Points of one part of the standard."""

    title: str
    points: Decimal
    maximum: Decimal


@dataclass(frozen=True)
class Result:
    """The official score; ``rank`` and ``standing`` only for those who decide."""

    score: Decimal
    maximum: Decimal
    parts: list[PartScore]
    rank: int | None = None
    standing: str = ""
    note: str = ""


def result_of(case: Case, steps: Sequence[Step], reader: Reader) -> Result | None:
    """The score: for the bodies once ranked, for the nominee's side and its superiors only once decided, else none."""
    decided = any(one.kind == "decide" and one.state == "done" for one in steps)
    if reader.expert or not (reader.internal or decided):
        return None
    row = RankingRow.objects.in_force().filter(case=case).first()
    if row is None:
        return None
    standard = case.version.definition.standard(case.category, case.group)
    parts = [
        PartScore(part.title, Decimal(row.parts[part.code]), part.points)
        for part in standard.parts
        if row.parts.get(part.code) is not None
    ]
    if not reader.internal:
        return Result(row.score, standard.total, parts)
    return Result(row.score, standard.total, parts, row.rank, row.get_standing_display(), row.note)


def panel_of(case: Case, actor: Actor, reader: Reader) -> PanelView | None:
    """The panel for the bodies; its experts only for those who run it, and never on their own unit's case."""
    if not reader.internal:
        return None
    found = panel_view(case, actor)
    if found is not None and found.experts and not reader.runs_panels:
        return PanelView(found.state, found.sheets, found.signed, result=found.result)
    return found


# --- what came before and after -----------------------------------------------------------------------------------


def happenings(steps: Sequence[Step], reader: Reader) -> list[Happening]:
    """Ended steps, newest first; sheets of single experts only before those who run the panel, and without a name."""
    ended = [one for one in steps if one.closed_at is not None and (one.kind != "score" or reader.runs_panels)]
    if not reader.internal:
        ended = [one for one in ended if one.kind != "opine"]
    ended.sort(key=lambda one: (one.closed_at, one.pk), reverse=True)
    return [_happening(one, reader) for one in ended]


def _happening(step: Step, reader: Reader) -> Happening:
    assert step.closed_at is not None
    what = case_rules.outcome_label(step.kind, step.outcome, step.case.kind) or (
        f"{step.title}{case_rules.STEP_STATES[step.state]}"
    )
    if not reader.internal:
        what = rules.public_words(what)
    if step.kind == "score":
        who = "评审专家"
    else:
        who = "·".join(part for part in signature(step, reader) if part)
    colour = "red" if step.outcome in BAD else "green" if step.outcome in GOOD else "blue"
    return Happening(what, step.closed_at, who, colour="grey" if step.state == "cancelled" else colour)


def proofs(case: Case, reader: Reader) -> list[journal.Line]:
    """The case's entries, newest first, without those that are the bodies' own business for other readers."""
    found = journal.entries_for(case)[:MOST_ENTRIES]
    if reader.internal:
        return journal.lines(found)
    return journal.lines([one for one in found if not rules.hidden_event(one.event)], rules.public_words)


def notices(case: Case, reader: Reader) -> Sequence[NoticeItem]:
    """Notices the case stood on, newest first; ``filed`` counts objections, for the bodies only."""
    rows = list(
        NoticeItem.objects.filter(case=case)
        .select_related("notice")
        .annotate(filed=Count("objections"))
        .order_by("-id")
    )
    for row in rows:
        row.filed = row.filed if reader.internal else 0
    return rows


def title_of(case: Case) -> tuple[Designation | None, DesignationCase | None]:
    """The title the case led to; or the one it is about, with what started it."""
    found = Designation.objects.filter(case=case).first()
    if found is not None:
        return found, None
    tie = DesignationCase.objects.filter(case=case).select_related("designation__case").first()
    return (tie.designation, tie) if tie else (None, None)


def assesses(case: Case) -> bool:
    """Whether its procedure begins with a self-assessment; a recommendation does not."""
    return any(one.kind == "assess" for one in procedure_of(case))


def may_withdraw(case: Case, reader: Reader) -> bool:
    """Whether this reader is offered 撤回自荐; the service checks again under its lock."""
    return reader.acts_for_party and may_be_withdrawn(case)


def facts(case: Case) -> list[tuple[str, Any]]:
    """The head's facts: names as of the day the case was opened or submitted."""
    snapshot = case.snapshot
    definition = case.version.definition
    chain = snapshot.get("chain") or []
    found: list[tuple[str, Any]] = [
        ("类别", definition.category(case.category).title),
        ("层级", definition.tier(case.tier).title),
        ("年度批次", case.round.title),
        ("申报组", definition.group(case.group).title),
        ("党组织", snapshot.get("party") or case.party.name),
        ("所属单位", snapshot.get("unit") or case.unit.name),
        ("上级党组织", chain[0] if chain else ""),
        ("岗位", snapshot.get("post", "")),
        ("启动日期", formats.cn_date(case.opened_at)),
        ("提交日期", formats.cn_date(case.submitted_at)),
    ]
    return [(label, value) for label, value in found if value]
