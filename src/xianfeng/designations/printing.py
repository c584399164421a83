"""Certificates and plaques as files: what stands on them, set by typst."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import segno

from xianfeng.designations import issuer, rules
from xianfeng.designations.events import Event
from xianfeng.designations.models import Designation
from xianfeng.journal.models import Entry
from xianfeng.journal.queries import short_code
from xianfeng.kernel.errors import Conflict
from xianfeng.kernel.typesetting import Format, press
from xianfeng.programmes.queries import body_organisation
from xianfeng.ui.formats import cn_date

ART = Path(__file__).parent / "art"
LEAD = "经自荐、审核、评审、审定和公示，现命名为"
INKS = {"certificate": "#1F2329", "plaque": "#2B2118"}
FORMATS: Final[dict[str, tuple[Format, str]]] = {"pdf": ("pdf", "application/pdf"), "svg": ("svg", "image/svg+xml")}
NEEDED = ("round__version", "programme", "nominee__member", "case")


def address(row: Designation) -> str:
    """Where anyone can verify the title: what the QR code says."""
    return f"{issuer.base()}/verify/{row.public_id}/"


@lru_cache(maxsize=16)
def _mask(start: str, length: int) -> int:
    """The mask that suits addresses of this kind: trying all eight for every code takes as long as the whole sheet."""
    code = segno.make(start.ljust(length, "x"), error="m", micro=False, boost_error=False)
    return int(code.mask)


def qr_svg(text: str, ink: str) -> str:
    """A QR code as an SVG picture, with the quiet zone around it."""
    out = BytesIO()
    mask = _mask(text[: len(issuer.base())], len(text))
    # Micro codes are not read by every phone; a higher correction level than asked for is not worth its search.
    code = segno.make(text, error="m", micro=False, boost_error=False, mask=mask)
    code.save(out, kind="svg", border=2, dark=ink, xmldecl=False, nl=False)
    return out.getvalue().decode()


def namings(rows: Iterable[Designation]) -> dict[str, Entry]:
    """The journal entry of each naming, by the public id of its case; one query."""
    cases = [row.case.public_id for row in rows]
    found = Entry.objects.filter(subject_type="cases.case", subject_id__in=cases, event=Event.NAMED.value)
    return {one.subject_id: one for one in found}


def content(row: Designation, kind: str, entry: Entry | None, issued_by: str) -> dict[str, Any]:
    """What stands on the sheet, as the templates in ``art`` read it; refuses a title that has ended."""
    if row.state not in rules.LIVE:
        raise Conflict(f"编号 {row.number} 的命名已失效，不再制作{rules.PRINTS[kind]}。", "请从名单中去掉。")
    definition = row.round.version.definition
    tier, category = definition.tier(row.tier), definition.category(row.category).title
    shown = "" if category in tier.full_title else category
    return {
        "word": "证书",
        "number": row.number,
        "holder": row.holder,
        "unit": row.unit_name if row.nominee.member and row.unit_name != row.holder else "",
        "lead": LEAD,
        "title": tier.full_title,
        "category": "·".join(part for part in (shown, row.grade_title) if part),
        "valid": f"有效期至{cn_date(row.valid_until)}" if row.valid_until else "",
        "issuer": issued_by,
        "date": cn_date(row.named_on),
        "proof": short_code(entry) if entry else "",
        "qr": qr_svg(address(row), INKS[kind]),
    }


def issued_by(row: Designation) -> str:
    """The body that decided on the title's tier, else the programme's issuer."""
    definition = row.round.version.definition
    body = body_organisation(row.programme, definition.tier(row.tier).decided_by)
    return body.name if body else definition.issuer


def sheet(data: Mapping[str, Any], kind: str, form: Format = "pdf") -> bytes:
    """One sheet, set."""
    return press(ART / f"{kind}.typ").set(data, form)


def single(row: Designation, kind: str, form: Format) -> bytes:
    """A title's certificate or plaque."""
    entry = namings([row]).get(row.case.public_id)
    return sheet(content(row, kind, entry, issued_by(row)), kind, form)


def several(rows: list[Designation], kind: str) -> Iterator[tuple[str, bytes]]:
    """File name and content for each title: a certificate as PDF, a plaque as PDF and SVG."""
    entries, bodies = namings(rows), dict[str, str]()
    for row in rows:
        if row.tier not in bodies:
            bodies[row.tier] = issued_by(row)
        data = content(row, kind, entries.get(row.case.public_id), bodies[row.tier])
        for form in ("pdf",) if kind == "certificate" else ("pdf", "svg"):
            yield f"{row.number.replace('/', '-')}.{form}", sheet(data, kind, FORMATS[form][0])
