"""Whatever names something by code names what is there; labels say where a value comes from; words stay words."""

import copy
from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.programmes.rules.features import WORDS_ONLY
from tests.programmes.rules.making import faults, made

from xianfeng.programmes import rules
from xianfeng.programmes.rules.examples import case_of
from xianfeng.programmes.rules.loading import validate_value
from xianfeng.programmes.rules.plain import plain
from xianfeng.programmes.rules.schema.base import Model
from xianfeng.programmes.rules.text import Document, read

INVENTED = Path(__file__).parent / "invented.yaml"


def fact_gate(**facts):
    return [{"code": "g1", "title": "门", "test": {"kind": "none_of", "facts": {
        "kinds": ["accident"], "about": ["unit"], **facts}}}]  # fmt: skip


def score_gate(part):
    return [{"code": "g1", "title": "门", "test": {"kind": "score_at_least", "part": part, "share": "0.5"}}]


def capped(grade):
    return [{**fact_gate()[0], "effect": "cap", "cap": {"grade": grade}}]


def bands(code="b1", **more):
    return {"kind": "grades", "bands": [{"code": code, "title": "等", "at_least": "50", **more}]}


def tie(**how):
    return {"tie_breaks": [how]}


def example(**more):
    return [{"title": "例", "category": "point", "group": "stations", "year": 2019, "on": "2019-11-01",
             "expect": {}, **more}]  # fmt: skip


def step(values, **more):
    values["procedures"][0]["steps"][0].update(more)


def life(values, **more):
    values["title_life"].update(more)


# What names something by code: how to write the name, and every code there is (the small definition's own).
TIERS, CATEGORIES, GROUPS = {"tier1", "tier2"}, {"point"}, {"stations", "members"}
BODIES = {"leading_group", "office", "working_group", "comprehensive_group"}
PARTS, DIMENSIONS = {"basic", "industry"}, {"a", "b"}
NAMES = {
    "Tier.decided_by": (lambda v, c: v["tiers"][0].update(decided_by=c), BODIES),
    "Tier.announced_by": (lambda v, c: v["tiers"][0].update(announced_by=c), BODIES),
    "Tier.named_by": (lambda v, c: v["tiers"][0].update(named_by=c), BODIES),
    "Tier.recommended_by": (lambda v, c: v["tiers"][0].update(recommended_by=c), BODIES),
    "Tier.draws_from": (lambda v, c: v["tiers"][1].update(draws_from=c), {"tier1"}),
    "Step.to": (lambda v, c: step(v, to=f"body:{c}"), BODIES),
    "Step.stage": (lambda v, c: step(v, stage=c), {"apply"}),
    "Due.stage_end": (lambda v, c: step(v, due={"stage_end": c}), {"apply"}),
    "Procedure.tier": (lambda v, c: v["procedures"][0].update(tier=c), TIERS),
    "TitleLife.applies_to": (lambda v, c: life(v, applies_to=[c]), TIERS),
    "TitleLife.on_source_lost": (lambda v, c: life(v, on_source_lost={c: "keep"}), {"tier2"}),
    "TitleLife.validity_by_grade": (
        lambda v, c: (v.update(result=bands()), life(v, validity_by_grade={c: 12})), {"b1"}),
    "Gate.categories": (lambda v, c: v.update(gates=[{**fact_gate()[0], "categories": [c]}]), CATEGORIES),
    "Gate.groups": (lambda v, c: v.update(gates=[{**fact_gate()[0], "groups": [c]}]), GROUPS),
    "Cap.grade": (lambda v, c: v.update(gates=capped(c), result=bands()), {"b1"}),
    "ScoreAtLeast.part": (lambda v, c: v.update(gates=score_gate(c)), PARTS),
    "TieBreak.part": (lambda v, c: v.update(scoring=tie(by="part", part=c)), PARTS),
    "TieBreak.dimension": (lambda v, c: v.update(scoring=tie(by="dimension", part="basic", dimension=c)), DIMENSIONS),
    "Floors.parts": (lambda v, c: v.update(scoring={"floors": {"parts": {c: "0.5"}}}), PARTS),
    "Band.floors": (lambda v, c: v.update(result=bands(floors={"parts": {c: "0.5"}})), PARTS),
    "Eligibility.groups": (lambda v, c: v["categories"][0].update(eligibility={"groups": [c]}), GROUPS),
    "Round.quotas": (lambda v, c: v["rounds"][0].update(quotas={c: {}}), TIERS),
    "Round.quotas, a category": (lambda v, c: v["rounds"][0].update(quotas={"tier1": {c: 1}}), CATEGORIES),
    "Round.group_quotas": (lambda v, c: v["rounds"][0].update(group_quotas={c: {}}), TIERS),
    "Round.group_quotas, a category": (
        lambda v, c: v["rounds"][0].update(group_quotas={"tier1": {c: {"stations": 2}}}), CATEGORIES),
    "Round.group_quotas, a group": (
        lambda v, c: v["rounds"][0].update(group_quotas={"tier1": {"point": {c: 2}}}), GROUPS),
    "Round.stages": (lambda v, c: v["rounds"][0].update(
        stages={c: {"since": "2019-01-01", "until": "2019-02-01"}}), {"apply"}),
    "Example.category": (lambda v, c: v.update(examples=example(category=c)), CATEGORIES),
    "Example.group": (lambda v, c: v.update(examples=example(group=c)), GROUPS),
    "Expected.gates": (
        lambda v, c: v.update(gates=fact_gate(), examples=example(expect={"gates": {c: "met"}})), {"g1"}),
    "Expected.grade": (
        lambda v, c: v.update(result=bands(), examples=example(
            panel_shares=["0.6"], expect={"grade": c})), {"b1"}),
    "Provenance.at": (
        lambda v, c: v.update(provenance=[{"at": f"standards.point.parts.{c}", "status": "example"}]), PARTS),
}  # fmt: skip
SOMETHING = sorted(TIERS | CATEGORIES | GROUPS | BODIES | PARTS | DIMENSIONS | {"apply", "b1", "g1", "nowhere"})


def refused(write, code):
    return faults(lambda v: write(v, code))


@given(st.sampled_from(SOMETHING))
def test_what_is_named_is_there_or_the_name_is_refused(code):
    for name, (write, there) in NAMES.items():
        found = refused(write, code)
        assert (found == []) is (code in there), (name, code, found)


OWN = {
    "unit_kinds": "station", "party_kinds": "party_branch", "service_point_kinds": "window",
    "member_statuses": "full", "fact_kinds": "penalty", "tags": "engineering",
}  # fmt: skip


word_and_list = st.tuples(st.sampled_from(["house", "own", "other"]), st.sampled_from(["", "own", "more"]))


@given(st.fixed_dictionaries(dict.fromkeys(OWN, word_and_list)))
def test_a_programmes_own_words_count_beside_the_houses(drawn):
    """A word is known when the house has it or the programme's list for that very place does."""
    code = {place: OWN[place] if word == "house" else word for place, (word, _) in drawn.items()}

    def change(values):
        values["vocabulary"] = {place: {own: f"自定{own}"} for place, (_, own) in drawn.items() if own}
        values["applicant_groups"][0]["organisation_kinds"] = [code["unit_kinds"]]
        values["categories"][0]["eligibility"] = {
            "organisation_kinds": [code["party_kinds"]], "service_point_kinds": [code["service_point_kinds"]],
            "member_status": [code["member_statuses"]],
        }  # fmt: skip
        values["gates"] = fact_gate(kinds=[code["fact_kinds"]], tags=[code["tags"]])

    unknown = [place for place, (word, own) in drawn.items() if word not in ("house", own)]
    if "party_kinds" in unknown and drawn["unit_kinds"][1] == code["party_kinds"]:
        unknown.remove("party_kinds")  # who may apply is said by kind of unit as well
    assert len(faults(change)) == len(unknown)
    if not unknown:
        [said] = made(change).phrases["g1"]
        assert ("自定own" in said) is (drawn["tags"][0] == "own")


LISTS = {
    "Body.code": "bodies", "ApplicantGroup.code": "applicant_groups", "Category.code": "categories",
    "Tier.code": "tiers", "Stage.code": "stages", "Gate.code": "gates", "Procedure.code": "procedures",
    "Round.year": "rounds", "Step.code": "steps", "Trigger.code": "triggers", "Sanction.code": "sanctions",
    "RevocationCause.code": "waiting_by_cause",
}  # fmt: skip


@given(st.sampled_from(sorted(LISTS)), st.booleans())
def test_a_code_stands_once_in_its_list(name, double):
    def change(values):
        values["gates"] = [*fact_gate(), {**fact_gate()[0], "code": "g2"}]
        values["stages"].append({"code": "later", "title": "以后"})
        facts = {"kinds": ["accident"], "about": ["unit"]}
        life(values, triggers=[{"code": "t1", "title": "触发", "facts": facts}],
             sanctions=[{"code": "warning", "title": "警告"}],
             waiting_by_cause=[{"code": "fraud", "title": "弄虚作假"}])  # fmt: skip
        lists = {**values, **values["title_life"], "steps": values["procedures"][0]["steps"]}
        if double:
            lists[LISTS[name]].append(copy.deepcopy(lists[LISTS[name]][0]))

    found = [fault for fault in faults(change) if "重复" in fault]
    assert bool(found) is double


@given(st.integers(-1, 3))
def test_another_version_of_the_language_is_not_read(version):
    assert bool(faults(lambda v: v.update(schema_version=version))) is (version != 1)


PLACES = ["scoring", "scoring.floors", "scoring.floors.total", "title_life", "title_life.waiting_months", "notice"]
LABELS = {"published": "", "inferred": "推定，未经原文核实", "example": "示例分值"}


@given(st.dictionaries(st.sampled_from(PLACES), st.sampled_from(sorted(LABELS))), st.sampled_from(PLACES))
def test_a_label_holds_for_all_that_lies_below_its_place(given_labels, asked):
    definition = made(
        lambda v: v.update(provenance=[{"at": at, "status": status} for at, status in given_labels.items()])
    )
    above = [at for at in given_labels if asked == at or asked.startswith(f"{at}.")]
    nearest = max(above, key=len, default=None)
    assert definition.label(asked) == (LABELS[given_labels[nearest]] if nearest else "")
    assert [one.verified for one in definition.provenance] == [s == "published" for s in given_labels.values()]


# --- words that are shown and never judged by ------------------------------------------------------------------------


def fields(value, path=()):
    """Every key of every piece of a definition that is only shown, with its place and value."""
    if isinstance(value, Model):
        for name in type(value).model_fields:
            if f"{type(value).__name__}.{name}" in WORDS_ONLY:
                yield type(value).__name__, (*path, name), getattr(value, name)
            else:
                yield from fields(getattr(value, name), (*path, name))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from fields(inner, (*path, key))
    elif isinstance(value, tuple):
        for at, inner in enumerate(value):
            yield from fields(inner, (*path, at))


def with_every_kind():
    """The invented definition with half the points of its yes-or-no item given freely."""
    values = read(INVENTED.read_text(encoding="utf-8")).value
    items = values["standards"][0]["parts"][0]["versions"][0]["dimensions"][1]["indicators"]
    items[1]["points"] = 10
    words = {"title": "承诺兑现", "title_en": "Kept", "criteria": "酌情", "evidence": ["台账"], "note": "抽查"}
    items.append({"code": "kept", "points": 10, **words})
    for sheet in (values["examples"][0]["self_answers"], values["examples"][0]["answers"][0]):
        sheet["kept"] = 10
    definition, problems = validate_value(Document(values))
    assert definition is not None
    assert problems == []
    return definition


WHOLE = with_every_kind()
SHOWN = list(fields(WHOLE))
OUTCOMES = [rules.evaluate(WHOLE, case_of(WHOLE, one)) for one in WHOLE.examples]
texts = st.text(alphabet="甲乙丙丁AB12", min_size=1, max_size=6)


def judged(outcome):
    gates = [(gate.code, gate.state, gate.vetoes, gate.fact_ids) for gate in outcome.gates]
    return outcome.total, outcome.parts, outcome.grade, outcome.passed, len(outcome.shortfalls), gates


def at(value, path):
    for one in path:
        value = value[one]
    return value


@settings(max_examples=15)
@given(st.lists(texts, min_size=3, max_size=3, unique=True), st.dates(date(2020, 1, 1), date(2023, 1, 1)))
def test_words_are_kept_as_written_compared_and_never_judged_by(drawn, day):
    """Write new words into every key that is only shown: each is read back, told as a change, and changes nothing."""
    values = copy.deepcopy(plain(WHOLE, defaults=True))
    written = {}
    for n, (_, path, old) in enumerate(SHOWN):
        text = f"{drawn[n % 3]}{n}"
        new = day.isoformat() if isinstance(old, date) else [text, text + "二"] if isinstance(old, tuple) else text
        holder = at(values, path[:-1])
        new = f"c{n}" if path == ("code",) else new
        holder[path[-1]] = written[path] = new
    definition, problems = validate_value(Document(values))
    assert definition is not None, problems
    assert problems == []
    again = plain(definition, defaults=True)
    assert {path: at(again, path) for path in written} == written
    assert rules.content_hash(definition) != rules.content_hash(WHOLE)
    told = " ".join(change.line for change in rules.diff(WHOLE, definition))
    for model, path, old in SHOWN:
        if model not in ("Basis", "Intent", "Example", "ExampleFact") and old != tuple(written[path]):
            assert str(at(again, path)[0] if isinstance(old, tuple) else at(again, path)) in told, (model, path)
    outcomes = [rules.evaluate(definition, case_of(definition, one)) for one in definition.examples]
    assert [judged(one) for one in outcomes] == [judged(one) for one in OUTCOMES]


def test_every_word_that_is_only_shown_stands_somewhere_in_the_invented_definition():
    there = {f"{model}.{path[-1]}" for model, path, _ in SHOWN}
    assert set(WORDS_ONLY) - there == set()


def test_points_are_exact_where_words_are_not_judged_by():
    """The control of the above: what is judged by does change the outcome."""
    values = plain(WHOLE, defaults=True)
    values["scoring"]["rounding"]["mode"] = "up"
    values["scoring"]["weights"] = {"self": "0", "superior": "0", "panel": "100", "survey": "0"}
    definition, _ = validate_value(Document(values))
    assert definition is not None
    other = rules.evaluate(definition, case_of(definition, definition.examples[0]))
    assert other.total != OUTCOMES[0].total
    assert isinstance(other.total, Decimal)
