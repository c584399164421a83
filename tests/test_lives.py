"""Random lives: whatever people try, in whatever order, quotas, tables and the record hold."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.lives import Life

ACTS = st.tuples(
    st.sampled_from(["start", "work", "work", "work", "work", "work", "work", "withdraw", "title", "answer", "wait"]),
    st.integers(0, 40),
    st.integers(0, 60),
    st.integers(0, 40),
)


def play(life: Life, acts: list[tuple[str, int, int, int]]) -> None:
    """Try the acts one after another."""
    for act, who, what, how in acts:
        if act == "start":
            life.start(who, what)
        elif act == "work":
            life.work(who, what, how)
        elif act == "withdraw" and how % 8 == 0:
            life.withdraw(who, what)
        elif act == "title":
            life.title(who, what, how)
        elif act == "answer":
            life.answer(who, what)
        elif act == "wait" and how % 6 == 0:
            life.wait(1 + what % 6)
    if acts and acts[0][3] == 13:
        life.annul(acts[0][1])


class RandomLives(TestCase):
    """Each example has a world of its own, rolled back afterwards."""

    @settings(max_examples=12)
    @given(st.lists(ACTS, min_size=60, max_size=110))
    def test_invariants_hold_whatever_is_tried(self, acts: list[tuple[str, int, int, int]]) -> None:
        life = Life()
        play(life, acts)
        life.check()

    def test_the_driver_reaches_titles_and_presses_against_the_quota(self) -> None:
        """A positive control: the same driver, steered straight, names titles and is refused beyond the quota."""
        life = Life()
        for number in (1, 2, 3, 4, 5, 6):
            life.start(1, number)
        chance = Random(7)
        for _ in range(260):
            life.work(1, chance.randrange(1, 60), chance.choice((2, 3, 5, 9, 10, 11)))
        life.check()
        assert "designations_name" in life.done
        assert {"panel_rank", "decision_record", "notice_close", "scorecard_sign"} <= set(life.done)
        assert "decision_record" in life.refused
