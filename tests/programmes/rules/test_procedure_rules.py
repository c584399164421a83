"""Procedures, deadlines, notices, limits and numbers with every key drawn at random, against plain counting."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.programmes.rules.making import faults, made
from tests.programmes.rules.test_life import later

from xianfeng.kernel.workdays import Calendar
from xianfeng.programmes import rules
from xianfeng.programmes.rules import Due
from xianfeng.programmes.rules.schema.procedures import STEP_KINDS

days = st.dates(date(2019, 1, 1), date(2025, 12, 31))
MISSED = ["remind", "not_accepted", "withdrawn", "failed"]
dues = st.one_of(
    st.integers(1, 30).map(lambda n: {"working_days": n}),
    st.integers(1, 90).map(lambda n: {"calendar_days": n}),
    st.integers(1, 24).map(lambda n: {"months": n}),
    st.just({"stage_end": "apply"}),
)
KINDS = ["announce", "decide", "report", "screen"]
periods = st.dictionaries(
    st.sampled_from(KINDS), st.fixed_dictionaries({"due": dues, "on_missed": st.sampled_from(MISSED)})
)
shared = {"kind": st.sampled_from(KINDS), "optional": st.booleans(), "on_missed": st.sampled_from(MISSED)}
words = {"title": st.sampled_from(["自定名称", "另一名称"]), "due": dues, "stage": st.just("apply")}
anybody = st.sampled_from(["nominee", "superior", "experts", "body:office", "body:leading_group"])
once = st.fixed_dictionaries({**shared, "to": anybody}, optional={**words, "times": st.integers(1, 4)})
up_the_line = st.fixed_dictionaries({**shared, "to": st.just("superior"), "levels": st.integers(1, 4)}, optional=words)
wrong = st.fixed_dictionaries({**shared, "to": anybody, "levels": st.integers(2, 3), "times": st.integers(1, 2)})
steps = st.lists(once | up_the_line | once | up_the_line | wrong, min_size=1, max_size=3)


def rough(due):
    """A period in days; the end of a stage may be any."""
    [(unit, number)] = due.items()
    return {"working_days": lambda: number * 7 / 5, "months": lambda: number * 30}.get(unit, lambda: number)()


def proper(one, period, notice):
    """What the language asks of a step: levels only up superiors, and not together with turns; no notice cut short."""
    levels = one.get("levels", 1)
    if levels > 1 and (one["to"] != "superior" or one.get("times", 1) > 1):
        return False
    due = one.get("due") or (period["due"] if period else None)
    if one["kind"] == "announce" and due and "stage_end" not in due and rough(due) < rough(notice):
        return False
    return not (one.get("times", 1) > 1 and "stage" in one and one.get("due") == {"stage_end": "apply"})


@given(steps, periods, st.integers(1, 4), st.none() | st.integers(1, 4))
def test_a_procedure_is_its_steps_spelt_out(given_steps, given_periods, working, calendar):
    """One request a level or turn, numbered from the second on; a period is the step's own, else its kind's, else (for
    a notice) the programme's; what missing it means comes with the period unless the step says."""
    written = [{"code": f"s{n}", **one} for n, one in enumerate(given_steps)]
    written.append({"code": "end", "kind": "name", "to": "body:office", "optional": False, "on_missed": "remind"})
    notice = {"calendar_days": calendar} if calendar else {"working_days": working}

    def change(values):
        values["procedures"] = [{"code": "nomination", "title": "申报", "steps": written}]
        values["periods"] = given_periods
        values["notice"] = {"working_days": working} | ({"calendar_days": calendar} if calendar else {})

    if not all(proper(one, given_periods.get(one["kind"]), notice) for one in given_steps):
        assert faults(change)
        return
    expected = []
    for one in written:
        levels, times = one.get("levels", 1), one.get("times", 1)
        many, unit = max(levels, times), "级" if levels > 1 else "次"
        own, kind = one.get("due"), given_periods.get(one["kind"])
        due = own or (kind["due"] if kind else notice if one["kind"] == "announce" else None)
        missed = kind["on_missed"] if kind and one["on_missed"] == "remind" else one["on_missed"]
        for nth in range(1, many + 1):
            expected.append({
                "code": one["code"] if nth == 1 else f"{one['code']}_{nth}",
                "kind": one["kind"],
                "to": "body" if ":" in one["to"] else one["to"],
                "body": one["to"].split(":")[1] if ":" in one["to"] else None,
                "level": nth if levels > 1 else 1,
                "turn": nth if times > 1 else 1,
                "title": one.get("title", STEP_KINDS[one["kind"]])
                + (f"（第 {nth} {unit}）" if many > 1 else ""),
                "stage": one.get("stage"),
                "due": due,
                "optional": one["optional"],
                "on_missed": missed,
            })  # fmt: skip
    definition = made(change)
    found = rules.procedure(definition, "nomination")
    assert [
        {name: getattr(spec, name) for name in expected[0] if name != "due"}
        | {"due": spec.due.model_dump(exclude_none=True) if spec.due else None}
        for spec in found
    ] == expected
    for kind in KINDS:
        period = rules.period(definition, kind)
        assert (period and period.on_missed) == (given_periods[kind]["on_missed"] if kind in given_periods else None)


@given(dues, days, days, st.booleans())
def test_a_period_ends_on_the_day_a_calendar_gives(due, on, stage_ends, dated):
    """Day after day: working days as the office counts them; a stage leaves three days at the least."""
    calendar = Calendar()
    ends = {"apply": stage_ends} if dated else {}
    found = rules.last_day(Due(**due), on=on, calendar=calendar, stage_ends=ends)
    [(unit, number)] = due.items()
    if unit == "stage_end" and not dated:
        assert found is None
        return
    day = on
    if unit == "stage_end":
        day = max(stage_ends, on + timedelta(days=3))
    elif unit == "months":
        day = later(on, number)
    else:
        left = number
        while left:
            day += timedelta(days=1)
            left -= unit == "calendar_days" or calendar.is_working(day)
    assert found is not None
    assert found.day == day


@given(st.integers(1, 20), st.none() | st.integers(1, 20), st.none() | dues, st.integers(1, 30))
def test_a_notice_stands_objections_are_raised_and_answered_in_their_times(working, calendar, within, answer):
    notice = {"working_days": working, "objections": {"answer_working_days": answer}}
    notice |= {"calendar_days": calendar} if calendar else {}
    if within:
        notice["objections"]["within"] = within
    definition = made(lambda v: v.update(notice=notice))
    stands = {"calendar_days": calendar} if calendar else {"working_days": working}
    assert rules.notice_due(definition).model_dump(exclude_none=True) == stands
    assert rules.objections_due(definition).model_dump(exclude_none=True) == (within or stands)
    assert rules.answer_due(definition).model_dump(exclude_none=True) == {"working_days": answer}


yes = st.booleans()


@given(yes, yes, yes, yes, yes, yes)
def test_an_objection_needs_what_the_programme_asks_and_no_more(real_name, written, evidence, signed, told, proof):
    objections = {"real_name": real_name, "written": written, "evidence": evidence}
    definition = made(lambda v: v.update(notice={"objections": objections}))
    found = rules.objection_lacks(definition, signed=signed, written=told, evidence=proof)
    pairs = [("signed", real_name, signed), ("written", written, told), ("evidence", evidence, proof)]
    assert found == [name for name, asked, there in pairs if asked and not there]


@given(yes, st.none() | days, days, st.integers(0, 400))
def test_a_name_is_shown_with_consent_and_taken_down_in_time(asked, consented, on, kept):
    definition = made(lambda v: v.update(notice={"names_need_consent": asked, "take_down_after_days": kept}))
    may = rules.may_name(definition, consented_on=consented, on=on)
    assert may is (True if not asked else consented is not None and consented <= on)
    down = rules.names_until(definition, ends_on=on)
    assert (down - on).days == kept


caps = st.none() | st.integers(1, 4)
counts = st.integers(0, 5)


@given(caps, caps, caps, counts, counts, counts)
def test_one_more_may_be_put_forward_below_every_limit(superior, unit, each, by_superior, by_unit, elsewhere):
    def change(values):
        limits = {"most_per_superior": superior, "most_per_unit": unit}
        values["categories"][0].update({key: most for key, most in limits.items() if most})
        if each:
            values["categories_per_nominee"] = each

    found = rules.nominating_faults(
        made(change), category="point", by_superior=by_superior, by_unit=by_unit, categories_of_nominee=elsewhere
    )
    after = [(superior, by_superior + 1), (unit, by_unit + 1), (each, elsewhere + 1)]
    assert len(found) == sum(most is not None and count > most for most, count in after)


@given(st.booleans(), caps, st.none() | counts, st.none() | counts)
def test_a_superior_recommends_what_it_is_allotted_else_the_uniform_number_or_none(allotted, uniform, given_, taken):
    """A body in the table by the table; another by the number for all; without one none, where places are allotted."""
    definition = made(
        lambda v: v["categories"][0].update(
            {"allotted": allotted} | ({"most_per_superior": uniform} if uniform else {})
        )
    )
    most = uniform
    if allotted and given_ is not None:
        most = given_
    elif allotted and uniform is None:
        most = 0
    assert rules.may_recommend(definition, category="point", allotted=given_) == most
    found = rules.nominating_faults(definition, category="point", by_superior=taken, allotted=given_)
    assert bool(found) == (taken is not None and most is not None and taken + 1 > most)


PIECES = ["A-", "〔", "〕第", "号", "{{", "}}", "{tier}", "{year}"]


@given(st.permutations(["{year}", "{category}", "{seq}"]), st.lists(st.sampled_from(PIECES), min_size=4, max_size=4),
       st.sampled_from(["", ":03d", ":05d"]), st.none() | st.sampled_from(["DZZ", "P1"]),
       st.integers(2019, 2030), st.integers(1, 12_345))  # fmt: skip
def test_a_number_is_its_template_filled_piece_by_piece(fields, between, width, code, year, seq):
    pieces = [between[0], *(piece for pair in zip(fields, between[1:], strict=True) for piece in pair)]
    template = "".join(pieces).replace("{seq}", f"{{seq{width}}}")

    def change(values):
        values["numbering"]["tier1"] = template
        if code:
            values["categories"][0]["number_code"] = code

    count = str(seq).zfill(int(width[1:3]) if width else 1)
    filled = {
        "{year}": str(year),
        "{category}": code or "POINT",
        "{seq}": count,
        "{tier}": "tier1",
        "{{": "{",
        "}}": "}",
    }
    assert rules.number(made(change), "tier1", "point", year, seq) == "".join(filled.get(one, one) for one in pieces)


@given(days, days, days, days)
def test_what_begins_after_it_ends_is_refused(since, until, opens, closes):
    def change(values):
        values["period"] = {"since": since, "until": until}
        values["rounds"][0]["stages"] = {"apply": {"since": opens, "until": closes}}

    found = [fault for fault in faults(change) if "开始日期晚于结束日期" in fault]
    assert len(found) == (since > until) + (opens > closes)
    if not found:
        window = made(change).round(2019).stages["apply"]
        assert (window.since, window.until) == (opens, closes)


quotas = st.lists(st.tuples(st.integers(2019, 2023), st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=4,
                  unique_by=lambda row: row[0])  # fmt: skip


@given(quotas, yes)
def test_a_tier_never_has_more_places_than_the_one_it_draws_from(given_rows, drawn):
    """Up to any year, all rounds together; a tier that draws from nothing has what it is given."""

    def change(values):
        values["tiers"][1].pop("draws_from")
        if drawn:
            values["tiers"][1]["draws_from"] = "tier1"
        values["rounds"] = [
            {"year": year, "quotas": {"tier1": {"point": first}, "tier2": {"point": second}}}
            for year, first, second in given_rows
        ]

    years = sorted(year for year, _, _ in given_rows)
    over = [
        year
        for year in years
        if sum(second for y, _, second in given_rows if y <= year)
        > sum(first for y, first, _ in given_rows if y <= year)
    ]
    found = [fault for fault in faults(change) if "多于来源层级" in fault]
    assert len(found) == (len(over) if drawn else 0)
    if not found:
        definition = made(change)
        for year, first, second in given_rows:
            assert (definition.quota("tier1", "point", year), definition.quota("tier2", "point", year)) == (
                first,
                second,
            )
            assert definition.quota("tier1", "nothing", year) == 0


@given(st.lists(st.sampled_from(["tier1", "tier2", ""]), min_size=1, max_size=4), st.sampled_from(["tier1", "tier2"]))
def test_a_kind_of_case_goes_by_its_tiers_own_procedure_else_by_the_general_one(tiers, asked):
    """Procedures of one kind in any order, each for one tier or for all; two for the same are refused."""

    def change(values):
        only = {"kind": "name", "to": "body:leading_group"}
        values["procedures"] = [
            {"code": "nomination", "title": f"第{n}种", "steps": [{"code": f"s{n}", **only}]}
            | ({"tier": tier} if tier else {})
            for n, tier in enumerate(tiers)
        ]

    if len(set(tiers)) < len(tiers):
        assert any("重复" in fault for fault in faults(change))
        return
    chosen = tiers.index(asked) if asked in tiers else tiers.index("") if "" in tiers else 0
    [step] = rules.procedure(made(change), "nomination", asked)
    assert step.code == f"s{chosen}"
