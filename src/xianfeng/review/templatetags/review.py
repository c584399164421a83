"""Look-ups of the sheet's template: the form's fields of one indicator, where a piece of evidence opens."""

from django import template
from django.forms import BoundField
from django.urls import NoReverseMatch, reverse

from xianfeng.nominations.models import Evidence
from xianfeng.review.forms import SheetForm
from xianfeng.review.models import CAUSES, OBJECTIVES
from xianfeng.review.scoring import SheetRow

register = template.Library()


@register.filter
def points_of(form: SheetForm, row: SheetRow) -> BoundField:
    """The field of points."""
    return form[f"p_{row.own.code}"]


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
