"""Words that programmes add to the house's own."""

import pytest

from xianfeng.kernel import vocabulary
from xianfeng.kernel.vocabulary import Words

OWN = {"station": "安质监站", "company": "企业"}


@pytest.fixture
def asked(monkeypatch):
    """What a source was asked, and what it answers."""
    found: dict[str, dict[str, str]] = {}
    times: list[int] = []

    def source():
        times.append(1)
        return found

    before = vocabulary._Memory.source
    vocabulary.fed_by(source)
    vocabulary.forget(fresh=float("inf"))
    yield found, times
    vocabulary._Memory.source = before
    vocabulary.forget(fresh=float("inf"))


def test_added_words_come_after_the_houses_own_and_never_change_them(asked):
    words = Words("unit_kinds", OWN)
    vocabulary.learn({"unit_kinds": {"village": "村", "station": "另一种站"}, "tags": {"fraud": "弄虚作假"}})
    assert dict(words) == {"station": "安质监站", "company": "企业", "village": "村"}
    assert (words["station"], words.word("village"), words.word("none"), words.word("")) == (
        "安质监站", "村", "none", ""
    )  # fmt: skip


def test_the_source_is_asked_for_a_strange_code_only(asked):
    found, times = asked
    words = Words("unit_kinds", OWN)
    assert "station" in words
    assert list(words) == ["station", "company"]
    assert "" not in words
    assert not times
    found["unit_kinds"] = {"village": "村"}  # another process published it
    assert words["village"] == "村"
    assert (len(times), words.word("village"), len(times)) == (1, "村", 1)
    assert "nonsense" not in words


def test_what_was_heard_is_heard_again_in_time(asked):
    found, times = asked
    vocabulary.forget(fresh=-1.0)
    found["unit_kinds"] = {"village": "村"}
    assert list(Words("unit_kinds", OWN)) == ["station", "company", "village"]
    assert times
