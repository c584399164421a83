"""Stories and objections: who may, what is refused and in which words."""

from datetime import date
from io import BytesIO

import pytest

from tests.factories import designations as made
from tests.factories import publicity as show
from tests.factories.base import World, world
from xianfeng.designations import services as designations
from xianfeng.designations.models import Designation, Objection
from xianfeng.directory.models import User
from xianfeng.journal.models import Entry
from xianfeng.kernel.errors import Conflict, Invalid, NotPermitted
from xianfeng.publicity import services
from xianfeng.publicity.models import Story
from xianfeng.publicity.queries.stories import stories_on_show

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 example"


@pytest.fixture
def w() -> World:
    return world()


@pytest.fixture
def title(w) -> Designation:
    return made.titled(w, w.nominees["st-window"])[0]


def test_the_holders_people_write_and_the_working_group_publishes(w, title):
    row = show.published_story(w, title)
    assert Story.objects.get(pk=row.pk).state == "published"
    assert [one.pk for one in stories_on_show()] == [row.pk]
    events = list(Entry.objects.filter(subject_type="publicity.story").values_list("event", flat=True))
    assert events == ["publicity:story:saved", "publicity:story:published"]


def test_the_holder_does_not_publish(w, title):
    row = show.story(w, title)
    with pytest.raises(NotPermitted, match="由推进组或领导小组办公室发布"), made.at(show.WRITTEN) as now:
        services.story_publish(story_id=row.pk, actor=w.actor("st_staff"), now=now)


def test_another_unit_does_not_write(w, title):
    with pytest.raises(NotPermitted, match="只有命名对象所在单位和推进组"):
        show.story(w, title, "co_staff")


def test_a_story_that_names_a_silent_member_is_refused(w, title):
    show.silent_member(w)
    row = show.story(w, title, body=f"{show.BODY}负责人{show.SILENT}说。")
    with pytest.raises(Invalid, match="没有登记同意公开姓名"), made.at(show.WRITTEN) as now:
        services.story_publish(story_id=row.pk, actor=w.actor("worker"), now=now)


def test_a_story_leaves_the_site_when_consent_is_taken_back(w, title):
    member = w.members["st-member"]
    show.published_story(w, title, body=f"{show.BODY}负责人{member.name}说。")
    assert len(stories_on_show()) == 1
    member.publication_consent_on = None
    member.save()
    assert stories_on_show() == []


def test_a_story_is_taken_down_and_cannot_be_twice(w, title):
    row = show.published_story(w, title)
    with made.at(show.WRITTEN) as now:
        services.story_withdraw(story_id=row.pk, actor=w.actor("officer"), now=now)
    assert stories_on_show() == []
    with pytest.raises(Conflict, match="没有发布"), made.at(show.WRITTEN) as now:
        services.story_withdraw(story_id=row.pk, actor=w.actor("officer"), now=now)


def test_too_short_a_story_is_refused(w, title):
    with pytest.raises(Invalid, match="正文不足"):
        show.story(w, title, body="很好。")


def test_an_ended_title_gets_no_story(w, title):
    Designation.objects.filter(pk=title.pk).update(state="revoked", live_key=None)
    with pytest.raises(Conflict, match="已经失效"):
        show.story(w, title)


@pytest.fixture
def notice(w):
    case = made.case_at(w, w.nominees["st-window"], "decide")
    made.decided(w, [case])
    return made.announced(w, [case])


def file_it(notice, when=None, **more) -> Objection:
    given = {
        "name": "示例区群众甲",
        "contact": "000-0000 0000",
        "content": "该窗口在2019年6月3日无故停办业务半天，有登记可查。",
        "evidence_note": "当日窗口的取号单和照片。",
        **more,
    }
    with made.at(when or made.moment(date(2019, 12, 11))) as now:
        return services.objection_submit(item_id=notice.items.get().pk, now=now, **given)


def test_an_objection_is_filed_with_its_file_and_a_receipt(notice):
    row = file_it(notice, evidence_note="", file=BytesIO(PDF), file_name="照片.pdf")
    assert row.receipt
    assert row.file is not None
    assert row.state == "received"
    entry = Entry.objects.filter(event="objection:objection:filed").get()
    assert "示例区群众甲" not in entry.leaf + entry.actor_label


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "匿名"}, "真实姓名"),
        ({"contact": "无"}, "能联系到您"),
        ({"content": "不行"}, "具体事实"),
        ({"evidence_note": " "}, "请提供证据"),
        ({"file": BytesIO(b"MZ\x90\x00 program"), "file_name": "a.exe"}, "不是可以上传的文件类型"),
    ],
)
def test_an_objection_is_refused_with_its_reason(notice, given, said):
    with pytest.raises(Invalid, match=said):
        file_it(notice, **given)
    assert not Objection.objects.exists()


def test_an_objection_after_the_last_day_is_refused(notice):
    with pytest.raises(Conflict, match="公示期已满"):
        file_it(notice, when=notice.ends_at)


def test_an_objector_who_is_signed_in_is_not_recorded(w, notice):
    file_it(notice)
    entry = Entry.objects.filter(event="objection:objection:filed").get()
    assert entry.actor_kind == "public"
    assert not User.objects.filter(public_id=entry.actor_id).exists()


def test_a_withdrawn_notice_takes_no_objection(w, notice):
    with made.at(made.moment(date(2019, 12, 11))) as now:
        designations.notice_withdraw(notice_id=notice.pk, reason="名单有误", actor=w.actor("worker"), now=now)
    with pytest.raises(Conflict, match="已经结束"):
        file_it(notice)
