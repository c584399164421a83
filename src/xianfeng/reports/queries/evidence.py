"""Who reads which entry of the record: those who may see a case, its entries; their page leads to each proof."""

from django.urls import reverse

from xianfeng.cases import queries as cases
from xianfeng.cases.models import Case
from xianfeng.designations.models import Designation
from xianfeng.journal import queries as journal
from xianfeng.journal.models import Entry
from xianfeng.journal.readers import Reading
from xianfeng.kernel.actors import Actor, ActorKind
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.reports import rules
from xianfeng.reports.queries.casepage import reader_of


def reads_case(actor: Actor, entry: Entry) -> Reading | None:
    """What a reader of a case may read of an entry about it or about the title it led to; the bodies' own business
    stays theirs, and so does the leaf of a decision, which counts the votes."""
    if actor.kind is not ActorKind.USER:
        return None
    found = _case_of(entry, actor)
    if found is None:
        return None
    case, url, place = found
    try:
        internal = reader_of(case, actor).internal
    except NotFoundHere:  # judged blind: not even the matter's name
        return None
    if internal:
        return Reading(journal.sentence(entry), url=url, place=place)
    if rules.hidden_event(entry.event):
        return None
    sealed = entry.event.startswith(rules.VOTED_EVENTS)
    return Reading(rules.public_words(journal.sentence(entry)), leaf=not sealed, url=url, place=place)


def _case_of(entry: Entry, actor: Actor) -> tuple[Case, str, str] | None:
    seen = cases.visible_to(actor).for_page()
    if entry.subject_type == "cases.case":
        case = seen.filter(public_id=entry.subject_id).first()
        return (case, reverse("reports:case", args=[case.public_id]), "返回事项") if case else None
    if entry.subject_type == "designations.designation":
        named = Designation.objects.filter(public_id=entry.subject_id).values("case")
        case = seen.filter(pk__in=named).first()
        return (case, reverse("designations:title", args=[entry.subject_id]), "返回命名") if case else None
    return None
