"""The log for people: what it is now, how to hold it to account, and the proof of one entry."""

import json
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from xianfeng.journal import checkpoints, queries, readers, showing, signing, witnesses
from xianfeng.journal.models import Checkpoint, Entry
from xianfeng.journal.notes import b64
from xianfeng.journal.views.log import SHORT, answer
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.ui import edge

SHOWN = 20


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What the log is now, its key, its checkpoints; a short code leads to its entry."""
    code = request.GET.get("code", "").strip()
    if code and (entry := queries.by_short_code(code)):
        return HttpResponseRedirect(reverse("journal:proof", args=[entry.seq]))
    newest = list(checkpoints.all_checkpoints()[:SHOWN])
    context = {
        "code": code,
        "later": queries.entry_count() - newest[0].size if newest else 0,
        "latest": newest[0] if newest else None,
        "note": str(checkpoints.note_of(newest[0])) if newest else "",
        "checkpoints": newest,
        "keys": list(reversed(signing.verifier_keys())),
        "outside": len(witnesses.addresses()),
    }
    return edge.page(request, "journal/index.html", context)


@require_safe
def proof(request: HttpRequest, seq: int) -> HttpResponse:
    """The proof of one entry, checked again as the page is made; its words only for those who may read them."""
    entry = _entry(seq)
    actor = edge.actor(request)
    context = showing.context(entry) | {"reading": readers.reading(actor, entry)}
    if context["reading"]:
        context |= {name: _said(actor, one) for name, one in queries.around(entry).items()}
    return edge.page(request, "journal/proof.html", context)


@dataclass(frozen=True)
class Said:
    """A neighbouring entry in words its reader may read."""

    entry: Entry
    sentence: str


def _said(actor: Actor, entry: Entry | None) -> Said | None:
    found = readers.reading(actor, entry) if entry else None
    return Said(entry, found.sentence) if entry and found else None


@require_safe
def proof_file(request: HttpRequest, seq: int) -> HttpResponseBase:
    """The entry's .tlog-proof; with its words for those who may read them."""
    entry = _entry(seq)
    reading = readers.reading(edge.actor(request), entry) if "leaf" in request.GET else None
    disclose = reading is not None and reading.leaf
    told = queries.tlog_proof(entry, disclose=disclose)
    if told is None:
        raise NotFoundHere(f"第 {seq} 条还没有进入检查点。", "检查点由系统定时签发，请几分钟后再来。")
    response = answer(request, told, "private, no-store" if disclose else SHORT)
    response.headers["Content-Disposition"] = f'attachment; filename="{seq}.tlog-proof"'
    return response


def _entry(seq: int) -> Entry:
    entry = Entry.objects.filter(pk=seq).first() if seq < 1 << 62 else None
    if entry is None:
        raise NotFoundHere(f"操作留痕没有第 {seq} 条。")
    return entry


# -- feeds ------------------------------------------------------------


def _address(name: str, *args: object) -> str:
    return f"{settings.BASE_URL}{reverse(name, args=args)}"


def _rows() -> list[Checkpoint]:
    return list(checkpoints.all_checkpoints()[:SHOWN])


@require_safe
def feed_atom(request: HttpRequest) -> HttpResponseBase:
    """Checkpoints as an Atom feed: whoever subscribes keeps what a later rewrite would contradict."""
    atom = Atom1Feed(
        title="操作留痕检查点",
        link=_address("journal:index"),
        description="签名检查点",
        language="zh-Hans",
        feed_url=_address("journal:feed_atom"),
    )
    for row in _rows():
        address = _address("journal:checkpoint_at", row.size)
        unique = f"{address}#{row.key_id}"
        note = str(checkpoints.note_of(row))
        atom.add_item(f"{row.size} 条", address, note, pubdate=row.made_at, updateddate=row.made_at, unique_id=unique)
    return answer(request, atom.writeString("utf-8"), SHORT, "application/atom+xml; charset=utf-8")


@require_safe
def feed_json(request: HttpRequest) -> HttpResponseBase:
    """The same as a JSON feed."""
    items = [
        {
            "id": f"{_address('journal:checkpoint_at', row.size)}#{row.key_id}",
            "url": _address("journal:checkpoint_at", row.size),
            "title": f"{row.size} 条",
            "content_text": str(checkpoints.note_of(row)),
            "date_published": row.made_at.isoformat(),
            "_checkpoint": {"size": row.size, "root": b64(bytes.fromhex(row.root))},
        }
        for row in _rows()
    ]
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "操作留痕检查点",
        "home_page_url": _address("journal:index"),
        "feed_url": _address("journal:feed_json"),
        "items": items,
    }
    return answer(request, json.dumps(told, ensure_ascii=False), SHORT, "application/feed+json; charset=utf-8")
