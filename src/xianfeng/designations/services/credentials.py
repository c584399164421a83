"""Issuing credentials: the key's life, one credential per title, new ones where a key was struck."""

import hashlib
import logging
from datetime import UTC, date, datetime, time, timedelta

from xianfeng import journal
from xianfeng.designations import issuer
from xianfeng.designations.events import Event
from xianfeng.designations.models import Credential, Designation, IssuerKey
from xianfeng.designations.rules.credentials import badge, did
from xianfeng.designations.rules.credentials.linked_data import LinkedDataError
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM, Actor
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere, UserError
from xianfeng.programmes.queries import body_organisation

log = logging.getLogger("xianfeng.credentials")
BATCH = 50


def key_ensure(*, now: datetime) -> IssuerKey:
    """The key that signs today; the first one is made here."""
    found = IssuerKey.objects.filter(retired_at=None, struck_from=None).order_by("-id").first()
    return found or _key_make(SYSTEM, now)


def _key_make(actor: Actor, now: datetime) -> IssuerKey:
    name = f"key-{IssuerKey.objects.count() + 1}"
    key = IssuerKey.objects.create(name=name, multibase=issuer.make_key(name), made_at=now)
    journal.record(Event.KEY_MADE, subject=key, actor=actor, at=now, data={"name": name, "public_key": key.multibase})
    return key


def key_rotate(*, actor: Actor, now: datetime) -> IssuerKey:
    """Sign with a new key from now on; what the old one signed keeps verifying."""
    old = list(IssuerKey.objects.select_for_update().filter(retired_at=None))
    new = _key_make(actor, now)
    for one in old:
        one.retired_at = now
        one.save(update_fields=["retired_at"])
        journal.record(Event.KEY_RETIRED, subject=one, actor=actor, at=now, data={"name": one.name, "next": new.name})
    return new


def key_strike(*, name: str, struck_from: datetime, reason: str, actor: Actor, now: datetime) -> int:
    """Strike a compromised key from an instant on; its titles get new credentials, by another key.

    Returns how many titles wait for theirs; ``credentials_catch_up`` issues them.
    """
    key = IssuerKey.objects.select_for_update().filter(name=name).first()
    if key is None:
        raise NotFoundHere(f"没有名为 {name} 的签发密钥。", "用 xianfeng credential key list 查看。")
    if key.struck_from is not None:
        raise Conflict(f"签发密钥 {name} 已经作废。", "不必再办。")
    if not reason.strip():
        raise Invalid("请说明作废的原因。", "原因记入留痕。")
    if struck_from > now:
        raise Invalid("作废起始时间晚于现在。", "请填写密钥可能泄露的最早时间。")
    if key.retired_at is None:
        key_rotate(actor=actor, now=now)
        key.refresh_from_db()
    key.struck_from, key.struck_reason = struck_from, reason.strip()
    key.save(update_fields=["struck_from", "struck_reason"])
    data = {"name": name, "struck_from": did.stamp(struck_from), "reason": key.struck_reason}
    journal.record(Event.KEY_STRUCK, subject=key, actor=actor, at=now, data=data)
    return Designation.objects.filter(credential__key=key).update(credential_due_at=clock.real_now())


def credential_issue(*, designation: Designation, actor: Actor, now: datetime) -> Credential:
    """Sign a title's credential and make it the current one; Invalid when its contexts leave a term undefined.

    ``designation`` is locked or just made. ``now`` is the real time: it becomes the proof's.
    """
    key = key_ensure(now=now)
    document = badge.unsigned(title_of(designation), issuer.base())
    try:
        text = issuer.text(issuer.secured(document, key, did.stamp(now)))
    except LinkedDataError as error:
        raise Invalid(f"编号 {designation.number} 的数字凭证不能签发：{error}。", "请核对命名对象的名称。") from error
    Credential.objects.filter(current_for=designation).update(current_for=None)
    designation.credential_due_at = None
    designation.save(update_fields=["credential_due_at"])
    row = Credential.objects.create(
        designation=designation,
        current_for=designation,
        key=key,
        document=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        issued_at=now,
    )
    data = {"number": designation.number, "key": key.name, "sha256": row.sha256}
    journal.record(Event.CREDENTIAL_ISSUED, subject=designation, actor=actor, at=now, data=data)
    return row


def title_of(designation: Designation) -> badge.Title:
    """What the credential says. It is public for good, so a person is named by unit and post, consent or not."""
    definition = designation.round.version.definition
    tier, category = definition.tier(designation.tier), definition.category(designation.category)
    member = designation.nominee.member
    unit = str(designation.snapshot.get("unit", "")) or designation.unit_name
    post = str(designation.snapshot.get("post", "") or (member.post if member else ""))
    organisation = designation.nominee.organisation
    body = body_organisation(designation.programme, tier.decided_by)
    heir, last = designation.carried_by, designation.valid_until
    holder = heir.name if heir and organisation == heir else designation.holder
    held_by = heir.name if heir and not heir.is_party else designation.unit_name
    return badge.Title(
        public_id=designation.public_id,
        serial=designation.pk,
        number=designation.number,
        title=designation.title_in_full,
        tier=designation.tier,
        tier_title=tier.title,
        category=designation.category,
        category_title=category.title,
        group=designation.group,
        holder=f"{unit}{post}岗位" if member else holder,
        unit="" if held_by == holder else held_by,
        unit_code=organisation.credit_code if organisation else "",
        named_on=did.stamp(_midnight(designation.named_on)),
        valid_until=did.stamp(_midnight(last + timedelta(days=1))) if last else "",
        programme=definition.title,
        issuer=body.name if body else definition.issuer,
        basis="".join(f"《{one.title}》" for one in definition.basis[:2]) or f"《{definition.title}》",
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.SHANGHAI).astimezone(UTC)


def credentials_catch_up(*, now: datetime, limit: int | None = None) -> int:
    """Issue what is due (missing, its key struck, its words changed), in small units of work; returns how many.

    Called by the timer and by command, at the edge: it opens its own units of work. What is due is found by its own
    index: it costs the same however many titles have theirs. One that cannot be signed is tried again tomorrow.
    """
    due = Designation.objects.filter(credential_due_at__lte=now).order_by("credential_due_at", "id")
    ids = list(due.values_list("pk", flat=True)[: limit or None])
    done = 0
    for start in range(0, len(ids), BATCH):
        with journal.unit_of_work():
            rows = Designation.objects.select_for_update(of=("self",)).filter(pk__in=ids[start : start + BATCH])
            for one in rows.select_related("round__version", "programme", "nominee__member", "nominee__organisation"):
                done += _issue_or_put_off(one, now)
    return done


def _issue_or_put_off(designation: Designation, now: datetime) -> bool:
    try:
        credential_issue(designation=designation, actor=SYSTEM, now=now)
    except UserError:
        log.exception("credential of %s not issued", designation.number)
        Designation.objects.filter(pk=designation.pk).update(credential_due_at=now + timedelta(days=1))
        return False
    return True


def issue_when_possible(designation: Designation, actor: Actor) -> None:
    """Issue within a naming; a key that cannot be read holds up no naming, the timer tries again."""
    try:
        credential_issue(designation=designation, actor=actor, now=clock.real_now())
    except UserError:
        log.exception("credential of %s not issued", designation.number)
