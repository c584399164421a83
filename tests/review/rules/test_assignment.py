"""The assignment against brute force, its limits, its words when impossible, and the public sets."""

from itertools import combinations, product

import numpy as np
import pytest
from bench import instances
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from xianfeng.review.rules.assignment import Infeasible, solve


def every(affinity, conflicts, per_item, max_load, min_load, groups, group_cap, locked):
    """All assignments within the limits, as masks."""
    items, experts = affinity.shape
    choices = []
    for item in range(items):
        kept = {expert for one, expert in locked if one == item}
        free = [expert for expert in range(experts) if not conflicts[item, expert] and expert not in kept]
        rows = []
        for more in combinations(free, max(per_item - len(kept), 0)):
            row = np.zeros(experts, bool)
            row[list(kept | set(more))] = True
            new = np.bincount(groups[list(more)], minlength=2) if more else np.zeros(2, int)
            all_of = np.bincount(groups[row], minlength=2)
            if not ((all_of > group_cap) & (new > 0)).any():
                rows.append(row)
        choices.append(rows)
    for picked in product(*choices):
        mask = np.array(picked)
        load = mask.sum(axis=0)
        held = np.bincount([expert for _, expert in locked], minlength=experts) if locked else np.zeros(experts, int)
        if (load <= np.maximum(max_load, held)).all() and (load >= min_load).all():
            yield mask


@st.composite
def problems(draw):
    items, experts = draw(st.integers(1, 4)), draw(st.integers(3, 5))
    cells = st.lists(st.integers(0, 20), min_size=items * experts, max_size=items * experts)
    affinity = np.array(draw(cells), float).reshape(items, experts) / 8
    flags = st.lists(st.sampled_from([False, False, False, True]), min_size=items * experts, max_size=items * experts)
    upper = np.array(draw(st.lists(st.integers(1, 3), min_size=experts, max_size=experts)))
    pair = st.tuples(st.integers(0, items - 1), st.integers(0, experts - 1))
    return {
        "affinity": affinity,
        "conflicts": np.array(draw(flags)).reshape(items, experts),
        "per_item": draw(st.integers(1, 2)),
        "max_load": upper,
        "min_load": np.minimum(draw(st.integers(0, 1)), upper),
        "groups": np.array(draw(st.lists(st.integers(0, 1), min_size=experts, max_size=experts))),
        "group_cap": draw(st.integers(1, 2)),
        "locked": draw(st.lists(pair, max_size=1)),
    }


@settings(max_examples=150)
@given(problems())
def test_total_is_the_best_of_all_and_impossible_means_impossible(problem):
    totals = [float(problem["affinity"][mask].sum()) for mask in every(**problem)]
    arguments = dict(problem)
    affinity = arguments.pop("affinity")
    if not totals:
        with pytest.raises(Infeasible) as caught:
            solve(affinity, **arguments)
        assert caught.value.starved or caught.value.idle
        assert caught.value.hint
        return
    found = solve(affinity, **arguments)
    assert found.total == pytest.approx(max(totals), abs=1e-6)
    assert found.bound == pytest.approx(found.total, abs=1e-6)
    assert set(problem["locked"]) <= {tuple(pair) for pair in found.pairs.tolist()}


@settings(max_examples=60)
@given(problems(), st.sampled_from([0.8, 0.97]))
def test_fair_is_the_best_least_item_within_the_floor_then_the_best_total(problem, floor):
    masks = list(every(**problem))
    if not masks:
        return
    arguments = dict(problem)
    affinity = arguments.pop("affinity")
    totals = [float(affinity[mask].sum()) for mask in masks]
    kept = {expert: item for item, expert in problem["locked"]}
    open_items = [item for item in range(len(affinity)) if list(kept.values()).count(item) < problem["per_item"]]
    within = [
        (float((affinity * mask).sum(axis=1)[open_items].min(initial=np.inf)), total)
        for mask, total in zip(masks, totals, strict=True)
        if total >= floor * max(totals) - 1e-9
    ]
    found = solve(affinity, **arguments, objective="fair", floor=floor)
    sums = np.bincount(found.pairs[:, 0], affinity[found.pairs[:, 0], found.pairs[:, 1]], minlength=len(affinity))
    best = max(within)
    assert float(sums[open_items].min(initial=np.inf)) == pytest.approx(best[0], abs=1e-6)
    assert found.total == pytest.approx(max(total for least, total in within if least >= best[0] - 1e-9), abs=1e-6)
    assert found.fair_bound is not None
    assert found.fair_bound >= found.min_item - 1e-6


@pytest.mark.parametrize("name", ["midl", "midl, lower loads", "aamas2015", "preflib1", "preflib2"])
def test_public_sets_reach_the_optimum_an_independent_solver_finds(shared, name):
    arguments = dict(instances.public(shared)[name])
    affinity = arguments.pop("affinity")
    found = solve(affinity, **arguments)
    assert found.total == pytest.approx(linear(affinity, **arguments), abs=1e-5)
    assert found.bound - found.total < 1e-5


def linear(affinity, *, conflicts, per_item, max_load, min_load=0):
    items, experts = affinity.shape
    upper = np.ones(affinity.size) if conflicts is None else (~conflicts).astype(float).ravel()
    cover = np.kron(np.eye(items), np.ones((1, experts)))
    loads = np.kron(np.ones((1, items)), np.eye(experts))
    highest = np.broadcast_to(max_load, experts)
    lowest = np.broadcast_to(min_load, experts)
    from scipy.sparse import csr_array, vstack

    found = linprog(
        -affinity.ravel(), A_eq=csr_array(cover), b_eq=np.full(items, per_item),
        A_ub=vstack([csr_array(loads), csr_array(-loads)]), b_ub=np.concatenate([highest, -lowest]),
        bounds=np.column_stack([np.zeros(affinity.size), upper]),
    )  # fmt: skip
    return -found.fun


def test_midl_as_published_and_fair(shared):
    arguments = dict(instances.public(shared)["midl"])
    affinity = arguments.pop("affinity")
    found = solve(affinity, **arguments)
    assert (round(found.total, 2), round(found.min_item, 2)) == (201.88, 0.90)
    fair = solve(affinity, **arguments, objective="fair")
    assert fair.total >= 201.7
    assert fair.min_item == pytest.approx(fair.fair_bound, abs=1e-6)
    assert round(fair.min_item, 3) == 0.945


def test_scarce_experts_keep_the_floor_and_lift_the_worst():
    arguments = instances.scarce(0, 120, 24)
    affinity = arguments.pop("affinity")
    total = solve(affinity, **arguments)
    fair = solve(affinity, **arguments, objective="fair", floor=0.93)
    assert fair.total >= 0.93 * total.total
    assert fair.min_item > total.min_item
    assert fair.fair_bound is not None
    assert fair.min_item >= 0.9 * fair.fair_bound


def test_few_candidates_prove_the_optimum_of_many_pairs(monkeypatch):
    from xianfeng.review.rules.assignment import flow, problem

    arguments = instances.scarce(3, 400, 60)
    posed = problem.read(arguments["affinity"], arguments["conflicts"], 5, arguments["max_load"])
    over_all = flow.best(posed)
    monkeypatch.setattr(flow, "SMALL", 100)
    assert flow.best(posed).total == pytest.approx(over_all.total, abs=1e-6)


def test_large_instances_take_the_reweighted_way(monkeypatch):
    from xianfeng.review.rules.assignment import fair

    monkeypatch.setattr(fair, "PAIRS", 100)
    arguments = instances.scarce(1, 200, 30)
    affinity = arguments.pop("affinity")
    total = solve(affinity, **arguments)
    found = solve(affinity, **arguments, objective="fair", floor=0.95)
    assert found.min_item > total.min_item
    assert found.total >= 0.95 * total.total


def smallest(error):
    return error.relaxations[0].kind, error.relaxations[0].amount


def test_the_starved_are_named_with_the_smallest_change():
    conflicts = np.zeros((3, 4), bool)
    conflicts[1, 1:] = True
    with pytest.raises(Infeasible) as caught:
        solve(np.ones((3, 4)), conflicts=conflicts, per_item=2, max_load=3)
    assert caught.value.starved == {1: 1}
    assert smallest(caught.value) == ("experts", 1)
    assert "再增加 1 位" in caught.value.hint
    with pytest.raises(Infeasible, match="缺 2 个评审名额") as caught:
        solve(np.ones((5, 4)), conflicts=None, per_item=2, max_load=2)
    assert smallest(caught.value) == ("max_load", 1)
    assert sum(caught.value.seats.values()) == 2
    with pytest.raises(Infeasible, match="达不到最少评审件数") as caught:
        solve(np.ones((2, 4)), conflicts=None, per_item=2, max_load=3, min_load=2)
    assert smallest(caught.value) == ("min_load", 1)
    with pytest.raises(Infeasible) as caught:
        solve(np.ones((2, 3)), conflicts=None, per_item=2, max_load=3, groups=[0, 0, 0], group_cap=1)
    assert smallest(caught.value) == ("group_cap", 1)


def test_a_top_up_moves_nothing():
    affinity = np.random.default_rng(0).random((6, 8))
    first = solve(affinity, conflicts=None, per_item=3, max_load=3)
    conflicts = np.zeros(affinity.shape, bool)
    gone = int(first.pairs[0, 1])
    conflicts[:, gone] = True
    kept = first.pairs[first.pairs[:, 1] != gone]
    again = solve(affinity, conflicts=conflicts, per_item=3, max_load=4, locked=kept)
    pairs = {tuple(pair) for pair in again.pairs.tolist()}
    assert {tuple(pair) for pair in kept.tolist()} <= pairs
    assert len(pairs) == 18
    assert not any(expert == gone for _, expert in pairs)


def test_measures_tell_parts_and_spread():
    conflicts = np.ones((4, 4), bool)
    conflicts[:2, :2] = conflicts[2:, 2:] = False
    found = solve(np.eye(4) + 1, conflicts=conflicts, per_item=2, max_load=2)
    assert (found.components, found.connected) == (2, False)
    assert (found.least_load, found.most_load) == (2, 2)
    assert (found.min_item, found.p5_item, found.gini) == (3, 3, 0)


@pytest.mark.parametrize(
    "wrong",
    [{"per_item": [1, 2]}, {"max_load": -1}, {"min_load": 9}, {"groups": [1], "group_cap": 1}, {"locked": [[9, 9]]},
     {"objective": "best"}, {"floor": 2.0}],
)  # fmt: skip
def test_nonsense_is_refused(wrong):
    arguments = {"conflicts": None, "per_item": 1, "max_load": 2} | wrong
    with pytest.raises(ValueError):
        solve(np.ones((3, 3)), **arguments)
