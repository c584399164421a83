"""Every key of the language has a property-based test against a naive re-implementation; literally, and proven so."""

from collections.abc import Callable
from importlib import import_module
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import Phase, is_hypothesis_test, settings
from tests.programmes.rules.blinding import blind_to, keys
from tests.programmes.rules.features import PROVEN_BY, WORDS_ONLY

KEYS = keys()
PAIRS = [(test, key) for test, proven in PROVEN_BY.items() for key in proven.split()]
QUICK = settings(settings.get_profile("xianfeng"), phases=[Phase.generate], report_multiple_bugs=False)


def named(test: str) -> Callable[[], Any]:
    module, _, name = test.rpartition(".")
    found: Callable[[], Any] = getattr(
        import_module(module if "." in module else f"tests.programmes.rules.{module}"), name
    )
    return found


def test_every_key_of_the_schema_is_proven_or_only_shown():
    """On failure: write a property-based test for the new key and put it into ``features.py``."""
    proven = {key for _, key in PAIRS}
    assert set(KEYS) - proven - WORDS_ONLY == set()
    assert (proven | WORDS_ONLY) - set(KEYS) == set()
    assert proven & WORDS_ONLY == set()
    assert len(KEYS) > 250


@pytest.mark.parametrize("test", PROVEN_BY)
def test_what_proves_a_key_is_property_based(test):
    assert is_hypothesis_test(named(test))


def fails(test: str, examples: int = 100) -> bool:
    """Whether a property-based test fails now: the first example that does is enough."""
    function = named(test)
    quick = settings(QUICK, max_examples=examples)
    with patch.object(function, "_hypothesis_internal_use_settings", quick):
        try:
            function()
        except Exception:
            return True
    return False


def notices(test: str, key: str) -> bool:
    """Whether a property-based test fails once the engine, or else its checks, cannot see a key."""
    for checks_too in (False, True):
        with blind_to(KEYS[key], checks_too=checks_too):
            if fails(test):
                return True
    return False


@pytest.mark.parametrize("test", PROVEN_BY)
def test_an_engine_blind_to_a_key_is_found_out(test):
    """The positive control of all the others: for each key a test stands for, hide the key and it must fail."""
    assert not fails(test, examples=5)
    assert [key for key in PROVEN_BY[test].split() if not notices(test, key)] == []
