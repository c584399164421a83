"""What a definition says of panels (``scoring.panel``), each key against a naive reading; see ``features.py``."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.programmes.rules.making import made

from xianfeng.programmes.rules.plain import plain
from xianfeng.programmes.rules.surveys import survey_points
from xianfeng.review.models import Assignment, Panel
from xianfeng.review.rules.conflicts import ExpertTies, NomineeTies, caution, conflict
from xianfeng.review.rules.official import counted

UNIT, PARTY, ABOVE, OTHER = 1, 2, 3, 4
NAMES = {UNIT: "示例站", PARTY: "示例支部", ABOVE: "示例党委", OTHER: "别的单位"}
ON = date(2020, 2, 29)
yes = st.booleans()
recusals = st.fixed_dictionaries(
    {
        "same_unit": yes, "same_party_line": yes, "declared": yes, "named_in_file": yes,
        "former_employer_years": st.integers(0, 3),
    }
) | st.fixed_dictionaries(
    {"rotation_rounds": st.integers(1, 3), "rotation": st.sampled_from(["avoid", "bar"])}
)  # fmt: skip
STRANGER = "nothing to do with it"
TIES: dict[str, Any] = {
    "in the unit": {"units": frozenset({UNIT})},
    "in its branch": {"organisations": frozenset({PARTY})},
    "employed there by name": {"employers": frozenset({"示例站"})},
    "above it": {"organisations": frozenset({ABOVE})},
    "below it": {"superiors": frozenset({PARTY})},
    STRANGER: {"organisations": frozenset({OTHER}), "units": frozenset({OTHER})},
}
BY_UNIT = {"in the unit", "in its branch", "employed there by name"}
BY_LINE = {"above it", "below it"}


def ruled(recusal):
    return made(lambda v: v.update(scoring={"panel": {"recusal": recusal}})).scoring.panel.recusal


@given(
    recusals, st.sampled_from([*TIES, *[STRANGER] * 6]), st.none() | st.dates(date(2016, 1, 1), date(2020, 2, 1)),
    st.none() | st.integers(1, 4), st.sampled_from(["示例甲某", "高峰", ""]), st.sampled_from(["", "师生关系"]),
)  # fmt: skip
def test_an_expert_is_kept_away_for_every_reason_the_definition_names(recusal, tie, left, ago, name, declared):
    """One reason after another, as the definition lists them; what only advises stands apart."""
    expert = ExpertTies(
        **TIES[tie], name=name, left={} if left is None else {UNIT: left}, reviewed={} if ago is None else {9: ago}
    )
    nominee = NomineeTies(UNIT, PARTY, frozenset({PARTY}), (ABOVE,), NAMES, nominee=9, text="示例甲某登上高峰。")
    says = {"same_unit": True, "same_party_line": True, "declared": True, "named_in_file": True,
            "former_employer_years": 3, "rotation_rounds": 1, "rotation": "avoid", **recusal}  # fmt: skip
    years = says["former_employer_years"]
    lately = left is not None and years > 0 and left > date(2020 - years, 2, 28)
    again = ago is not None and ago <= says["rotation_rounds"]
    kept = [
        says["declared"] and bool(declared),
        says["same_unit"] and (tie in BY_UNIT or lately),
        says["same_party_line"] and tie in BY_LINE,
        says["named_in_file"] and name == "示例甲某",
        says["rotation"] == "bar" and again,
    ]
    advised = (says["named_in_file"] and name == "高峰") or (says["rotation"] == "avoid" and again)
    rule = ruled(recusal)
    assert bool(conflict(rule, expert, nominee, ON, declared)) is any(kept)
    assert bool(caution(rule, expert, nominee)) is advised


@given(st.sampled_from(["replace", "join"]), st.lists(yes, min_size=1, max_size=6))
def test_a_second_panels_sheets_replace_the_first_ones_or_join_them(rule, seconds):
    definition = made(lambda v: v.update(scoring={"panel": {"second_panel": rule}}))
    case = {"definition": "", "sheets": [{"key": n, "second": second} for n, second in enumerate(seconds)]}
    inputs = {"definition": "it", "definitions": {"it": plain(definition)}}
    expected = [n for n, second in enumerate(seconds) if second or rule == "join" or not any(seconds)]
    assert [sheet["key"] for sheet in counted(inputs, case)] == expected


@given(yes)
def test_a_blind_panel_hides_the_unit(blind):
    panel = made(lambda v: v.update(scoring={"panel": {"blind": blind}})).scoring.panel
    shown = SimpleNamespace(blind=vars(Panel)["blind"].fget(SimpleNamespace(rules=panel)))
    row = SimpleNamespace(panel=shown, case=SimpleNamespace(unit=SimpleNamespace(name="示例站")))
    assert ("示例站" in vars(Assignment)["shown_unit"].fget(row)) is not blind


tenths = st.lists(st.integers(0, 10), min_size=5, max_size=5)


@given(tenths, st.lists(st.integers(0, 9), min_size=5, max_size=5), st.integers(1, 20), st.integers(1, 200))
def test_a_survey_is_the_mean_share_of_its_answers(worth, counts, least, full):
    """Answer by answer; fewer than asked for give nothing."""
    worth = sorted(worth, reverse=True)
    shares = [str(Decimal(n) / 10) for n in worth]
    definition = made(lambda v: v.update(scoring={"survey": {"shares": shares, "least_answers": least}}))
    answers = [Fraction(share, 10) for share, count in zip(worth, counts, strict=True) for _ in range(count)]
    points, told = survey_points(definition, Decimal(full), dict(zip((5, 4, 3, 2, 1), counts, strict=True)))
    assert points == (sum(answers) * full / len(answers) if len(answers) >= least else None)
    assert told.rule == "群众测评"
