"""Users and what they are appointed to."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.directory import policies, rules
from xianfeng.directory.events import Event
from xianfeng.directory.models import Appointment, Organisation, User
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.bulk import Batch, Tally, differing
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.kernel.policies import require


@dataclass(frozen=True)
class UserData:
    """A sign-in; the initial password is used only while there is none."""

    username: str
    name: str
    email: str = ""
    password: str = ""


@dataclass(frozen=True)
class AppointmentData:
    """A duty in an organisation, by username and code; ``since`` empty is today, or the one already held."""

    username: str
    organisation: str
    duty: str
    title: str = ""
    since: date | None = None
    until: date | None = None
    deputy_for_id: int | None = None  # the appointment exercised in its holder's place


def user_create(*, username: str, name: str, email: str = "", password: str = "", actor: Actor, now: datetime) -> User:
    """A new user; without a password they cannot sign in until one is set."""
    require(policies.may_manage_users, actor, None)
    if User.objects.filter(username=username).exists():
        raise Conflict(_("用户名“%(username)s”已被使用。") % {"username": username}, _("请换一个用户名。"))
    users_save(rows=[UserData(username, name, email, password)], actor=actor, now=now)
    return User.objects.get(username=username)


def users_save(*, rows: Sequence[UserData], actor: Actor, now: datetime) -> Tally:
    """Create or correct many users by username; unchanged rows write nothing."""
    found = User.objects.select_for_update().order_by("id").filter(username__in=[one.username for one in rows])
    existing = {one.username: one for one in found}
    batch: Batch[User] = Batch()
    # An office hands out one initial password to many: it is judged and hashed once an import, not once a person
    # (1,500 hashes take minutes). All that shows is who got the same one.
    hashed: dict[str, str] = {}
    for data in rows:
        _check_user(data)
        user = existing.get(data.username)
        values = {"name": data.name, "email": data.email}
        if data.password and (user is None or not user.has_usable_password()):
            values["password"] = _hashed(data.password, hashed)
        if user is None:
            batch.created.append(User(**{"username": data.username, "password": make_password(None), **values}))
        elif names := differing(user, values):
            batch.changed.append((user, names))
        else:
            batch.unchanged += 1
    if not batch.touches:
        return batch.tally
    require(policies.may_manage_users, actor, None)
    batch.write(User.objects)
    for user in batch.created:
        _record(Event.USER_ADDED, user, actor, now)
    for user, names in batch.changed:
        _record(Event.USER_CHANGED, user, actor, now, fields=",".join(names))
    return batch.tally


def _hashed(password: str, hashed: dict[str, str]) -> str:
    if password not in hashed:
        _check_password(password)
        hashed[password] = make_password(password)
    return hashed[password]


def _check_user(data: UserData) -> None:
    if not data.username or not data.name:
        raise Invalid(_("用户名和姓名都要填写。"))
    if fault := rules.username_fault(data.username):
        raise Invalid(f"用户名“{data.username}”{fault}。")


def _check_password(password: str, user: User | None = None) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid("".join(error.messages), _("请换一个更难猜的密码。")) from error


def _record(event: Event, user: User, actor: Actor, now: datetime, reason: str = "", **data: Any) -> None:
    # Name, username, address and why are personal: the leaf commits to them, the side table can be erased.
    personal = {"username": user.username, "name": user.name, "email": user.email, "reason": reason.strip()}
    journal.record(event, subject=user, actor=actor, at=now, data=data, personal=personal)


def _user_for_update(user_id: int) -> User:
    row = User.objects.select_for_update().filter(pk=user_id).first()
    if row is None:
        raise NotFoundHere(_("没有找到这个用户。"))
    return row


def user_update(*, user_id: int, name: str, email: str = "", actor: Actor, now: datetime) -> User:
    """Correct a user's name or address."""
    require(policies.may_manage_users, actor, None)
    user = _user_for_update(user_id)
    _check_user(UserData(user.username, name, email))
    names = differing(user, {"name": name, "email": email})
    if names:
        user.save(update_fields=names)
        _record(Event.USER_CHANGED, user, actor, now, fields=",".join(names))
    return user


def user_disable(*, user_id: int, reason: str, actor: Actor, now: datetime) -> User:
    """Stop a user from signing in; nothing they did is touched."""
    require(policies.may_manage_users, actor, None)
    if not reason.strip():
        raise Invalid(_("请说明停用的原因。"))
    user = _user_for_update(user_id)
    if user.pk == actor.user_id:
        raise Conflict(_("不能停用自己的用户。"), _("请由另一位系统管理员办理。"))
    if not user.is_active:
        raise Conflict(_("该用户已经停用。"))
    user.is_active = False
    user.save(update_fields=["is_active"])
    _record(Event.USER_DISABLED, user, actor, now, reason=reason)
    return user


def user_enable(*, user_id: int, reason: str, actor: Actor, now: datetime) -> User:
    """Let a disabled user sign in again."""
    require(policies.may_manage_users, actor, None)
    user = _user_for_update(user_id)
    if user.is_active:
        raise Conflict(_("该用户没有停用。"))
    user.is_active = True
    user.save(update_fields=["is_active"])
    _record(Event.USER_ENABLED, user, actor, now, reason=reason)
    return user


def user_password_set(*, user_id: int, password: str, actor: Actor, now: datetime) -> User:
    """Set a user's password: their own, or anybody's by the system administrator."""
    user = _user_for_update(user_id)
    if user.pk != actor.user_id:
        require(policies.may_manage_users, actor, None)
    _check_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    _record(Event.PASSWORD_SET, user, actor, now)
    return user


def appointment_give(
    *,
    user_id: int,
    organisation_id: int,
    duty: str,
    title: str = "",
    since: date | None = None,
    until: date | None = None,
    deputy_for_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> Appointment:
    """Appoint a user to a duty, perhaps as somebody's deputy; clashing administrator duties are refused."""
    require(policies.may_appoint, actor, None)
    user = _user_for_update(user_id)
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        raise NotFoundHere(_("没有找到这个组织。"))
    data = AppointmentData(user.username, organisation.code, duty, title, since, until, deputy_for_id)
    if deputy_for_id is not None:
        _check_deputy(deputy_for_id, data, user, organisation)
    if not appointments_give(rows=[data], actor=actor, now=now).created:
        raise Conflict(_("该用户已经担任这项职责。"), _("请核对任职的组织、职责和起始日期。"))
    return Appointment.objects.filter(user=user, organisation=organisation, duty=duty).latest("id")


def _check_deputy(deputy_for_id: int, data: AppointmentData, user: User, organisation: Organisation) -> None:
    """A deputy stands in for one acting duty, the same and in the same place, for a time."""
    principal = Appointment.objects.filter(pk=deputy_for_id).first()
    if principal is None or (principal.organisation_id, principal.duty) != (organisation.pk, data.duty):
        raise Invalid(_("代理的应是同一组织的同一职责。"), _("请从被代理人的任职进入办理。"))
    if principal.deputy_for_id is not None or principal.duty not in rules.ACTING_DUTIES:
        raise Conflict(_("代理他人的任职、评审专家和管理员不能再由他人代理。"), _("请另行任命。"))
    if principal.user_id == user.pk:
        raise Invalid(_("不能由本人代理本人。"), _("请另选人员。"))
    if data.until is None:
        raise Invalid(_("请填写代理的截止日期。"), _("代理应有期限，到期自动终止。"))


def appointments_give(*, rows: Sequence[AppointmentData], actor: Actor, now: datetime) -> Tally:
    """Give many appointments by username and code; one already held is corrected (title, last day) or left alone."""
    found = User.objects.select_for_update().order_by("id").filter(username__in=[one.username for one in rows])
    users = {one.username: one for one in found}
    organisations = {one.code: one for one in Organisation.objects.filter(code__in=[one.organisation for one in rows])}
    held: dict[int, list[Appointment]] = defaultdict(list)
    theirs = Appointment.objects.filter(user__in=list(users.values())).order_by("id")
    for one in theirs.select_related("organisation", "user", "deputy_for__user"):
        held[one.user_id].append(one)
    batch: Batch[Appointment] = Batch()
    for data in rows:
        if data.username not in users:
            raise NotFoundHere(_("没有用户名为“%(name)s”的用户。") % {"name": data.username})
        if data.organisation not in organisations:
            raise NotFoundHere(_("没有编码为“%(code)s”的组织。") % {"code": data.organisation})
        _appoint(data, users[data.username], organisations[data.organisation], held, batch, clock.local_day(now))
    if not batch.touches:
        return batch.tally
    require(policies.may_appoint, actor, None)
    batch.write(Appointment.objects)
    for row in batch.created:
        _record_appointment(Event.APPOINTMENT_GIVEN, row, actor, now)
    for row, _names in batch.changed:
        _record_appointment(Event.APPOINTMENT_CHANGED, row, actor, now)
    return batch.tally


def _appoint(
    data: AppointmentData,
    user: User,
    organisation: Organisation,
    held: dict[int, list[Appointment]],
    batch: Batch[Appointment],
    today: date,
) -> None:
    if data.duty not in rules.DUTIES:
        raise Invalid(_("没有“%(duty)s”这种职责。") % {"duty": data.duty})
    if data.until and data.since and data.until < data.since:
        raise Invalid(_("任职的截止日期早于起始日期。"), _("请核对日期。"))
    same = [one for one in held[user.pk] if (one.organisation_id, one.duty) == (organisation.pk, data.duty)]
    row = next((one for one in same if data.since in (None, one.since) and (data.since or not one.until)), None)
    if row is not None:
        values = {"title": data.title, "until": data.until}
        if names := differing(row, values):
            batch.changed.append((row, names))
        else:
            batch.unchanged += 1
        return
    row = Appointment(
        user=user,
        organisation=organisation,
        duty=data.duty,
        title=data.title,
        since=data.since or today,
        until=data.until,
        deputy_for_id=data.deputy_for_id,
    )
    _refuse_clash(row, held[user.pk])
    held[user.pk].append(row)
    batch.created.append(row)


def overlapping(row: Appointment, others: Iterable[Appointment]) -> list[Appointment]:
    """Those of ``others`` that hold on some day on which ``row`` holds."""
    last = row.until or date.max
    return [one for one in others if one.since <= last and (one.until or date.max) >= row.since]


def _refuse_clash(row: Appointment, others: Iterable[Appointment]) -> None:
    """等保 2.0: nobody holds two administrator duties, nor one beside a part in the cases."""
    duties = {one.duty for one in overlapping(row, others)}
    if rules.duties_clash(duties, row.duty):
        words = "、".join(rules.DUTIES[duty] for duty in sorted(duties))
        raise Conflict(
            _("“%(user)s”已任%(held)s，不能同时任%(wanted)s：管理员职责须由专人担任。")
            % {"user": row.user.username, "held": words, "wanted": rules.DUTIES[row.duty]},
            _("请由另一名用户担任，或先免去原职。"),
        )


def appointment_end(*, appointment_id: int, on: date, reason: str = "", actor: Actor, now: datetime) -> Appointment:
    """End an appointment; ``on`` is its last day."""
    require(policies.may_appoint, actor, None)
    found = Appointment.objects.select_for_update(of=("self",)).select_related(
        "user", "organisation", "deputy_for__user"
    )
    row = found.filter(pk=appointment_id).first()
    if row is None:
        raise NotFoundHere(_("没有找到这项任职。"))
    if row.until is not None and row.until <= on:
        raise Conflict(_("这项任职已经终止。"))
    if on < row.since:
        raise Invalid(_("终止日期早于任职的起始日期。"), _("请核对日期。"))
    row.until = on
    row.save(update_fields=["until"])
    _record_appointment(Event.APPOINTMENT_ENDED, row, actor, now, reason=reason)
    return row


def _record_appointment(event: Event, row: Appointment, actor: Actor, now: datetime, reason: str = "") -> None:
    stands_in = row.deputy_for is not None
    data = {
        "organisation": row.organisation.name,
        "organisation_id": row.organisation.public_id,
        "duty": rules.DUTIES[row.duty] + ("（代理）" if stands_in else ""),
        "since": row.since,
        "until": row.until,
        "deputy_for": row.deputy_for.user.public_id if row.deputy_for is not None else "",
    }
    journal.record(event, subject=row.user, actor=actor, at=now, data=data, personal={"reason": reason.strip()})
