"""Which page a step is worked on: apps on higher floors register theirs, the workbench asks here."""

from django.urls import reverse

from xianfeng.cases.models import Step

_pages: dict[str, str] = {}


def register(kind: str, url_name: str) -> None:
    """Say that steps of ``kind`` are worked on at ``url_name``, which takes the step's public id."""
    _pages[kind] = url_name


def url_for(step: Step) -> str:
    """The address of a step's work page; the case page where no app has claimed the kind."""
    name = _pages.get(step.kind)
    if name is None:
        return f"/cases/{step.case.public_id}/"
    return reverse(name, args=[step.public_id])
