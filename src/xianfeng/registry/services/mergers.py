"""撤并: service points and members of an organisation that was merged belong to its successor from then on."""

from xianfeng import journal
from xianfeng.directory.models import Organisation
from xianfeng.registry.events import Event
from xianfeng.registry.models import Member, ServicePoint

TIES = ("unit", "party_organisation")


def on_closed(happened: journal.Occurrence) -> None:
    """Subscriber to the directory: move what was tied to the closed organisation; nothing where it was dissolved."""
    gone = happened.subject
    if not isinstance(gone, Organisation) or gone.successor is None:
        return
    for tie in TIES:
        for point in ServicePoint.objects.filter(**{tie: gone}).order_by("id"):
            data = {"name": point.name, "fields": tie}
            _move(point, tie, gone.successor, Event.SERVICE_POINT_CHANGED, data, happened)
        for member in Member.objects.filter(**{tie: gone}).order_by("id"):
            data = {"unit": gone.successor.name, "fields": tie}
            _move(member, tie, gone.successor, Event.MEMBER_CHANGED, data, happened)


def _move(
    row: ServicePoint | Member,
    tie: str,
    successor: Organisation,
    event: Event,
    data: dict[str, str],
    happened: journal.Occurrence,
) -> None:
    setattr(row, tie, successor)
    row.save(update_fields=[tie])
    journal.record(event, subject=row, actor=happened.actor, at=happened.at, data=data)
