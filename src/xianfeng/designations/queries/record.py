"""A title's own entries in the record."""

from django.db.models import Q

from xianfeng.designations.events import Event
from xianfeng.designations.models import Designation
from xianfeng.journal.models import Entry
from xianfeng.journal.queries import Line, lines


def entries_of(row: Designation) -> list[Line]:
    """What is recorded of a title, newest first: its naming, which is recorded about the case, and all since."""
    own = Q(subject_type=row._meta.label_lower, subject_id=row.public_id)
    naming = Q(subject_type=row.case._meta.label_lower, subject_id=row.case.public_id, event=Event.NAMED.value)
    return lines(Entry.objects.filter(own | naming).order_by("-seq"))
