"""What machines fetch: DID document, status lists, credentials. Public, cacheable, readable from any origin."""

import hashlib
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_safe

from xianfeng.designations import issuer
from xianfeng.designations.queries import credentials as queries
from xianfeng.designations.rules.credentials import bitstring

# A status change is in the list at once and with every reader after the list's own minute and this: within five.
LIST_SECONDS = 120
KEYS_SECONDS = 300
CREDENTIAL_SECONDS = 300

# Not application/vc: common clients read as JSON only what says so in its name.
LINKED = "application/ld+json"

Document = Callable[..., tuple[str, str, int]]


def published(view: Document) -> Callable[..., HttpResponse]:
    """Answer with text, media type and how long it may be kept; asked again, 304 where nothing changed."""

    @require_safe
    @conditional_page
    @wraps(view)
    def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        text, media_type, seconds = view(request, *args, **kwargs)
        response = HttpResponse(text, content_type=media_type)
        response["ETag"] = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
        response["Access-Control-Allow-Origin"] = "*"
        patch_cache_control(response, public=True, max_age=seconds)
        return response

    return inner


@published
def did_document(request: HttpRequest) -> tuple[str, str, int]:
    """``/.well-known/did.json``: where ``did:web`` looks."""
    return issuer.text(queries.did_document()), "application/did+json", KEYS_SECONDS


@published
def status_list(request: HttpRequest, purpose: str, list_no: str) -> tuple[str, str, int]:
    """``/status/revocation-1``: a signed Bitstring Status List."""
    return queries.status_list(purpose, int(list_no)), LINKED, LIST_SECONDS


@published
def credential(request: HttpRequest, public_id: str) -> tuple[str, str, int]:
    """``/credentials/<public id>``: the title's current credential, byte for byte as issued."""
    return queries.credential_text(public_id).document, LINKED, CREDENTIAL_SECONDS


PURPOSES = "|".join(bitstring.PURPOSES)
