"""Floors, bonuses, bands, majorities and tie-breaks with rules drawn at random, against a pocket calculator."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from tests.programmes.rules.making import faults, made

from xianfeng.programmes import rules
from xianfeng.programmes.rules import CaseInput, Row
from xianfeng.programmes.rules.schema.scoring import VoteRule

ON = date(2019, 11, 1)
MOST = {"a1": 25, "a2": 15, "b1": 20, "cs": 40}
sheets = st.fixed_dictionaries({code: st.integers(0, most).map(Decimal) for code, most in MOST.items()})
hundredths = st.integers(0, 100).map(lambda n: Decimal(n) / 100)
floors = st.fixed_dictionaries({
    "total": st.integers(0, 100).map(Decimal), "each_part": hundredths, "each_dimension": hundredths,
    "parts": st.dictionaries(st.sampled_from(["basic", "industry"]), hundredths), "exceed": st.booleans(),
})  # fmt: skip


def written(rule):
    """A rule as the office writes it: numbers in quotes."""
    if isinstance(rule, dict):
        return {key: written(value) for key, value in rule.items()}
    return str(rule) if isinstance(rule, Decimal) else rule


def case(sheet, own=None):
    return CaseInput("point", "stations", 2019, ON, sheets={"甲": sheet}, self_scores=own or {})


def shares(sheet):
    """Earned and full points of every part and dimension."""
    a, b, c = sheet["a1"] + sheet["a2"], sheet["b1"], sheet["cs"]
    return {"basic": (a + b, 60), "industry": (c, 40)}, {"a": (a, 40), "b": (b, 20), "c": (c, 40)}


def short(rule, sheet):
    """How many floors a sheet misses, counted by hand; a floor of nothing asks for nothing."""
    parts, dimensions = shares(sheet)
    lines = [(sum(sheet.values()), rule["total"])]
    lines += [(got, rule["parts"].get(code, rule["each_part"]) * full) for code, (got, full) in parts.items()]
    lines += [(got, rule["each_dimension"] * full) for got, full in dimensions.values()]
    return sum(1 for got, line in lines if line and (got <= line if rule["exceed"] else got < line))


@given(sheets, floors, sheets, st.integers(0, 100))
def test_every_floor_missed_is_counted(sheet, rule, own, self_total):
    scoring = {"floors": {**written(rule), "self_total": str(self_total)}}
    outcome = rules.evaluate(made(lambda v: v.update(scoring=scoring)), case(sheet, own))
    mine = sum(own.values())
    missed_own = self_total and (mine <= self_total if rule["exceed"] else mine < self_total)
    assert len(outcome.shortfalls) == short(rule, sheet) + bool(missed_own)
    assert outcome.passed is (not outcome.shortfalls)


@given(sheets, st.lists(st.tuples(st.integers(0, 100), floors), min_size=1, max_size=4, unique_by=lambda two: two[0]))
def test_the_grade_is_the_highest_band_reached_with_its_own_floors(sheet, drawn):
    drawn.sort(key=lambda two: -two[0])
    bands = [
        {"code": f"g{n}", "title": f"第{n}等", "at_least": str(least), "floors": written(rule)}
        for n, (least, rule) in enumerate(drawn)
    ]
    definition = made(lambda v: v.update(result={"kind": "grades", "bands": bands}))
    total = sum(sheet.values())
    reached = [n for n, (least, rule) in enumerate(drawn) if total >= least and not short(rule, sheet)]
    assert rules.evaluate(definition, case(sheet)).grade == (f"g{reached[0]}" if reached else None)
    for n in range(len(drawn)):
        below = f"g{n + 1}" if n + 1 < len(drawn) else None
        assert rules.lower_grade(definition, f"g{n}") == below


@given(sheets, st.integers(0, 10), st.none() | st.integers(0, 8), st.integers(0, 100))
def test_to_pass_is_to_miss_no_floor_whatever_the_rank(sheet, bonus, cap, line):
    """Bonuses lift the total up to their cap; without a quota or grades nothing but floors is asked."""

    def change(values):
        inside = values["standards"][0]["parts"][0]["versions"][0]["dimensions"][1]["indicators"]
        inside[1].update(points="10", step="1")
        values["result"] = {"kind": "pass"}
        values["scoring"] = {"floors": {"total": str(line)}} | ({} if cap is None else {"bonus_cap": str(cap)})

    outcome = rules.evaluate(made(change), case({**sheet, "extra": Decimal(bonus)}))
    total = sum(sheet.values()) + (bonus if cap is None else min(bonus, cap))
    assert outcome.total == total
    assert outcome.passed is (total >= line)
    assert (outcome.grade, outcome.trace[-1].rule) == (None, "评定结果")


@given(
    st.lists(st.integers(50, 100), min_size=1, max_size=12),
    st.none() | hundredths,
    st.none() | st.integers(0, 6),
    st.integers(60, 90),
)
def test_no_more_bear_a_grade_than_its_share_and_its_number_allow(totals, share, most, least):
    limits = ({} if share is None else {"share_cap": str(share)}) | ({} if most is None else {"most": most})
    top = {"code": "top", "title": "优", "at_least": str(least), **limits}
    rest = {"code": "rest", "title": "良", "at_least": "50"}
    definition = made(lambda v: v.update(result={"kind": "grades", "bands": [top, rest]}))
    rows = [Row(str(n), Decimal(total)) for n, total in enumerate(totals)]
    own: dict[str, str | None] = {row.key: "top" if row.total >= least else "rest" for row in rows}
    found = {one.key: one.grade for one in rules.award(definition, rules.rank(definition, rows, 0), own)}
    whole = len(rows) if share is None else int(share * len(rows))
    allowed = whole if most is None else min(whole, most)
    for row in rows:  # everyone of the top grade as long as all who did as well or better fit together
        as_good = sum(other.total >= row.total for other in rows)
        assert found[row.key] == ("top" if row.total >= least and as_good <= allowed else "rest")


ratios = st.tuples(st.integers(1, 5), st.integers(1, 5)).filter(lambda two: two[0] <= two[1])


@given(
    ratios, ratios, st.booleans(), st.sampled_from(["present", "members"]),
    st.lists(st.integers(0, 12), min_size=3, max_size=3), st.booleans(),
)  # fmt: skip
def test_a_vote_carries_with_a_quorum_and_the_majority_asked_for(quorum, majority, over, of, three, muddled):
    hands, present, members = three if muddled else sorted(three)
    rule = VoteRule(quorum="/".join(map(str, quorum)), majority="/".join(map(str, majority)), over=over, of=of)
    found = rules.vote(rule, members=members, present=present, in_favour=hands)
    quorate = present * quorum[1] >= quorum[0] * members
    mine, needed = hands * majority[1], majority[0] * (present if of == "present" else members)
    enough = mine > needed if over else mine >= needed
    assert found.carried is (members > 0 and hands <= present <= members and quorate and enough)
    elected = rules.elect(rule, members=members, present=present, votes={"甲": min(hands, present)}, places=1)
    assert elected.elected == (("甲",) if rules.vote(
        rule, members=members, present=present, in_favour=min(hands, present)).carried else ())  # fmt: skip


small = st.integers(0, 2)
rows = st.lists(
    st.builds(
        Row,
        key=st.uuids().map(str),
        total=small.map(Decimal),
        parts=small.map(lambda n: {"basic": Decimal(n), "industry": Decimal(2 - n)}),
        dimensions=small.map(lambda n: {("basic", "a"): Decimal(n), ("basic", "b"): Decimal(2 - n)}),
        self_total=st.none() | small.map(Decimal),
        panel_median=st.none() | small.map(Decimal),
        superior_score=st.none() | small.map(Decimal),
        survey_score=st.none() | small.map(Decimal),
        superior_rank=st.none() | small,
        votes=st.none() | small,
        submitted_at=st.none() | small.map(lambda n: datetime(2019, 11, 1 + n, tzinfo=UTC)),
        lot=st.none() | small,
    ),
    max_size=8,
)
MORE_IS_BETTER = {
    "self_total": "self_total", "panel_median": "panel_median", "superior": "superior_score",
    "survey": "survey_score", "votes": "votes",
}  # fmt: skip
LESS_IS_BETTER = {"superior_rank": "superior_rank", "earliest": "submitted_at", "lot": "lot"}
TIES = [
    *({"by": "part", "part": part} for part in ("basic", "industry")),
    *({"by": "dimension", "part": "basic", "dimension": dimension} for dimension in ("a", "b")),
    *({"by": by} for by in (*MORE_IS_BETTER, *LESS_IS_BETTER)),
]


def before(tie, one, other):
    """Whether a tie-break puts ``one`` before ``other``, as a person would read it; None when it cannot tell."""
    if tie["by"] in LESS_IS_BETTER:
        mine, theirs = (getattr(row, LESS_IS_BETTER[tie["by"]]) for row in (one, other))
        if mine == theirs:
            return None
        return theirs is None or (mine is not None and mine < theirs)
    if tie["by"] == "part":
        mine, theirs = (row.parts[tie["part"]] for row in (one, other))
    elif tie["by"] == "dimension":
        mine, theirs = (row.dimensions[tie["part"], tie["dimension"]] for row in (one, other))
    else:
        mine, theirs = (getattr(row, MORE_IS_BETTER[tie["by"]]) or 0 for row in (one, other))
    return None if mine == theirs else mine > theirs


def ahead(ties, one, other):
    if one.total != other.total:
        return one.total > other.total
    told = [before(tie, one, other) for tie in ties]
    return next((answer for answer in told if answer is not None), False)


@given(rows, st.lists(st.sampled_from(TIES), max_size=3), st.integers(0, 4), st.integers(0, 3))
def test_ties_are_broken_by_the_rules_in_the_order_written(given_rows, ties, places, reserve):
    definition = made(lambda v: v.update(scoring={"tie_breaks": ties}, result={"kind": "quota", "reserve": reserve}))
    found = {row.key: row for row in rules.rank(definition, given_rows, places)}
    for row in given_rows:
        better = sum(ahead(ties, other, row) for other in given_rows)
        level = sum(not ahead(ties, other, row) and not ahead(ties, row, other) for other in given_rows)
        one = found[row.key]
        assert one.rank == better + 1
        assert one.inside is (better + level <= places)
        assert one.undecided is (better < places < better + level)
        assert one.reserve is (places <= better < places + reserve)


@given(st.integers(0, 30), st.integers(100, 300))
def test_candidates_are_places_times_the_margin_rounded_up(places, hundred):
    definition = made(lambda v: v.update(result={"kind": "quota", "margin": str(Decimal(hundred) / 100)}))
    called = rules.candidates(definition, places)
    assert called - 1 < Fraction(places * hundred, 100) <= called


@given(st.integers(1, 9), st.integers(1, 9))
def test_as_many_sheets_are_asked_for_as_there_are_experts_at_most(experts, least):
    found = faults(lambda v: v.update(scoring={"panel": {"experts_per_case": experts, "least_sheets": least}}))
    assert bool(found) is (least > experts)


def central(marks, kind, drop, least):
    """Mean, middle, or mean without so many at either end once there are enough, mark by mark."""
    marks = sorted(marks)
    if kind == "median":
        half = len(marks) // 2
        return marks[half] if len(marks) % 2 else (marks[half - 1] + marks[half]) / 2
    if kind == "trimmed_mean" and len(marks) >= least:
        for _ in range(drop):
            marks = marks[1:-1]
    return sum(marks) / len(marks)


@st.composite
def panels(draw):
    """How sheets are joined, and about as many sheets as it takes to set some aside."""
    drop = draw(st.integers(1, 3))
    least = 2 * drop + draw(st.integers(1, 3))
    count = least + draw(st.integers(-2, 2))
    kind = draw(st.sampled_from(["mean", "trimmed_mean", "median", "trimmed_mean"]))
    of = draw(st.sampled_from(["total", "indicator"]))
    how = {"kind": kind, "of": of, "drop": drop, "min_panel": least}
    return how, draw(st.lists(sheets, min_size=count, max_size=count))


@given(panels())
def test_sheets_are_joined_whole_or_item_by_item(given_panel):
    how, given_sheets = given_panel
    definition = made(lambda v: v.update(scoring={"aggregation": how}))
    named = {f"专家{n}": sheet for n, sheet in enumerate(given_sheets)}
    found = rules.panel_score(definition, definition.standard("point", "stations"), named)
    rule = how["kind"], how["drop"], how["min_panel"]
    items = [central([Fraction(one[code]) for one in given_sheets], *rule) for code in MOST]
    whole = central([Fraction(sum(one.values())) for one in given_sheets], *rule)
    assert found.exact == (whole if how["of"] == "total" else sum(items))
