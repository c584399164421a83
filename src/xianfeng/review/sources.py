"""What the official score takes from elsewhere, frozen: self-assessment, the superior, surveys, settled gates."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Count

from xianfeng.cases.models import Case, Step
from xianfeng.creation.models import Survey, SurveyAnswer
from xianfeng.kernel import clock
from xianfeng.nominations.models import GateCheck, SelfScore
from xianfeng.programmes.rules.schema.scoring import SOURCES
from xianfeng.programmes.rules.trace import show
from xianfeng.review.rules.official import NOT_APPLICABLE, Json, asks_for


def sources(cases: Sequence[Case], now: datetime) -> dict[int, Json]:
    """By case: ``self_marks``, ``superior``, ``survey`` and ``gates`` as the frozen inputs hold them; five queries."""
    marks, words, gates, asked = _self_marks(cases), _superiors(cases), _gates(cases), _surveys(cases, now)
    return {
        case.pk: {
            "self_marks": marks[case.pk],
            "superior": words.get(case.pk),
            "survey": asked.get(case.pk) if asks_for(case.version.definition, "survey") else None,
            "gates": gates[case.pk],
        }
        for case in cases
    }


def _self_marks(cases: Sequence[Case]) -> defaultdict[int, dict[str, str | None]]:
    found: defaultdict[int, dict[str, str | None]] = defaultdict(dict)
    rows = SelfScore.objects.filter(assessment__case__in=cases, assessment__submitted_at__isnull=False)
    for row in rows.select_related("assessment").order_by("indicator"):
        points = None if row.points is None else show(row.points)
        found[row.assessment.case_id][row.indicator] = NOT_APPLICABLE if row.not_applicable else points
    return found


def _superiors(cases: Sequence[Case]) -> dict[int, Json]:
    """The last consent's points and order of its own nominees: what the highest superior said counts."""
    found: dict[int, Json] = {}
    rows = Step.objects.filter(case__in=cases, kind="endorse", state="done", outcome="consented")
    for step in rows.select_related("organisation").order_by("id"):
        score, rank = step.detail.get("score"), step.detail.get("rank")
        if score in (None, "") and not rank:
            continue
        found[step.case_id] = {
            "score": None if score in (None, "") else show(Decimal(str(score))),
            "rank": int(rank) if rank else None,
            "by": step.organisation.name if step.organisation else "",
        }
    return found


def _gates(cases: Sequence[Case]) -> defaultdict[int, list[Json]]:
    """Gates on facts as screening left them; what a screener accepted on the evidence counts as met."""
    found: defaultdict[int, list[Json]] = defaultdict(list)
    for row in GateCheck.objects.filter(case__in=cases).order_by("gate"):
        accepted = bool(row.accepted_note) and row.state != "met"
        found[row.case_id].append(
            {
                "gate": row.gate,
                "state": "met" if accepted else row.state,
                "sentence": f"{row.sentence}；初审认可" if accepted else row.sentence,
            }
        )
    return found


def _surveys(cases: Sequence[Case], now: datetime) -> dict[int, Json]:
    """All answers of ended surveys about the nominee in the round, by level; ``open_until`` while one still runs."""
    rounds = {case.round_id for case in cases}
    rows = Survey.objects.filter(round__in=rounds, nominee__in=[case.nominee_id for case in cases]).order_by("id")
    by_nominee: defaultdict[tuple[int, int], list[Survey]] = defaultdict(list)
    for one in rows:
        by_nominee[one.round_id, one.nominee_id].append(one)
    answers: defaultdict[int, Counter[int]] = defaultdict(Counter)
    counted = SurveyAnswer.objects.filter(survey__in=rows).order_by()
    for survey, mark, number in counted.values_list("survey_id", "satisfaction").annotate(n=Count("pk")):
        answers[survey][mark] = number
    found: dict[int, Json] = {}
    for case in cases:
        if asked := by_nominee.get((case.round_id, case.nominee_id)):
            counts = sum((answers[one.pk] for one in asked), Counter[int]())
            still = max((one.closes_at for one in asked if one.closes_at > now), default=None)
            found[case.pk] = {
                "counts": {str(mark): counts[mark] for mark in sorted(counts, reverse=True)},
                "surveys": [one.public_id for one in asked],
                "open_until": still.isoformat() if still else None,
            }
    return found


def refusal(missing: dict[str, list[Json]], running: Sequence[Json]) -> tuple[str, str] | None:
    """What to tell the office when points that count are not there: which cases, and what to do."""
    said, todo = [], []
    if running:
        ends = max(datetime.fromisoformat(case["survey"]["open_until"]) for case in running)
        said.append(f"满意度调查还没有结束：{_names(running)}")
        todo.append(f"请在调查结束（{_moment(ends)}）后汇总")
    for source, cases in missing.items():
        said.append(f"总分要计入“{SOURCES[source]}”，还没有这项得分的有：{_names(cases)}")
        todo.append(TODO[source])
    return ("；".join(said) + "。", "；".join(todo) + "。") if said else None


TODO = {
    "self": "请由申报单位补齐自评",
    "superior": "上级评分在认定时填写，请由上级党组织补齐",
    "survey": "请在“满意度调查”中对它们开展调查，收到规定份数的答卷并结束后再汇总",
    "panel": "请补齐专家评分表",
}


def _names(cases: Sequence[Json]) -> str:
    shown = "、".join(f"“{case['name']}”{_answers(case)}" for case in cases[:8])
    return shown + (f"等 {len(cases)} 个" if len(cases) > 8 else "")


def _answers(case: Json) -> str:
    counts = (case["survey"] or {}).get("counts", {})
    return f"（已收答卷 {sum(counts.values())} 份）" if counts else ""


def _moment(at: datetime) -> str:
    local = at.astimezone(clock.SHANGHAI)
    return f"{local.month}月{local.day}日 {local:%H:%M}"
