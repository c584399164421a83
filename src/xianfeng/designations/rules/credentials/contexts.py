"""The JSON-LD contexts credentials are issued under: installed with the front-end packages, pinned by hash."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from xianfeng.kernel.canonical import canonical_bytes

CREDENTIALS: Final = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
# Address, file, SHA-256 of the document's RFC 8785 bytes: how the file is laid out does not matter, what it says does.
PINNED: Final = {
    CREDENTIALS: ("credentials-v2.json", "b463c8d6a066214123ddd9827b135e1b50e1fc73322cc52a9b12a4f1fc7d86cf"),
    OPEN_BADGES: ("ob-v3p0-3.0.3.json", "c5e555a91a5cf48e32ae0a05674c61ddd5c053b680b5643b2f57f9965e386d99"),
}


class ContextError(ValueError):
    """A context is missing, was changed, or is not one of ours."""


def read(folder: Path) -> Mapping[str, dict[str, Any]]:
    """Read the pinned contexts; ContextError when one is missing or is not what it was when it was pinned."""
    found: dict[str, dict[str, Any]] = {}
    for address, (name, pin) in PINNED.items():
        try:
            document = json.loads((folder / name).read_bytes())
        except (OSError, ValueError) as error:
            raise ContextError(f"读不到 JSON-LD 上下文 {name}，请运行 make setup。") from error
        if hashlib.sha256(canonical_bytes(document)).hexdigest() != pin:
            raise ContextError(f"JSON-LD 上下文 {name} 与登记的摘要不符，不能使用。")
        found[address] = document
    return found
