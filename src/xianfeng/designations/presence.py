"""How titles show themselves outside their own pages: navigation entries, words for states, the work pages of steps."""

from xianfeng.cases import pages
from xianfeng.cases.queries import OVERSEERS
from xianfeng.designations import rules
from xianfeng.kernel.actors import Actor
from xianfeng.programmes.policies import acts_for
from xianfeng.ui import chips, navigation
from xianfeng.ui.navigation import Entry

DESIGNATION_COLOURS = {
    "active": "brass",
    "reassessing": "blue",
    "rectifying": "amber",
    "warned": "amber",
    "suspended": "grey",
    "revoked": "red",
    "annulled": "ink",
    "expired": "ink",
    "ended": "ink",
    "replaced": "ink",
}
OBJECTION_COLOURS = {
    "received": "amber",
    "refused": "grey",
    "accepted": "blue",
    "upheld": "red",
    "dismissed": "ink",
}


def is_overseer(actor: Actor) -> bool:
    """Sits in one of the bodies of a programme."""
    return acts_for(actor, None, *OVERSEERS) is not None


def runs_rounds(actor: Actor) -> bool:
    """Working group or office."""
    return acts_for(actor, None, "working_group", "office") is not None


def acts_at_all(actor: Actor) -> bool:
    """Holds a post in an organisation, so that there may be titles of its own."""
    return actor.has_duty("secretary", "staff", "member")


def register() -> None:
    """Called once from ``ready``."""
    states = rules.DESIGNATION_STATES
    chips.register("designation", {code: (word, DESIGNATION_COLOURS[code]) for code, word in states.items()})
    chips.register(
        "objection", {code: (word, OBJECTION_COLOURS[code]) for code, word in rules.OBJECTION_STATES.items()}
    )
    chips.register("notice", {"open": ("公示中", "blue"), "closed": ("已结束", "ink"), "withdrawn": ("已撤回", "grey")})
    chips.register(
        "notice_item",
        {
            "open": ("公示中", "blue"),
            "cleared": ("无异议", "green"),
            "upheld": ("异议成立", "red"),
            "dropped": ("已撤回", "grey"),
        },
    )
    words, colours = rules.DECISION_RESULTS, {"approved": "green", "reserve": "blue", "rejected": "ink"}
    chips.register("decision_result", {code: (word, colours[code]) for code, word in words.items()})
    chips.register(
        "print",
        {
            "waiting": (rules.PRINT_STATES["waiting"], "grey"),
            "running": (rules.PRINT_STATES["running"], "blue"),
            "ready": (rules.PRINT_STATES["ready"], "green"),
            "failed": (rules.PRINT_STATES["failed"], "red"),
        },
    )
    for kind in ("decide", "announce", "name", "recommend", "opine", "conclude", "rectify", "recheck", "report"):
        pages.register(kind, f"designations:{kind}")
    group = "评定"
    navigation.register(
        Entry("decisions", "审定", "designations:decisions", icon="gavel", order=50, visible=is_overseer, group=group)
    )
    navigation.register(
        Entry("notices", "公示", "designations:notices", icon="speakerphone", order=51, visible=runs_or_announces)
    )
    navigation.register(
        Entry("objections", "异议", "designations:objections", icon="message", order=52, visible=runs_rounds)
    )
    navigation.register(Entry("titles", "命名名录", "designations:titles", icon="award", order=53, visible=acts_at_all))


def runs_or_announces(actor: Actor) -> bool:
    """Working group, office, or a body that announces its own tier."""
    return acts_for(actor, None, "working_group", "office", "comprehensive_group") is not None
