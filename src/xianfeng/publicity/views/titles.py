"""名录 and 验证."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from xianfeng.kernel.errors import NotFoundHere
from xianfeng.publicity import exports
from xianfeng.publicity.queries import titles as queries
from xianfeng.publicity.views.caching import briefly
from xianfeng.ui import edge

PER_PAGE = 24
FILTERS = ("programme", "q", "tier", "category", "year", "state", "sort")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@briefly(30)
def register(request: HttpRequest) -> HttpResponse:
    """名录 as rows or as plaques (``?view=plaques``); ``?export=xlsx`` or ``csv`` takes away what is filtered."""
    filters = {name: request.GET.get(name, "") for name in FILTERS}
    rows = queries.register(filters)
    if (kind := request.GET.get("export")) == "xlsx":
        return edge.download(exports.register_book(rows), "命名名录.xlsx", XLSX)
    if kind == "csv":
        return edge.download(exports.register_csv(rows), "命名名录.csv", "text/csv; charset=utf-8")
    page = edge.paginate(request, rows, PER_PAGE)
    context = {
        "page": page,
        "plaques": [queries.plaque(one) for one in page],
        "choices": queries.choices(filters["programme"]),
        "filters": filters,
        "filtered": any(filters[name] for name in FILTERS if name != "sort"),
        "view": "plaques" if request.GET.get("view") == "plaques" else "rows",
    }
    return edge.page(request, "publicity/register.html", context)


@require_safe
@briefly(60)
def title(request: HttpRequest, public_id: str) -> HttpResponse:
    """One title as a catalogue page; those that have ended say so."""
    found = queries.title_page(public_id)
    if found is None or found.designation.public_id != public_id:
        raise NotFoundHere("没有找到这个命名。", "请从名录重新查找。")
    return edge.page(request, "publicity/title.html", {"found": found, "address": _address(found)})


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Enter a number; the answer has an address of its own."""
    if number := request.GET.get("number", "").strip():
        return redirect("publicity:verdict", code=number.replace("/", "")[:80])
    return edge.page(request, "publicity/verify.html")


@require_safe
@briefly(0)
def verdict(request: HttpRequest, code: str) -> HttpResponse:
    """验证: the verdict in the first line; JSON for programs that ask for it.

    May be kept, but is asked for again each time: a change of state shows at once.
    """
    found = queries.title_page(code, with_stories=False)
    wants_json = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    if wants_json:
        response: HttpResponse = _json(found, code)
    elif found is None:
        response = edge.page(request, "publicity/unknown.html", {"code": code}, status=404)
    else:
        response = edge.page(request, "publicity/verdict.html", {"found": found, "address": _address(found)})
    patch_vary_headers(response, ["Accept"])
    return response


def _address(found: queries.TitlePage) -> str:
    return str(settings.BASE_URL).rstrip("/") + reverse("publicity:verdict", args=[found.designation.public_id])


def _json(found: queries.TitlePage | None, code: str) -> JsonResponse:
    if found is None:
        body: dict[str, Any] = {"found": False, "code": code, "message": "没有查到这个编号，铭牌或证书可能是伪造的。"}
        return JsonResponse(body, status=404, json_dumps_params={"ensure_ascii": False})
    row, shown = found.designation, found.plaque
    body = {
        "found": True,
        "verdict": shown.verdict.code,
        "word": shown.verdict.word,
        "held": shown.verdict.held,
        "since": found.since.isoformat(),
        "title": row.title,
        "tier": shown.tier,
        "category": shown.category,
        "grade": shown.grade or None,
        "holder": shown.name.text,
        "name_withheld": shown.name.withheld,
        "unit": row.unit_name,
        "number": row.number,
        "named_on": row.named_on.isoformat(),
        "valid_until": row.valid_until.isoformat() if row.valid_until else None,
        "ended_on": row.ended_on.isoformat() if row.ended_on else None,
        "history": [{"on": one.on.isoformat(), "kind": one.kind, "title": one.title} for one in found.history],
        "journal": _journal(found),
        "credential": _credential(found),
        "address": _address(found),
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def _journal(found: queries.TitlePage) -> dict[str, Any] | None:
    if found.entry is None:
        return None
    seq, base = found.entry.seq, str(settings.BASE_URL).rstrip("/")
    return {
        "seq": seq,
        "leaf_hash": found.entry.leaf_hash,
        "short_code": found.short_code,
        "proof": base + reverse("journal:proof_file", args=[seq]),
    }


def _credential(found: queries.TitlePage) -> dict[str, Any] | None:
    one = found.credential
    if one is None:
        return None
    return {"address": one.address, "sha256": one.sha256, "issuer": one.issuer, "key": one.method}
