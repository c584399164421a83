"""Writes on drafts: begin one, change it, replace its text, give it up, publish it."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.programmes import policies, rules
from xianfeng.programmes.definitions import BLANK
from xianfeng.programmes.designer import queries
from xianfeng.programmes.designer.blanks import this_year
from xianfeng.programmes.designer.dump import dump
from xianfeng.programmes.designer.paths import Edit, apply
from xianfeng.programmes.designer.study import shape_problems
from xianfeng.programmes.events import Event
from xianfeng.programmes.models import Body, DefinitionVersion, Programme
from xianfeng.programmes.rules.problems import DefinitionError
from xianfeng.programmes.rules.text import MAX_BYTES, read
from xianfeng.programmes.services import body_seat, parts_seat, words_added

CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,59}")
LONGEST_WHAT = 200
UNDONE = "撤销："


def programme_draft(
    *, origin: str, code: str, title: str, short_title: str, keep_bodies: bool, actor: Actor, now: datetime
) -> DefinitionVersion:
    """A new programme as a draft copied from a shipped or published definition, under a code and title of its own."""
    require(policies.may_design, actor, None)
    if not CODE.fullmatch(code):
        raise Invalid(_("代码应为小写字母、数字和连字符，以字母或数字开头，至少两个字符。"))
    if Programme.objects.filter(code=code).exists():
        raise Conflict(_("代码“%(code)s”已有创建活动使用。") % {"code": code}, _("请换一个代码。"))
    value = read(queries.text_of(origin)).value
    value |= {"code": code, "title": title, "short_title": short_title}
    if origin == f"shipped:{BLANK}":
        value = this_year(value, title, clock.local_day(now).year)
    programme = Programme.objects.create(code=code, title=title)
    journal.record(Event.LOADED, subject=programme, actor=actor, at=now, data={"title": title})
    if keep_bodies and origin.startswith("version:"):
        _take_over_bodies(queries.version_for_page(origin.partition(":")[2]).programme, programme, actor, now)
    return _begin(programme, 1, dump(value), origin, actor, now)


def _take_over_bodies(source: Programme, target: Programme, actor: Actor, now: datetime) -> None:
    """Only by who may say so: the system administrator may draft a programme, but gives nobody a part in it."""
    if not policies.may_seat(actor, source):
        return
    for one in source.bodies.select_related("organisation"):
        body_seat(programme=target, kind=one.kind, title=one.title, organisation=one.organisation, actor=actor, now=now)


def version_draft(*, version_id: int, actor: Actor, now: datetime) -> DefinitionVersion:
    """The draft of a programme's next version, begun from a published one; the text is taken over as it is."""
    version = DefinitionVersion.objects.select_related("programme").get(pk=version_id)
    require(policies.may_design, actor, version.programme)
    Programme.objects.select_for_update().get(pk=version.programme_id)
    if version.state != "published":
        raise Conflict(_("草案不能再起草新版。"), _("请直接修改这份草案。"))
    if queries.draft_of(version.programme) is not None:
        raise Conflict(_("这个活动已有一份草案。"), _("请继续修改那份草案，或者先放弃它。"))
    last = version.programme.versions.order_by("-number").values_list("number", flat=True).first() or 0
    return _begin(version.programme, last + 1, version.source, f"version:{version.public_id}", actor, now)


def _begin(
    programme: Programme, number: int, source: str, origin: str, actor: Actor, now: datetime
) -> DefinitionVersion:
    draft = DefinitionVersion.objects.create(
        programme=programme,
        number=number,
        source=source,
        content_hash=queries.text_hash(source),
        origin=origin,
        edited_at=now,
        edited_by_id=actor.user_id,
    )
    journal.record(Event.DRAFT_STARTED, subject=draft, actor=actor, at=now, data={"number": number, "origin": origin})
    return draft


def _draft_for_update(draft_id: int, seen: str, actor: Actor) -> DefinitionVersion:
    """Lock a draft; refuse what is no draft, whoever may not, and whoever looked at an older text."""
    draft = DefinitionVersion.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None:
        raise NotFoundHere(_("这份草案已被放弃。"), _("请从定义列表进入。"))
    require(policies.may_design, actor, draft.programme)
    if draft.state != "draft":
        raise Conflict(_("这一版已经发布，不能再修改。"), _("请据此起草新版。"))
    if seen != draft.content_hash:
        who = draft.edited_by.name if draft.edited_by and draft.edited_by_id != actor.user_id else _("您在别的窗口")
        raise Conflict(
            _("这份草案刚被%(who)s改过，没有保存。") % {"who": who},
            _("您填写的内容仍在页面上，请另开窗口查看最新草案后再改。"),
        )
    return draft


def draft_edit(
    *, draft_id: int, seen: str, edits: Sequence[Edit], what: str, actor: Actor, now: datetime
) -> DefinitionVersion:
    """Change pieces of a draft; the result must have the right shape, else ``DefinitionError`` says what is wrong."""
    draft = _draft_for_update(draft_id, seen, actor)
    before = read(draft.source).value
    value = apply(before, edits)
    if value == before:
        return draft
    return _save(draft, dump(_in_order(value)), value, what, actor, now)


def draft_replace(*, draft_id: int, seen: str, source: str, actor: Actor, now: datetime) -> DefinitionVersion:
    """Replace the whole text of a draft, comments and all."""
    draft = _draft_for_update(draft_id, seen, actor)
    source = source.replace("\r\n", "\n").strip("\n") + "\n"
    return _save(draft, source, read(source).value, _("直接修改原文"), actor, now, source)


def draft_undo(*, draft_id: int, seen: str, actor: Actor, now: datetime) -> DefinitionVersion:
    """Take the last change back; done twice, it is made again."""
    draft = _draft_for_update(draft_id, seen, actor)
    if not draft.undo_source:
        raise Conflict(_("这份草案还没有可以撤销的修改。"))
    source = draft.undo_source
    taken_back = (
        draft.undo_what.removeprefix(UNDONE) if draft.undo_what.startswith(UNDONE) else UNDONE + draft.undo_what
    )
    return _save(draft, source, read(source).value, taken_back, actor, now)


def _save(
    draft: DefinitionVersion, source: str, value: Any, what: str, actor: Actor, now: datetime, shown: str = ""
) -> DefinitionVersion:
    problems = rules.validate(shown)[1] if shown and shape_problems(value) else shape_problems(value)
    if problems:
        raise DefinitionError(problems)
    if value["code"] != draft.programme.code:
        raise Invalid(_("活动代码不能改动，应为“%(code)s”。") % {"code": draft.programme.code})
    if len(source.encode()) > MAX_BYTES:
        raise Invalid(_("定义过长，最多 %(most)s 字节。") % {"most": f"{MAX_BYTES:,}"})
    draft.undo_source, draft.undo_what = draft.source, what[:LONGEST_WHAT]
    draft.source, draft.content_hash = source, queries.text_hash(source)
    draft.edited_at, draft.edited_by_id = now, actor.user_id
    draft.save(update_fields=["source", "content_hash", "edited_at", "edited_by", "undo_source", "undo_what"])
    if draft.programme.title != value["title"] and not _published(draft.programme):
        Programme.objects.filter(pk=draft.programme_id).update(title=value["title"])
    data = {"what": what[:LONGEST_WHAT], "text_hash": draft.content_hash}
    journal.record(Event.DRAFT_EDITED, subject=draft, actor=actor, at=now, data=data)
    return draft


def _in_order(value: Mapping[str, Any]) -> dict[str, Any]:
    """Top keys in the order of the language, wherever a page has put a new one."""
    order = {name: at for at, name in enumerate(rules.Definition.model_fields)}
    return dict(sorted(value.items(), key=lambda item: order.get(item[0], len(order))))


def _published(programme: Programme) -> bool:
    return programme.versions.filter(state="published").exists()


def draft_discard(*, draft_id: int, seen: str, actor: Actor, now: datetime) -> None:
    """Give a draft up; a programme that never had another version goes with it."""
    draft = _draft_for_update(draft_id, seen, actor)
    programme = draft.programme
    journal.record(Event.DRAFT_DISCARDED, subject=draft, actor=actor, at=now, data={"number": draft.number})
    draft.delete()
    if not programme.versions.exists():
        Body.terms.filter(programme=programme).delete()
        programme.delete()


def draft_publish(*, draft_id: int, seen: str, actor: Actor, now: datetime) -> DefinitionVersion:
    """Publish a draft as its programme's newest version: from now on it never changes and is known by its hash."""
    draft = _draft_for_update(draft_id, seen, actor)
    programme = Programme.objects.select_for_update().get(pk=draft.programme_id)
    definition = rules.load(draft.source)
    if definition.code != programme.code:
        raise Invalid(_("活动代码不能改动，应为“%(code)s”。") % {"code": programme.code})
    fingerprint = rules.content_hash(definition)
    same = programme.versions.filter(content_hash=fingerprint, state="published").first()
    if same is not None:
        raise Conflict(_("内容与第 %(number)s 版相同，不必再发布。") % {"number": same.number})
    published = programme.versions.filter(state="published").order_by("-number").first()
    if published is not None and published.number > draft.number:
        draft.number = (programme.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    draft.undo_source = draft.undo_what = ""
    draft.state, draft.content_hash, draft.words = "published", fingerprint, words_added(definition)
    draft.published_at, draft.published_by_id = now, actor.user_id
    draft.save()
    if programme.title != definition.title:
        programme.title = definition.title
        programme.save(update_fields=["title"])
    data = {"number": draft.number, "content_hash": fingerprint}
    journal.record(Event.PUBLISHED, subject=draft, actor=actor, at=now, data=data)
    parts_seat(programme, definition, clock.local_day(now))
    return draft
