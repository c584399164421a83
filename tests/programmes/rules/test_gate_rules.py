"""Gates, windows, eligibility and triggers with every key drawn at random, against counting by hand."""

from calendar import monthrange
from datetime import date
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st
from tests.programmes.rules.making import faults, made

from xianfeng.programmes import rules
from xianfeng.programmes.rules import CaseInput, Fact, NomineeFacts
from xianfeng.registry import rules as ledger

ON, YEAR = date(2020, 6, 15), 2020
KINDS = ("honour", "accident", "appraisal", "rating")
ABOUT = ("unit", "nominee", "project_supervised")
TAGS = ("engineering", "personal", "team")
ORDERS = {
    "level_at_least": ("level", list(ledger.LEVELS)),
    "grade_at_least": ("grade", list(ledger.ACCIDENT_GRADES)),
    "result_at_least": ("result", list(ledger.APPRAISAL_RESULTS)),
}


def subsets(words, least=0):
    return st.lists(st.sampled_from(words), unique=True, min_size=least)


def word(order):
    return st.sampled_from(["", *order])


facts = st.lists(
    st.builds(
        Fact,
        id=st.integers(0, 5).map(str),
        about=st.sampled_from(ABOUT),
        kind=st.sampled_from(KINDS),
        happened_on=st.dates(date(2017, 1, 1), date(2021, 1, 1)),
        level=word(ledger.LEVELS), grade=word(ledger.ACCIDENT_GRADES), result=word(ledger.APPRAISAL_RESULTS),
        stars=st.none() | st.integers(1, 5),
        tags=st.frozensets(st.sampled_from(TAGS)),
        valid_until=st.none() | st.dates(date(2019, 1, 1), date(2022, 1, 1)),
        rectified=st.booleans(),
        year=st.none() | st.integers(2017, 2020),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda fact: fact.id,
)  # fmt: skip
windows = st.one_of(
    st.sampled_from(["application_year", "previous_year", "calendar_year", "in_force", "any"]).map(
        lambda kind: {"kind": kind}
    ),
    st.integers(1, 40).map(lambda n: {"kind": "months", "months": n}),
    st.integers(1, 4).map(lambda n: {"kind": "years", "years": n}),
)
degrees = {key: st.sampled_from(order) for key, (_, order) in ORDERS.items()} | {"stars_at_least": st.integers(1, 5)}
standings = st.lists(st.sampled_from(sorted(degrees)), min_size=1, max_size=2, unique=True).flatmap(
    lambda keys: st.fixed_dictionaries({key: degrees[key] for key in keys})
)
NARROWER = {
    "kinds": subsets(KINDS, 1), "about": subsets(ABOUT, 1), "tags": subsets(TAGS, 1), "window": windows,
    "standing": standings,
    "exceptions": st.just({"rectified": True}) | subsets(TAGS, 1).map(lambda tags: {"tags": tags}),
}  # fmt: skip


@st.composite
def filters(draw):
    """A filter that says two things at most, so that each condition decides often enough."""
    said = draw(st.lists(st.sampled_from(sorted(NARROWER)), max_size=2, unique=True))
    return {"kinds": list(KINDS), "about": list(ABOUT), **{key: draw(NARROWER[key]) for key in said}}


def gated(test, **more):
    return made(lambda v: v.update(gates=[{"code": "g", "title": "门", "test": test, **more}]))


def judged(definition, given_facts, *, on=ON, year=YEAR, nominee=None, group="stations"):
    return rules.evaluate_gates(
        definition, category="point", group=group, facts=given_facts, nominee_facts=nominee or NomineeFacts(),
        on=on, year=year,
    )  # fmt: skip


def in_window(window, fact, on, year):
    """Read off the documentation, kind by kind; a fact that names its year counts by that year in whole years."""
    kind, known = window["kind"], fact.happened_on <= on
    years = {
        "application_year": (year, year), "previous_year": (year - 1, year - 1), "calendar_year": (on.year, on.year),
        "years": (year - window.get("years", 1) + 1, year),
    }  # fmt: skip
    if kind in years:
        first, last = years[kind]
        if fact.year is not None:
            return first <= fact.year <= last
        return known and first <= fact.happened_on.year <= last
    if kind == "months":
        # the 31st some months ago is the last day there was: compare by month and day, not through shorter months
        month = on.year * 12 + on.month - 1 - window["months"]
        there = fact.happened_on.year * 12 + fact.happened_on.month - 1
        last = monthrange(month // 12, month % 12 + 1)[1]
        return known and (there, fact.happened_on.day) >= (month, min(on.day, last))
    if kind == "in_force":
        return known and (fact.valid_until is None or fact.valid_until >= on)
    return known


def speaks(wanted, fact, on=ON, year=YEAR):
    """Every condition but the degree."""
    left_out = wanted.get("exceptions", {})
    return (
        fact.kind in wanted["kinds"]
        and fact.about in wanted["about"]
        and ("tags" not in wanted or any(tag in fact.tags for tag in wanted["tags"]))
        and in_window(wanted.get("window", {"kind": "any"}), fact, on, year)
        and not (left_out.get("rectified") and fact.rectified)
        and not any(tag in fact.tags for tag in left_out.get("tags", ()))
    )


def high_enough(wanted, fact):
    for key, least in wanted.get("standing", {}).items():
        if key == "stars_at_least":
            if fact.stars is None or fact.stars < least:
                return False
        else:
            name, order = ORDERS[key]
            if getattr(fact, name) not in order or order.index(getattr(fact, name)) < order.index(least):
                return False
    return True


@given(facts, filters(), st.integers(0, 1), st.dates(date(2018, 1, 1), date(2021, 6, 30)), st.integers(2018, 2021))
def test_none_of_fails_above_the_number_let_pass(given_facts, wanted, most, on, year):
    [found] = judged(gated({"kind": "none_of", "facts": wanted, "most": most}), given_facts, on=on, year=year)
    counted = {fact.id for fact in given_facts if speaks(wanted, fact, on, year) and high_enough(wanted, fact)}
    assert found.state == ("failed" if len(counted) > most else "met")
    assert set(found.fact_ids) == counted


@given(facts, filters(), st.integers(1, 3))
def test_at_least_is_met_from_the_number_on_by_what_is_still_valid(given_facts, wanted, count):
    [found] = judged(gated({"kind": "at_least", "facts": wanted, "count": count}), given_facts)
    proving = {
        fact.id
        for fact in given_facts
        if speaks(wanted, fact) and high_enough(wanted, fact) and (fact.valid_until is None or fact.valid_until >= ON)
    }
    assert found.state == ("met" if len(proving) >= count else "unproven")
    assert set(found.fact_ids) == proving


@given(facts, filters(), standings)
def test_the_best_one_decides(given_facts, wanted, standing):
    wanted["standing"] = standing
    [found] = judged(gated({"kind": "best_at_least", "facts": wanted}), given_facts)
    told = [f for f in given_facts if speaks(wanted, f) and (f.valid_until is None or f.valid_until >= ON)]
    good = [fact for fact in told if high_enough(wanted, fact)]
    assert found.state == ("met" if good else "failed" if told else "unproven")


counts = st.none() | st.integers(0, 9)


@given(counts, counts, st.none() | st.booleans(), st.integers(0, 6), st.none() | st.integers(0, 10), st.booleans())
def test_staff_and_members_among_them(staff, members, leader, least, tenths, either):
    assume(staff is None or members is None or members <= staff)
    test = {"kind": "facility", "staff_at_least": least, "or_leader_is_member": either}
    if tenths is not None:
        test["member_share_at_least"] = str(Decimal(tenths) / 10)
    nominee = NomineeFacts(staff=staff, members=members, leader_is_member=leader)
    [found] = judged(gated(test), [], nominee=nominee)
    enough_staff = None if staff is None else staff >= least
    by_leader = leader if either else False
    by_share = None if members is None or staff is None else staff > 0 and 10 * members >= (tenths or 0) * staff
    # one of two ways will do; open as long as one of them is not known and the other does not hold
    party = True if tenths is None or by_leader or by_share else None if None in (by_leader, by_share) else False
    both = (enough_staff, party)
    assert found.state == ("failed" if enough_staff is False else "unproven" if None in both
                           else "met" if all(both) else "failed")  # fmt: skip


NONE = {"kind": "none_of", "facts": {"kinds": ["accident"], "about": ["unit"]}}
PROOF = {"kind": "at_least", "facts": {"kinds": ["honour"], "about": ["unit"]}}
SHEET = {"a1": Decimal(25), "a2": Decimal(15), "b1": Decimal(20), "cs": Decimal(40)}


@given(
    st.sampled_from(["veto", "cap", "flag"]), st.sampled_from(["pending", "failed", "waived"]),
    st.sampled_from([NONE, PROOF]), st.booleans(), st.integers(1, 99), st.sampled_from(["", "points", "grade"]),
)  # fmt: skip
def test_what_follows_from_a_gate(effect, unproven, test, holds, points, cap):
    """Effect × meaning of lack of proof × state: who may submit, who may pass, who is capped and who is flagged."""
    assume((effect == "cap") == bool(cap))

    def change(values):
        capped = {"points": str(points)} if cap == "points" else {"grade": "low"}
        more = {"cap": capped} if cap else {}
        values["gates"] = [{"code": "g", "title": "门", "test": test, "effect": effect, "unproven": unproven, **more}]
        bands = [{"code": "high", "title": "高", "at_least": "90"}, {"code": "low", "title": "低", "at_least": "0"}]
        values["result"] = {"kind": "grades", "bands": bands}

    kind = "honour" if test is PROOF else "accident"
    told = (Fact("f", "unit", kind, ON),) if holds is (test is PROOF) else ()
    outcome = rules.evaluate(made(change), CaseInput("point", "stations", 2020, ON, facts=told, sheets={"甲": SHEET}))
    [gate] = outcome.gates
    state = "met" if holds else "unproven" if test is PROOF else "failed"
    fine = holds or (state == "unproven" and unproven == "waived")
    waits = state == "unproven" and unproven == "pending" and effect == "veto"
    vetoed = not fine and not waits and effect == "veto"
    assert (gate.state, gate.holds, gate.flagged) == (state, fine, not fine)
    assert (gate.vetoes, outcome.vetoed, gate.pending) == (vetoed, vetoed, waits)
    assert outcome.total == (points if cap == "points" and not fine else 100)
    assert outcome.grade == ("low" if (cap == "grade" and not fine) or outcome.total < 90 else "high")


both = st.sampled_from(["stations", "members"])


@given(st.lists(both, unique=True), st.lists(st.sampled_from(["point", "other"]), unique=True), both)
def test_a_gate_concerns_the_categories_and_groups_it_names_or_all(groups, categories, group):
    def change(values):
        values["categories"].append({"code": "other", "title": "另一类", "nominee": "member"})
        values["standards"].append({**values["standards"][0], "category": "other"})
        values["gates"] = [{"code": "g", "title": "门", "test": NONE, "groups": groups, "categories": categories}]

    concerned = (not groups or group in groups) and (not categories or "point" in categories)
    assert bool(judged(made(change), [], group=group)) is concerned


@given(st.sampled_from(["", "self", "superior", "panel", "survey"]), st.sampled_from(["", "basic", "industry"]),
       st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))  # fmt: skip
def test_a_gate_on_scores_looks_at_one_source_or_one_part(source, part, share, basic, industry):
    """``b1`` is 20 of the 60 points of its part and ``cs`` 40 of 40; what others give is a total of 100."""
    test = {"kind": "score_at_least", "share": str(Decimal(share) / 20)}
    test |= ({"source": source} if source else {}) | ({"part": part} if part else {})
    if bool(source) == bool(part):
        assert faults(lambda v: v.update(gates=[{"code": "g", "title": "门", "test": test}]))
        return
    sheet = {"a1": Decimal(0), "a2": Decimal(0), "b1": Decimal(basic), "cs": Decimal(2 * industry)}
    own = {**SHEET, "b1": Decimal(basic)}
    case = CaseInput("point", "stations", 2020, ON, sheets={"甲": sheet}, self_scores=own,
                     superior=Decimal(5 * basic), survey=Decimal(5 * industry))  # fmt: skip
    reached = {
        "self": Decimal(80 + basic) / 100, "superior": Decimal(basic) / 20, "survey": Decimal(industry) / 20,
        "panel": Decimal(basic + 2 * industry) / 100,
    }[source] if source else (Decimal(basic) / 60 if part == "basic" else Decimal(industry) / 20)  # fmt: skip
    [found] = rules.evaluate(gated(test, effect="flag"), case).gates
    close = part == "basic" and basic * 20 == share * 60  # a sixtieth has no decimals: decided exactly
    assert found.state == ("met" if close or reached >= Decimal(share) / 20 else "failed")


@given(facts, filters())
def test_the_first_trigger_a_fact_meets_opens_a_reassessment(given_facts, wanted):
    triggers = [
        {"code": "written", "title": "写明的", "facts": wanted},
        {"code": "any", "title": "任何事故", "facts": {"kinds": ["accident"], "about": list(ABOUT)}},
    ]
    definition = made(lambda v: v["title_life"].update(triggers=triggers))
    for fact in given_facts:
        meets = speaks(wanted, fact) and high_enough(wanted, fact)
        other = fact.kind == "accident" and fact.happened_on <= ON
        assert rules.triggered_by(definition, fact, on=ON) == ("written" if meets else "any" if other else None)


KNOWN = {
    "organisation_kinds": ("party_branch", "party_group", "cell"), "service_point_kinds": ("window", "crew", "booth"),
    "member_status": ("full", "probationary", "guest"),
}  # fmt: skip


@given(
    st.fixed_dictionaries({key: subsets(words) for key, words in KNOWN.items()}),
    st.lists(both, unique=True), st.booleans(), both,
    st.fixed_dictionaries({key: st.none() | st.sampled_from(words) for key, words in KNOWN.items()}),
    st.none() | st.booleans(),
)  # fmt: skip
def test_eligibility_is_every_condition_that_is_written(allowed, groups, in_post, group, given_kinds, posted):
    """An empty condition limits nothing; what is not on record does not meet one; each miss is a sentence."""

    def change(values):
        values["vocabulary"] = {
            "party_kinds": {"cell": "小组"}, "service_point_kinds": {"booth": "亭"}, "member_statuses": {"guest": "客"},
        }  # fmt: skip
        values["categories"][0]["eligibility"] = {**allowed, "groups": groups, "in_post": in_post}

    definition = made(change)
    nominee = NomineeFacts(
        organisation_kind=given_kinds["organisation_kinds"], service_point_kind=given_kinds["service_point_kinds"],
        member_status=given_kinds["member_status"], in_post=posted,
    )  # fmt: skip
    misses = sum(bool(words) and given_kinds[key] not in words for key, words in allowed.items())
    misses += (bool(groups) and group not in groups) + (in_post and not posted)
    statuses = definition.vocabulary.member_statuses
    assert len(rules.check_eligibility(definition.category("point"), group, nominee, statuses)) == misses
    outcome = rules.evaluate(definition, CaseInput("point", group, 2020, ON, nominee=nominee))
    assert outcome.vetoed is bool(misses)


@given(st.sampled_from(["organisation", "service_point", "member"]), st.booleans())
def test_staff_is_asked_of_service_points_only(nominee, concerned):
    """A gate on staff that would concern anything else is refused when the definition is checked."""

    def change(values):
        values["categories"].append({"code": "other", "title": "另一类", "nominee": nominee})
        values["standards"].append({**values["standards"][0], "category": "other"})
        gate = {"code": "g", "title": "门", "test": {"kind": "facility", "staff_at_least": 3}}
        values["gates"] = [gate if concerned else {**gate, "categories": ["point"]}]

    assert bool(faults(change)) is (concerned and nominee != "service_point")
