"""What the app shows of itself elsewhere: the public header, the office's entry, chips."""

from xianfeng.kernel.actors import Actor
from xianfeng.ui import chips, navigation
from xianfeng.ui.navigation import Entry


def acts_at_all(actor: Actor) -> bool:
    """Acts for some organisation, so that there may be titles to write about."""
    return actor.has_duty("secretary", "staff", "member")


def register() -> None:
    """Called once from ``ready``."""
    for order, (code, title, name) in enumerate(
        (
            ("public_notices", "公示", "publicity:notices"),
            ("public_register", "名录", "publicity:register"),
            ("public_verify", "验证", "publicity:verify"),
            ("public_stories", "事迹", "publicity:stories"),
            ("public_bulletins", "简报", "publicity:bulletins"),
            ("public_standards", "标准", "publicity:standards"),
        )
    ):
        navigation.register(Entry(code, title, name, order=order, public=True))
    navigation.register(Entry("stories", "典型事迹", "publicity:manage", icon="book", order=58, visible=acts_at_all))
    chips.register("story", {"draft": ("草稿", "grey"), "published": ("已发布", "green")})
