"""汇总排名: from signed sheets to the official order, frozen with its trace."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from xianfeng import journal
from xianfeng.cases import services as cases
from xianfeng.cases.models import Case, Step
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.canonical import canonical_bytes, sha256_hex
from xianfeng.kernel.errors import Conflict, NotFoundHere
from xianfeng.programmes.rules import Definition, RankedRow, Row, rank
from xianfeng.programmes.rules.trace import show
from xianfeng.review import queries
from xianfeng.review.events import Event
from xianfeng.review.models import Assignment, Panel, Ranking, RankingRow
from xianfeng.review.rules.official import Official, official
from xianfeng.review.services.panels import access_panel_for_update, acting, lock_cases


def panel_rank(*, panel_id: int, actor: Actor, now: datetime) -> Ranking:
    """Rank a panel whose active sheets are all signed, freeze the result, and close each case's panel step.

    Conflict naming whom to remind, or which cases have too few sheets.
    """
    panel = access_panel_for_update(panel_id, actor)
    waiting = lock_cases(panel)
    sheets = _signed(panel, waiting)
    definition = panel.round.version.definition
    results = {case.pk: _official(case, sheets[case.pk]) for case in waiting}
    rows = [_row(case, results[case.pk]) for case in waiting]
    places = definition.quota(panel.tier, panel.category, panel.round.year)
    ranking = Ranking.objects.create(
        panel=panel, places=places, content_hash=panel.round.version.content_hash, computed_at=now
    )
    by_id = {case.public_id: case for case in waiting}
    placed = rank(definition, rows, places)
    made = [_frozen(ranking, by_id[one.key], one, results, sheets) for one in placed]
    RankingRow.objects.bulk_create(made)
    panel.state, panel.ranked_at = "ranked", now
    panel.save(update_fields=["state", "ranked_at"])
    journal.record(
        Event.PANEL_RANKED,
        subject=panel,
        actor=acting(actor, panel),
        at=now,
        data={"places": places, "count": len(made), "content_hash": ranking.content_hash, "result": digest(made)},
    )
    _close_steps(waiting, actor, now)
    return ranking


def _signed(panel: Panel, waiting: Sequence[Case]) -> dict[int, list[Assignment]]:
    """Active assignments by case, all signed and enough of them; else a refusal that says whom to remind."""
    if not waiting:
        raise Conflict("该评审组没有等待汇总的申报。", "请刷新页面查看。")
    rows: dict[int, list[Assignment]] = {case.pk: [] for case in waiting}
    for row in queries.active_assignments(panel).filter(case__in=waiting):
        rows[row.case_id].append(row)
    late = sorted({row.expert.user.name for found in rows.values() for row in found if not queries.is_signed(row)})
    if late:
        raise Conflict(f"还有专家没有签名提交评分表：{'、'.join(late)}。", "请先催办，全部签名后再汇总排名。")
    least = panel.round.version.definition.scoring.panel.least_sheets
    few = [case.name for case in waiting if len(rows[case.pk]) < least]
    if few:
        raise Conflict(
            f"有效评分表不足 {least} 份：{'、'.join(f'“{name}”' for name in few[:8])}。", "请补派专家后再汇总排名。"
        )
    return rows


def _official(case: Case, rows: Sequence[Assignment]) -> Official:
    sheets = {f"专家{number}": queries.scores_of(row.scorecard.marks.all()) for number, row in enumerate(rows, start=1)}
    return official(
        case.version.definition,
        queries.standard_of(case),
        sheets,
        self_total=queries.self_total(case),
        caps=queries.caps(case),
    )


def _row(case: Case, result: Official) -> Row:
    return Row(
        key=case.public_id,
        total=result.total,
        parts=dict(result.panel.parts),
        self_total=queries.self_total(case),
        panel_median=result.panel.median,
        superior_rank=queries.superior_rank(case),
        submitted_at=case.submitted_at,
        qualified=not result.shortfalls,
    )


def _frozen(
    ranking: Ranking,
    case: Case,
    placed: RankedRow,
    results: dict[int, Official],
    sheets: dict[int, list[Assignment]],
) -> RankingRow:
    result = results[case.pk]
    lines = [{"rule": one.rule, "inputs": one.inputs, "effect": one.effect} for one in result.trace]
    kept = [
        {"key": key, "total": show(total), "dropped": key in result.panel.dropped}
        for key, total in result.panel.sheet_totals.items()
    ]
    return RankingRow(
        ranking=ranking,
        case=case,
        rank=placed.rank,
        score=placed.row.total,
        parts={code: show(value) for code, value in result.panel.parts.items()},
        inside=placed.inside,
        standing=standing(placed),
        sheets=kept,
        basis=_basis(placed.row),
        note=(placed.tie or "；".join(result.shortfalls))[:300],
        trace=lines,
    )


def standing(placed: RankedRow) -> str:
    """Where a row stands against the line."""
    if not placed.row.qualified:
        return "unqualified"
    if placed.inside:
        return "inside"
    if placed.undecided:
        return "undecided"
    return "reserve" if placed.reserve else "outside"


def _basis(row: Row) -> dict[str, Any]:
    """What tie-breaks looked at, so that the order can be made again from the row alone."""
    return {
        "self_total": None if row.self_total is None else show(row.self_total),
        "panel_median": None if row.panel_median is None else show(row.panel_median),
        "superior_rank": row.superior_rank,
        "submitted_at": row.submitted_at.isoformat() if row.submitted_at else None,
        "qualified": row.qualified,
        "lot": row.lot,
    }


def _thawed(row: RankingRow) -> Row:
    kept = row.basis
    return Row(
        key=row.case.public_id,
        total=row.score,
        parts={code: Decimal(value) for code, value in row.parts.items()},
        self_total=None if kept["self_total"] is None else Decimal(kept["self_total"]),
        panel_median=None if kept["panel_median"] is None else Decimal(kept["panel_median"]),
        superior_rank=kept["superior_rank"],
        submitted_at=datetime.fromisoformat(kept["submitted_at"]) if kept["submitted_at"] else None,
        lot=kept["lot"],
        qualified=kept["qualified"],
    )


def digest(rows: Sequence[RankingRow]) -> str:
    """SHA-256 of the official result: case, rank, score, standing, sheet totals, in order."""
    content = [
        [one.case.public_id, one.rank, show(one.score), one.standing, [[s["key"], s["total"]] for s in one.sheets]]
        for one in rows
    ]
    return sha256_hex(canonical_bytes(content))


def _close_steps(waiting: Sequence[Case], actor: Actor, now: datetime) -> None:
    """Close each case's panel step. The order is arithmetic: a colleague of a nominee may press the button."""
    steps = Step.objects.select_for_update(of=("self",)).filter(case__in=waiting, kind="panel", state="open")
    for step in steps.order_by("case_id"):
        step.case = next(case for case in waiting if case.pk == step.case_id)
        journal.record(Event.CASE_RANKED, subject=step.case, actor=actor.under(step.organisation_id), at=now)
        cases.step_close(step=step, outcome="ranked", actor=actor, now=now)


def lots_draw(*, ranking_id: int, actor: Actor, now: datetime, seed: str | None = None) -> Ranking:
    """Draw lots between rows that nothing tells apart across the line; the seed is recorded, anybody can repeat it."""
    ranking = Ranking.objects.select_related("panel").filter(pk=ranking_id).first()
    if ranking is None:
        raise NotFoundHere("没有找到这个排名。", "请从评审组进入。")
    panel = access_panel_for_update(ranking.panel_id, actor, "ranked")
    definition = panel.round.version.definition
    kept = list(ranking.rows.select_related("case").order_by("rank", "id"))
    tied = [one for one in kept if one.standing == "undecided"]
    if not tied:
        raise Conflict("名额线上没有需要抽签的同分。", "请按现有排名办理。")
    if not any(rule.by == "lot" for rule in definition.scoring.tie_breaks):
        raise Conflict("创建活动没有规定同分抽签。", "请由领导小组在审定时决定。")
    drawn = (seed or secrets.token_hex(16))[:32]
    order = sorted(tied, key=lambda one: hashlib.sha256(f"{drawn}:{one.case.public_id}".encode()).hexdigest())
    for number, one in enumerate(order, start=1):
        one.basis = {**one.basis, "lot": number}
    _replace(definition, ranking, kept)
    journal.record(
        Event.LOTS_DRAWN,
        subject=panel,
        actor=acting(actor, panel),
        at=now,
        data={"seed": drawn, "order": [one.case.public_id for one in order], "result": digest(kept)},
    )
    return ranking


def _replace(definition: Definition, ranking: Ranking, kept: Sequence[RankingRow]) -> None:
    placed = {one.key: one for one in rank(definition, [_thawed(one) for one in kept], ranking.places)}
    for row in kept:
        found = placed[row.case.public_id]
        row.rank, row.inside, row.standing = found.rank, found.inside, standing(found)
        row.note = (found.tie or row.note)[:300]
    RankingRow.objects.bulk_update(kept, ["rank", "inside", "standing", "note", "basis"])
