"""The short version of bench/journal_tamper.py: whoever owns the database is found against an outside checkpoint."""

import pytest
from bench import journal_tamper

from xianfeng.journal import queries


@pytest.mark.django_db(transaction=True)
def test_random_tampering_is_found_and_the_untouched_log_passes() -> None:
    tried, missed = journal_tamper.try_all(120, seed=2)
    assert missed == []
    assert tried.total() == 120
    assert len(tried) > 15, "many kinds"
    assert queries.verify().ok
