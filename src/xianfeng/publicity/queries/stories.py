"""典型事迹: those on show, and those an office works on."""

from collections.abc import Iterable

from django.db.models import QuerySet

from xianfeng.designations.models import Designation
from xianfeng.designations.queries import PublicName, public_name, titles
from xianfeng.designations.rules import LIVE
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.programmes.models import Programme
from xianfeng.publicity.models import Story
from xianfeng.publicity.queries.names import named_in, silent_members


def _published() -> QuerySet[Story]:
    return Story.objects.filter(state="published", designation__state__in=LIVE).select_related(
        "designation__nominee__member", "designation__round__version", "designation__case"
    )


def _showable(stories: Iterable[Story]) -> list[Story]:
    """Leave out what names somebody who has not (or no longer) consented; one query for all of them."""
    rows = list(stories)
    if not rows:
        return []
    silent = silent_members(one.designation.case.unit_id for one in rows)
    return [one for one in rows if _may_show(one, silent.get(one.designation.case.unit_id, set()))]


def _may_show(story: Story, silent: set[str]) -> bool:
    if not story.designation.round.version.definition.notice.names_need_consent:
        return True
    return not named_in(f"{story.title}\n{story.body}", silent)


def stories_on_show(limit: int | None = None, programme: Programme | None = None) -> list[Story]:
    """Published stories of titles still held, of one programme or of all, newest first; two queries."""
    rows = _published().order_by("-published_at", "-id")
    if programme is not None:
        rows = rows.filter(designation__programme=programme)
    return _showable(rows if limit is None else rows[:limit])


def stories_about(designation: Designation) -> list[Story]:
    """Published stories of one title."""
    return _showable(_published().filter(designation=designation))


def story_on_show(public_id: str) -> Story:
    """One published story; 404 otherwise."""
    for one in _showable(_published().filter(public_id=public_id)):
        return one
    raise NotFoundHere("没有找到这篇事迹，可能已经撤下。", "请查看典型事迹列表。")


def about(story: Story) -> PublicName:
    """Whom the public is told the story is about."""
    return public_name(story.designation)


def stories_for_office(actor: Actor) -> QuerySet[Story]:
    """Stories of the titles an actor may read, drafts first."""
    return (
        Story.objects.filter(designation__in=titles(actor, {}).order_by().values("pk"))
        .select_related("designation__round__version", "designation__programme", "designation__case", "written_by")
        .order_by("state", "-published_at", "-id")
    )


def story_for_office(public_id: str, actor: Actor) -> Story:
    """One story the actor may read; 404 otherwise."""
    row = stories_for_office(actor).filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere("没有找到这篇事迹，或者您无权查看。", "请从典型事迹列表进入。")
    return row
