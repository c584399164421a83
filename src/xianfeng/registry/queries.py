"""Reads of the registry: what the ledger says of a nominee, and who may be nominated by whom."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from xianfeng.directory import queries as directory
from xianfeng.directory.models import Organisation
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.registry.models import (
    ConductRecord,
    Nominee,
    WorkbookImport,
)


def unit_of(nominee: Nominee, on: date) -> Organisation:
    """The unit a nominee belongs to on a day."""
    if nominee.organisation is not None:
        return directory.unit_of(nominee.organisation, on)
    owner = nominee.service_point or nominee.member
    assert owner is not None  # the check constraint's word
    return owner.unit


def nominees() -> QuerySet[Nominee]:
    """All nominees with what their names and party organisations are read from, in one query."""
    return Nominee.objects.select_related(
        "organisation",
        "service_point__party_organisation",
        "service_point__unit",
        "member__party_organisation",
        "member__unit",
    )


def nominees_of(organisation_ids: Iterable[int], on: date) -> QuerySet[Nominee]:
    """What these organisations may nominate: party organisations themselves, their service points and full members."""
    ids = set(organisation_ids)
    return nominees().filter(
        Q(organisation_id__in=ids, organisation__closed_on__isnull=True)
        | (Q(service_point__party_organisation_id__in=ids) & _standing(on))
        | Q(member__party_organisation_id__in=ids, member__status="full", member__in_post=True)
    )


def _standing(on: date) -> Q:
    return Q(service_point__closed_on__isnull=True) | Q(service_point__closed_on__gt=on)


def nominee_for_page(public_id: str) -> Nominee:
    """A nominee by its public id, 404 without."""
    row = nominees().filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere("没有找到这个创建对象。", "请从名录进入。")
    return row


def ledger(states: Iterable[str] = ()) -> QuerySet[ConductRecord]:
    """The ledger with what its pages show, newest first; ``states`` narrows it."""
    rows = ConductRecord.objects.select_related("organisation", "service_point", "member", "project")
    return rows.filter(state__in=list(states)) if states else rows


def recent_imports(number: int = 10) -> QuerySet[WorkbookImport]:
    """The last workbooks that went in, without their contents."""
    rows = WorkbookImport.objects.filter(state="imported").select_related("uploaded_by")
    return rows.defer("content", "problems").order_by("-imported_at")[:number]


def waiting_import(public_id: str, actor: Actor) -> WorkbookImport:
    """A workbook its uploader has not decided on yet; 404 for anybody else's."""
    row = WorkbookImport.objects.filter(public_id=public_id, uploaded_by_id=actor.user_id).first()
    if row is None or row.state != "waiting" or row.content is None:
        raise NotFoundHere("没有找到这个待导入的工作簿。", "它可能已经导入或放弃，请重新上传。")
    return row
