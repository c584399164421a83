"""How the registry shows itself: navigation entries and the words of its states."""

from xianfeng.directory.policies import read_by
from xianfeng.directory.presence import GROUP
from xianfeng.directory.rules import ACTING_DUTIES
from xianfeng.kernel.actors import Actor
from xianfeng.registry.policies import may_keep
from xianfeng.ui import chips, navigation
from xianfeng.ui.navigation import Entry


def takes_part(actor: Actor) -> bool:
    """Whoever acts for an organisation; administrators and experts have nothing to do here."""
    return actor.has_duty(*ACTING_DUTIES)


def register() -> None:
    """Called once, when the app is ready."""
    read_by(may_keep)
    chips.register(
        "conduct", {"reported": ("待核实", "amber"), "confirmed": ("已核实", "green"), "refuted": ("不属实", "ink")}
    )
    for entry in (
        Entry("registry", "创建对象", "registry:nominees", "award", 70, takes_part, GROUP),
        Entry("conduct", "诚信台账", "registry:conduct", "book", 71, takes_part, GROUP),
        Entry("projects", "工程项目", "registry:projects", "map-pin", 72, takes_part, GROUP),
    ):
        navigation.register(entry)
