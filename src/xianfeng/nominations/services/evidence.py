"""Evidence: added once, used for several indicators, kept with the nominee for the next time."""

from collections.abc import Iterable
from datetime import date, datetime
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.files.models import StoredFile
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.nominations import queries, rules
from xianfeng.nominations.events import Event
from xianfeng.nominations.models import Evidence, EvidenceLink
from xianfeng.nominations.services.assessing import Draft, draft_access

MOST_PER_INDICATOR = 20


def evidence_add(
    *,
    case_id: int,
    indicators: Iterable[str],
    title: str,
    actor: Actor,
    now: datetime,
    file: StoredFile | None = None,
    url: str = "",
    happened_on: date | None = None,
) -> Evidence:
    """Add a file or a link and use it for these indicators; refused once the self-assessment is submitted."""
    draft = draft_access(case_id, actor)
    url = url.strip()
    if (file is None) == (not url):
        raise Invalid(_("请选择一个文件，或填写一个链接。"))
    if url:
        _check_address(url)
    if happened_on is not None and happened_on > clock.local_day(now):
        raise Invalid(_("形成日期不能晚于今天。"), _("请核对材料的形成日期。"))
    named = title.strip() or (file.name if file else url)
    row = Evidence.objects.create(
        nominee=draft.case.nominee,
        title=named[:160],
        happened_on=happened_on,
        file=file,
        url=url,
        added_by_id=actor.user_id,
        added_at=now,
    )
    used = _link(draft, row, indicators, now)
    journal.record(
        Event.EVIDENCE_ADDED,
        subject=draft.case,
        actor=actor.under(draft.case.party_id),
        at=now,
        data={"evidence": row.public_id, "sha256": file.sha256 if file else "", "indicators": used},
        personal={"title": row.title, **({"url": url} if url else {})},
    )
    return row


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > 400:
        raise Invalid(_("链接应以 http:// 或 https:// 开头，不超过 400 字。"), _("请复制完整网址后再试。"))


def _link(draft: Draft, row: Evidence, indicators: Iterable[str], now: datetime) -> list[str]:
    standard = queries.standard_of(draft.case)
    wanted = list(dict.fromkeys(indicators))
    if not wanted:
        raise Invalid(_("请选择材料用于哪个指标。"))
    for code in wanted:
        if not rules.asks(standard, code):
            raise Invalid(_("标准中没有指标“%(code)s”。") % {"code": code}, _("请刷新页面后再试。"))
        if EvidenceLink.objects.filter(case=draft.case, indicator=code).count() >= MOST_PER_INDICATOR:
            most = {"title": standard.indicator(code).title, "most": MOST_PER_INDICATOR}
            raise Conflict(_("“%(title)s”已有 %(most)s 份材料。") % most, _("请合并材料后再添加。"))
        EvidenceLink.objects.get_or_create(case=draft.case, indicator=code, evidence=row, defaults={"linked_at": now})
    return wanted


def evidence_link(
    *, case_id: int, evidence_id: int, indicators: Iterable[str], actor: Actor, now: datetime
) -> Evidence:
    """Use evidence the nominee already keeps for more indicators."""
    draft = draft_access(case_id, actor)
    row = _own(draft, evidence_id)
    for code in _link(draft, row, indicators, now):
        _record(Event.EVIDENCE_LINKED, draft, row, code, actor, now)
    return row


def evidence_unlink(*, case_id: int, evidence_id: int, indicator: str, actor: Actor, now: datetime) -> None:
    """Take evidence off an indicator; the evidence itself stays with the nominee.

    In a correction, what was submitted stays where it is: it can be supplemented, not removed.
    """
    draft = draft_access(case_id, actor)
    row = _own(draft, evidence_id)
    link = EvidenceLink.objects.filter(case=draft.case, evidence=row, indicator=indicator).first()
    if link is None:
        return
    if draft.correcting and link.linked_at <= draft.step.opened_at:
        raise Conflict(_("已提交的材料不能移除。"), _("可以补充新的材料，并在补正说明中写明以哪份为准。"))
    link.delete()
    _record(Event.EVIDENCE_UNLINKED, draft, row, indicator, actor, now)


def _own(draft: Draft, evidence_id: int) -> Evidence:
    row = Evidence.objects.filter(pk=evidence_id, nominee_id=draft.case.nominee_id).first()
    if row is None:
        raise NotFoundHere(_("没有找到这份材料。"), _("请刷新页面后再试。"))
    return row


def _record(event: Event, draft: Draft, row: Evidence, indicator: str, actor: Actor, now: datetime) -> None:
    data = {"evidence": row.public_id, "indicator": indicator}
    journal.record(event, subject=draft.case, actor=actor.under(draft.case.party_id), at=now, data=data)
