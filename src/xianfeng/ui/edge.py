"""The edge: what views share. Views take input, call one service inside ``attempt``, and answer with ``page``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseForm, BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from xianfeng.kernel.actors import Actor, public_actor
from xianfeng.kernel.errors import UserError

AnyForm = BaseForm | BaseFormSet[Any]
T = TypeVar("T")


def actor(request: HttpRequest) -> Actor:
    """Who acts in this request: set by the directory's middleware; a member of the public otherwise."""
    found = getattr(request, "actor", None)
    return found if isinstance(found, Actor) else public_actor()


class Elsewhere(Exception):
    """Raised by what a view calls when the page stands at another address of ours; the middleware leads there."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class attempt:
    """Run a service; a UserError becomes an error of the form, which comes back as it was typed.

    Must be the outermost context manager, so that the unit of work has rolled back before the error is caught.
    """

    def __init__(self, form: AnyForm) -> None:
        self.form = form
        self.error: UserError | None = None

    def __enter__(self) -> "attempt":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, UserError):
            return False
        self.error = error
        note_error(self.form, error)
        return True

    @property
    def ok(self) -> bool:
        """Whether the service went through."""
        return self.error is None


def note_error(form: AnyForm, error: UserError) -> None:
    """Put a UserError on a form: above its fields, with the status the page will answer with."""
    shown = ValidationError(str(error), code="refused")
    if isinstance(form, BaseForm):
        form.add_error(None, shown)
    else:
        form.non_form_errors().extend(shown.messages)
    form.refusal = error  # type: ignore[union-attr]  # read by ``page`` and the error summary


def form_status(form: AnyForm | None) -> int:
    """200 for a fresh form, 422 for one filled in wrongly, the UserError's own status after a refusal."""
    if form is None or not form.is_bound:
        return 200
    refusal = getattr(form, "refusal", None)
    if isinstance(refusal, UserError):
        return refusal.status
    return 200 if form.is_valid() else 422


def is_partial(request: HttpRequest) -> bool:
    """Whether HTMX asks for a part of a page (a boosted link or a history restore wants the whole)."""
    headers = request.headers
    whole = headers.get("HX-Boosted") or headers.get("HX-History-Restore-Request")
    return headers.get("HX-Request") == "true" and not whole


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    form: AnyForm | None = None,
    partial: str = "",
    status: int | None = None,
) -> HttpResponse:
    """Render a page with the status its form calls for; with ``partial``, only that part when HTMX asks."""
    name = f"{template}#{partial}" if partial and is_partial(request) else template
    response = render(request, name, dict(context or {}), status=status or form_status(form))
    if partial:
        response.headers["Vary"] = ", ".join(filter(None, [response.headers.get("Vary"), "HX-Request"]))
    return response


def confirm(
    request: HttpRequest, *, title: str, text: str, verb: str, back: str = "", danger: bool = True
) -> HttpResponse | None:
    """Ask before a dangerous act: the question's page, or None once it is answered.

    With JavaScript the dialog of ``data-confirm`` has already asked and posts ``confirmed=1``; without it this page
    carries what was posted in hidden fields. Files cannot be carried: confirm such acts on a page of their own.
    """
    if request.POST.get("confirmed") == "1":
        return None
    posted = ((name, value) for name, values in request.POST.lists() for value in values)
    carried = [(name, value) for name, value in posted if name != "csrfmiddlewaretoken"]
    asked = {"title": title, "text": text, "verb": verb, "back": back or request.path, "danger": danger}
    return render(request, "ui/confirm.html", {**asked, "carried": carried})


@dataclass(frozen=True)
class Page(Generic[T]):
    """A slice of a list: what ``ui/pagination.html`` and the list pages draw."""

    rows: list[T]
    number: int
    total: int
    per_page: int
    param: str = "page"
    around: int = field(default=2, repr=False)

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.per_page))

    @property
    def first(self) -> int:
        """Number of the first row shown, from 1; 0 when the list is empty."""
        return (self.number - 1) * self.per_page + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return min(self.number * self.per_page, self.total)

    @property
    def previous(self) -> int | None:
        """The page before, if any."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The page after, if any."""
        return self.number + 1 if self.number < self.pages else None

    @property
    def window(self) -> list[int | None]:
        """Page numbers to draw; None stands for a gap."""
        near = range(self.number - self.around, self.number + self.around + 1)
        shown = sorted({1, self.pages, *(n for n in near if 1 <= n <= self.pages)})
        drawn: list[int | None] = []
        for before, number in zip([0, *shown], shown, strict=False):
            if number - before > 1:
                drawn.append(None)
            drawn.append(number)
        return drawn


def paginate(
    request: HttpRequest, rows: "QuerySet[Any] | list[T]", per_page: int = 50, *, param: str = "page"
) -> Page[Any]:
    """One page of a queryset or list: one COUNT, one SELECT; a page beyond the end shows the last."""
    total = len(rows) if isinstance(rows, list) else rows.count()
    asked = request.GET.get(param, "1")
    # Python refuses to read numbers of thousands of digits; no list has that many pages.
    wanted = int(asked[:9]) if asked.isascii() and asked.isdigit() else 1
    number = min(max(1, wanted), max(1, -(-total // per_page)))
    return Page(list(rows[(number - 1) * per_page : number * per_page]), number, total, per_page, param)


def download(content: bytes, filename: str, content_type: str, *, inline: bool = False) -> HttpResponse:
    """A file to save (or show), under its Chinese name (RFC 5987)."""
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(not inline, filename) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
