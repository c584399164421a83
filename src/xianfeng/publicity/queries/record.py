"""Which entries of the record anybody may read: those that tell what the register tells."""

from django.urls import reverse

from xianfeng.designations.events import Event
from xianfeng.designations.models import Designation
from xianfeng.journal import queries as journal
from xianfeng.journal.models import Entry
from xianfeng.journal.readers import Reading
from xianfeng.kernel.actors import Actor

# What the register and the verification page tell anybody. A suspension is not among it: while something is looked
# into, it is the office's own business.
PUBLIC = frozenset(
    one.value
    for one in (
        Event.NAMED, Event.RAISED, Event.PLAQUE_ISSUED, Event.CREDENTIAL_ISSUED, Event.CONFIRMED, Event.WARNED,
        Event.RECTIFY, Event.DOWNGRADED, Event.SANCTION_OVER, Event.RENEWED, Event.MERGED, Event.TRANSFERRED,
        Event.REVOKED, Event.ANNULLED, Event.EXPIRED, Event.ENDED, Event.REPLACED,
    )
)  # fmt: skip


def anybody_reads(actor: Actor, entry: Entry) -> Reading | None:
    """What is public of a title is public in the record too: its leaves name no person."""
    if entry.event not in PUBLIC:
        return None
    by = "case__public_id" if entry.subject_type == "cases.case" else "public_id"
    code = Designation.objects.filter(**{by: entry.subject_id}).values_list("public_id", flat=True).first()
    if code is None:
        return None
    return Reading(journal.sentence(entry), url=reverse("publicity:verdict", args=[code]), place="返回验证页")
