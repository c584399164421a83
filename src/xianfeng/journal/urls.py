"""Addresses of the log, from the root. ``/journal`` is its C2SP prefix: checkpoint and tiles lie where clients look."""

from django.urls import path

from xianfeng.journal.views import log, pages

app_name = "journal"

urlpatterns = [
    path("journal/", pages.index, name="index"),
    path("journal/entries/<int:seq>/", pages.proof, name="proof"),
    path("journal/entries/<int:seq>.tlog-proof", pages.proof_file, name="proof_file"),
    path("journal/feed.atom", pages.feed_atom, name="feed_atom"),
    path("journal/feed.json", pages.feed_json, name="feed_json"),
    path("journal/checkpoint", log.checkpoint, name="checkpoint"),
    path("journal/checkpoints/<int:size>", log.checkpoint_at, name="checkpoint_at"),
    path("journal/checkpoints/<int:size>/cosignatures", log.cosignatures, name="cosignatures"),
    path("journal/consistency", log.consistency, name="consistency"),
    path("journal/key", log.key, name="key"),
    path("journal/tile/<int:level>/<path:place>", log.tile, name="tile"),
]
