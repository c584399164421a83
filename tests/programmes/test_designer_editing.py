"""The designer's pure half: documents edited at a place, written back as YAML, forms that say what they say."""

from decimal import Decimal

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from xianfeng.kernel.errors import Conflict, NotFoundHere
from xianfeng.programmes import rules
from xianfeng.programmes.definitions import SHIPPED, shipped_source
from xianfeng.programmes.designer import blanks, paths, shape, words
from xianfeng.programmes.designer.dump import dump
from xianfeng.programmes.designer.nodeform import Block, NodeForm
from xianfeng.programmes.designer.paths import Edit, apply
from xianfeng.programmes.designer.redraw import Posted
from xianfeng.programmes.designer.sections import SECTIONS, section_of
from xianfeng.programmes.designer.study import shape_problems, study
from xianfeng.programmes.rules.problems import Path
from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.programmes.rules.text import read

PLAN = "zhishui-guanhai-2019"


def document(code: str = PLAN) -> dict:
    value: dict = read(shipped_source(code)).value
    return value


@pytest.mark.parametrize("code", SHIPPED)
def test_what_is_written_reads_as_the_same_values_and_the_same_hash(code):
    before = document(code)
    again = read(dump(before)).value
    assert again == before
    loaded = rules.load(dump(before))
    assert rules.content_hash(loaded) == rules.content_hash(rules.load(shipped_source(code)))


LEAVES = st.one_of(
    st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), max_size=30),
    st.integers(-(10**9), 10**9),
    st.decimals(-9999, 9999, places=3),
    st.booleans(),
    st.none(),
    st.dates(),
    st.sampled_from(["08", "no", "~", "1.50", "2020-01-01", "2020-13-01", "- x", "# y", "a: b", "", " lead", "{x}"]),
)
KEYS = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


@given(VALUES)
def test_any_value_survives_being_written_and_read(value):
    back = read(dump({"x": value})).value["x"]
    assert back == value
    assert isinstance(back, bool) == isinstance(value, bool)


def test_a_place_is_read_written_moved_and_removed_on_a_copy():
    before = document()
    gate = paths.look(before, ("gates", 1))
    after = paths.apply(before, [Edit("move", ("gates", 1), by=-1), Edit("put", ("gates", 0, "clause"), "新出处")])
    assert (after["gates"][0]["code"], after["gates"][0]["clause"]) == (gate["code"], "新出处")
    assert before["gates"][1] is gate
    assert len(paths.apply(before, [Edit("remove", ("gates", 0))])["gates"]) == len(before["gates"]) - 1
    with pytest.raises(Conflict):
        paths.apply(before, [Edit("move", ("gates", 0), by=-1)])
    for wrong in ("gates.99", "nothing", "gates.x.y", "a" * 70, "../etc"):
        with pytest.raises(NotFoundHere):
            paths.look(before, paths.parse(wrong))


def posted(form: NodeForm, **changes: str) -> QueryDict:
    """What a browser would send for a form as it is drawn."""
    data = QueryDict(mutable=True)
    for name in form.fields:
        value = form[name].value()
        if value is None or value is False:
            continue
        many = (
            [str(one) for one in value] if isinstance(value, (list, tuple)) else ["on" if value is True else str(value)]
        )
        data.setlist(name, many)

    def rows(blocks: list[Block]) -> None:
        for block in blocks:
            if block.kind == "rows":
                data[f"{block.name}.rows"] = str(len(block.rows))
                for row in block.rows:
                    data[f"{row.name}.was"] = row.where
            if block.kind == "map":
                data[f"{block.name}.keys"] = block.where
            rows([*block.blocks, *block.more, *block.rows])

    rows([*form.layout, *form.more])
    for name, value in changes.items():
        data[name] = value
    return data


def form_at(value: dict, path: Path, data: QueryDict | None = None, only: tuple[str, ...] = ()) -> NodeForm:
    posted_data = Posted(data) if data is not None else None
    return NodeForm(
        posted_data, document=value, path=path, shape=shape.at(value, path), value=paths.look(value, path), only=only
    )  # fmt: skip


def pieces(value: dict) -> list[tuple[Path, tuple[str, ...]]]:
    """Every page of the designer that is a form."""
    found: list[tuple[Path, tuple[str, ...]]] = [((), one.keys) for one in SECTIONS if one.page == "section"]
    for name in ("gates", "categories", "procedures", "examples"):
        found += [((name, at), ()) for at in range(len(value.get(name, ())))]
    for at, procedure in enumerate(value["procedures"]):
        found += [(("procedures", at, "steps", step), ()) for step in range(len(procedure["steps"]))]
    for i, source in enumerate(value["standards"]):
        for j, part in enumerate(source["parts"]):
            for k, version in enumerate(part["versions"]):
                for m, dimension in enumerate(version["dimensions"]):
                    here = ("standards", i, "parts", j, "versions", k, "dimensions", m)
                    found.append((here, ()))
                    found += [((*here, "indicators", n), ()) for n in range(len(dimension["indicators"]))]
    return found


@pytest.mark.parametrize("code", SHIPPED)
def test_saving_any_page_unchanged_changes_nothing(code):
    value = document(code)
    for path, only in pieces(value):
        data = posted(form_at(value, path, only=only))
        form = form_at(value, path, data, only)
        assert form.is_valid(), (path, only, form.errors)
        assert form.value() == paths.look(value, path), (path, only)


def walk(model, seen):
    """Every model of the language."""
    if model in seen:
        return
    seen.add(model)
    for one in shape.slots(model):
        for inner in (one.shape, one.shape.item, one.shape.item.item if one.shape.item else None):
            if inner is not None:
                for found in [inner.model, *(option for _, option in inner.options)]:
                    if found is not None:
                        walk(found, seen)


def test_every_key_and_every_fixed_value_has_a_word():
    seen: set = set()
    walk(Definition, seen)
    assert len(seen) > 40
    silent = []
    for model in seen:
        for one in shape.slots(model):
            if words.label(one) == one.name and one.name != "schema_version":
                silent.append(f"{model.__name__}.{one.name}")
            inner = one.shape.item if one.shape.kind in ("list", "map") else one.shape
            if inner is not None and inner.kind == "choice" and len(inner.values) > 1:
                silent += [f"{one.name}={code}" for code, word in words.values(one, inner.values) if code == word]
            if inner is not None and inner.kind == "union":
                tags = [tag for tag, _ in inner.options]
                silent += [f"{one.name}={tag}" for tag, word in words.union_words(one.name, tags) if tag == word]
    assert silent == []


@pytest.mark.parametrize(
    "where",
    ["bodies", "applicant_groups", "categories", "tiers", "stages", "gates", "procedures", "examples",
     "procedures.0.steps", "standards.0.parts", "standards.0.parts.0.versions.0.dimensions",
     "standards.0.parts.0.versions.0.dimensions.0.indicators", "title_life.triggers", "basis", "purpose"],
)  # fmt: skip
def test_a_new_item_has_the_right_shape_and_a_code_of_its_own(where):
    value = document()
    path = paths.parse(where)
    found = shape.at(value, path).item
    assert found is not None
    item = blanks.blank(found, value, path)
    known = paths.look(value, path)
    after = paths.apply(value, [Edit("put", path, [*known, item])])
    assert shape_problems(after) == []
    if "code" in item:
        assert item["code"] not in [one.get("code") for one in known]


def test_an_indicator_takes_another_way_of_scoring():
    value = document()
    path = ("standards", 0, "parts", 0, "versions", 0, "dimensions", 0, "indicators", 0)
    data = posted(form_at(value, path))
    data["kind"] = "graded"
    bare = form_at(value, path, data)
    assert bare.is_valid()
    problems = shape_problems(paths.apply(value, [Edit("put", path, bare.value())]))
    bare.note(problems)
    assert "至少要有 2 项" in str(bare.non_field_errors())
    data["levels.rows"] = "2"
    data.update({"levels.0.title": "好", "levels.0.points": "4.5", "levels.1.title": "一般", "levels.1.points": "2"})
    form = form_at(value, path, data)
    assert form.is_valid(), form.errors
    made = form.value()
    assert (made["kind"], made["code"], made["points"]) == ("graded", "ob1_1", Decimal("4.5"))
    assert [one["points"] for one in made["levels"]] == [Decimal("4.5"), 2]
    assert len({one["code"] for one in made["levels"]}) == 2
    assert "step" not in made
    assert shape_problems(paths.apply(value, [Edit("put", path, made)])) == []


def test_rows_are_added_moved_and_dropped():
    value = document()
    only = ("bodies",)
    data = posted(form_at(value, (), only=only))
    data["redraw"] = "down:bodies:0"
    moved = form_at(value, (), data, only)
    assert moved["bodies.1.title"].value() == "创建工作领导小组"
    assert not moved.errors
    data["redraw"] = "add:bodies"
    added = form_at(value, (), data, only)
    assert "bodies.5.title" in added.fields
    data = posted(form_at(value, (), only=only))
    data["bodies.rows"] = "6"  # the new row stays empty: it does not count
    data["bodies.4.gone"] = "on"
    form = form_at(value, (), data, only)
    assert form.is_valid(), form.errors
    assert [one["code"] for one in form.value()["bodies"]] == [one["code"] for one in value["bodies"][:4]]
    data["bodies.5.played_by"] = "示例协会"
    begun = form_at(value, (), data, only)
    assert not begun.is_valid()
    assert list(begun.errors) == ["bodies.5.title"]


def test_the_check_list_says_under_which_section_a_problem_is_mended():
    value = document()
    del value["title_life"]["triggers"]
    value["standards"][0]["parts"][0]["points"] = 49
    value["rounds"][1]["stages"]["create"]["until"] = value["rounds"][1]["stages"]["create"]["since"].replace(year=2019)
    value["tiers"][0]["decided_by"] = "nobody"
    found = study(dump(value)).by_section
    assert {code for code, problems in found.items() if problems} == {"standards", "stages", "tiers"}
    assert section_of(("rounds", 0, "quotas")).code == "quotas"


def test_words_of_the_programmes_own():
    value = document()
    only = ("vocabulary",)
    data = posted(form_at(value, (), only=only))
    data["vocabulary.fact_kinds"] = "volunteering：志愿服务\n公益捐赠"
    form = form_at(value, (), data, only)
    assert form.is_valid(), form.errors
    made = form.value()
    assert made["vocabulary"]["fact_kinds"]["volunteering"] == "志愿服务"
    assert "公益捐赠" in made["vocabulary"]["fact_kinds"].values()
    assert shape_problems(made) == []
    shown = form_at(made, ("gates", 0))
    assert ("volunteering", "志愿服务") in shown.fields["test.facts.kinds"].choices  # type: ignore[attr-defined]


def test_an_edit_never_changes_what_it_was_given():
    document = {"gates": [{"code": "one"}, {"code": "two"}]}
    there = document["gates"]  # a form that was saved unchanged hands back the very list
    changed = apply(document, [Edit("put", ("gates",), there), Edit("move", ("gates", 0), by=1)])
    assert [one["code"] for one in changed["gates"]] == ["two", "one"]
    assert document == {"gates": [{"code": "one"}, {"code": "two"}]}
