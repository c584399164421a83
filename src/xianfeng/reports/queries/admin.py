"""What the three administrators find on their workbench: what waits for them, their doors and a few counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Min

from xianfeng.directory.models import Appointment, Organisation, SignIn, User, holds_on
from xianfeng.journal.queries import entry_count
from xianfeng.journal.queries import search as journal_search
from xianfeng.kernel import clock, workdays
from xianfeng.kernel.actors import Actor
from xianfeng.reports import links
from xianfeng.reports.events import Event
from xianfeng.ui.parts import Task

NOTICE = timedelta(days=30)  # how long beforehand an appointment's end is shown
CHECK_EVERY = timedelta(days=30)


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


def tasks(actor: Actor, now: datetime) -> list[Task]:
    """What waits for an administrator: accounts nobody can use, appointments that run out, the monthly check."""
    made = {"system_admin": _unusable, "security_admin": _running_out, "audit_admin": _check_due}
    return [task for duty, make in made.items() if actor.has_duty(duty) for task in make(now)]


def _unusable(now: datetime) -> list[Task]:
    locked = User.objects.filter(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX).count()
    if not locked:
        return []
    return [Task(f"设置初始密码 {locked} 个", links.first("directory:users"), note="这些账号还不能登录")]


def _running_out(now: datetime) -> list[Task]:
    today = clock.local_day(now)
    ending = Appointment.objects.filter(holds_on(today), until__lte=today + NOTICE, user__is_active=True)
    without = User.objects.filter(is_active=True).exclude(appointments__in=Appointment.objects.filter(holds_on(today)))
    found = []
    soonest = ending.aggregate(n=Count("pk"), first=Min("until"))
    if soonest["n"]:
        due = workdays.deadline_instant(soonest["first"])
        url = links.first("directory:users")
        found.append(Task(f"任职即将到期 {soonest['n']} 项", url, note="续任或确认到期", due=due))
    if alone := without.count():
        found.append(Task(f"账号尚无任职 {alone} 个", links.first("directory:users"), note="授予任职后方可办理业务"))
    return found


def _check_due(now: datetime) -> list[Task]:
    last = journal_search(event=Event.RECORD_CHECKED.value).values_list("at", flat=True).first()
    url = links.first("reports:audit")
    if last is None:
        return [Task("核验留痕", url, note="尚未核验过")]
    due = workdays.deadline_instant(clock.local_day(last) + CHECK_EVERY)
    if due - now > NOTICE:
        return []
    return [Task("核验留痕", url, note="每月一次", due=due)]


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
        Door("导入工作簿", links.first("workbook:upload")),
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
