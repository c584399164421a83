"""JSON-LD without surprises: no fetching, no undefined term, RDF dataset canonicalisation (RDFC-1.0).

PyLD drops terms that no context defines and relative addresses without a word: what is dropped is not signed, and a
reader of the JSON would take it for signed. So every document is expanded under one more context, a vocabulary that
catches what the others leave undefined; if it caught nothing, the expansion is the same as without it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pyld import jsonld
from pyld.context_resolver import ContextResolver

CATCH: Final = "urn:x-undefined:"
# Relative addresses are resolved against this, and so found; without it PyLD takes a base of its own.
NOWHERE: Final = "http://relative.invalid/"
# RDFC-1.0 escapes these in its N-Quads and PyLD does not; no text of ours needs one.
CONTROL: Final = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]")


class LinkedDataError(ValueError):
    """The document cannot be signed or checked as it stands; the message says why."""


class Contexts:
    """The only contexts there are: a document that names another is refused, and nothing is fetched."""

    def __init__(self, documents: Mapping[str, dict[str, Any]]) -> None:
        self.documents = documents
        # PyLD's own cache is one for the whole process; ours knows these documents only.
        self._resolver = ContextResolver({}, self._load)

    def _load(self, address: str, options: Any = None) -> dict[str, Any]:
        if address not in self.documents:
            raise LinkedDataError(f"不认识的上下文：{address}")
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": address,
            "document": self.documents[address],
        }

    def expand(self, document: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Expand under the document's own contexts; LinkedDataError when anything would be lost."""
        named = self.named_by(document)
        _refuse_unsafe(document)
        catching = {**document, "@context": [{"@vocab": CATCH}, *named]}
        try:
            expanded: list[dict[str, Any]] = jsonld.expand(catching, self._options())
        except jsonld.JsonLdError as error:
            raise LinkedDataError(f"不符合 JSON-LD：{error.type or error}") from error
        for lost in _lost(expanded):
            raise LinkedDataError(f"上下文没有定义：{lost}")
        return expanded

    def canonical(self, document: Mapping[str, Any]) -> str:
        """Canonical N-Quads of a document."""
        options = self._options() | {"algorithm": "URDNA2015", "format": "application/n-quads"}
        try:
            quads: str = jsonld.normalize(self.expand(document), options)
        except jsonld.JsonLdError as error:
            raise LinkedDataError(f"不能规范化：{error.type or error}") from error
        if not quads:
            raise LinkedDataError("规范化之后没有内容")
        return quads

    def named_by(self, document: Mapping[str, Any]) -> list[str]:
        """The contexts a document names: one or more of ours, by address only."""
        given = document.get("@context")
        named: list[str] = []
        for one in given if isinstance(given, list) else [given]:
            if not isinstance(one, str) or one not in self.documents:
                raise LinkedDataError(f"不认识的上下文：{one}")
            named.append(one)
        return named

    def _options(self) -> dict[str, Any]:
        return {"base": NOWHERE, "documentLoader": self._load, "contextResolver": self._resolver}


def _refuse_unsafe(document: Mapping[str, Any]) -> None:
    for path, key, value in _entries(document, ""):
        if key.startswith("@") and not (key == "@context" and not path):
            raise LinkedDataError(f"不能使用关键字：{path}{key}")
        if value is None:
            raise LinkedDataError(f"没有值：{path}{key}")
        if isinstance(value, float):
            raise LinkedDataError(f"不能使用小数：{path}{key}")
        if isinstance(value, str) and CONTROL.search(value):
            raise LinkedDataError(f"含有控制字符：{path}{key}")


def _entries(value: Any, path: str) -> Iterator[tuple[str, str, Any]]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield path, str(key), one
            yield from _entries(one, f"{path}{key}.")
    elif isinstance(value, list):
        for one in value:
            yield path, "", one
            yield from _entries(one, path)


def _lost(expanded: Any) -> Iterator[str]:
    """What the catching vocabulary caught, and addresses that lead nowhere."""
    if isinstance(expanded, list):
        for one in expanded:
            yield from _lost(one)
    elif isinstance(expanded, dict):
        for key, value in expanded.items():
            if key.startswith(CATCH):
                yield key.removeprefix(CATCH)
            elif key in ("@id", "@type"):
                for one in value if isinstance(value, list) else [value]:
                    if one.startswith((CATCH, NOWHERE)) or ":" not in one:
                        yield str(one).removeprefix(CATCH).removeprefix(NOWHERE)
            elif key != "@value":
                yield from _lost(value)
