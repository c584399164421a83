"""Writes of the public site: stories put on show, objections handed in."""

from datetime import datetime
from typing import IO

from xianfeng import journal
from xianfeng.designations import services as designations
from xianfeng.designations.models import Designation, Objection
from xianfeng.designations.rules import LIVE
from xianfeng.files.services import file_store
from xianfeng.kernel.actors import Actor, public_actor
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.publicity import policies
from xianfeng.publicity.events import Event
from xianfeng.publicity.models import Story
from xianfeng.publicity.queries.names import named_in, silent_members

LEAST_BODY = 30


def objection_submit(
    *,
    item_id: int,
    name: str,
    contact: str,
    content: str,
    now: datetime,
    evidence_note: str = "",
    file: "IO[bytes] | None" = None,
    file_name: str = "",
) -> Objection:
    """An objection with its evidence, by a member of the public; whoever is signed in stays out of the record."""
    actor = public_actor()
    stored = file_store(content=file, name=file_name or "证据", actor=actor, now=now) if file is not None else None
    return designations.objection_file(
        item_id=item_id,
        name=name,
        contact=contact,
        content=content,
        evidence_note=evidence_note,
        file=stored,
        actor=actor,
        now=now,
    )


def story_save(
    *, designation_id: int, title: str, body: str, actor: Actor, now: datetime, story_id: int | None = None
) -> Story:
    """Write or rewrite a story about a held title; one on show is changed only by those who may publish it."""
    designation = _designation(designation_id)
    require(policies.may_write, actor, designation)
    if designation.state not in LIVE:
        raise Conflict("这个命名已经失效，不能再写典型事迹。", "请选择有效的命名。")
    if not title.strip():
        raise Invalid("请填写标题。")
    if len(body.strip()) < LEAST_BODY:
        raise Invalid(f"正文不足 {LEAST_BODY} 个字。", "请写明做了什么、效果如何。")
    story = _story_for_update(story_id) if story_id is not None else Story(designation=designation)
    if story.designation_id != designation.pk:
        raise Invalid("典型事迹不能改到另一个命名之下。", "请新写一篇。")
    if story.state == "published":
        require(policies.may_publish, actor, designation)
        _check_names(designation, f"{title}\n{body}")
    story.title, story.body = title.strip()[:120], body.strip()
    if story.pk is None:
        story.written_by_id = actor.user_id
    story.save()
    _record(Event.STORY_SAVED, story, actor, now)
    return story


def story_publish(*, story_id: int, actor: Actor, now: datetime) -> Story:
    """Put a story on the public site; refused where it names a member of the unit without consent on record."""
    story = _story_for_update(story_id)
    require(policies.may_publish, actor, story.designation)
    if story.state == "published":
        raise Conflict("这篇事迹已经发布。", "请刷新页面查看。")
    if story.designation.state not in LIVE:
        raise Conflict("这个命名已经失效，不能发布典型事迹。", "请刷新页面查看最新情况。")
    _check_names(story.designation, f"{story.title}\n{story.body}")
    story.state, story.published_at = "published", now
    story.save(update_fields=["state", "published_at"])
    _record(Event.STORY_PUBLISHED, story, actor, now)
    return story


def story_withdraw(*, story_id: int, actor: Actor, now: datetime) -> Story:
    """Take a story down; it is a draft again."""
    story = _story_for_update(story_id)
    require(policies.may_publish, actor, story.designation)
    if story.state != "published":
        raise Conflict("这篇事迹没有发布。", "请刷新页面查看。")
    story.state, story.published_at = "draft", None
    story.save(update_fields=["state", "published_at"])
    _record(Event.STORY_WITHDRAWN, story, actor, now)
    return story


def _designation(pk: int) -> Designation:
    row = (
        Designation.objects.select_related("programme", "case", "round__version", "nominee__member")
        .filter(pk=pk)
        .first()
    )
    if row is None:
        raise NotFoundHere("没有找到这个命名。", "请从名录重新选择。")
    return row


def _story_for_update(pk: int) -> Story:
    row = (
        Story.objects.select_for_update(of=("self",))
        .select_related("designation__programme", "designation__case", "designation__round__version")
        .filter(pk=pk)
        .first()
    )
    if row is None:
        raise NotFoundHere("没有找到这篇事迹。", "请从典型事迹列表进入。")
    return row


def _check_names(designation: Designation, text: str) -> None:
    if not designation.round.version.definition.notice.names_need_consent:
        return
    unit = designation.case.unit_id
    found = named_in(text, silent_members([unit]).get(unit, ()))
    if found:
        raise Invalid(
            f"文中出现了没有登记同意公开姓名的党员：{'、'.join(found)}。",
            "请改用岗位称呼，或先登记本人同意公开的日期。",
        )


def _record(event: Event, story: Story, actor: Actor, now: datetime) -> None:
    journal.record(
        event,
        subject=story,
        actor=actor,
        at=now,
        data={"number": story.designation.number, "designation": story.designation.public_id},
        personal={"title": story.title},
    )
