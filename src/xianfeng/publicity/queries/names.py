"""Personal names on show: once a notice's time is over, and in free text."""

from collections.abc import Iterable

from django.db.models import Q

from xianfeng.cases.models import Case
from xianfeng.designations.queries import PublicName
from xianfeng.kernel import clock
from xianfeng.registry.models import Member


def without_name(case: Case) -> PublicName:
    """A member by unit and post, whatever they consented to: the time of the list is over."""
    unit = str(case.snapshot.get("unit", ""))
    member = case.nominee.member
    post = str(case.snapshot.get("post", "") or (member.post if member else ""))
    return PublicName(f"{unit}{post}岗位", unit, withheld=True)


def silent_members(unit_ids: Iterable[int]) -> dict[int, set[str]]:
    """Names, by unit, of the members who have not consented to be named in public; one query."""
    consented = Q(publication_consent_on__isnull=False, publication_consent_on__lte=clock.today())
    rows = Member.objects.filter(unit_id__in=set(unit_ids)).exclude(consented).values_list("unit_id", "name")
    found: dict[int, set[str]] = {}
    for unit_id, name in rows:
        if len(name) > 1:
            found.setdefault(unit_id, set()).add(name)
    return found


def named_in(text: str, names: Iterable[str]) -> list[str]:
    """Which of these names a text mentions."""
    return sorted(one for one in names if one in text)
