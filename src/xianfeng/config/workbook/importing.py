"""The import: the whole workbook is read and checked first, then saved in one unit of work, or not at all."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.config.workbook.contents import INSTRUCTIONS, SPECS
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.bulk import Tally
from xianfeng.kernel.errors import Invalid, UserError
from xianfeng.kernel.sheets import Limits, Problem, Sheet, read_workbook
from xianfeng.kernel.workbook import Line, Run, SheetSpec, summary
from xianfeng.registry import services as registry
from xianfeng.registry.models import WorkbookImport

# An office's whole city is some thousand rows; what is far larger is a mistake or an attack.
LIMITS = Limits(file=8 << 20, unpacked=80 << 20, rows=20_000, columns=60, area=1_500_000, text=20_000_000)
Progress = Callable[[str, int, int], None]


@dataclass
class Report:
    """What an import did, or would do, or why it does not."""

    name: str
    content_hash: str
    sheets: list[Sheet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    tallies: dict[str, Tally] = field(default_factory=dict)
    imported: bool = False

    @property
    def ok(self) -> bool:
        """Whether nothing stands in its way."""
        return not self.problems

    @property
    def total(self) -> Tally:
        """All sheets' counts."""
        return summary(self.tallies)

    def counts(self) -> dict[str, dict[str, int]]:
        """Counts by sheet, as JSON."""
        return {name: vars(tally) for name, tally in self.tallies.items()}


class _Undone(Exception):
    """Raised to take back a trial run."""


def silent(_name: str, _done: int, _of: int) -> None:
    """Tell nobody."""


def look_into(content: bytes, name: str, *, actor: Actor, now: datetime) -> Report:
    """Check a workbook and say what importing it would do; nothing is written.

    The saving is tried out and taken back, so that the counts and the services' own refusals are the real ones.
    """
    report, read = _prepare(content, name, actor, now)
    if report.ok:
        with suppress(_Undone), journal.unit_of_work():
            _save(report, read, actor, now, silent)
            raise _Undone
    return report


def bring_in(
    content: bytes,
    name: str,
    *,
    actor: Actor,
    now: datetime,
    kept: str = "",
    progress: Progress = silent,
) -> Report:
    """Import a workbook whole, or not at all; ``kept`` is the public id of one that was uploaded before."""
    report, read = _prepare(content, name, actor, now)
    if not report.ok:
        return report
    with suppress(_Undone), journal.unit_of_work():
        row = _kept(kept, report, content, actor, now)
        _save(report, read, actor, now, progress)
        if not report.ok:
            raise _Undone
        total = report.total
        registry.workbook_imported(
            row=row, counts=report.counts(), created=total.created, updated=total.updated, actor=actor, now=now
        )
        report.imported = True
    return report


def _kept(kept: str, report: Report, content: bytes, actor: Actor, now: datetime) -> WorkbookImport:
    if kept:
        return registry.workbook_for_update(public_id=kept, actor=actor)
    return registry.workbook_keep(
        name=report.name, content=content, content_hash=report.content_hash, actor=actor, now=now
    )


def _prepare(
    content: bytes, name: str, actor: Actor, now: datetime
) -> tuple[Report, list[tuple[SheetSpec, list[Line]]]]:
    """Read every sheet and check every row; codes learnt from one sheet are known to the next."""
    report = Report(name, sha256(content).hexdigest(), read_workbook(content, LIMITS))
    run = Run(actor, now, problems=report.problems)
    known = {spec.name: spec for spec in SPECS}
    found = {sheet.name.strip(): sheet for sheet in report.sheets}
    if not known.keys() & found.keys():
        raise Invalid(_("工作簿里没有一张认识的工作表。"), _("请下载模板，照模板填写；工作表的名称不要改动。"))
    for strange in sorted(found.keys() - known.keys() - {INSTRUCTIONS}):
        run.problems.append(Problem(strange, None, "", _("模板里没有这张表，请改正表名或删去这张表")))
    read = [(spec, spec.read(found[spec.name], run)) for spec in SPECS if spec.name in found]
    for spec, lines in read:
        spec.check(lines, run)
    _in_order(report)
    return report, read


def _in_order(report: Report) -> None:
    places = {spec.name: place for place, spec in enumerate(SPECS)}
    report.problems.sort(key=lambda one: (places.get(one.sheet, -1), one.row or 0))


def _save(
    report: Report,
    read: list[tuple[SheetSpec, list[Line]]],
    actor: Actor,
    now: datetime,
    progress: Progress,
) -> None:
    run = Run(actor, now)
    for done, (spec, lines) in enumerate(read):
        progress(spec.name, done, len(read))
        try:
            report.tallies[spec.name] = spec.save(lines, run)
        except UserError as error:
            # A service's own word (permission, a race with somebody else); later sheets build on this one.
            report.problems.append(Problem(spec.name, None, "", str(error)))
            report.tallies.clear()
            return
    registry.nominees_ensure(actor=actor, now=now)
    progress("", len(read), len(read))
