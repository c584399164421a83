"""The life of a title, places, elections: each against a naive re-implementation."""

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from tests.programmes.rules.making import faults, made

from xianfeng.programmes import rules
from xianfeng.programmes.rules.schema.scoring import VoteRule

days = st.dates(date(2015, 1, 1), date(2024, 12, 31))
months = st.integers(1, 60)


def later(day, count):
    """So many months later, one month at a time; a day that does not exist gives way to the last that does."""
    year, month = day.year, day.month
    for _ in range(count):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    wanted = day.day
    while True:
        try:
            return date(year, month, wanted)
        except ValueError:
            wanted -= 1


def living(**life):
    return made(lambda v: v.update(title_life={"applies_to": ["tier1"], **life}))


@given(days, months, months, months)
def test_reassessment_validity_and_renewal_fall_on_the_days_a_calendar_gives(named, every, valid, before):
    definition = living(reassessment_months=every, validity_months=valid, renewal_months_before=before)
    assert rules.reassessment_due(definition, tier="tier1", since=named) == later(named, every)
    assert rules.reassessment_due(definition, tier="tier2", since=named) is None
    last = rules.valid_until(definition, named_on=named)
    assert last == later(named, valid) - timedelta(days=1)
    opens = rules.renewal_from(definition, named_on=named)
    assert opens is not None
    assert opens <= later(named, valid)
    assert abs((later(opens, before) - later(named, valid)).days) <= 3  # months end on different days


def test_what_is_not_said_never_falls_due():
    definition = living(reassessment_months=None)
    assert rules.reassessment_due(definition, tier="tier1", since=date(2020, 1, 1)) is None
    assert rules.valid_until(definition, named_on=date(2020, 1, 1)) is None
    assert rules.renewal_from(definition, named_on=date(2020, 1, 1)) is None
    assert rules.self_checks(definition, named_on=date(2020, 1, 1), until=date(2030, 1, 1)) == []
    assert rules.next_sanction(definition, []) is None


@given(days, st.integers(1, 30), st.integers(0, 3000))
def test_self_checks_come_round_by_months(named, every, span):
    definition = living(self_check={"every_months": every})
    until = named + timedelta(days=span)
    expected, turn = [], 1
    while later(named, every * turn) <= until:
        expected.append(later(named, every * turn))
        turn += 1
    assert rules.self_checks(definition, named_on=named, until=until) == expected


@given(days, st.integers(1, 12), st.integers(1, 28), st.integers(1, 2), st.integers(0, 3000))
def test_self_checks_come_round_by_a_day_of_the_year(named, month, day, years, span):
    definition = living(self_check={"every_months": 12 * years, "by_month": month, "by_day": day})
    until = named + timedelta(days=span)
    wanted = [date(year, month, day) for year in range(named.year + years, until.year + 1, years)]
    found = rules.self_checks(definition, named_on=named, until=until)
    assert found == [one for one in wanted if one <= until]


@given(days, st.lists(days, max_size=6), st.integers(0, 2500))
def test_a_self_check_is_missed_when_nothing_came_between_two_due_days(named, done, span):
    definition = living(self_check={"every_months": 12, "on_missed": "revoked"})
    on = named + timedelta(days=span)
    due = [later(named, 12 * turn) for turn in range(1, 9)]
    expected = [
        one
        for before, one in zip([named, *due], due, strict=False)
        if one < on and not [day for day in done if before < day <= one]
    ]
    found = rules.missed_self_checks(definition, named_on=named, done=done, on=on)
    assert [one.due for one in found] == expected
    assert all(one.consequence == "revoked" and "称号终止" in one.sentence for one in found)


@given(days, months, days)
def test_one_may_return_and_be_upgraded_after_the_months_asked_for(since, count, on):
    definition = living(waiting_months=count, upgrade_after_months=count)
    assert rules.may_return_on(definition, revoked_on=since) == later(since, count)
    assert bool(rules.upgrade_faults(definition, held_since=since, on=on)) == (on < later(since, count))


CAUSES = ("fraud", "crime", "quarrel")


@given(days, months, st.dictionaries(st.sampled_from(CAUSES), st.none() | months), st.sampled_from(["", *CAUSES]))
def test_a_cause_that_is_named_has_its_own_waiting_time_or_no_end(since, general, own, cause):
    listed = [{"code": code, "title": code} | ({"months": n} if n else {}) for code, n in own.items()]
    definition = living(waiting_months=general, waiting_by_cause=listed)
    wait = own.get(cause, general)
    expected = None if wait is None else later(since, wait)
    assert rules.may_return_on(definition, revoked_on=since, cause=cause) == expected


@given(st.sampled_from(["review", "transfer", "end"]), st.booleans())
def test_a_merged_units_title_is_carried_on_only_where_there_is_a_successor(rule, successor):
    found = rules.merged_fate(living(on_merged=rule), successor=successor)
    assert found.rule == ("end" if rule == "transfer" and not successor else rule)
    told = {"review": "启动复评", "transfer": "由承继单位保留", "end": "称号终止"}
    assert told[found.rule] in found.sentence
    assert ("没有承继单位" in found.sentence) is not successor


@given(st.none() | st.sampled_from(["revoke", "review", "keep"]))
def test_what_is_drawn_from_a_lost_title_follows_as_said_and_is_reviewed_unsaid(rule):
    found = rules.source_lost_fate(living(on_source_lost={"tier2": rule} if rule else {}), tier="tier2")
    told = {"revoke": "随之撤销", "review": "启动复评", "keep": "本称号保留"}
    assert found.rule == (rule or "review")
    assert found.sentence.startswith("所依据的“一级”称号已失效")
    assert told[found.rule] in found.sentence


GRADES = ("five", "four", "three")
FIRST = date(2020, 1, 1)


def graded(**life):
    bands = [{"code": code, "title": code, "at_least": str(90 - 10 * n)} for n, code in enumerate(GRADES)]
    return made(
        lambda v: v.update(result={"kind": "grades", "bands": bands}, title_life={"applies_to": ["tier1"], **life})
    )


@given(days, st.none() | months, st.dictionaries(st.sampled_from(GRADES), months), st.sampled_from(["", *GRADES]))
def test_a_grades_own_validity_goes_before_the_general_one(named, general, by_grade, grade):
    definition = graded(validity_by_grade=by_grade, **({} if general is None else {"validity_months": general}))
    count = by_grade.get(grade, general)
    expected = None if count is None else later(named, count) - timedelta(days=1)
    assert rules.valid_until(definition, named_on=named, grade=grade or None) == expected


@given(st.booleans(), st.sampled_from(GRADES), st.sampled_from(GRADES))
def test_grades_are_climbed_one_by_one_where_the_programme_says_so(stepwise, grade, wanted):
    found = rules.upgrade_faults(
        graded(upgrade_one_grade=stepwise), held_since=FIRST, on=FIRST, grade=grade, wanted=wanted
    )
    assert bool(found) is (stepwise and GRADES.index(grade) - GRADES.index(wanted) > 1)


RUNGS = ("warning", "rectification", "downgrade", "suspension", "revocation")


@given(st.permutations(RUNGS), st.integers(1, 5), st.none() | months, days, st.sets(st.sampled_from(RUNGS)))
def test_a_ladder_is_climbed_in_its_own_order_and_a_rung_lasts_its_months(order, length, count, since, standing):
    ladder = [{"code": code, "title": code} | ({} if count is None else {"months": count}) for code in order[:length]]
    definition = living(sanctions=ladder)
    heights = [n for n, code in enumerate(order[:length]) if code in standing]
    found = rules.next_sanction(definition, sorted(standing))
    assert found is not None
    assert found.code == order[min(max(heights) + 1, length - 1) if heights else 0]
    until = rules.sanction_until(definition, order[0], since=since)
    assert until == (None if count is None else later(since, count) - timedelta(days=1))


@given(st.sets(st.sampled_from(["tier1", "tier2"]), min_size=1), days, months)
def test_only_titles_of_the_tiers_named_are_reassessed(tiers, since, every):
    definition = made(lambda v: v.update(title_life={"applies_to": sorted(tiers), "reassessment_months": every}))
    for tier in ("tier1", "tier2"):
        due = rules.reassessment_due(definition, tier=tier, since=since)
        assert due == (later(since, every) if tier in tiers else None)


MEANS = {
    "remind": "逾期催办",
    "not_accepted": "不予受理",
    "withdrawn": "视为放弃",
    "failed": "视为不合格",
    "revoked": "称号终止",
}


@given(st.sampled_from(sorted(MEANS)), st.integers(1, 24), days)
def test_what_a_missed_self_check_means_is_told(consequence, every, named):
    definition = living(self_check={"every_months": every, "on_missed": consequence})
    [missed] = rules.missed_self_checks(definition, named_on=named, done=[], on=later(named, every) + timedelta(days=1))
    assert (missed.due, missed.consequence) == (later(named, every), consequence)
    assert MEANS[consequence] in missed.sentence


# --- places ------------------------------------------------------------------------------------------------------

CATEGORIES = ("a", "b", "c")


def sharing(unused, quotas, over_by=0):
    def change(values):
        base = values["standards"][0]
        values["categories"] = [{"code": c, "title": c, "nominee": "service_point"} for c in CATEGORIES]
        values["standards"] = [{**base, "category": c} for c in CATEGORIES]
        values["rounds"] = [
            {"year": 2019 + i, "quotas": {"tier1": dict(zip(CATEGORIES, row, strict=True))}}
            for i, row in enumerate(quotas)
        ]
        values["result"] = {"kind": "quota", "unused": unused, "over_by": over_by}

    return made(change)


triples = st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6))
three_years = st.lists(triples, min_size=3, max_size=3)


@given(three_years, triples)
def test_unused_places_go_to_categories_that_can_fill_them(quotas, demand):
    wanted = dict(zip(CATEGORIES, demand, strict=True))
    found = rules.places(sharing("other_category", quotas), tier="tier1", year=2019, used={}, demand=wanted)
    own = dict(zip(CATEGORIES, quotas[0], strict=True))
    left = dict(own)
    for taker in CATEGORIES:  # place by place, from the first that has one to spare
        while left[taker] < wanted[taker]:
            giver = next((c for c in CATEGORIES if left[c] > wanted[c] and own[c] > wanted[c]), None)
            if giver is None:
                break
            left[giver] -= 1
            left[taker] += 1
    assert {one.category: one.total for one in found} == left
    assert sum(one.total for one in found) == sum(own.values())


@given(three_years, three_years)
def test_unused_places_go_to_the_next_round(quotas, taken):
    used = {(2019 + i, c): n for i, row in enumerate(taken[:2]) for c, n in zip(CATEGORIES, row, strict=True)}
    found = rules.places(sharing("next_round", quotas), tier="tier1", year=2021, used=used, demand={})
    for k, one in enumerate(found):
        after_first = max(quotas[0][k] - taken[0][k], 0)
        after_second = max(after_first + quotas[1][k] - taken[1][k], 0)
        assert (one.quota, one.carried, one.total) == (quotas[2][k], after_second, quotas[2][k] + after_second)
    lapsed = rules.places(sharing("lapse", quotas), tier="tier1", year=2021, used=used, demand={})
    assert [one.total for one in lapsed] == list(quotas[2])


SPLIT = ("stations", "members")
halves = st.tuples(st.integers(0, 6), st.integers(0, 6))


def splitting(quotas, split, unused, year=2021):
    """As ``sharing``, the first category's places of one year given out by applicant group."""
    whole = [(sum(split), *row[1:]) if 2019 + i == year else row for i, row in enumerate(quotas)]
    values = json.loads(rules.canonical(sharing(unused, whole)))
    by_year = next(one for one in values["rounds"] if one["year"] == year)
    by_year["group_quotas"] = {"tier1": {"a": dict(zip(SPLIT, split, strict=True))}}
    return rules.restore(json.dumps(values))


@given(three_years, halves, triples, three_years, st.sampled_from(["lapse", "next_round", "other_category"]))
def test_split_places_are_each_groups_own_and_pass_to_nobody(quotas, split, demand, taken, unused):
    definition = splitting(quotas, split, unused)
    used = {(2019 + i, c): n for i, row in enumerate(taken[:2]) for c, n in zip(CATEGORIES, row, strict=True)}
    wanted = dict(zip(CATEGORIES, demand, strict=True))
    found = {one.key: one for one in rules.places(definition, tier="tier1", year=2021, used=used, demand=wanted)}
    assert list(found) == ["a/stations", "a/members", "b", "c"]
    assert [found[f"a/{group}"].total for group in SPLIT] == list(split)
    assert definition.quota("tier1", "a", 2021) == sum(split)
    assert [definition.pool("tier1", "a", group, 2021).key for group in SPLIT] == ["a/stations", "a/members"]
    assert definition.pool("tier1", "b", "members", 2021).key == "b"
    if unused == "other_category":  # the others share among themselves alone
        assert found["b"].total + found["c"].total == quotas[2][1] + quotas[2][2]


@given(three_years, halves, three_years)
def test_nothing_outlives_a_year_that_split_its_places(quotas, split, taken):
    definition = splitting(quotas, split, "next_round", year=2020)
    used = {(2019 + i, c): n for i, row in enumerate(taken[:2]) for c, n in zip(CATEGORIES, row, strict=True)}
    first = next(one for one in rules.places(definition, tier="tier1", year=2021, used=used, demand={}))
    assert (first.key, first.carried) == ("a", 0)


@given(st.integers(0, 20), halves, st.sampled_from([(), ("stations",), ("members",)]))
def test_split_places_add_up_and_go_to_groups_that_may_nominate(whole, split, only):
    def change(values):
        values["categories"][0]["eligibility"] = {"groups": list(only)}
        values["rounds"][0]["quotas"] = {"tier1": {"point": whole}}
        values["rounds"][0]["group_quotas"] = {"tier1": {"point": dict(zip(SPLIT, split, strict=True))}}

    barred = [group for group, number in zip(SPLIT, split, strict=True) if number and only and group not in only]
    found = faults(change)
    assert len([one for one in found if "不能分给名额" in one]) == len(barred)
    assert any("合计" in one for one in found) is (sum(split) != whole)


@given(st.integers(0, 20), st.integers(0, 25), st.integers(0, 3), st.booleans())
def test_going_over_needs_leave_and_a_reason(places, named, over_by, reasoned):
    definition = sharing("lapse", [(1, 1, 1)] * 3, over_by)
    sentence = rules.overrun(definition, places=places, named=named, reason="审议决定" if reasoned else " ")
    fine = named <= places or (named <= places + over_by and reasoned)
    assert (sentence == "") is fine


# --- margin, elections -------------------------------------------------------------------------------------------


@given(st.integers(0, 30), st.sampled_from(["1", "1.2", "1.25", "1.5", "2"]), st.integers(0, 40))
def test_the_margin_calls_for_more_candidates_than_places(places, margin, standing):
    definition = made(lambda v: v.update(result={"kind": "quota", "margin": margin}))
    called = rules.candidates(definition, places)
    assert called - 1 < Fraction(margin) * places <= called
    rows = [rules.Row(str(i), Decimal(100 - i)) for i in range(standing)]
    ranked = rules.rank(definition, rows, places)
    assert [row.shortlisted for row in ranked] == [row.rank <= called for row in ranked]
    short = called > places and standing < called
    assert bool(rules.contested(definition, ranked, places)) is short


@given(
    st.integers(1, 20),
    st.integers(0, 6),
    st.dictionaries(st.sampled_from("甲乙丙丁戊己"), st.integers(0, 20)),
    st.booleans(),
)
def test_the_elected_have_the_majority_and_the_most_votes(present, places, votes, over):
    votes = {key: min(count, present) for key, count in votes.items()}
    found = rules.elect(
        VoteRule(quorum="1/2", majority="1/2", over=over), members=20, present=present, votes=votes, places=places
    )
    quorate = 2 * present >= 20
    enough = {k for k, n in votes.items() if quorate and (2 * n > present if over else 2 * n >= present)}
    ahead = {k: sum(votes[o] > votes[k] for o in enough) for k in enough}
    level = {k: sum(votes[o] == votes[k] for o in enough) for k in enough}
    assert set(found.elected) == {k for k in enough if ahead[k] + level[k] <= places}
    assert set(found.tied) == {k for k in enough if ahead[k] < places < ahead[k] + level[k]}
    assert len(found.elected) <= places
