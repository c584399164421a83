"""Writes on programmes: publish a definition, assign bodies, open, reschedule and close rounds."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from xianfeng import journal
from xianfeng.directory.models import Organisation
from xianfeng.kernel import clock, vocabulary
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid
from xianfeng.kernel.policies import require
from xianfeng.programmes import policies, rules
from xianfeng.programmes.events import Event
from xianfeng.programmes.models import Body, DefinitionVersion, Programme, Round, RoundStage
from xianfeng.programmes.rules.parts import players
from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.ui.formats import cn_date


def definition_publish(*, source: str, actor: Actor, now: datetime) -> DefinitionVersion:
    """Validate a definition and publish it as the programme's next version; publishing the same content is a no-op."""
    require(policies.may_run_programmes, actor, None)
    definition = rules.load(source)
    fingerprint = rules.content_hash(definition)
    programme, created = Programme.objects.get_or_create(code=definition.code, defaults={"title": definition.title})
    Programme.objects.select_for_update().get(pk=programme.pk)
    same = programme.versions.filter(content_hash=fingerprint, state="published").first()
    if same is not None:
        return same
    if created:
        journal.record(Event.LOADED, subject=programme, actor=actor, at=now, data={"title": programme.title})
    last = programme.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = DefinitionVersion.objects.create(
        programme=programme,
        number=last + 1,
        source=source,
        content_hash=fingerprint,
        state="published",
        words=words_added(definition),
        published_at=now,
        published_by_id=actor.user_id,
    )
    journal.record(
        Event.PUBLISHED,
        subject=version,
        actor=actor,
        at=now,
        data={"number": version.number, "content_hash": fingerprint},
    )
    parts_seat(programme, definition, clock.local_day(now))
    return version


def words_added(definition: rules.Definition) -> dict[str, dict[str, str]]:
    """The words a definition adds, known to this process from now on; others read them with the version."""
    added = {sort: dict(table) for sort, table in definition.vocabulary if table}
    vocabulary.learn(added)
    return added


EVER = date(2000, 1, 1)  # "since the programme began": the first to play a part


def body_assign(
    *,
    programme: Programme,
    kind: str,
    organisation: Organisation,
    title: str,
    since: date | None = None,
    document_no: str = "",
    actor: Actor,
    now: datetime,
) -> Body:
    """Say which organisation plays a part of the programme from a day on (today; the first to play it: ever).

    Whoever played it has played it to the day before. Parts of the house that the body plays go with it.
    """
    require(policies.may_seat, actor, programme)
    Programme.objects.select_for_update().get(pk=programme.pk)
    return body_seat(
        programme=programme,
        kind=kind,
        organisation=organisation,
        title=title,
        since=since,
        document_no=document_no,
        actor=actor,
        now=now,
    )


def body_seat(
    *,
    programme: Programme,
    kind: str,
    organisation: Organisation,
    title: str,
    since: date | None = None,
    document_no: str = "",
    actor: Actor,
    now: datetime,
) -> Body:
    """As ``body_assign``, for a service that has asked already who may."""
    body = _seat(programme, kind, organisation, title, since, clock.local_day(now))
    newest = programme.versions.filter(state="published").order_by("-number").first()
    for part, code in players(newest.definition).items() if newest is not None else ():
        if code == kind != part:
            _seat(programme, part, organisation, title, body.since, clock.local_day(now))
    journal.record(
        Event.BODY_ASSIGNED,
        subject=programme,
        actor=actor,
        at=now,
        data={
            "kind": kind,
            "title": title,
            "organisation": organisation.name,
            "organisation_id": organisation.public_id,
            "since": body.since,
            "document_no": document_no,
        },
    )
    return body


def _seat(
    programme: Programme, kind: str, organisation: Organisation, title: str, since: date | None, today: date
) -> Body:
    last = Body.terms.filter(programme=programme, kind=kind).order_by("-since").first()
    since = since or (EVER if last is None else max(last.since, today))
    if last is not None and since < last.since:
        raise Invalid(
            f"“{title}”自{cn_date(last.since)}起已由“{last.organisation.name}”承担，新的安排不能早于这一天。",
            "请核对起始日期。",
        )
    if last is not None and since == last.since:  # corrected
        last.organisation, last.title = organisation, title
        last.save(update_fields=["organisation", "title"])
        return last
    if last is not None:
        last.until = since - timedelta(days=1)
        last.save(update_fields=["until"])
    return Body.terms.create(programme=programme, kind=kind, organisation=organisation, title=title, since=since)


def parts_seat(programme: Programme, definition: Definition, today: date) -> None:
    """Give the house's own parts to the bodies that the procedures ask to play them, each with a row of its own."""
    seated = {one.kind: one for one in programme.bodies.select_related("organisation")}
    for part, code in players(definition).items():
        if part == code or code not in seated:
            continue
        body = seated[code]
        if part not in seated or seated[part].organisation_id != body.organisation_id:
            _seat(programme, part, body.organisation, body.title, None, today)


def round_open(*, version: DefinitionVersion, year: int, actor: Actor, now: datetime) -> Round:
    """Open a year's round on a published version, with the definition's stage dates."""
    require(policies.may_run_rounds, actor, version.programme)
    definition = version.definition
    if version.state != "published":
        raise Conflict("草案不能用来启动批次。", "请先发布该版定义。")
    plan = next((one for one in definition.rounds if one.year == year), None)
    if plan is None:
        raise Invalid(f"定义中没有{year}年度的名额和阶段。", "请先修订定义再启动。")
    if Round.objects.filter(programme=version.programme, year=year).exists():
        raise Conflict(f"{year}年度批次已经启动。", "请直接打开该批次。")
    row = Round.objects.create(
        programme=version.programme,
        version=version,
        year=year,
        title=plan.title or f"{year}年度创建",
        opened_at=now,
    )
    RoundStage.objects.bulk_create(
        RoundStage(
            round=row,
            code=stage.code,
            title=stage.title,
            position=position,
            starts_on=plan.stages[stage.code].since,
            ends_on=plan.stages[stage.code].until,
        )
        for position, stage in enumerate(definition.stages)
        if stage.code in plan.stages
    )
    journal.record(
        Event.ROUND_OPENED,
        subject=row,
        actor=actor,
        at=now,
        data={"year": year, "content_hash": version.content_hash},
    )
    return row


FAR = 10  # years between a round and its stages: more is a slip of the pen


def round_stage_move(
    *, stage_id: int, starts_on: date, ends_on: date, reason: str, actor: Actor, now: datetime
) -> RoundStage:
    """Change a stage's days, with a reason on record."""
    stage = RoundStage.objects.select_related("round__programme").get(pk=stage_id)
    require(policies.may_run_rounds, actor, stage.round.programme)
    if ends_on < starts_on:
        raise Invalid("结束日期早于开始日期。", "请检查后重新填写。")
    if abs(starts_on.year - stage.round.year) > FAR or abs(ends_on.year - stage.round.year) > FAR:
        raise Invalid(f"起止日期与{stage.round.title}相差超过 {FAR} 年。", "请检查年份后重新填写。")
    if not reason.strip():
        raise Invalid("请说明调整的原因。")
    locked = RoundStage.objects.select_for_update().get(pk=stage_id)
    locked.starts_on, locked.ends_on = starts_on, ends_on
    locked.save(update_fields=["starts_on", "ends_on"])
    journal.record(
        Event.ROUND_STAGE_MOVED,
        subject=stage.round,
        actor=actor,
        at=now,
        data={"stage": locked.title, "starts_on": starts_on, "ends_on": ends_on},
        personal={"reason": reason.strip()},
    )
    return locked


SHOWN = 3  # changes told in the record's sentence; all of them are in its data


def allotments_set(*, round_id: int, places: Mapping[tuple[int, str], int | None], actor: Actor, now: datetime) -> int:
    """Allot nominating places by (organisation, category); None takes a cell out of the table. How many changed."""
    row = Round.objects.select_for_update(of=("self",)).select_related("programme", "version").get(pk=round_id)
    require(policies.may_run_rounds, actor, row.programme)
    if row.state != "open":
        raise Conflict("该批次已经办结或作废，不能再调整推荐名额。")
    titles = {one.code: one.title for one in row.version.definition.categories if one.allotted}
    before = {(one.organisation_id, one.category): one.places for one in row.allotments.all()}
    changed = {key: number for key, number in places.items() if before.get(key) != number}
    names = dict(Organisation.objects.filter(pk__in={one for one, _ in changed}).values_list("pk", "name"))
    if any(category not in titles or body not in names for body, category in changed):
        raise Invalid("名额分配表中有不存在的单位，或者不按分配表推荐的类别。", "请刷新页面后重新填写。")
    for (body, category), number in changed.items():
        if number is None:
            row.allotments.filter(organisation_id=body, category=category).delete()
        else:
            row.allotments.update_or_create(organisation_id=body, category=category, defaults={"places": number})
    if changed:
        told = [f"{names[b]}：{titles[c]} {'不再单列' if n is None else f'{n} 个'}" for (b, c), n in changed.items()]
        summary = "、".join(told[:SHOWN]) + (f"等 {len(told)} 项" if len(told) > SHOWN else "")
        data = {"summary": summary, "changes": told}
        journal.record(Event.ROUND_ALLOTTED, subject=row, actor=actor, at=now, data=data)
    return len(changed)


def round_close(*, round_id: int, actor: Actor, now: datetime) -> Round:
    """Close a round whose cases have all ended (reassessments run on)."""
    row = Round.objects.select_for_update().get(pk=round_id)
    require(policies.may_run_rounds, actor, row.programme)
    if row.state != "open":
        raise Conflict("该批次已经办结或作废。")
    row.state, row.closed_at = "closed", now
    row.save(update_fields=["state", "closed_at"])
    journal.record(Event.ROUND_CLOSED, subject=row, actor=actor, at=now, data={"year": row.year})
    return row
