"""汇总排名: from signed sheets to the official order, frozen with all it was made from."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from xianfeng import journal
from xianfeng.cases import places as rounds
from xianfeng.cases import services as cases
from xianfeng.cases.models import Case, Step
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.canonical import canonical_bytes, sha256_hex
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.messaging import services as messaging
from xianfeng.review import packet, queries, sources
from xianfeng.review.advisory import advise
from xianfeng.review.events import Event
from xianfeng.review.models import Assignment, Discussion, Panel, Ranking, RankingRow
from xianfeng.review.rules import packet as rules
from xianfeng.review.rules.decisive import decisive
from xianfeng.review.rules.official import Json, lacking
from xianfeng.review.services.panels import access_panel_for_update, acting, lock_cases


def panel_rank(*, panel_id: int, actor: Actor, now: datetime) -> Ranking:
    """Rank a panel whose active sheets are all signed, freeze the result, and close each case's panel step.

    Conflict naming whom to remind, which cases have too few sheets or lack points that count, or are still discussed.
    """
    panel = access_panel_for_update(panel_id, actor)
    waiting = lock_cases(panel)
    sheets = _signed(panel, waiting)
    _refuse_open_discussions(waiting)
    row = panel.round
    found = rounds.places(row, panel.tier).values() if rounds.has_places(row) else None
    places = None if found is None else [one for one in found if one.category == panel.category]
    inputs, hidden = packet.inputs_of(panel, waiting, sheets, places, now)
    _refuse_missing(inputs)
    made = rules.ranked(inputs)
    total = None if places is None else sum(one.total for one in places)
    ranking = Ranking.objects.create(
        panel=panel, places=total, content_hash=row.version.content_hash, computed_at=now,
        inputs=inputs, inputs_hash=sha256_hex(canonical_bytes(inputs)), secrets=hidden,
        advice={"fit": advise(inputs, hidden["experts"]), "decisive": decisive(inputs)},
    )  # fmt: skip
    by_id = {case.public_id: case for case in waiting}
    RankingRow.objects.bulk_create(_row(ranking, by_id, one) for one in made)
    panel.state, panel.ranked_at = "ranked", now
    panel.save(update_fields=["state", "ranked_at"])
    journal.record(
        Event.PANEL_RANKED,
        subject=panel,
        actor=acting(actor, panel),
        at=now,
        data={
            "places": total, "places_label": "不限名额" if total is None else f"名额{total}个", "count": len(made),
            "content_hash": ranking.content_hash, "result": rules.digest(made), "inputs": ranking.inputs_hash,
        },
    )  # fmt: skip
    _close_steps(waiting, actor, now)
    return ranking


def _refuse_missing(inputs: Json) -> None:
    running = [case for case in inputs["cases"] if (case["survey"] or {}).get("open_until")]
    names = {case["id"] for case in running}
    missing = {
        source: kept
        for source, found in lacking(inputs).items()
        if (kept := [case for case in found if source != "survey" or case["id"] not in names])
    }
    if said := sources.refusal(missing, running):
        raise Conflict(*said)


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
    second = queries.at_second(waiting)
    few = [one.name for one in waiting if sum(row.second == (one.pk in second) for row in rows[one.pk]) < least]
    if few:
        raise Conflict(
            f"有效评分表不足 {least} 份：{'、'.join(f'“{name}”' for name in few[:8])}。", "请补派专家后再汇总排名。"
        )
    return rows


def _refuse_open_discussions(waiting: Sequence[Case]) -> None:
    rows = Discussion.objects.filter(case__in=waiting, state="open").exclude(kind="second")
    rows = rows.select_related("case").order_by("id")
    if open_ones := [f"“{one.case.name}”（{one.get_kind_display()}）" for one in rows]:
        raise Conflict(f"还有合议或现场核查没有结束：{'、'.join(open_ones[:8])}。", "请记录纪要并结束后再汇总排名。")


def _row(ranking: Ranking, by_id: Mapping[str, Case], made: Json) -> RankingRow:
    kept = {name: value for name, value in made.items() if name not in ("case", "score")}
    return RankingRow(ranking=ranking, case=by_id[made["case"]], score=Decimal(made["score"]), **kept)


def _close_steps(waiting: Sequence[Case], actor: Actor, now: datetime) -> None:
    """Close each case's panel step. The order is arithmetic: a colleague of a nominee may press the button."""
    steps = Step.objects.select_for_update(of=("self",)).filter(case__in=waiting, kind="panel", state="open")
    for step in steps.order_by("case_id"):
        step.case = next(case for case in waiting if case.pk == step.case_id)
        journal.record(Event.CASE_RANKED, subject=step.case, actor=actor.under(step.organisation_id), at=now)
        cases.step_close(step=step, outcome="ranked", actor=actor, now=now)


def ranking_reopen(*, panel_id: int, reason: str, actor: Actor, now: datetime) -> Ranking:
    """Take a ranking back before anybody has decided on it, with a reason on record, so that late cases can join.

    Sheets stay signed, the old ranking stays to be read as superseded; its cases stand at the panel again. Conflict
    once one of them is decided.
    """
    if not reason.strip():
        raise Invalid("请写明重新汇总的原因。", "原因记入操作留痕，并写入新的决策包。")
    panel = access_panel_for_update(panel_id, actor, "ranked")
    ranking = panel.rankings.get(superseded_at__isnull=True)
    ids = [one.case_id for one in ranking.rows.all()]
    kept = Case.objects.select_for_update(of=("self",)).filter(pk__in=ids).exclude(outcome="withdrawn")
    told: set[int] = set()
    for case in kept.select_related("version", "round", "nominee", "party", "unit").order_by("id"):
        recalled, _ = cases.case_recall(case=case, kind="panel", now=now)
        told.update(cases.people_of(recalled.organisation, now))
        journal.record(Event.CASE_RECALLED, subject=case, actor=acting(actor, panel), at=now)
    ranking.superseded_at, ranking.reason = now, reason.strip()[:300]
    ranking.save(update_fields=["superseded_at", "reason"])
    panel.state, panel.ranked_at = "scoring", None
    panel.save(update_fields=["state", "ranked_at"])
    journal.record(
        Event.RANKING_REOPENED,
        subject=panel,
        actor=acting(actor, panel),
        at=now,
        data={"ranking": ranking.public_id, "inputs": ranking.inputs_hash, "count": len(ids)},
        personal={"reason": ranking.reason},
    )
    messaging.notify(
        user_ids=sorted(told), title=f"{panel.title}重新汇总排名，审定事项暂时收回",
        body=f"{panel.round.title}。汇总完成后会再次送达。", now=now,
    )  # fmt: skip
    return ranking


def lots_draw(*, ranking_id: int, actor: Actor, now: datetime, seed: str | None = None) -> Ranking:
    """Draw lots between rows that nothing tells apart across the line; the seed is recorded, anybody can repeat it."""
    ranking = Ranking.objects.select_related("panel").filter(pk=ranking_id).first()
    if ranking is None:
        raise NotFoundHere("没有找到这个排名。", "请从评审组进入。")
    panel = access_panel_for_update(ranking.panel_id, actor, "ranked")
    ranking.refresh_from_db()
    if ranking.superseded_at is not None:
        raise Conflict("这次汇总已被重新汇总取代。", "请查看最新的排名。")
    tied = list(ranking.rows.filter(standing="undecided").values_list("case__public_id", flat=True).order_by("case_id"))
    if not tied:
        raise Conflict("名额线上没有需要抽签的同分。", "请按现有排名办理。")
    if not any(rule.by == "lot" for rule in panel.round.version.definition.scoring.tie_breaks):
        raise Conflict("创建活动没有规定同分抽签。", "请由领导小组在审定时决定。")
    ranking.lots = {"seed": (seed or secrets.token_hex(16))[:32], "cases": tied, "drawn_at": now.isoformat()}
    made = rules.ranked(ranking.inputs, ranking.lots)
    _replace(ranking, made)
    ranking.advice = {**ranking.advice, "decisive": decisive(ranking.inputs, ranking.lots)}
    ranking.save(update_fields=["lots", "advice"])
    order = rules.drawn_lots(ranking.lots)
    journal.record(
        Event.LOTS_DRAWN,
        subject=panel,
        actor=acting(actor, panel),
        at=now,
        data={
            "seed": ranking.lots["seed"],
            "order": sorted(order, key=lambda one: order[one]),
            "result": rules.digest(made),
        },
    )
    return ranking


def _replace(ranking: Ranking, made: Sequence[Json]) -> None:
    kept = {one.case.public_id: one for one in ranking.rows.select_related("case")}
    for one in made:
        row = kept[one["case"]]
        row.rank, row.inside, row.standing = one["rank"], one["inside"], one["standing"]
        row.note, row.basis, row.grade = one["note"], one["basis"], one["grade"]
    RankingRow.objects.bulk_update(kept.values(), ["rank", "inside", "standing", "grade", "note", "basis"])
