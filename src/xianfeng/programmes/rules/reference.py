"""Every key of the language in tables, made from the schema itself: the reference in docs and on the command line."""

from collections.abc import Iterator
from typing import Any

from xianfeng.programmes.rules.loading import json_schema
from xianfeng.programmes.rules.words import KEYS

ROOT = "Definition"


def reference() -> str:
    """Markdown: a table per model, in the order in which a reader meets them."""
    schema = json_schema()
    models = {ROOT: schema, **schema["$defs"]}
    pieces = []
    for name in _in_order(models):
        model = models[name]
        if "properties" not in model:
            continue
        pieces.append(f"### {name}\n\n| key | on screen | value | default |\n|---|---|---|---|")
        required = model.get("required", [])
        for key, field in model["properties"].items():
            default = "required" if key in required else _default(field)
            pieces.append(f"| `{key}` | {KEYS.get(key, key)} | {_type(field)} | {default} |")
        pieces.append("")
    return "\n".join(pieces)


def _in_order(models: dict[str, Any]) -> list[str]:
    order: list[str] = []
    waiting = [ROOT]
    while waiting:
        name = waiting.pop(0)
        if name not in order:
            order.append(name)
            waiting += _named(models[name].get("properties", {}))
    return order


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"].rsplit("/", 1)[-1]
        for key, inner in value.items():
            if key != "discriminator":
                yield from _named(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner)


def _default(field: dict[str, Any]) -> str:
    default = field.get("default")
    if default is None or default == "":
        return "–"
    if isinstance(default, dict):
        return "its own defaults" if default else "empty"
    if default == []:
        return "empty"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _type(field: dict[str, Any]) -> str:
    """A field's type in a few words."""
    if "$ref" in field:
        return str(field["$ref"].rsplit("/", 1)[-1])
    for many in ("anyOf", "oneOf", "allOf"):
        if many in field:
            kinds = [_type(one) for one in field[many] if one.get("type") != "null"]
            if len(kinds) == 2 and kinds[0].startswith("number") and kinds[1] == "text":
                kinds.pop()  # a decimal may also be written in quotes
            return " or ".join(dict.fromkeys(kinds))
    if "enum" in field:
        return ", ".join(f"`{one}`" for one in field["enum"])
    if "const" in field:
        return f"`{field['const']}`"
    kind = field.get("type")
    if kind == "array":
        return f"list of {_type(field.get('items', {}))}"
    if kind == "object":
        inner = [*field.get("patternProperties", {}).values(), field.get("additionalProperties")]
        return f"map: code → {_type(inner[0])}" if inner[0] else "map"
    if kind == "string":
        if field.get("pattern", "").startswith("^(?!"):
            return "number"
        return "day" if field.get("format") == "date" else "text"
    bounds = [
        f"≥ {field['minimum']:g}" if "minimum" in field else "",
        f"≤ {field['maximum']:g}" if "maximum" in field else "",
    ]
    names = {"integer": "whole number", "number": "number", "boolean": "true or false"}
    return " ".join([names.get(str(kind), "any"), *(bound for bound in bounds if bound)])
