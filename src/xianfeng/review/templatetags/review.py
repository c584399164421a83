"""Look-ups of the sheet's template: the form's fields of one indicator, where a piece of evidence opens."""

from django import template
from django.forms import BoundField
from django.urls import NoReverseMatch, reverse

from xianfeng.nominations import answering
from xianfeng.nominations.answering import Count
from xianfeng.nominations.models import Evidence
from xianfeng.review.models import CAUSES, OBJECTIVES
from xianfeng.review.scoring import SheetRow
from xianfeng.review.sheetform import SheetForm

register = template.Library()


@register.filter
def asked_of(form: SheetForm, row: SheetRow) -> list[tuple[BoundField, Count | None]]:
    """The fields the indicator is marked by: one, or one for each kind of fault or choice."""
    return form.asked(row.own.indicator)


@register.filter
def answer_of(row: SheetRow) -> str:
    """What was entered, in words, where points are worked out from it."""
    return answering.said(row.own.indicator, row.mark.answer) if row.mark and row.mark.applies else ""


@register.filter
def worked_out(row: SheetRow) -> str:
    """The indicator's kind where points are worked out from what is entered; else nothing."""
    return row.own.indicator.kind if answering.worked_out(row.own.indicator) else ""


@register.filter
def remark_of(form: SheetForm, row: SheetRow) -> BoundField:
    """The field of remarks."""
    return form[f"r_{row.own.code}"]


@register.filter
def lame_of(form: SheetForm, row: SheetRow) -> BoundField | None:
    """The tick for "does not apply", where that is allowed."""
    return form[f"n_{row.own.code}"] if f"n_{row.own.code}" in form.fields else None


@register.filter
def objective_word(code: str) -> str:
    """How experts were chosen, in words."""
    return OBJECTIVES.get(code, "")


@register.filter
def cause_word(code: str) -> str:
    """What a draw was made for, in words."""
    return CAUSES.get(code, "")


@register.filter
def evidence_url(evidence: Evidence) -> str:
    """The link itself, or the file's page."""
    if evidence.url:
        return evidence.url
    try:
        return reverse("nominations:evidence", args=[evidence.public_id])
    except NoReverseMatch:
        return ""
