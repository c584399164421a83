"""Many writers at once: no gap, no lost entry, one chain."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from tests.factories.journal import record

from xianfeng import journal
from xianfeng.journal import queries
from xianfeng.journal.models import Entry

THREADS, UNITS = 8, 10


@pytest.mark.django_db(transaction=True)
def test_eight_writers_leave_no_gap() -> None:
    barrier = Barrier(THREADS)

    def write_many(writer: int) -> int:
        barrier.wait(timeout=30)
        try:
            for number in range(UNITS):
                with journal.unit_of_work():
                    record(number, data={"writer": writer, "number": number})
                    record(number, data={"writer": writer, "number": -number})
        finally:
            connection.close()
        return writer

    with ThreadPoolExecutor(THREADS) as pool:
        assert sorted(pool.map(write_many, range(THREADS))) == list(range(THREADS))
    total = THREADS * UNITS * 2
    assert list(Entry.objects.values_list("seq", flat=True)) == list(range(1, total + 1))
    result = queries.verify()
    assert (result.ok, result.entries) == (True, total)
    written = [queries.leaf_of(entry)["data"] for entry in Entry.objects.all()]
    assert {(one["writer"], abs(one["number"])) for one in written} == {
        (writer, number) for writer in range(THREADS) for number in range(UNITS)
    }
