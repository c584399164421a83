"""Organisations, their dated names and dated relations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.directory import policies, rules, words
from xianfeng.directory.events import Event
from xianfeng.directory.models import Organisation, OrganisationName, Relation
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.bulk import Tally, sort_out
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.kernel.policies import require

EVER = date(2000, 1, 1)  # "since we have known it": where nobody wrote a day


@dataclass(frozen=True)
class OrganisationData:
    """What is registered of an organisation; its relations are set apart."""

    code: str
    kind: str
    name: str
    short_name: str = ""
    credit_code: str = ""


@dataclass(frozen=True)
class RelationData:
    """An organisation's superior, unit or association, by codes; ``since`` empty is today (or ever, if the first)."""

    kind: str
    organisation: str
    target: str
    since: date | None = None


def organisation_save(
    *,
    code: str,
    kind: str,
    name: str,
    short_name: str = "",
    credit_code: str = "",
    on: date | None = None,
    actor: Actor,
    now: datetime,
) -> Organisation:
    """Register an organisation or correct it, by code; a new name counts from ``on`` (today when empty)."""
    require(policies.may_manage_organisations, actor, None)
    data = OrganisationData(code, kind, name, short_name, credit_code)
    organisations_save(rows=[data], on=on, actor=actor, now=now)
    return Organisation.objects.get(code=code)


def organisations_save(
    *, rows: Sequence[OrganisationData], on: date | None = None, actor: Actor, now: datetime
) -> Tally:
    """Register or correct many organisations by code, in a handful of queries."""
    for data in rows:
        _check_organisation(data)
    found = Organisation.objects.select_for_update().order_by("id").filter(code__in=[one.code for one in rows])
    existing = {one.code: one for one in found}
    for data in rows:
        _check_same_sort(existing.get(data.code), data)
    before = {code: (row.name, row.short_name) for code, row in existing.items()}
    batch = sort_out(existing, ((one.code, vars(one)) for one in rows), Organisation)
    if not batch.touches:
        return batch.tally
    require(policies.may_manage_organisations, actor, None)
    batch.write(Organisation.objects)
    renamed = [row for row, names in batch.changed if {"name", "short_name"} & set(names)]
    _names_write(batch.created, renamed, before, on or clock.local_day(now))
    for row in batch.created:
        data_part = {"name": row.name, "code": row.code, "kind": row.kind}
        journal.record(Event.ORGANISATION_ADDED, subject=row, actor=actor, at=now, data=data_part)
    for row, names in batch.changed:
        event = Event.ORGANISATION_RENAMED if "name" in names else Event.ORGANISATION_CHANGED
        data_part = {"name": row.name, "old": before[row.code][0], "fields": ",".join(names)}
        journal.record(event, subject=row, actor=actor, at=now, data=data_part)
    return batch.tally


def _check_organisation(data: OrganisationData) -> None:
    if not data.code or not data.name:
        raise Invalid(_("组织的编码和名称都要填写。"))
    if not words.known(data.kind):
        raise Invalid(_("没有“%(kind)s”这种组织类型。") % {"kind": data.kind})
    if data.credit_code and (fault := rules.credit_code_fault(data.credit_code)):
        raise Invalid(f"“{data.name}”的统一社会信用代码有误：{fault}。", _("请核对后重新填写。"))


def _check_same_sort(row: Organisation | None, data: OrganisationData) -> None:
    """A party organisation stays one, a unit stays one: relations and nominees hang on it."""
    if row is not None and words.sort_of(row.kind) != words.sort_of(data.kind):
        raise Conflict(
            _("编码“%(code)s”已登记为%(kind)s“%(name)s”，不能改成%(other)s。")
            % {
                "code": row.code,
                "kind": words.kind_word(row.kind),
                "name": row.name,
                "other": words.kind_word(data.kind),
            },
            _("请换一个编码登记。"),
        )


def _names_write(
    created: Iterable[Organisation],
    renamed: Iterable[Organisation],
    before: dict[str, tuple[str, str]],
    on: date,
) -> None:
    """Keep the dated names: the old one ends the day before, the new one begins."""
    fresh = [OrganisationName(organisation=row, name=row.name, short_name=row.short_name) for row in created]
    renamed = list(renamed)
    open_names = {
        one.organisation_id: one
        for one in OrganisationName.objects.filter(organisation__in=renamed, until__isnull=True)
    }
    for row in renamed:
        current = open_names.get(row.pk)
        if current is not None and current.since >= on:  # corrected on the day it was written
            current.name, current.short_name = row.name, row.short_name
            continue
        if current is None:
            old_name, old_short = before[row.code]
            last = on - timedelta(days=1)
            fresh.append(OrganisationName(organisation=row, name=old_name, short_name=old_short, until=last))
        else:
            current.until = on - timedelta(days=1)
        fresh.append(OrganisationName(organisation=row, name=row.name, short_name=row.short_name, since=on))
    OrganisationName.objects.bulk_update(open_names.values(), ["name", "short_name", "until"])
    OrganisationName.objects.bulk_create(fresh)


def organisation_close(
    *,
    organisation_id: int,
    on: date,
    reason: str,
    actor: Actor,
    now: datetime,
    successor: Organisation | None = None,
) -> Organisation:
    """Write down that an organisation was merged into a successor, or dissolved; what it was named keeps its record.

    What was tied to it (branches below it, organisations of the unit, members of the association) goes over.
    """
    require(policies.may_manage_organisations, actor, None)
    if not reason.strip():
        raise Invalid(_("请说明撤并的原因。"))
    if on > clock.local_day(now):
        raise Invalid(_("撤并日期晚于今天。"), _("请在撤并当天或之后登记。"))
    row = Organisation.objects.select_for_update().get(pk=organisation_id)
    if row.closed_on is not None:
        raise Conflict(_("该组织已登记为撤并。"))
    _check_successor(row, successor)
    row.closed_on, row.successor = on, successor
    row.save(update_fields=["closed_on", "successor"])
    if successor is not None:
        _ties_go_over(row, successor, on, actor, now)
    data = {
        "name": row.name,
        "closed_on": on,
        "how": f"并入“{successor.name}”" if successor else "撤销",
        "successor": successor.public_id if successor else "",
    }
    personal = {"reason": reason.strip()}
    journal.record(Event.ORGANISATION_CLOSED, subject=row, actor=actor, at=now, data=data, personal=personal)
    return row


def _check_successor(row: Organisation, successor: Organisation | None) -> None:
    if successor is None:
        return
    if successor.pk == row.pk or words.sort_of(successor.kind) != words.sort_of(row.kind):
        raise Invalid(_("承继的应是另一个同类组织。"), _("单位并入单位，党组织并入党组织。"))
    if successor.closed_on is not None:
        raise Invalid(_("“%(name)s”已登记为撤并，不能承继。") % {"name": successor.name}, _("请选择现有的组织。"))


def _ties_go_over(row: Organisation, successor: Organisation, on: date, actor: Actor, now: datetime) -> None:
    """Relations that lead to the closed organisation lead to its successor from that day on."""
    open_ties = Relation.objects.filter(target=row, until__isnull=True, since__lte=on).exclude(organisation=successor)
    codes = open_ties.order_by("id").values_list("kind", "organisation__code")
    rows = [RelationData(kind, code, successor.code, on) for kind, code in codes]
    if rows:
        relations_set(rows=rows, actor=actor, now=now)


def relation_set(
    *, kind: str, organisation: str, target: str, since: date | None = None, actor: Actor, now: datetime
) -> Relation:
    """Set one relation by codes: the previous one of its kind ends the day before."""
    require(policies.may_manage_organisations, actor, None)
    relations_set(rows=[RelationData(kind, organisation, target, since)], actor=actor, now=now)
    rows = Relation.objects.filter(kind=kind, organisation__code=organisation, until__isnull=True)
    return rows.select_related("organisation", "target").get()


def relations_set(*, rows: Sequence[RelationData], actor: Actor, now: datetime) -> Tally:
    """Set many relations by codes; loops among superiors are refused, whether made by one row or by several."""
    codes = {one.organisation for one in rows} | {one.target for one in rows}
    known = {one.code: one for one in Organisation.objects.filter(code__in=codes)}
    for data in rows:
        _check_relation(data, known)
    held = _open_relations(rows, known)
    today = clock.local_day(now)
    created: list[Relation] = []
    ended: list[Relation] = []
    moved: list[Relation] = []
    for data in rows:
        row, target = known[data.organisation], known[data.target]
        previous = held.get((data.kind, row.pk))
        if previous is not None and previous.target_id == target.pk:
            continue
        since = data.since or (today if previous else EVER)
        if previous is not None and previous.since == since:
            previous.target = target
            moved.append(previous)
            continue
        if previous is not None:
            _end_before(previous, since)
            ended.append(previous)
        created.append(Relation(kind=data.kind, organisation=row, target=target, since=since))
    written = created + moved
    if not written:
        return Tally(unchanged=len(rows))
    require(policies.may_manage_organisations, actor, None)
    _refuse_loops(written)
    Relation.objects.bulk_update(ended + moved, ["until", "target"])
    Relation.objects.bulk_create(created)
    for one in written:
        data_part = {
            "relation": rules.RELATION_KINDS[one.kind],
            "target": one.target.name,
            "target_id": one.target.public_id,
            "since": one.since,
        }
        journal.record(Event.RELATION_SET, subject=one.organisation, actor=actor, at=now, data=data_part)
    updated = len(ended) + len(moved)
    return Tally(created=len(written) - updated, updated=updated, unchanged=len(rows) - len(written))


def relation_end(*, kind: str, organisation: str, until: date, actor: Actor, now: datetime) -> Relation:
    """End a relation without a successor; ``until`` is its last day."""
    require(policies.may_manage_organisations, actor, None)
    found = Relation.objects.select_for_update(of=("self",)).select_related("organisation", "target")
    row = found.filter(kind=kind, organisation__code=organisation, until__isnull=True).first()
    if row is None:
        raise NotFoundHere(_("没有找到要终止的关系。"))
    if until < row.since:
        raise Invalid(_("终止日期早于起始日期。"), _("请核对日期。"))
    row.until = until
    row.save(update_fields=["until"])
    data = {"relation": rules.RELATION_KINDS[kind], "target": row.target.name, "until": until}
    journal.record(Event.RELATION_ENDED, subject=row.organisation, actor=actor, at=now, data=data)
    return row


def _check_relation(data: RelationData, known: dict[str, Organisation]) -> None:
    for code in (data.organisation, data.target):
        if code not in known:
            raise NotFoundHere(_("没有编码为“%(code)s”的组织。") % {"code": code}, _("请先登记该组织。"))
    fault = words.relation_fault(data.kind, known[data.organisation].kind, known[data.target].kind)
    if fault:
        raise Invalid(f"“{known[data.organisation].name}”：{fault}。")


def _open_relations(rows: Sequence[RelationData], known: dict[str, Organisation]) -> dict[tuple[str, int], Relation]:
    ids = [known[one.organisation].pk for one in rows]
    found = Relation.objects.select_for_update(of=("self",)).filter(organisation_id__in=ids, until__isnull=True)
    found = found.select_related("organisation", "target").order_by("id")
    return {(one.kind, one.organisation_id): one for one in found}


def _end_before(previous: Relation, since: date) -> None:
    if since < previous.since:
        raise Invalid(
            _("“%(name)s”的新关系自 %(since)s 起，早于原关系的起始日期 %(old)s。")
            % {"name": previous.organisation.name, "since": since, "old": previous.since},
            _("请核对起始日期。"),
        )
    previous.until = since - timedelta(days=1)


def _refuse_loops(written: Iterable[Relation]) -> None:
    """No party organisation may stand above itself, however many steps away."""
    changed = [one for one in written if one.kind == "superior"]
    if not changed:
        return
    rows = Relation.objects.filter(kind="superior", until__isnull=True)
    parents = dict(rows.values_list("organisation_id", "target_id"))
    parents |= {one.organisation_id: one.target_id for one in changed}
    loop = rules.loop_in(parents)
    if loop:
        names = dict(Organisation.objects.filter(pk__in=loop).values_list("pk", "name"))
        path = " → ".join(names[one] for one in [*loop, loop[0]])
        raise Invalid(_("上级党组织形成了循环：%(path)s。") % {"path": path}, _("请核对上级关系。"))
