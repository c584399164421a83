"""How the panel shows itself outside its own pages: navigation entries and words for its states."""

from xianfeng.kernel.actors import Actor
from xianfeng.review.policies import is_expert, may_run_panels
from xianfeng.ui import chips, navigation
from xianfeng.ui.navigation import Entry


def runs_panels(actor: Actor) -> bool:
    """Whether the working group's entries are shown."""
    return bool(may_run_panels(actor, None))


def scores(actor: Actor) -> bool:
    """Whether the expert's entry is shown."""
    return bool(is_expert(actor, None))


def register() -> None:
    """Called once, when the app is ready."""
    group = "评审"
    navigation.register(
        Entry("review", "评审组", "review:board", icon="scale", order=44, visible=runs_panels, group=group)
    )
    navigation.register(Entry("experts", "专家库", "review:experts", icon="users", order=45, visible=runs_panels))
    navigation.register(Entry("queue", "评分任务", "review:queue", icon="clipboard-check", order=46, visible=scores))
    chips.register("panel", {"none": ("未组建", "grey"), "scoring": ("评分中", "blue"), "ranked": ("已汇总", "green")})
    chips.register(
        "sheet", {"waiting": ("未开始", "grey"), "draft": ("填写中", "amber"), "signed": ("已签名", "green")}
    )
    chips.register(
        "standing",
        {
            "inside": ("入围", "brass"), "undecided": ("同分待定", "amber"), "reserve": ("递补", "blue"),
            "outside": ("未入围", "grey"), "unqualified": ("未达要求", "red"),
            "qualified": ("达到要求", "green"),
        },
    )  # fmt: skip
