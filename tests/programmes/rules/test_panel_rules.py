"""What a definition says of its panels: written, kept, compared in words, and said on the panel's page."""

from hypothesis import given
from hypothesis import strategies as st
from tests.programmes.rules.making import faults, made

from xianfeng.programmes import rules
from xianfeng.review.settled import stated

RECUSAL = st.fixed_dictionaries(
    {},
    optional={
        "same_unit": st.booleans(), "same_party_line": st.booleans(), "declared": st.booleans(),
        "named_in_file": st.booleans(), "former_employer_years": st.integers(0, 50),
        "rotation_rounds": st.integers(1, 20), "rotation": st.sampled_from(["avoid", "bar"]),
    },
)  # fmt: skip
PANEL = st.fixed_dictionaries(
    {},
    optional={"blind": st.booleans(), "second_panel": st.sampled_from(["replace", "join"]), "recusal": RECUSAL},
)


@given(PANEL, PANEL)
def test_every_rule_is_kept_and_every_difference_is_said_in_chinese(one, other):
    first = made(lambda v: v.update(scoring={"panel": one}))
    second = made(lambda v: v.update(scoring={"panel": other}))
    assert faults(lambda v: v.update(scoring={"panel": one})) == []
    assert rules.restore(rules.canonical(first)) == first
    same = first.scoring.panel == second.scoring.panel
    assert (rules.content_hash(first) == rules.content_hash(second)) == same
    changes = [one.line for one in rules.diff(first, second)]
    assert bool(changes) != same
    assert not any(key in line for line in changes for key in ("former", "rotation", "second", "avoid", "join"))
    assert all(name and value and value.isascii() is False for name, value in stated(first.scoring.panel))


def test_a_definition_that_says_nothing_of_panels_keeps_its_bytes():
    said = {"blind": False, "second_panel": "replace", "recusal": {"former_employer_years": 3, "rotation_rounds": 1}}
    assert rules.canonical(made(lambda v: v.update(scoring={"panel": said}))) == rules.canonical(made())
