"""In and out of the language: text → definition → canonical bytes and hash → definition; JSON Schema for editors."""

import json
from typing import Any

from pydantic import ValidationError

from xianfeng.kernel.canonical import canonical_bytes, sha256_hex
from xianfeng.programmes.rules.checks import check
from xianfeng.programmes.rules.messages import problems_of
from xianfeng.programmes.rules.plain import plain
from xianfeng.programmes.rules.problems import DefinitionError, Problem
from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.programmes.rules.text import Document, read


def load(text: str | bytes) -> Definition:
    """The definition in a YAML text, fully checked with its own examples; raises ``DefinitionError`` with lines."""
    definition, problems = validate(text)
    if definition is None or problems:
        raise DefinitionError(problems)
    return definition


def validate(text: str | bytes) -> tuple[Definition | None, list[Problem]]:
    """As ``load``, but collects what is wrong instead of raising; a definition comes back once its shape is right."""
    try:
        document = read(text)
    except DefinitionError as error:
        return None, list(error.problems)
    return validate_value(document)


def validate_value(document: Document) -> tuple[Definition | None, list[Problem]]:
    """Check plain values, such as the designer's draft (``Document(value)``)."""
    from xianfeng.programmes.rules.examples import check_examples  # the engine stands on this module

    try:
        definition = Definition.model_validate(document.value)
    except ValidationError as error:
        return None, problems_of(error, document)
    problems = check(definition) or check_examples(definition)
    return definition, [Problem(p.message, p.path, document.line(p.path)) for p in problems]


def canonical(definition: Definition) -> bytes:
    """RFC 8785 bytes of the definition.

    Values equal to their default are left out, so that the language can grow new keys without changing the hash of what
    was published before. Hence a default, once released, never changes: a new meaning takes a new ``schema_version``.
    """
    return canonical_bytes(plain(definition))


def content_hash(definition: Definition) -> str:
    """SHA-256 of the canonical bytes, in hex: the address of a published version."""
    return sha256_hex(canonical(definition))


def restore(stored: str | bytes) -> Definition:
    """A definition from its canonical bytes, without checking again what was checked at publication."""
    return Definition.model_validate(json.loads(stored))


def pinned(source: str | bytes) -> Definition:
    """A published definition from its text, read but not checked again.

    What was published stays in force: ``checks`` may become stricter, and examples need not come out, yet no round is
    locked out of its own definition. The shape (``schema``) still has to fit, which is why a released field is never
    narrowed there; a new restriction belongs into ``checks``.
    """
    document = read(source)
    try:
        return Definition.model_validate(document.value)
    except ValidationError as error:
        raise DefinitionError(problems_of(error, document)) from error


def json_schema() -> dict[str, Any]:
    """JSON Schema of the language, for editors."""
    schema = Definition.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "先锋：创建活动定义",
    }
