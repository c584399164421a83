"""The inbox and what goes outside."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from tests.factories.base import World, world
from xianfeng import journal
from xianfeng.config import env
from xianfeng.kernel import clock
from xianfeng.messaging import services, tasks
from xianfeng.messaging.models import Message, Outgoing
from xianfeng.ui import navigation

pytestmark = pytest.mark.django_db
NOW = clock.instant(date(2019, 3, 12), 10)
CHANNEL = "mailtos://user:secret@smtp.example.org?to={email}"


@pytest.fixture
def made() -> World:
    return world()


@pytest.fixture
def outside(monkeypatch, settings):
    """A channel that records what it is given; ``refuse`` makes it fail."""
    settings.XIANFENG_CHANNELS = CHANNEL
    given: list[tuple[list[str], str, str]] = []

    def hand_over(addresses, title, text):
        given.append((addresses, title, text))
        return not refuse

    refuse: list[bool] = []
    monkeypatch.setattr(tasks, "hand_over", hand_over)
    return given, refuse


def tell(made, username="st_staff", title="示例消息", link="/creation/plans/", **more):
    services.notify(user_ids=[made.users[username].pk], title=title, link=link, now=NOW, **more)


def test_unread_stand_first_and_opening_leads_on(made, client: Client):
    tell(made, title="先到的")
    tell(made, title="后到的")
    client.force_login(made.users["st_staff"])
    newest = Message.objects.get(title="后到的")
    assert client.get(f"/messages/{newest.public_id}/").headers["Location"] == "/creation/plans/"
    page = client.get("/messages/").content.decode()
    assert "1 条未读" in page
    assert page.index("先到的") < page.index("后到的")


def test_a_message_is_its_recipients_alone(made, client: Client):
    tell(made)
    client.force_login(made.users["co_staff"])
    assert client.get(f"/messages/{Message.objects.get().public_id}/").status_code == 404
    assert Message.objects.get().read_at is None


def test_a_link_that_leads_away_is_not_followed(made, client: Client):
    tell(made, link="//example.org/", body="正文在此")
    client.force_login(made.users["st_staff"])
    answer = client.get(f"/messages/{Message.objects.get().public_id}/")
    assert (answer.status_code, "正文在此" in answer.content.decode()) == (200, True)


def test_all_are_read_at_once(made, client: Client):
    tell(made)
    tell(made, "co_staff")
    client.force_login(made.users["st_staff"])
    client.post("/messages/read/")
    assert list(Message.objects.filter(read_at=None).values_list("recipient__username", flat=True)) == ["co_staff"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_inbox_asks_the_same_of_the_database_however_long(
    made, client, rows, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(navigation, "_entries", {})  # what other apps ask for their entries is theirs to count
    for number in range(rows):
        tell(made, title=f"消息{number}")
    client.force_login(made.users["st_staff"])
    client.get("/messages/")
    # session, user, actor, unread, count, rows
    with django_assert_num_queries(6):
        client.get("/messages/")


def test_strangers_are_sent_to_sign_in(client: Client):
    assert client.get("/messages/").headers["Location"].startswith("/accounts/login/")


def test_a_key_makes_a_message_unrepeatable(made):
    tell(made, once_key="near:1")
    tell(made, once_key="near:1")
    assert Message.objects.count() == 1


def test_whoever_has_an_address_is_also_told_outside(made, outside):
    given, _ = outside
    user = made.users["st_staff"]
    user.email = "示例+a@example.org"
    user.save()
    tell(made, body="三天内办理")
    tell(made, "co_staff")
    assert tasks.deliver(NOW) == 1
    addresses, title, text = given[0]
    assert addresses == ["mailtos://user:secret@smtp.example.org?to=%E7%A4%BA%E4%BE%8B%2Ba%40example.org"]
    assert title == "示例消息"
    assert text.splitlines() == ["三天内办理", "http://127.0.0.1:8000/creation/plans/"]
    assert tasks.deliver(NOW) == 0
    assert Outgoing.objects.get().state == "sent"


def test_a_refused_message_waits_longer_each_time_and_is_given_up(made, outside):
    _, refuse = outside
    refuse.append(True)
    made.users["st_staff"].email = "a@example.org"
    made.users["st_staff"].save()
    tell(made)
    now, pauses = NOW, []
    for _attempt in range(tasks.MOST_ATTEMPTS):
        tasks.deliver(now)
        row = Outgoing.objects.get()
        pauses.append((row.next_try_at - now) // timedelta(minutes=1))
        assert tasks.deliver(now) == 0
        now = row.next_try_at
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128]
    assert (row.state, row.error) == ("failed", "通道未接受")


def test_a_channel_that_breaks_does_not_stop_the_timer(made, outside, monkeypatch):
    made.users["st_staff"].email = "a@example.org"
    made.users["st_staff"].save()
    tell(made)
    monkeypatch.setattr(tasks, "hand_over", lambda *_: 1 / 0)
    tasks.tick(NOW)
    assert "ZeroDivisionError" in Outgoing.objects.get().error


def test_nothing_is_sent_inside_a_unit_of_work(made, outside):
    with pytest.raises(RuntimeError), journal.unit_of_work():
        tasks.deliver(NOW)


def test_without_channels_nothing_waits(made):
    made.users["st_staff"].email = "a@example.org"
    made.users["st_staff"].save()
    tell(made)
    assert not Outgoing.objects.exists()


def test_a_channel_without_a_recipient_is_refused():
    env.channels(CHANNEL)
    with pytest.raises(ValueError, match="wecombot"):
        env.channels(f"{CHANNEL} wecombot://key")


def test_a_wrong_channels_secrets_are_not_repeated(monkeypatch):
    monkeypatch.setenv("XIANFENG_CHANNELS", "mailto://user:secret@smtp.example.org")
    with pytest.raises(ImproperlyConfigured, match="XIANFENG_CHANNELS") as refused:
        env.checked("XIANFENG_CHANNELS", "about", env.channels, "地址", secret=True)
    assert "secret" not in str(refused.value)
