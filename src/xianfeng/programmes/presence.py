"""How the app shows itself: the navigation entry, the words of a round's states."""

from xianfeng.kernel.actors import Actor
from xianfeng.programmes import policies
from xianfeng.ui import chips, navigation
from xianfeng.ui.navigation import Entry


def takes_part(actor: Actor) -> bool:
    """Whoever acts for an organisation, and the system administrator, who loads definitions."""
    return actor.has_duty("secretary", "staff", "member", "system_admin")


def seats_bodies(actor: Actor) -> bool:
    """Whoever may say which organisation is which body."""
    return bool(policies.may_seat(actor, None))


def designs(actor: Actor) -> bool:
    """Whoever may build or edit a definition."""
    return bool(policies.may_design(actor, None))


def register() -> None:
    """Called once, when the apps are ready."""
    chips.register("round", {"open": ("进行中", "blue"), "closed": ("已办结", "ink"), "annulled": ("已作废", "red")})
    navigation.register(Entry("rounds", "年度批次", "programmes:rounds", "calendar", 22, takes_part))
    navigation.register(Entry("bodies", "工作机构", "programmes:bodies", "building", 87, seats_bodies))
    navigation.register(Entry("designer", "活动定义", "programmes:definitions", "adjustments", 88, designs))
