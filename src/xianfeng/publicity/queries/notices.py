"""公示 as the public reads it: open ones with the working days left, ended ones, and the list of each."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from xianfeng.designations.models import NoticeItem, Objection, PublicNotice
from xianfeng.designations.papers import objecting
from xianfeng.designations.queries import NoticeLine, PublicName, notice_lines, public_name
from xianfeng.designations.rules import DAY_UNITS
from xianfeng.directory.queries import office_calendar
from xianfeng.kernel import clock
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.kernel.workdays import Calendar
from xianfeng.programmes.queries import body_organisation
from xianfeng.programmes.rules import names_until
from xianfeng.publicity.queries.names import without_name


@dataclass(frozen=True)
class NoticeRow:
    """A notice in a list; ``days_left`` counts as the notice itself counts, today included."""

    notice: PublicNotice
    open: bool
    days_left: int
    count: int

    @property
    def left(self) -> str:
        """还有 3 个工作日."""
        return f"还有 {self.days_left} 个{DAY_UNITS[self.notice.working]}"

    @property
    def over(self) -> bool:
        """The days have run out and the office is closing it."""
        return not self.open and self.notice.state == "open"


@dataclass(frozen=True)
class Section:
    """The entries of one category, numbered through."""

    title: str
    lines: list[tuple[int, NoticeLine]] = field(default_factory=list)


@dataclass(frozen=True)
class NoticePage:
    """One notice with its list."""

    row: NoticeRow
    sections: list[Section]
    issuer: str
    tier: str
    names_down: bool  # personal names have been taken down: the time of the list is over
    how: str  # what the programme asks of an objection

    @property
    def objectable(self) -> bool:
        """Whether objections are taken now."""
        return any(line.open for section in self.sections for _, line in section.lines)

    @property
    def objections_apart(self) -> bool:
        """Whether the time to object is another than the notice's own."""
        return self.row.notice.objections_until != self.row.notice.ends_at

    @property
    def withheld(self) -> bool:
        """Whether any person is listed by unit and post."""
        return any(line.name.withheld for section in self.sections for _, line in section.lines)


def shown() -> QuerySet[PublicNotice]:
    """Every notice but those withdrawn, newest first."""
    rows = PublicNotice.objects.exclude(state="withdrawn").select_related("round__version", "round__programme")
    return rows.annotate(count=Count("items", filter=~Q(items__result="dropped"))).order_by("-starts_on", "-id")


def _row(notice: PublicNotice, calendar: Calendar) -> NoticeRow:
    today = clock.today()
    begun = max(today, notice.starts_on) - timedelta(days=1)
    working = calendar.working_days_between(begun, notice.ends_on)
    left = working if notice.working else (notice.ends_on - begun).days
    running = notice.state == "open" and clock.now() < notice.over_at
    return NoticeRow(notice, running, max(left, 0) if running else 0, int(getattr(notice, "count", 0)))


def notice_rows() -> list[NoticeRow]:
    """All notices for the list page, open ones first; two queries."""
    calendar = office_calendar()
    rows = [_row(one, calendar) for one in shown()]
    return sorted(rows, key=lambda one: not one.open)


def open_notices() -> list[NoticeRow]:
    """Notices that take objections now."""
    now = clock.now()
    running = list(shown().filter(Q(ends_at__gt=now) | Q(objections_until__gt=now), state="open"))
    if not running:
        return []
    calendar = office_calendar()
    return [_row(one, calendar) for one in running]


def names_end(notice: PublicNotice) -> date:
    """The last day on which a notice may name persons."""
    return names_until(notice.round.version.definition, ends_on=notice.ends_on)


def notice_page(public_id: str) -> NoticePage:
    """One notice; 404 when withdrawn or unknown."""
    notice = shown().filter(public_id=public_id).first()
    if notice is None:
        raise NotFoundHere("没有找到这个公示，可能已经撤回。", "请查看公示列表。")
    definition = notice.round.version.definition
    down = notice.state == "closed" and clock.today() > names_end(notice)
    tier = definition.tier(notice.tier)
    issuer = body_organisation(notice.round.programme, tier.announced_by)
    return NoticePage(
        row=_row(notice, office_calendar()),
        sections=_sections(notice, down),
        issuer=issuer.name if issuer else definition.issuer,
        tier=tier.full_title,
        names_down=down,
        how=objecting(definition),
    )


def _sections(notice: PublicNotice, down: bool) -> list[Section]:
    found: dict[str, Section] = {one.code: Section(one.title) for one in notice.round.version.definition.categories}
    for number, line in enumerate(notice_lines(notice), start=1):
        case = line.item.case
        if down and case.nominee.member is not None:
            line = NoticeLine(line.item, without_name(case), line.category, line.open)
        found[case.category].lines.append((number, line))
    return [one for one in found.values() if one.lines]


def objectable(page: NoticePage) -> list[NoticeLine]:
    """Entries that still take objections."""
    return [line for section in page.sections for _, line in section.lines if line.open]


def objection_by_receipt(receipt: str) -> Objection:
    """An objection for whoever holds its receipt."""
    cleaned = "".join(receipt.split()).lower()
    row = (
        Objection.objects.select_related(
            "item__notice", "item__case__nominee__member", "item__case__round__version", "file"
        )
        .filter(receipt=cleaned)
        .first()
    )
    if row is None:
        raise NotFoundHere("没有找到这个回执号。", "请核对回执号是否完整，注意区分字母和数字。")
    return row


def objected_to(item: NoticeItem) -> PublicName:
    """The name of the entry an objection is about."""
    return public_name(item.case)
