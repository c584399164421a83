"""Who reviews what: exact and balanced by min-cost flow, repeatable from a recorded seed.

The draw's chance lies in a small affinity of every pair, taken from a hash of seed, item and expert: nobody can
steer it and anybody can compute it again. Balance comes first (the k-th item of an expert costs k large units),
chance second.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

Pair = tuple[str, str]
CHANCE = 1_000_000


@dataclass(frozen=True)
class Draw:
    """Pairs (item, expert), sorted; and for an impossible draw, how many experts each starved item still lacks."""

    pairs: tuple[Pair, ...]
    starved: Mapping[str, int]

    @property
    def complete(self) -> bool:
        """Whether every item got what it needs."""
        return not self.starved


def chance(seed: str, item: str, expert: str) -> int:
    """The drawn number of a pair, 0 … 999 999: SHA-256 of ``seed:item:expert``, first eight bytes, modulo a million."""
    digest = hashlib.sha256(f"{seed}:{item}:{expert}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % CHANCE


def draw(
    *,
    need: Mapping[str, int],
    capacity: Mapping[str, int],
    load: Mapping[str, int],
    forbidden: Collection[Pair],
    seed: str,
) -> Draw:
    """Draw ``need`` experts for each item.

    ``capacity`` is how many more items each expert may take, ``load`` how many they have already (so that balance
    counts them), ``forbidden`` the pairs kept apart. The same arguments give the same pairs.
    """
    items = sorted(item for item, count in need.items() if count > 0)
    experts = sorted(expert for expert, left in capacity.items() if left > 0)
    if not items:
        return Draw((), {})
    barred = frozenset(forbidden)
    pairs = [(i, e) for i in items for e in experts if (i, e) not in barred]
    chosen = _flow(items, experts, pairs, need, capacity, load, seed) if pairs else []
    got = {item: sum(1 for pair in chosen if pair[0] == item) for item in items}
    return Draw(tuple(sorted(chosen)), {i: need[i] - got[i] for i in items if got[i] < need[i]})


def _flow(
    items: Sequence[str],
    experts: Sequence[str],
    pairs: Sequence[Pair],
    need: Mapping[str, int],
    capacity: Mapping[str, int],
    load: Mapping[str, int],
    seed: str,
) -> list[Pair]:
    """Largest flow of least cost: source → items → experts → sink."""
    from ortools.graph.python import min_cost_flow  # 80 MB and 0.8 s: only a draw pays for it

    source, sink = 0, 1
    node = {("item", one): 2 + index for index, one in enumerate(items)}
    node |= {("expert", one): 2 + len(items) + index for index, one in enumerate(experts)}
    wanted = sum(need[item] for item in items)
    step = CHANCE * (wanted + 1)  # one more item on an expert outweighs all chance together
    network = min_cost_flow.SimpleMinCostFlow()
    for item in items:
        network.add_arc_with_capacity_and_unit_cost(source, node["item", item], need[item], 0)
    arcs = [
        network.add_arc_with_capacity_and_unit_cost(
            node["item", item], node["expert", expert], 1, chance(seed, item, expert)
        )
        for item, expert in pairs
    ]
    for expert in experts:
        already = load.get(expert, 0)
        for extra in range(min(capacity[expert], len(items))):
            cost = step * (already + extra + 1)
            network.add_arc_with_capacity_and_unit_cost(node["expert", expert], sink, 1, cost)
    network.set_node_supply(source, wanted)
    network.set_node_supply(sink, -wanted)
    status = network.solve_max_flow_with_min_cost()
    if status != network.OPTIMAL:
        raise RuntimeError(f"min-cost flow ended with status {status}")
    return [pair for pair, arc in zip(pairs, arcs, strict=True) if network.flow(arc)]


def least_raise(
    *,
    need: Mapping[str, int],
    capacity: Mapping[str, int],
    load: Mapping[str, int],
    forbidden: Collection[Pair],
    seed: str,
    most: int = 200,
) -> int | None:
    """By how much every expert's load limit must rise for the draw to succeed; None when no rise is enough."""

    def enough(extra: int) -> bool:
        wider = {expert: max(0, left) + extra for expert, left in capacity.items()}
        return draw(need=need, capacity=wider, load=load, forbidden=forbidden, seed=seed).complete

    if not enough(most):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
