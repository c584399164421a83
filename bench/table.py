"""One row of a bench: our figure beside its anchor, and whether what must hold does."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Figure:
    """``anchor`` is recorded, of peers that are not installed here; ``holds`` is None where nothing is asked."""

    bench: str
    what: str
    ours: str
    anchor: str
    asked: str = ""
    holds: bool | None = None


def shared() -> Path | None:
    """The folder of reference material, or None."""
    folder = Path(os.environ.get("XIANFENG_SHARED") or ROOT.parent / "shared")
    return folder if folder.is_dir() else None


def show(figures: Iterable[Figure], *, as_json: bool) -> bool:
    """Print the table row by row as figures arrive; True when everything asked for holds."""
    fine = True
    if not as_json:
        print(f"{'bench':12}{'what':44}{'ours':40}{'asked':34}{'holds':7}anchor")
    for one in figures:
        fine = fine and one.holds is not False
        if as_json:
            print(json.dumps(asdict(one), ensure_ascii=False), flush=True)
        else:
            mark = {True: "yes", False: "NO", None: ""}[one.holds]
            print(f"{one.bench:12}{one.what:44}{one.ours:40}{one.asked:34}{mark:7}{one.anchor}", flush=True)
    return fine
