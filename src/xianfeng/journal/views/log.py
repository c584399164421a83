"""The log for programmes: checkpoints, keys, proofs, tiles; plain texts with caching headers, nothing of what entries
say. No session is looked at, so that any cache may keep the answers."""

import re
from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from xianfeng.journal import checkpoints, queries, signing, tree
from xianfeng.journal.notes import LONGEST_NOTE, b64
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Invalid, NotFoundHere, UserError

FLEETING, SHORT, FOREVER = "public, max-age=5", "public, max-age=300", "public, max-age=31536000, immutable"
TILE = 256


def answer(
    request: HttpRequest, body: str | bytes, caching: str, content_type: str = "text/plain; charset=utf-8"
) -> HttpResponseBase:
    """A body with its hash as ETag; 304 when the reader has it."""
    response = HttpResponse(body, content_type=content_type)
    etag = quote_etag(sha256(response.content).hexdigest()[:32])
    response.headers["Cache-Control"] = caching
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["ETag"] = etag
    found: HttpResponseBase = get_conditional_response(request, etag=etag, response=response) or response
    found.headers.setdefault("Cache-Control", caching)
    return found


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponseBase:
    """The newest checkpoint with its cosignatures."""
    latest = checkpoints.latest()
    if latest is None:
        raise NotFoundHere("还没有检查点。", "检查点由系统定时签发，请几分钟后再看。")
    return answer(request, str(checkpoints.note_of(latest)), FLEETING)


@require_safe
def checkpoint_at(request: HttpRequest, size: int) -> HttpResponseBase:
    """An older checkpoint; cosignatures may still come, so it is not kept for ever."""
    return answer(request, str(checkpoints.note_of(checkpoints.at_size(size))), SHORT)


@require_safe
def key(request: HttpRequest) -> HttpResponseBase:
    """The log's verifier keys, the one that signs now first."""
    return answer(request, "".join(f"{one}\n" for one in reversed(signing.verifier_keys())), SHORT)


@csrf_exempt  # the signature is what authenticates; no cookie is looked at
@require_POST
def cosignatures(request: HttpRequest, size: int) -> HttpResponse:
    """Take cosignatures of a checkpoint from those whose keys are known."""
    try:
        length = int(request.headers.get("Content-Length") or 0)
        if length > LONGEST_NOTE:
            raise Invalid("内容过长，未接受。")
        raw = request.read(LONGEST_NOTE).decode()
        names = checkpoints.accept_cosignatures(checkpoints.at_size(size), raw, clock.real_now())
    except UserError as error:
        return HttpResponse(f"{error}\n", status=error.status, content_type="text/plain; charset=utf-8")
    except ValueError:
        return HttpResponse("内容不是文本。\n", status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse("".join(f"{name}\n" for name in names), content_type="text/plain; charset=utf-8")


@require_safe
def consistency(request: HttpRequest) -> HttpResponseBase:
    """Proof that the log of one size extends that of another: ``?from=…&to=…`` (by default the newest checkpoint)."""
    latest = checkpoints.latest()
    old, new = _number(request, "from"), _number(request, "to") or (latest.size if latest else 0)
    if not 0 < old <= new <= queries.entry_count():
        raise Invalid("条目数写得不对。", "形如 ?from=100&to=200，前者大于 0，后者不超过现有条数。")
    proof = tree.consistency(old, new)
    told = {
        "from": old, "to": new, "from_root": b64(tree.root(old)), "to_root": b64(tree.root(new)),
        "proof": [b64(one) for one in proof],
    }  # fmt: skip
    return answer(request, JsonResponse(told).content, SHORT, "application/json")


def _number(request: HttpRequest, name: str) -> int:
    raw = request.GET.get(name, "0")
    if not re.fullmatch(r"[0-9]{1,18}", raw):
        raise Invalid(f"“{raw}”不是条目数。")
    return int(raw)


@require_safe
def tile(request: HttpRequest, level: int, place: str) -> HttpResponseBase:
    """A C2SP tile: up to 256 neighbouring hashes of a level, of a complete part of the log."""
    match = re.fullmatch(r"((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", place)
    missing = NotFoundHere("没有这一块。", "按检查点的条目数推算块号。")
    if match is None or level > 7:
        raise missing
    index, width = int(match[1].replace("x", "").replace("/", "")), int(match[2] or TILE)
    last = (index * TILE + width) << (8 * level)
    if width > TILE or (match[2] and width == TILE) or last > queries.entry_count():
        raise missing
    nodes = [(8 * level, index * TILE + one) for one in range(width)]
    stored = tree.fetch(nodes)
    return answer(request, b"".join(stored[node] for node in nodes), FOREVER, "application/octet-stream")
