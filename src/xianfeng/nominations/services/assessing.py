"""The nominee's own side: prepare, save, submit, correct."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.cases import services as engine
from xianfeng.cases.models import Case, Step
from xianfeng.cases.procedure import procedure_of
from xianfeng.kernel import clock, workdays
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid
from xianfeng.nominations import answering, eligibility, queries, rules
from xianfeng.nominations.events import Event
from xianfeng.nominations.models import EvidenceLink, GateCheck, SelfAssessment, SelfScore
from xianfeng.nominations.services import limits
from xianfeng.programmes.rules.evaluation import below
from xianfeng.programmes.rules.gates import GateOutcome
from xianfeng.programmes.rules.totals import Totals
from xianfeng.programmes.rules.trace import show


def case_prepare(*, case: Case, now: datetime) -> SelfAssessment | None:
    """Give a new case its self-assessment and carry over evidence its nominee used before for the same indicators.

    Called when a case opens, nomination or reassessment; None for a procedure that assesses nothing.
    """
    if not any(step.kind == "assess" for step in procedure_of(case)):
        return None
    assessment, created = SelfAssessment.objects.get_or_create(case=case)
    if created:
        _carry_over(case, now)
    return assessment


def _carry_over(case: Case, now: datetime) -> None:
    standard = queries.standard_of(case)
    earlier = (
        EvidenceLink.objects.filter(case__nominee_id=case.nominee_id)
        .exclude(case=case)
        .order_by("case_id", "id")
        .values_list("indicator", "evidence_id")
    )
    wanted = dict.fromkeys(pair for pair in earlier if rules.asks(standard, pair[0]))
    EvidenceLink.objects.bulk_create(
        EvidenceLink(case=case, indicator=indicator, evidence_id=evidence, linked_at=now)
        for indicator, evidence in wanted
    )


@dataclass(frozen=True)
class Draft:
    """A self-assessment open for changes: the locked case and step."""

    case: Case
    step: Step
    assessment: SelfAssessment

    @property
    def correcting(self) -> bool:
        """Whether it was returned by screening: then only what was asked for may change."""
        return self.step.kind == "correct"


def draft_access(case_id: int, actor: Actor) -> Draft:
    """Lock a case whose self-assessment is open for changes by this actor."""
    case = engine.access_case_for_update(case_id)
    open_step = case.steps.filter(state="open", kind__in=("assess", "correct")).order_by("-id").first()
    if open_step is None:
        raise Conflict(_("自评已经提交，不能再修改。"), _("如需修改，请联系上级党组织退回完善。"))
    step = engine.access_step_for_update(open_step.pk, actor, "assess", "correct")
    assessment, _created = SelfAssessment.objects.get_or_create(case=step.case)
    return Draft(step.case, step, assessment)


def assessment_save(
    *,
    case_id: int,
    scores: Mapping[str, tuple[rules.Mark, str]],
    actor: Actor,
    now: datetime,
    statement: str | None = None,
) -> SelfAssessment:
    """Save what was typed: only the indicators given are touched, ``statement=None`` leaves the statement alone.

    A mark is points, ``Entered`` (what points are worked out from), ``"na"`` (does not apply) or ``None`` (taken back).
    Refuses points the standard does not allow, and in a correction any indicator that the screening did not return.
    Drafts leave no journal entry.
    """
    draft = draft_access(case_id, actor)
    standard = queries.standard_of(draft.case)
    rows = {row.indicator: row for row in draft.assessment.scores.all()}
    allowed = queries.problems_of(draft.case) if draft.correcting else None
    for code, (mark, note) in scores.items():
        points = rules.checked(standard, code, mark)
        row = rows.get(code) or SelfScore(assessment=draft.assessment, indicator=code)
        if _put(row, mark, points, note):
            if allowed is not None and code not in allowed:
                title = standard.indicator(code).title
                raise Conflict(_("“%(title)s”不在补正范围内。") % {"title": title}, _("请只修改退回的指标。"))
            row.save()
            rows[code] = row
    if statement is not None:
        if len(statement) > rules.STATEMENT_LONGEST:
            most = {"most": rules.STATEMENT_LONGEST}
            raise Invalid(_("主要事迹不超过 %(most)s 字。") % most, _("请精简后再保存。"))
        draft.assessment.statement = statement.strip()
    draft.assessment.total = queries.totals_of(draft.case, queries.scores_of(rows.values())).total
    draft.assessment.saved_at = now
    draft.assessment.save()
    return draft.assessment


def _put(row: SelfScore, mark: rules.Mark, points: Decimal | None, note: str) -> bool:
    """Write a mark into a row; True when it changed anything."""
    if len(note) > rules.NOTE_LONGEST:
        raise Invalid(_("说明不超过 %(most)s 字。") % {"most": rules.NOTE_LONGEST}, _("请精简后再保存。"))
    answer = answering.stored(mark.answer) if isinstance(mark, answering.Entered) else None
    wanted = (points, answer, mark == rules.NOT_APPLICABLE, note.strip())
    if (row.points, row.answer, row.not_applicable, row.note) == wanted and row.pk is not None:
        return False
    was_empty = row.pk is None and wanted == (None, None, False, "")
    row.points, row.answer, row.not_applicable, row.note = wanted
    return not was_empty


def assessment_submit(*, step_id: int, actor: Actor, now: datetime) -> Step:
    """Submit the self-assessment: complete, proven, within time, not below the programme's least; totals and gates are
    frozen as of now. A gate that fails does not stop the submission: the screening decides on it.
    """
    limited = Case.objects.filter(steps=step_id, kind="nomination").values_list("round_id", flat=True).first()
    if limited is not None:
        limits.round_lock(limited)
    step = engine.access_step_for_update(step_id, actor, "assess")
    case = step.case
    assessment, _created = SelfAssessment.objects.get_or_create(case=case)
    _in_time(step, now)
    if case.kind == "nomination" and not limits.superiors_are_asked(case):
        limits.refuse_beyond_consent(case, clock.local_day(now))
    result = _freeze(case, assessment, now)
    if case.submitted_at is None:
        case.submitted_at = now
    case.save()
    gates = gates_record(case=case, now=now)
    journal.record(
        Event.SUBMITTED,
        subject=case,
        actor=actor.under(case.party_id),
        at=now,
        data=_content(case, assessment, result, gates),
        personal={"statement": assessment.statement},
    )
    engine.step_close(step=step, outcome="submitted", actor=actor, now=now, detail={"total": show(result.total)})
    return step


def _in_time(step: Step, now: datetime) -> None:
    """A nomination is submitted before its window closes; a reassessment may be late, and is seen to be."""
    if step.case.kind != "nomination" or step.due_at is None or now < step.due_at:
        return
    stage = eligibility.application_stage(step.case.round)
    if stage is not None and now < workdays.deadline_instant(stage.ends_on):
        return  # the stage was prolonged after the step was opened
    raise Conflict(_("自荐提交时间已截止。"), _("如有特殊情况，请联系推进组调整阶段时间。"))


def _freeze(case: Case, assessment: SelfAssessment, now: datetime) -> Totals:
    """Refuse an incomplete self-assessment; write its total and the snapshot of names."""
    scores = queries.scores_of(assessment.scores.all())
    proven = {code: len(items) for code, items in queries.evidence_by_indicator(case).items()}
    refusal = rules.incomplete(rules.gaps(queries.standard_of(case), scores, proven))
    if refusal is not None:
        raise refusal
    if not assessment.statement.strip():
        raise Invalid(_("还没有填写主要事迹。"), _("请在自评页末尾填写后再提交。"))
    result = queries.totals_of(case, scores)
    _refuse_below_floor(case, result)
    assessment.total, assessment.submitted_at = result.total, now
    assessment.save()
    case.name = case.nominee.name
    case.snapshot = {
        **case.snapshot,
        **engine.snapshot(case.nominee, case.party, case.unit, now),
        "self_total": show(result.total),
        "self_parts": {code: show(result.part(code)) for code in result.parts},
    }
    return result


def _refuse_below_floor(case: Case, result: Totals) -> None:
    """A nomination below the programme's least self-assessment is not submitted; a reassessment tells what it is."""
    floors = case.version.definition.scoring.floors
    if case.kind == "reassessment" or not below(floors, result.sum, floors.self_total):
        return
    given = {"total": show(result.total), "least": show(floors.self_total)}
    told = (
        _("自评 %(total)s 分，须超过 %(least)s 分才能提交。")
        if floors.exceed
        else _("自评 %(total)s 分，须达到 %(least)s 分才能提交。")
    )
    raise Invalid(told % given, _("请对照标准继续完善，达到后再提交。"))


def gates_record(*, case: Case, now: datetime) -> list[GateOutcome]:
    """Judge the gates on the ledger as it stands and write how they came out; accepted proof survives while needed."""
    outcomes = queries.gate_outcomes(case, clock.local_day(now))
    known = {row.gate: row for row in GateCheck.objects.filter(case=case)}
    for one in outcomes:
        row = known.get(one.code) or GateCheck(case=case, gate=one.code)
        row.state = "met" if one.holds else "failed" if one.vetoes else one.state
        row.effect, row.sentence, row.facts = one.gate.effect, one.sentence[:400], list(one.fact_ids)
        row.checked_at = now
        if not one.pending:
            row.accepted_by, row.accepted_note = None, ""
        row.save()
    return outcomes


def _content(case: Case, assessment: SelfAssessment, result: Totals, gates: list[GateOutcome]) -> dict[str, Any]:
    """What was submitted, in ids, codes and hashes: enough to prove it later."""
    links = EvidenceLink.objects.filter(case=case).select_related("evidence__file").order_by("indicator", "id")
    return {
        "total": show(result.total),
        "scores": {
            row.indicator: "na" if row.not_applicable else show(row.points or Decimal(0))
            for row in assessment.scores.order_by("indicator")
            if row.not_applicable or row.points is not None
        },
        "evidence": [
            {
                "indicator": link.indicator,
                "id": link.evidence.public_id,
                "sha256": link.evidence.file.sha256 if link.evidence.file else "",
            }
            for link in links
        ],
        "gates": {one.code: one.state for one in gates},
    }


def correction_submit(*, step_id: int, note: str, actor: Actor, now: datetime) -> Step:
    """Answer a returned screening: what was mended, with totals and gates frozen anew."""
    step = engine.access_step_for_update(step_id, actor, "correct")
    if not note.strip():
        raise Invalid(_("请说明补正了哪些内容。"), _("写明逐项的补正情况，便于初审核对。"))
    case = step.case
    assessment, _created = SelfAssessment.objects.get_or_create(case=case)
    result = _freeze(case, assessment, now)
    case.save()
    gates = gates_record(case=case, now=now)
    journal.record(
        Event.CORRECTED,
        subject=case,
        actor=actor.under(case.party_id),
        at=now,
        data=_content(case, assessment, result, gates),
        personal={"note": note.strip(), "statement": assessment.statement},
    )
    engine.step_close(step=step, outcome="resubmitted", actor=actor, now=now, opinion=note.strip())
    return step
