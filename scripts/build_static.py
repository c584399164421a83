"""Copy the files we serve out of node_modules into the static folder, so that no page needs anything from
outside.

References to source maps are cut off: the maps are not shipped, and collectstatic would look for them.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "src" / "xianfeng" / "ui" / "static" / "vendor"
SOURCE_MAP = re.compile(rb"(?://[#@]|/\*[#@])\s*sourceMappingURL=[^\n*]*(?:\*/)?\n?")

# What stands in node_modules, and what it is called when served. axe-core is for the tests alone but lies
# beside the others, so that the tests read one place.
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler/tabler.min.js",
    "@tabler/core/LICENSE": "tabler/LICENSE",
    "echarts/dist/echarts.min.js": "echarts/echarts.min.js",
    "echarts/LICENSE": "echarts/LICENSE",
    "echarts/NOTICE": "echarts/NOTICE",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "htmx.org/LICENSE": "htmx/LICENSE",
    "axe-core/axe.min.js": "axe/axe.min.js",
    "axe-core/LICENSE": "axe/LICENSE",
}


def main() -> None:
    """Build the folder beside its place and then swap, so that a server never sees half of it."""
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for source, target in FILES.items():
        origin, destination = MODULES / source, fresh / target
        if not origin.exists():
            if origin.name in {"LICENSE", "NOTICE"}:
                continue
            raise SystemExit(f"build_static: {source} is missing from node_modules; run: make setup")
        destination.parent.mkdir(parents=True, exist_ok=True)
        content = origin.read_bytes()
        if destination.suffix in {".css", ".js"}:
            content = SOURCE_MAP.sub(b"", content)
        destination.write_bytes(content)
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)


if __name__ == "__main__":
    main()
