"""What the views of this app share."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from xianfeng.cases.models import Case, Step
from xianfeng.cases.services import closed_sentence

WORKBENCH = "/work/"


def case_address(case: Case) -> str:
    """The case's page, which a higher floor draws."""
    return f"/cases/{case.public_id}/"


def closed(request: HttpRequest, step: Step) -> HttpResponse:
    """A step that is no longer open: say who closed it, and show the case."""
    messages.info(request, closed_sentence(step))
    return redirect(case_address(step.case))
