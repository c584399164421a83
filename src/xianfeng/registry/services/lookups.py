"""From codes to rows: what the registry's services are given and what they store."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from django.utils.translation import gettext as _

from xianfeng.directory.models import Organisation
from xianfeng.kernel.errors import Invalid, NotFoundHere

V = TypeVar("V")


def organisations_by_code(codes: Iterable[str]) -> dict[str, Organisation]:
    """Organisations by code, in one query."""
    return {one.code: one for one in Organisation.objects.filter(code__in=set(codes))}


def known(rows: Mapping[str, V], code: str, what: str) -> V:
    """The row of a code; refuses, naming what sort of thing is missing."""
    if code not in rows:
        raise NotFoundHere(_("没有编码为“%(code)s”的%(what)s。") % {"code": code, "what": what}, _("请先登记。"))
    return rows[code]


def unit_and_party(rows: Mapping[str, Organisation], unit: str, party: str) -> tuple[Organisation, Organisation]:
    """The unit and the party organisation a service point or member belongs to, each of its own sort."""
    found, branch = known(rows, unit, "单位"), known(rows, party, "党组织")
    if found.is_party:
        raise Invalid(_("“%(name)s”是党组织，不是单位。") % {"name": found.name})
    if not branch.is_party:
        raise Invalid(_("“%(name)s”是单位，不是党组织。") % {"name": branch.name})
    return found, branch
