"""Entries exist exactly where their change exists, and nowhere else."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.factories.journal import AT, ExampleEvent, Thing, record, secretary, write

from xianfeng import journal
from xianfeng.journal import bus, queries, services, tree
from xianfeng.journal.models import Entry, PersonalDetail
from xianfeng.kernel.errors import UserError

transactional = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heard() -> Iterator[list[journal.Occurrence]]:
    occurrences: list[journal.Occurrence] = []
    journal.subscribe(ExampleEvent.HAPPENED, occurrences.append)
    yield occurrences
    bus.unsubscribe(ExampleEvent.HAPPENED, occurrences.append)


@pytest.fixture
def objecting() -> Iterator[None]:
    def refuse(occurrence: journal.Occurrence) -> None:
        PersonalDetail.objects.create(entry_seq=99, key="k", salt="s", value="written before the refusal")
        raise RuntimeError("subscriber refuses")

    journal.subscribe(ExampleEvent.HAPPENED, refuse)
    yield
    bus.unsubscribe(ExampleEvent.HAPPENED, refuse)


def test_recording_outside_a_unit_of_work_is_refused() -> None:
    with pytest.raises(journal.JournalError, match="outside a unit of work"):
        record()


@transactional
def test_entries_are_numbered_from_one_without_gaps_across_units() -> None:
    write(2)
    write(3)
    assert list(Entry.objects.values_list("seq", flat=True)) == [1, 2, 3, 4, 5]
    assert queries.verify().entries == 5


@pytest.mark.django_db
def test_a_unit_works_inside_a_rolled_back_test_too() -> None:
    write(2)
    assert queries.verify().entries == 2


@transactional
def test_columns_and_leaf_say_the_same() -> None:
    write(1, data={"points": "88.5"})
    entry = Entry.objects.get()
    leaf = queries.leaf_of(entry)
    assert (entry.event, entry.subject_type, entry.subject_id) == (
        "test:thing:happened",
        "tests.thing",
        "thing0000000001",
    )
    assert (entry.actor_label, leaf["actor"]["label"]) == ("示例上级党委 书记", "示例上级党委 书记")
    assert entry.at == AT
    assert leaf["data"] == {"points": "88.5"}


@transactional
def test_personal_values_stay_out_of_the_leaf_and_can_be_erased() -> None:
    write(1, personal={"name": "示例某某", "phone": ""})
    entry = Entry.objects.get()
    assert "示例某某" not in entry.leaf
    assert queries.personal_of(entry) == {"name": "示例某某"}
    with journal.unit_of_work():
        assert services.erase(subject=Thing(), actor=secretary(), now=AT, ground="本人申请") == 1
    assert queries.personal_of(entry) == {}
    assert queries.sentence(queries.latest(1)[0]) == (
        "示例上级党委 书记：依法删除 1 项个人信息，依据：本人申请（示例一支部）"
    )
    assert queries.verify().ok
    with pytest.raises(UserError, match="没有可清除"), journal.unit_of_work():
        services.erase(subject=Thing(), actor=secretary(), now=AT, ground="本人申请")


@transactional
def test_an_error_in_the_body_leaves_nothing() -> None:
    def fail() -> None:
        with journal.unit_of_work():
            record(personal={"name": "示例某某"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not Entry.objects.exists()
    assert not PersonalDetail.objects.exists()
    write(1)
    assert Entry.objects.get().seq == 1, "the buffer of the failed unit is gone"


@transactional
def test_an_entry_dies_with_its_savepoint() -> None:
    with journal.unit_of_work():
        record(1)
        with suppress(RuntimeError), transaction.atomic():
            record(2)
            raise RuntimeError
        with transaction.atomic():
            record(3)
    assert [queries.leaf_of(entry)["data"]["number"] for entry in Entry.objects.all()] == [1, 3]
    assert queries.verify().ok


@transactional
@pytest.mark.usefixtures("objecting")
def test_a_subscribers_exception_rolls_everything_back() -> None:
    with pytest.raises(RuntimeError, match="subscriber refuses"):
        write(1)
    assert not Entry.objects.exists()
    assert not PersonalDetail.objects.exists()


@transactional
def test_subscribers_hear_at_once_and_in_the_same_transaction(heard: list[journal.Occurrence]) -> None:
    with journal.unit_of_work():
        record(5)
        assert [(one.event, one.data["number"]) for one in heard] == [(ExampleEvent.HAPPENED, 5)]
        assert connection.in_atomic_block


@transactional
def test_units_do_not_nest_and_want_the_outermost_transaction() -> None:
    with journal.unit_of_work(), pytest.raises(journal.JournalError, match="nest"), journal.unit_of_work():
        pass
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"), journal.unit_of_work():
        pass
    assert not journal.in_unit_of_work()


@transactional
@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"data": {"points": 0.5}}, "float"),
        ({"at": datetime(2021, 3, 2)}, "naive"),
        ({"subject": SimpleNamespace(public_id="")}, "public_id"),
        ({"data": {"count": 2**60}}, "safe integer"),
    ],
)
def test_what_cannot_be_recorded_is_refused_at_once(given: dict[str, Any], says: str) -> None:
    with pytest.raises(journal.JournalError, match=says), journal.unit_of_work():
        record(**given)


@transactional
def test_a_subject_without_a_label_is_never_written_by_its_str() -> None:
    class Person(Thing):
        journal_label = ""

        def __str__(self) -> str:
            return "示例某某"

    write(1, subject=Person(journal_label=""))
    assert Entry.objects.get().subject_label == "事物"


@transactional
def test_unregistered_events_are_refused() -> None:
    class Stray(journal.EventKind):
        ODD = "test:stray:odd", "没有登记的事件"

    with pytest.raises(journal.JournalError, match="not registered"), journal.unit_of_work():
        record(event=Stray.ODD)


@transactional
@pytest.mark.parametrize("count", [1, 50])
def test_writing_entries_costs_the_same_queries_however_many(count: int) -> None:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        write(count, personal={"name": "示例某某"})
    statements = [q["sql"] for q in captured if q["sql"].startswith(("SELECT", "WITH", "INSERT"))]
    # The head (PostgreSQL: and the lock), then entries and details (PostgreSQL: in one message).
    assert len(statements) == (2 if connection.vendor == "postgresql" else 3), statements


@transactional
def test_what_another_process_has_written_since_is_gone_on_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """The edge kept from the last write serves only while nobody else has written."""
    write(5)
    stale = tree._remembered
    write(8)
    monkeypatch.setattr(tree, "_remembered", stale)
    with CaptureQueriesContext(connection) as captured:
        write(1)
    assert [q for q in captured if "RECURSIVE" in q["sql"]]
    with CaptureQueriesContext(connection) as captured:
        write(1)
    assert not [q for q in captured if "RECURSIVE" in q["sql"]]
    assert queries.verify().ok
    assert queries.entry_count() == 15


@transactional
def test_a_unit_without_entries_takes_no_lock() -> None:
    with CaptureQueriesContext(connection) as captured, journal.unit_of_work():
        pass
    assert not [q for q in captured if q["sql"].startswith(("SELECT", "WITH"))]


@transactional
def test_entries_can_be_neither_changed_nor_deleted_through_the_orm() -> None:
    write(1, personal={"name": "示例某某"})
    entry, detail = Entry.objects.get(), PersonalDetail.objects.get()
    attempts: list[Any] = [
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(event="x:y:z"),
        lambda: Entry.objects.bulk_update([entry], ["event"]),
        lambda: Entry.objects.bulk_create([entry]),
        lambda: Entry.objects.create(seq=2),
        detail.save,
        lambda: PersonalDetail.objects.update(value="另一人"),
    ]
    for attempt in attempts:
        with pytest.raises(journal.JournalError):
            attempt()
    assert queries.verify().ok


def test_the_acting_person_is_not_named() -> None:
    assert secretary().name == "示例某"


@transactional
def test_what_is_erased_while_the_log_is_verified_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    write(3, personal={"name": "示例某某"})
    read = queries.rows

    def erased_meanwhile() -> Any:
        with journal.unit_of_work():
            services.erase(subject=Thing(), actor=secretary(), now=AT, ground="本人申请")
        yield from read()

    monkeypatch.setattr(queries, "rows", erased_meanwhile)
    assert queries.verify().ok
