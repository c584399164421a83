"""The decision packet read from the database: what a ranking is made from, frozen, and the file handed out."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from xianfeng.cases.models import Case
from xianfeng.kernel.canonical import canonical_bytes, sha256_hex
from xianfeng.programmes.rules import Places, canonical
from xianfeng.programmes.rules.trace import show
from xianfeng.review.models import Assignment, Discussion, Draw, Panel, Ranking, Recusal, Scorecard
from xianfeng.review.rules import packet as rules
from xianfeng.review.rules.official import NOT_APPLICABLE, Json
from xianfeng.review.sources import sources


def sheet_content(card: Scorecard) -> Json:
    """A sheet as it is signed and frozen: its id, total, every mark with its remark, the closing remark.

    ``answers`` has what was entered where points were worked out from it: measured values, faults, votes.
    """
    marks, answers = {}, {}
    for one in card.marks.all():
        points = None if one.points is None else show(one.points)
        marks[one.indicator] = [points if one.applies else NOT_APPLICABLE, one.remark]
        if one.answer is not None:
            answers[one.indicator] = one.answer
    content = {"sheet": card.public_id, "total": show(card.total), "marks": marks, "remark": card.remark}
    return {**content, "answers": answers} if answers else content


def inputs_of(
    panel: Panel,
    waiting: Sequence[Case],
    sheets: Mapping[int, Sequence[Assignment]],
    places: Sequence[Places] | None,
    now: datetime,
) -> tuple[Json, Json]:
    """The frozen inputs, and what only the office keeps: the salts of reasons, and who wrote which sheet."""
    recusals, elsewhere = _recusals(waiting), sources(waiting, now)
    earlier = list(panel.rankings.filter(superseded_at__isnull=False))
    hidden: Json = {
        "salts": {str(one.pk): secrets.token_hex(16) for found in recusals.values() for one in found},
        "earlier": {one.public_id: secrets.token_hex(16) for one in earlier},
        "experts": {row.scorecard.public_id: row.expert.public_id for rows in sheets.values() for row in rows},
    }
    version = panel.round.version
    versions = {one.content_hash: one for one in (version, *(case.version for case in waiting))}
    inputs = {
        "format": rules.INPUTS,
        "panel": _panel(panel),
        "definition": version.content_hash,
        "definition_number": version.number,
        "definitions": {name: json.loads(canonical(one.definition)) for name, one in versions.items()},
        "places": None if places is None else _places(places),
        "cases": [
            _case(case, sheets[case.pk], recusals.get(case.pk, []), hidden["salts"]) | elsewhere[case.pk]
            for case in waiting
        ],
        "draws": [_draw(one) for one in panel.draws.all()],
        "discussions": [_discussion(one) for one in panel.discussions.filter(case__in=waiting).select_related("case")],
        "earlier": [_earlier(one, hidden["earlier"][one.public_id]) for one in earlier],
    }
    return inputs, hidden


def _places(found: Sequence[Places]) -> Json | list[Json]:
    """The category's places; one by one by applicant group where they are split."""
    if found[0].group:
        return [{"group": one.group, **_numbers(one)} for one in found]
    return _numbers(found[0])


def _numbers(found: Places) -> Json:
    return {name: value for name, value in asdict(found).items() if name not in ("category", "group")}


def _earlier(one: Ranking, salt: str) -> Json:
    """A ranking that was superseded: what it came to, and why it was made again (as a commitment)."""
    assert one.superseded_at is not None
    return {
        "id": one.public_id,
        "computed_at": one.computed_at.isoformat(),
        "superseded_at": one.superseded_at.isoformat(),
        "reason": rules.commitment(salt, one.reason),
        "inputs_sha256": one.inputs_hash,
        "result": rules.digest(rows_of(one)),
    }


def _panel(panel: Panel) -> Json:
    return {
        "id": panel.public_id,
        "round": panel.round.title,
        "year": panel.round.year,
        "tier": panel.tier,
        "category": panel.category,
        "title": panel.title,
        "opened_at": panel.opened_at.isoformat(),
        "per_case": panel.per_case,
        "seed": panel.seed,
        "objective": panel.objective,
        "institution_cap": panel.institution_cap,
        "least_load": panel.least_load,
    }


def _recusals(waiting: Sequence[Case]) -> dict[int, list[Recusal]]:
    found: dict[int, list[Recusal]] = {}
    for one in Recusal.objects.filter(case__in=waiting).order_by("id"):
        found.setdefault(one.case_id, []).append(one)
    return found


def _case(case: Case, rows: Sequence[Assignment], recusals: Sequence[Recusal], salts: Mapping[str, str]) -> Json:
    written = sorted(rows, key=lambda row: (row.second, row.scorecard.public_id))
    sheets = []
    for number, row in enumerate(written):
        card, content = row.scorecard, sheet_content(row.scorecard)
        signed = card.signed_at.isoformat() if card.signed_at else None
        said = {"key": rules.label(number), "hash": rules.sheet_hash(content), "signed_at": signed}
        sheets.append({**content, **said, "second": row.second})
    return {
        "id": case.public_id,
        "name": case.name,
        "unit": case.snapshot.get("unit", ""),
        "party": case.snapshot.get("party", ""),
        "category": case.category,
        "group": case.group,
        "definition": case.version.content_hash,
        "submitted_at": case.submitted_at.isoformat() if case.submitted_at else None,
        "sheets": sheets,
        "recusals": [
            {
                "source": one.source,
                "declared_at": one.declared_at.isoformat(),
                "reason": rules.commitment(salts[str(one.pk)], one.reason),
            }
            for one in recusals
        ],
    }


def _draw(draw: Draw) -> Json:
    return {
        "id": draw.public_id,
        "cause": draw.cause,
        "made_at": draw.made_at.isoformat(),
        "inputs_sha256": sha256_hex(canonical_bytes(draw.inputs)),
        "pairs": len(draw.pairs),
        "pairs_sha256": sha256_hex(canonical_bytes(draw.pairs)),
        "report": draw.report,
    }


def _discussion(one: Discussion) -> Json:
    return {
        "case": one.case.public_id,
        "kind": one.kind,
        "held_on": one.held_on.isoformat() if one.held_on else None,
        "minutes_sha256": sha256_hex(one.minutes.encode()),
    }


# --- the file ---------------------------------------------------------------------------------------------------------


def rows_of(ranking: Ranking) -> list[Json]:
    """The ranking as it stands in the database, in the shape and order the rules give it."""
    names = ("rank", "parts", "sources", "inside", "standing", "grade", "sheets", "basis", "note", "trace")
    found = {
        one.case.public_id: {
            "case": one.case.public_id, "score": show(one.score), **{name: getattr(one, name) for name in names}
        }
        for one in ranking.rows.select_related("case")
    }  # fmt: skip
    order = [one["case"] for one in rules.ranked(ranking.inputs, ranking.lots)]
    return [found[case] for case in order if case in found]


def packet_of(ranking: Ranking, *, office: bool) -> Json:
    """The packet; for the office with the reasons of recusals and the draws in full, for others without."""
    advice = {name: value for name, value in ranking.advice.items() if office or name != "fit"}
    if not office and ranking.advice.get("fit"):
        advice["fit"] = {key: value for key, value in ranking.advice["fit"].items() if key != "experts"}
    about = {
        "id": ranking.public_id,
        "computed_at": ranking.computed_at.isoformat(),
        "lots": ranking.lots,
    }
    more = {"office_only": {"reasons": _reasons(ranking), "draws": _draws(ranking)}} if office else {}
    return rules.assembled(ranking.inputs, ranking=about, rows=rows_of(ranking), advice=advice, **more)


def _reasons(ranking: Ranking) -> list[Json]:
    """Every personal reason with the salt that opens its commitment: of recusals, and of ranking again."""
    salts, earlier = ranking.secrets.get("salts", {}), ranking.secrets.get("earlier", {})
    recused = Recusal.objects.filter(pk__in=[int(one) for one in salts]).select_related("case").order_by("id")
    again = Ranking.objects.filter(public_id__in=earlier).order_by("id")
    return [
        *(_opened(one.case.public_id, one.reason, salts[str(one.pk)]) for one in recused),
        *(_opened(one.public_id, one.reason, earlier[one.public_id]) for one in again),
    ]


def _opened(subject: str, reason: str, salt: str) -> Json:
    return {"subject": subject, "reason": reason, "salt": salt, "commitment": rules.commitment(salt, reason)}


def _draws(ranking: Ranking) -> list[Json]:
    """The draws this ranking rests on, in full; later ones belong to a later ranking."""
    kept = {one["id"] for one in ranking.inputs["draws"]}
    rows = ranking.panel.draws.filter(public_id__in=kept)
    return [{"id": one.public_id, "inputs": one.inputs, "pairs": one.pairs} for one in rows]


def packet_bytes(ranking: Ranking, *, office: bool) -> bytes:
    """The canonical file: the same ranking always gives the same bytes."""
    return canonical_bytes(packet_of(ranking, office=office))
