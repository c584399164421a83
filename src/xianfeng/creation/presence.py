"""How the app shows itself: navigation entries and the words and colours of its states."""

from xianfeng.cases.queries import acting_ids
from xianfeng.creation import rules
from xianfeng.kernel.actors import Actor
from xianfeng.ui import chips, navigation
from xianfeng.ui.navigation import Entry

COLOURS = {
    "plan": {"draft": "grey", "submitted": "amber", "returned": "red", "accepted": "green", "amending": "amber"},
    "problem": {"open": "amber", "answered": "blue", "closed": "green"},
    "meeting": {"called": "blue", "held": "green", "cancelled": "grey"},
    "milestone": {"todo": "grey", "soon": "amber", "late": "red", "done": "green"},
    "conclusion": {"good": "green", "fair": "blue", "poor": "red"},
}
WORDS = {
    "plan": rules.PLAN_STATES,
    "problem": rules.PROBLEM_STATES,
    "meeting": rules.MEETING_STATES,
    "milestone": rules.MILESTONE_STATES,
    "conclusion": rules.CONCLUSIONS,
}


def takes_part(actor: Actor) -> bool:
    """Whoever acts for some organisation; administrators and experts have nothing to do here."""
    return bool(acting_ids(actor))


def register() -> None:
    """Called once, when the apps are ready."""
    for kind, words in WORDS.items():
        chips.register(kind, {code: (word, COLOURS[kind][code]) for code, word in words.items()})
    chips.register("plan", {"none": ("未编制", "grey")})
    chips.register("survey", {"before": ("未开始", "grey"), "open": ("进行中", "blue"), "over": ("已结束", "ink")})
    group = "创建推进"
    navigation.register(Entry("plans", "创建计划", "creation:plans", "target", 20, takes_part, group))
    navigation.register(Entry("guidance", "指导推进", "creation:problems", "list-check", 21, takes_part))
