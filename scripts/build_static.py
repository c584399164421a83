"""Copy the files we serve out of node_modules into the static folder, so that no page needs anything from
outside; and what documents are made with (fonts, JSON-LD contexts) into the kernel's folder, which is not served.

References to source maps are cut off: the maps are not shipped, and collectstatic would look for them.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "src" / "xianfeng" / "ui" / "static" / "vendor"
MATTER = ROOT / "src" / "xianfeng" / "kernel" / "vendor"
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

# Certificates and plaques are set in these; credentials are issued under these contexts, pinned by hash in
# designations/rules/contexts.py. The Open Badges package carries its context as a script: the object is cut out.
FONTS, CONTEXTS = "@expo-google-fonts/noto-serif-sc", "@digitalcredentials"
DOCUMENT_FILES = {
    f"{FONTS}/400Regular/NotoSerifSC_400Regular.ttf": "fonts/NotoSerifSC-Regular.ttf",
    f"{FONTS}/600SemiBold/NotoSerifSC_600SemiBold.ttf": "fonts/NotoSerifSC-SemiBold.ttf",
    f"{FONTS}/700Bold/NotoSerifSC_700Bold.ttf": "fonts/NotoSerifSC-Bold.ttf",
    f"{FONTS}/LICENSE_FONT": "fonts/LICENSE",
    f"{CONTEXTS}/credentials-v2-context/contexts/credentials-v2.jsonld": "contexts/credentials-v2.json",
    f"{CONTEXTS}/credentials-v2-context/LICENSE": "contexts/credentials-v2.LICENSE",
    f"{CONTEXTS}/open-badges-context/js/contexts/context-3.0.3.js": "contexts/ob-v3p0-3.0.3.json",
    f"{CONTEXTS}/open-badges-context/LICENSE": "contexts/ob-v3p0-3.0.3.LICENSE",
}


def main() -> None:
    """Both folders."""
    copy(FILES, VENDOR)
    copy(DOCUMENT_FILES, MATTER)


def object_of(script: bytes) -> bytes:
    """The one JSON object a CommonJS file exports."""
    text = script.decode()
    found = json.loads(text[text.index("module.exports") :].split("=", 1)[1].strip().rstrip(";"))
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def copy(files: dict[str, str], folder: Path) -> None:
    """Build the folder beside its place and then swap, so that a server never sees half of it."""
    fresh = folder.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for source, target in files.items():
        origin, destination = MODULES / source, fresh / target
        if not origin.exists():
            if origin.name in {"LICENSE", "NOTICE"}:
                continue
            raise SystemExit(f"build_static: {source} is missing from node_modules; run: make setup")
        destination.parent.mkdir(parents=True, exist_ok=True)
        content = origin.read_bytes()
        if destination.suffix in {".css", ".js"}:
            content = SOURCE_MAP.sub(b"", content)
        elif origin.suffix == ".js":
            content = object_of(content)
        destination.write_bytes(content)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


if __name__ == "__main__":
    main()
