"""Calibration against the dense likelihood, on simulated protocols, and what it says about thin data."""

import time

import numpy as np
import pytest
from bench import calibration as bench
from bench import instances

from xianfeng.review.rules.calibration import fit
from xianfeng.review.rules.calibration.model import Crossed


def dense(made, large_ratio, small_ratio):
    """Twice the negative restricted log-likelihood with the noise profiled out, and the effects, by the book."""
    size = len(made.score)
    of_item = np.eye(made.item.max() + 1)[made.item]
    of_expert = np.eye(made.expert.max() + 1)[made.expert]
    spread = np.eye(size) + of_item @ of_item.T / large_ratio + of_expert @ of_expert.T / small_ratio
    inverse = np.linalg.inv(spread)
    ones = np.ones(size)
    weight = ones @ inverse @ ones
    mean = ones @ inverse @ made.score / weight
    rest = made.score - mean
    noise = rest @ inverse @ rest / (size - 1)
    criterion = np.linalg.slogdet(spread)[1] + np.log(weight) + (size - 1) * np.log(noise)
    return criterion, mean, of_item.T @ inverse @ rest / large_ratio, of_expert.T @ inverse @ rest / small_ratio


@pytest.mark.parametrize("ratios", [(0.5, 2.0), (3.0, 0.2), (50.0, 1.0)])
def test_the_sparse_equations_are_the_dense_ones(ratios):
    made = instances.reviews(instances.Protocol(14, 6, 3), 1)
    kept = np.arange(len(made.item)) % 5 > 0  # uneven numbers of reviews
    made = instances.Reviews(made.quality, made.item[kept], made.expert[kept], made.score[kept])
    solved = Crossed(made.item, made.expert, made.score, (14, 6)).solve(np.log(ratios))
    criterion, mean, items, experts = dense(made, *ratios)
    assert solved.criterion == pytest.approx(criterion)
    assert solved.mean == pytest.approx(mean)
    assert solved.large == pytest.approx(items)
    assert solved.small == pytest.approx(experts)


def test_either_effect_may_be_the_larger():
    made = instances.reviews(instances.Protocol(30, 12, 3), 2)
    one = fit(made.item, made.expert, made.score)
    other = fit(made.expert, made.item, made.score)
    assert one.adjusted - one.mean == pytest.approx(other.severity, abs=0.02)
    assert one.variances == pytest.approx((other.variances[1], other.variances[0], other.variances[2]), rel=0.1)


@pytest.mark.parametrize(("name", "least"), [("A1", 0.04), ("A2", 0.035), ("A3", -0.01), ("A5", 0.0), ("A9", 0.0)])
def test_more_of_the_best_are_found_and_intervals_cover(name, least):
    plain, ours, _, cover = bench.measured(instances.PROTOCOLS[name], 24)
    assert ours - plain >= least
    assert 0.93 <= cover <= 0.97


def test_severity_is_what_an_expert_adds():
    item = np.repeat(np.arange(40), 4)
    expert = np.tile(np.arange(4), 40)
    quality = np.random.default_rng(0).normal(7, 1, 40)
    score = quality[item] + np.array([-1.0, 0.0, 0.0, 1.0])[expert]
    found = fit(item, expert, score)
    assert found.severity == pytest.approx([-1, 0, 0, 1], abs=0.05)
    assert found.adjusted == pytest.approx(quality, abs=0.1)


def test_the_same_seed_gives_the_same_and_the_quota_adds_up():
    made = instances.reviews(instances.PROTOCOLS["A1"], 3)
    one = fit(made.item, made.expert, made.score, quota=20, seed=5)
    again = fit(made.item, made.expert, made.score, quota=20, seed=5)
    assert np.array_equal(one.rank_interval, again.rank_interval)
    assert one.p_in_quota is not None
    assert again.p_in_quota is not None
    assert np.array_equal(one.p_in_quota, again.p_in_quota)
    assert one.p_in_quota.sum() == pytest.approx(20)
    assert one.rank_interval.shape == (200, 2)
    assert (one.rank_interval[:, 0] >= 1).all()
    assert (one.rank_interval[:, 0] <= one.rank_interval[:, 1]).all()
    assert fit(made.item, made.expert, made.score).p_in_quota is None
    assert (one.connected, one.warnings) == (True, ())


def test_thin_or_parted_data_are_said_so():
    parted = instances.reviews(instances.PROTOCOLS["A5"], 0)
    found = fit(parted.item, parted.expert, parted.score)
    assert not found.connected
    assert "互不相连的 8 部分" in found.warnings[0]
    single = fit(np.arange(6), np.arange(6) % 2, np.array([7, 8, 6, 5, 9, 7.5]))
    assert any("一份评分" in words for words in single.warnings)
    assert any("2 位专家" in words for words in single.warnings)


@pytest.mark.parametrize("score", [[5.0], [5.0, 5.0, 5.0, 5.0]])
def test_scores_without_any_spread_do_not_break_it(score):
    count = len(score)
    found = fit(np.arange(count), np.zeros(count, int), score, quota=1)
    assert found.adjusted == pytest.approx(score)
    assert np.isfinite(found.rank_interval).all()


def test_nonsense_is_refused():
    for item, expert, score in (([0], [0, 1], [1.0]), ([], [], []), ([0], [0], [np.nan]), ([-1], [0], [1.0])):
        with pytest.raises(ValueError):
            fit(item, expert, score)


def test_large_rounds_take_seconds():
    made = instances.reviews(instances.Protocol(4_000, 300, 4), 0)
    begun = time.perf_counter()
    fit(made.item, made.expert, made.score, quota=400)
    assert time.perf_counter() - begun < 5
