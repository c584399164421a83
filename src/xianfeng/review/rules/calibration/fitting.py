"""From reviews to the report: the model fitted, ranks drawn, and plain words where the data say little."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from xianfeng.review.rules.calibration.model import Crossed, Floats, Ints
from xianfeng.review.rules.calibration.result import Calibration, Variances
from xianfeng.review.rules.calibration.threads import one_thread

SLIGHT = 0.05  # experts' share of the spread below which calibration changes next to nothing
FEW_EXPERTS = 5
FEW_EACH = 3


def fitted(
    item: ArrayLike,
    expert: ArrayLike,
    score: ArrayLike,
    *,
    quota: ArrayLike | None,
    field: ArrayLike | None,
    draws: int,
    seed: int,
) -> Calibration:
    """Fit the model, draw the ranks, say what is thin."""
    items, experts, scores = _read(item, expert, score)
    levels = int(items.max()) + 1, int(experts.max()) + 1
    flipped = levels[1] > levels[0]
    model = Crossed(experts, items, scores, levels[::-1]) if flipped else Crossed(items, experts, scores, levels)
    with one_thread():
        solved, ratios = model.likeliest()
        large, small, _ = model.sample(solved, max(draws, 1), np.random.default_rng(seed))
    item_effect, expert_effect = (solved.small, solved.large) if flipped else (solved.large, solved.small)
    shares = solved.noise / np.exp(ratios)
    variances = Variances(float(shares[1 if flipped else 0]), float(shares[0 if flipped else 1]), solved.noise)
    values = small if flipped else large
    ranks = _ranks(values) if field is None else _ranks_within(values, np.asarray(field))
    parts = _parts(items, experts, levels)
    return Calibration(
        adjusted=solved.mean + item_effect,
        severity=expert_effect,
        p_in_quota=None if quota is None else (ranks <= np.asarray(quota)).mean(axis=0),
        rank_interval=np.quantile(ranks, [0.025, 0.975], axis=0, method="inverted_cdf").T.astype(np.int64),
        variances=variances,
        mean=solved.mean,
        connected=parts <= 1,
        warnings=_warnings(items, experts, levels, parts, variances),
    )


def _read(item: ArrayLike, expert: ArrayLike, score: ArrayLike) -> tuple[Ints, Ints, Floats]:
    items, experts = np.asarray(item), np.asarray(expert)
    scores = np.asarray(score, dtype=np.float64)
    if items.ndim != 1 or not items.shape == experts.shape == scores.shape or not len(scores):
        raise ValueError("item, expert and score must be equally long lists with at least one review")
    if not np.isfinite(scores).all():
        raise ValueError("every score must be a number")
    whole = items.astype(np.int64), experts.astype(np.int64)
    if any((each < 0).any() for each in whole) or (whole[0] != items).any() or (whole[1] != experts).any():
        raise ValueError("item and expert must be whole numbers from 0")
    return whole[0], whole[1], scores


def _ranks(values: Floats) -> Ints:
    """Rank of every item in every draw, best 1."""
    order = np.argsort(-values, axis=1)
    ranks = np.empty(values.shape, np.int64)
    np.put_along_axis(ranks, order, np.arange(1, values.shape[1] + 1)[None, :], axis=1)
    return ranks


def _ranks_within(values: Floats, field: Ints) -> Ints:
    """Ranks among the items of the same field."""
    ranks = np.empty(values.shape, np.int64)
    for one in np.unique(field):
        ranks[:, field == one] = _ranks(values[:, field == one])
    return ranks


def _parts(items: Ints, experts: Ints, levels: tuple[int, int]) -> int:
    """In how many separate parts the graph of reviewed items and their experts falls."""
    size = sum(levels)
    links = coo_array((np.ones(len(items)), (items, levels[0] + experts)), shape=(size, size))
    labels = connected_components(links, directed=False)[1]
    return len(np.unique(labels[items]))


def _warnings(items: Ints, experts: Ints, levels: tuple[int, int], parts: int, variances: Variances) -> tuple[str, ...]:
    said = []
    if parts > 1:
        said.append(f"评审分成互不相连的 {parts} 部分，各部分之间没有共同的专家，跨部分比较只能假定各部分水平相当。")
    by_item = np.bincount(items, minlength=levels[0])
    by_expert = np.bincount(experts, minlength=levels[1])
    if (by_item == 0).any():
        said.append(f"有 {int((by_item == 0).sum())} 个评审对象还没有评分，其参考分只是总平均分。")
    if ((by_item == 1).sum() * 2) > levels[0]:
        said.append("多数评审对象只有一份评分，无法分清是对象的水平还是专家的宽严。")
    active = by_expert[by_expert > 0]
    if len(active) < FEW_EXPERTS:
        said.append(f"只有 {len(active)} 位专家评分，宽严差异的估计不可靠。")
    elif np.median(active) < FEW_EACH:
        said.append(f"多数专家评分不足 {FEW_EACH} 件，难以判断其宽严，参考分与平均分接近。")
    if len(items) - (by_item > 0).sum() - len(active) + parts < 5:
        said.append("评分总数太少，参考分仅供了解，不宜据以比较。")
    if variances.expert < SLIGHT * sum(variances):
        said.append("各位专家宽严差异很小，校准后与平均分几乎相同。")
    if variances.item < variances.noise / 4:
        said.append("评分中偶然差异远大于对象之间的差异，名次很不稳定。")
    return tuple(said)
