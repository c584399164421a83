"""Reading the journal."""

from datetime import timedelta

import pytest
from tests.factories.journal import AT, ExampleEvent, Thing, record, write

from xianfeng import journal
from xianfeng.journal import queries
from xianfeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = Thing(public_id="thing0000000002", journal_label="示例二支部")


@pytest.fixture(autouse=True)
def log() -> None:
    with journal.unit_of_work():
        record(1)
        record(2, subject=OTHER, at=AT + timedelta(days=1))
        record(3, event=ExampleEvent.NOTICED, actor=SYSTEM, data={"days": 5})


def numbers(found: object) -> list[int]:
    return [entry.seq for entry in found]  # type: ignore[attr-defined]


def test_a_timeline_is_newest_first_and_takes_several_subjects() -> None:
    assert numbers(queries.entries_for(Thing())) == [3, 1]
    assert numbers(queries.entries_for(Thing(), OTHER)) == [3, 2, 1]
    assert numbers(queries.entries_for()) == []


def test_search_narrows_by_each_thing_given() -> None:
    assert numbers(queries.search()) == [3, 2, 1]
    assert numbers(queries.search(subject_id=OTHER.public_id)) == [2]
    assert numbers(queries.search(event="test:notice")) == [3]
    assert numbers(queries.search(event="test:not")) == []
    assert numbers(queries.search(actor_id="system")) == [3]
    assert numbers(queries.search(text="二支部")) == [2]
    assert numbers(queries.search(since=AT + timedelta(hours=1))) == [2]
    assert numbers(queries.search(until=AT)) == []


def test_a_sentence_names_who_what_and_about_whom() -> None:
    newest = queries.latest(1)[0]
    assert queries.sentence(newest) == "系统：发布公示，期限 5 个工作日（示例一支部）"
    write(1, event=ExampleEvent.NOTICED, data={})
    assert queries.phrase(queries.latest(1)[0]) == "发布公示，期限 — 个工作日"


def test_the_count_is_the_last_number() -> None:
    assert queries.entry_count() == 3


def test_verification_reads_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "CHUNK", 2)
    write(4, personal={"name": "示例某某"})
    assert [row.seq for row in queries.rows()] == [1, 2, 3, 4, 5, 6, 7]
    assert [len(row.personal) for row in queries.rows()] == [0, 0, 0, 1, 1, 1, 1]
    assert queries.verify().ok
