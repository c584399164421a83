"""The parts the house knows (推进组, 办公室 …) and which of a programme's bodies plays each: read off its procedures.

Pages and policies ask for parts, so that a programme with bodies of quite other names is run by the same code.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from xianfeng.programmes.rules.schema.definition import Definition

# The step 评审 is addressed to whoever has it held; the experts themselves are asked one by one. A programme in which
# another body runs the rounds gives that body the part's own code.
# part → where to look for it, the first that names a body: "kind of case/kind of step", or "tier" for who decides
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "working_group": ("nomination/panel", "nomination/screen", "reassessment/opine", "tier"),
    "office": ("reassessment/conclude", "nomination/screen", "tier"),
    "leading_group": ("tier",),
    "comprehensive_group": ("upper tier",),
}


def players(definition: Definition) -> dict[str, str]:
    """Part → code of the body that plays it; a body that bears a part's own code always does."""
    named = {one.code for one in definition.bodies}
    found = {part: part if part in named else next(_asked(definition, places), "") for part, places in PARTS.items()}
    return {part: code for part, code in found.items() if code in named}


def _asked(definition: Definition, places: tuple[str, ...]) -> Iterator[str]:
    for place in places:
        if "tier" in place:
            upper = place == "upper tier"
            yield from (one.decided_by for one in definition.tiers if (one.draws_from is not None) == upper)
            continue
        case_kind, step_kind = place.split("/")
        for procedure in definition.procedures:
            if procedure.code == case_kind:
                yield from (step.body for step in procedure.steps if step.kind == step_kind and step.body)
