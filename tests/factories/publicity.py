"""What the public site shows, for tests: a member who stays unnamed, stories, a public bulletin."""

from datetime import date, datetime

from tests.factories import designations as made
from tests.factories.base import World
from xianfeng.creation.models import Bulletin
from xianfeng.designations.models import Designation
from xianfeng.kernel import clock
from xianfeng.publicity import services
from xianfeng.publicity.models import Story
from xianfeng.registry.models import Nominee

SILENT = "示例不愿具名者"
WRITTEN = made.moment(date(2019, 12, 25))
BODY = "窗口推行一次告知、一网通办，把报监材料由十二项减到七项，全年接待三百余次，没有一件投诉。"


def silent_member(world: World, code: str = "st-silent") -> Nominee:
    """A member of the station's branch who has not consented to be named in public."""
    row = world.member(code, "st-branch", "st-unit", publication_consent_on=None)
    row.name = SILENT
    row.save()
    return world.nominees[code]


def story(world: World, title: Designation, username: str = "st_staff", body: str = BODY, **more: str) -> Story:
    """A draft written by the holder's own people."""
    with made.at(WRITTEN) as now:
        return services.story_save(
            designation_id=title.pk,
            title=more.get("heading", "小窗口里的大服务"),
            body=body,
            actor=world.actor(username, clock.local_day(now)),
            now=now,
        )


def published_story(world: World, title: Designation, when: datetime = WRITTEN, **more: str) -> Story:
    """One on show, put there by the working group."""
    row = story(world, title, **more)
    with made.at(when) as now:
        return services.story_publish(story_id=row.pk, actor=world.actor("worker", clock.local_day(now)), now=now)


def bulletin(world: World, number: int = 1, public: bool = True) -> Bulletin:
    """A bulletin of the round."""
    return Bulletin.objects.create(
        round=world.round,
        number=number,
        title=f"创建工作简报第{number}期（示例）",
        body="各单位按计划推进，进展总体平稳。",
        public=public,
        published_at=WRITTEN,
    )
