"""What the three administrators find on their workbench: their doors and a few counts."""

from dataclasses import dataclass
from datetime import timedelta

from xianfeng.directory.models import Appointment, Organisation, SignIn, User, holds_on
from xianfeng.journal.queries import entry_count
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.reports import links


@dataclass(frozen=True)
class Door:
    """One link of a desk, with a count where one says something."""

    title: str
    url: str
    value: int | None = None
    unit: str = ""


@dataclass(frozen=True)
class Desk:
    """An administrator's links."""

    title: str
    doors: list[Door]


def desks(actor: Actor) -> list[Desk]:
    """The desks this actor holds; nobody holds two, but nothing here depends on it."""
    made = {"system_admin": _system, "security_admin": _security, "audit_admin": _audit}
    return [make() for duty, make in made.items() if actor.has_duty(duty)]


def _system() -> Desk:
    doors = [
        Door("组织目录", links.first("directory:organisations"), Organisation.objects.count(), "个"),
        Door("用户与任职", links.first("directory:users"), User.objects.filter(is_active=True).count(), "人"),
        Door("导入工作簿", links.first("workbook:upload")),
        Door("办公日历", links.first("directory:calendar")),
        Door("年度批次", links.first("programmes:rounds")),
    ]
    return Desk("系统管理", [one for one in doors if one.url])


def _security() -> Desk:
    held = Appointment.objects.filter(holds_on(clock.today())).count()
    doors = [
        Door("用户与任职", links.first("directory:users"), held, "项"),
    ]
    return Desk("安全管理", [one for one in doors if one.url])


def _audit() -> Desk:
    since = clock.real_now() - timedelta(days=1)
    refused = SignIn.objects.filter(outcome="refused", at__gte=since).count()
    return Desk(
        "审计管理",
        [
            Door("留痕", links.first("reports:audit"), entry_count(), "条"),
            Door("登录日志（近一日失败）", links.first("reports:sign-ins"), refused, "次"),
        ],
    )
