"""What falls due is done by every app, and one app's failure does not hold up the others."""

from __future__ import annotations

import pytest

from xianfeng.config import worker


def test_every_app_with_a_tick_is_asked():
    assert "cases" in [app for app, _ in worker.ticks()]


def test_one_failing_app_is_counted_and_does_not_hold_up_the_next(monkeypatch):
    done: list[object] = []

    def fails(now):
        raise RuntimeError("boom")

    monkeypatch.setattr(worker, "ticks", lambda: [("a", fails), ("b", done.append)])
    assert worker.tick() == 1
    assert len(done) == 1


@pytest.mark.django_db(transaction=True)
def test_a_batch_ends_by_itself():
    worker.work(batch=True)
