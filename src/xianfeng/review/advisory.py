"""The advisory score beside the official one: how sure the ranking is, or plainly why nobody can say."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from xianfeng.review.rules import packet
from xianfeng.review.rules.allotment import components
from xianfeng.review.rules.official import Json, counted

UNSURE = (0.05, 0.95)
SAID = {
    "thin": "评分表太少，无法可靠估计专家宽严，只供参考的校准分不予计算。",
    "disconnected": "专家与申报没有连成一片：有的申报之间没有共同的专家，跨组的校准分不可比，入围可能性仅供参考。",
    "failed": "校准计算没有完成，排名不受影响。",
    "ok": "",
}


def thin(pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether there is too little to tell a strict expert from a weak case: under 3 cases or experts, or few links."""
    items, experts = len({one for one, _ in pairs}), len({one for _, one in pairs})
    return items < 3 or experts < 3 or len(pairs) <= items + experts - 1


def advise(inputs: Json, experts: Mapping[str, str]) -> Json:
    """Fit the sheets of frozen inputs; ``experts`` gives by sheet id who wrote it.

    All numbers are strings of fixed length: the result is kept and hashed. ``state`` says how far to trust it.
    """
    marks = [
        (case["id"], experts[sheet["sheet"]], float(sheet["total"]))
        for case in inputs["cases"]
        for sheet in counted(inputs, case)
    ]
    pairs = [(case, expert) for case, expert, _ in marks]
    if thin(pairs):
        return {"state": "thin", "said": SAID["thin"], "cases": {}, "experts": {}}
    state = "ok" if components(pairs) == 1 else "disconnected"
    found = _fitted(marks, inputs)
    if found is None:
        return {"state": "failed", "said": SAID["failed"], "cases": {}, "experts": {}}
    return {"state": state, "said": SAID[state], **found}


def _fitted(marks: Sequence[tuple[str, str, float]], inputs: Json) -> Json | None:
    """One fit over all cases, since the experts are the same; ranks and chances within each field."""
    from xianfeng.review.rules.calibration import fit  # numpy and scipy: only a ranking pays for them

    fields = packet.fields(inputs)
    of = {case["id"]: at for at, field in enumerate(fields) for case in field["cases"]}
    cases = sorted({one for one, _, _ in marks})
    experts = sorted({one for _, one, _ in marks})
    try:
        made = fit(
            [cases.index(one) for one, _, _ in marks],
            [experts.index(one) for _, one, _ in marks],
            [score for _, _, score in marks],
            quota=None if inputs["places"] is None else [packet.cut_at(fields[of[one]]) for one in cases],
            field=[of[one] for one in cases],
            seed=int(hashlib.sha256(inputs["panel"]["seed"].encode()).hexdigest()[:7], 16),
        )
    except (ValueError, ArithmeticError):  # the official ranking must not hang on the advice
        return None
    return {
        "warnings": list(made.warnings),
        "cases": {key: _case(made, at) for at, key in enumerate(cases)},
        "experts": {key: f"{float(made.severity[at]):.2f}" for at, key in enumerate(experts)},
        "variances": {name: f"{float(getattr(made.variances, name)):.3f}" for name in ("item", "expert", "noise")},
    }


def _case(made: Any, at: int) -> Json:
    p = None if made.p_in_quota is None else float(made.p_in_quota[at])
    best, worst = (round(float(one)) for one in made.rank_interval[at])
    return {
        "adjusted": f"{float(made.adjusted[at]):.2f}",
        "p": None if p is None else f"{p:.3f}",
        "discuss": p is not None and UNSURE[0] <= p <= UNSURE[1],
        "best": best,
        "worst": worst,
    }
