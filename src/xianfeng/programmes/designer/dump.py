"""From a plain document back to YAML that ``rules.text`` reads as the very same values."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from xianfeng.programmes.rules.text import scalar
from xianfeng.programmes.rules.trace import show

NOTE = "# 由定义设计页面写成；在页面上修改后，原文中的注释不再保留。\n"
LINE = 100

_BASE: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_BASE):  # type: ignore[misc]
    """Safe dumper without anchors; exact numbers; quotes whatever the reader would take for something else."""

    def ignore_aliases(self, data: Any) -> bool:
        """The reader refuses anchors: everything is written out."""
        return True


def _text(dumper: Any, value: str) -> Any:
    if "\n" in value:
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if _block(value) else '"')
    try:
        same = scalar(value, plain=True) == value
    except ValueError:
        same = False
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if same else '"')


def _block(value: str) -> bool:
    """Whether a literal block keeps the text as it is."""
    lines = value.split("\n")
    return all(line == line.rstrip() and "\t" not in line for line in lines) and not lines[0].startswith(" ")


def _number(dumper: Any, value: Decimal) -> Any:
    shown = show(value)
    return dumper.represent_scalar("tag:yaml.org,2002:" + ("float" if "." in shown else "int"), shown)


def _mapping(dumper: Any, value: Mapping[str, Any]) -> Any:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=_short(value.values(), value))


def _list(dumper: Any, value: Sequence[Any]) -> Any:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=_short(value, ()))


def _short(values: Any, keys: Any) -> bool:
    """Leaves that fit on a line are written on one, as people do."""
    room = LINE - 20 - sum(len(key) + 4 for key in keys)
    for value in values:
        if isinstance(value, (Mapping, list, tuple)):
            return False
        if isinstance(value, str) and "\n" in value:
            return False
        room -= 2 * len(str(value)) if not str(value).isascii() else len(str(value)) + 2
    return room > 0


for _kind, _represent in {
    str: _text, Decimal: _number, dict: _mapping, list: _list, tuple: _list,
}.items():  # fmt: skip
    _Dumper.add_representer(_kind, _represent)
_Dumper.add_representer(
    date, lambda dumper, day: dumper.represent_scalar("tag:yaml.org,2002:timestamp", day.isoformat())
)


def dump(document: Any) -> str:
    """The document as YAML; reading it again gives the same values."""
    body = yaml.dump(
        document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=LINE + 20, default_flow_style=False
    )
    return NOTE + str(body)
