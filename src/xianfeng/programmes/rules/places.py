"""Places of a round: the quota, what came over unused, how far it may be exceeded, how many one may put forward."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.programmes.rules.schema.pools import pool_key
from xianfeng.programmes.rules.schema.scoring import QuotaResult

Used = Mapping[tuple[int, str], int]


@dataclass(frozen=True)
class Places:
    """Places of one pool: the year's quota, what came from earlier rounds or other categories, what went away.

    A pool is a category, or one applicant group of it where the definition splits its quota.
    """

    category: str
    quota: int
    carried: int = 0
    received: int = 0
    given: int = 0
    group: str = ""

    @property
    def key(self) -> str:
        """The pool's key."""
        return pool_key(self.category, self.group)

    @property
    def total(self) -> int:
        """Places there are in the end."""
        return self.quota + self.carried + self.received - self.given

    @property
    def sentence(self) -> str:
        """The sum in Chinese."""
        pieces = [f"本年度名额 {self.quota} 个"]
        pieces += [f"以前年度结转 {self.carried} 个"] if self.carried else []
        pieces += [f"其他类别调剂转入 {self.received} 个"] if self.received else []
        pieces += [f"调剂转出 {self.given} 个"] if self.given else []
        return "，".join(pieces) + f"，可用 {self.total} 个。"


def places(definition: Definition, *, tier: str, year: int, used: Used, demand: Mapping[str, int]) -> list[Places]:
    """Places by pool in a year, by the programme's rule on unused ones; split places are not passed on, they lapse.

    ``used``: places taken in earlier rounds by (year, category); a round that is not in it (not yet over) carries
    nothing. ``demand``: how many qualified candidates there are by category; what a category cannot fill goes to those
    that can, in the order of the definition (``other_category``).
    """
    pools = definition.pools(tier, year)
    own = {one.category: one.quota for one in pools if not one.group}
    rule = definition.result.unused if isinstance(definition.result, QuotaResult) else "lapse"
    whole = {code: Places(code, quota) for code, quota in own.items()}
    if rule == "next_round":
        whole = {
            code: replace(one, carried=_carried(definition, tier, code, year, used)) for code, one in whole.items()
        }
    if rule == "other_category":
        whole = {one.category: one for one in _shared(own, demand)}
    return [Places(one.category, one.quota, group=one.group) if one.group else whole[one.category] for one in pools]


def _carried(definition: Definition, tier: str, category: str, year: int, used: Used) -> int:
    """Unused places of the rounds before: each round's are its quota and what came over, less what was taken; none
    outlive a year that split them.
    """
    left = 0
    for one in sorted(definition.rounds, key=lambda one: one.year):
        if one.year < year and category in one.group_quotas.get(tier, {}):
            left = 0
        elif one.year < year and (one.year, category) in used:
            left = max(left + definition.quota(tier, category, one.year) - used[one.year, category], 0)
    return left


def _shared(own: Mapping[str, int], demand: Mapping[str, int]) -> list[Places]:
    spare = sum(max(quota - demand.get(code, 0), 0) for code, quota in own.items())
    wanted = {code: max(demand.get(code, 0) - quota, 0) for code, quota in own.items()}
    taken = 0
    received = {}
    for code, want in wanted.items():
        received[code] = min(want, spare - taken)
        taken += received[code]
    given = {}
    for code, quota in own.items():
        given[code] = min(max(quota - demand.get(code, 0), 0), taken)
        taken -= given[code]
    return [Places(code, quota, received=received[code], given=given[code]) for code, quota in own.items()]


def overrun(definition: Definition, *, places: int, named: int, reason: str) -> str:
    """A Chinese sentence when more are named than may be; empty when it is in order.

    A programme may let its deciders go over by a few (``over_by``), with a reason on record.
    """
    over = named - places
    if over <= 0:
        return ""
    allowed = definition.result.over_by if isinstance(definition.result, QuotaResult) else 0
    if over > allowed:
        return f"名额 {places} 个，拟命名 {named} 个，超出 {over} 个" + (
            f"，最多可超出 {allowed} 个。" if allowed else "。"
        )
    return "" if reason.strip() else f"名额 {places} 个，拟命名 {named} 个：超出名额的，应说明理由。"


def may_recommend(definition: Definition, *, category: str, allotted: int | None = None) -> int | None:
    """How many one superior may put forward in a category; ``None``: any number.

    Where places are allotted, as many as the round's table gives it (``allotted``); who is not in the table has the
    uniform number, and none where the definition gives no such number.
    """
    one = definition.category(category)
    if not one.allotted:
        return one.most_per_superior
    return allotted if allotted is not None else one.most_per_superior or 0


def nominating_faults(
    definition: Definition,
    *,
    category: str,
    by_superior: int | None = None,
    allotted: int | None = None,
    by_unit: int = 0,
    categories_of_nominee: int = 0,
) -> list[str]:
    """Chinese sentences on limits that one more nomination in this category would overstep.

    Expects how many this superior (``None``: there is none) and this unit have put forward in it this round, how many
    the round's table allots the superior, and in how many other categories the nominee already stands.
    """
    one = definition.category(category)
    faults = []
    most = may_recommend(definition, category=category, allotted=allotted)
    if by_superior is not None and most is not None and by_superior >= most:
        whose = "上级党组织分到的{}推荐名额为 {} 个" if one.allotted else "每个上级党组织最多推荐 {1} 个{0}"
        faults.append(whose.format(one.title, most))
    if one.most_per_unit is not None and by_unit >= one.most_per_unit:
        faults.append(f"每个单位最多申报 {one.most_per_unit} 个{one.title}")
    if definition.categories_per_nominee is not None and categories_of_nominee >= definition.categories_per_nominee:
        faults.append(f"同一申报对象最多申报 {definition.categories_per_nominee} 个类别")
    return faults
