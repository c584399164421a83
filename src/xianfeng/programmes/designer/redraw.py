"""What a form posted, with its rows put in order: buttons that add and move rows redraw the form and save nothing."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

MOST_ROWS = 200


class Posted:
    """The posted fields; ``redrawing`` when a button only asked for another row, order or kind."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data.copy()
        asked = str(self.data.get("redraw", ""))
        self.redrawing = bool(asked)
        act, _, rest = asked.partition(":")
        if act == "add":
            self._add(rest)
        elif act in ("up", "down"):
            name, _, at = rest.rpartition(":")
            if at.isdigit():
                self._move(name, int(at), -1 if act == "up" else 1)

    def has_rows(self, name: str) -> bool:
        """Whether the form held these rows (it does not when their kind was only just chosen)."""
        return f"{name}.rows" in self.data

    def _count(self, name: str) -> int:
        count = str(self.data.get(f"{name}.rows", "0"))
        return min(int(count), MOST_ROWS) if count.isascii() and count.isdigit() else 0

    def rows(self, name: str) -> list[int | None]:
        """For each row, which stored item it was; None for a new one."""
        numbers = [str(self.data.get(f"{name}.{at}.was", "")) for at in range(self._count(name))]
        return [int(one) if one.isascii() and one.isdigit() and len(one) < 6 else None for one in numbers]

    def untouched(self, names: list[str], initial: Mapping[str, Any]) -> bool:
        """Whether nothing was entered in these fields beyond what they were drawn with."""
        for name in names:
            sent = [one for one in self.data.getlist(name) if str(one).strip()]
            if sent and [str(initial.get(name))] != sent:
                return False
        return True

    def keys(self, name: str, stored: Mapping[str, Any]) -> list[str]:
        """The keys of a map's rows, with the one that was asked for."""
        if f"{name}.keys" not in self.data:
            return list(stored)
        return list(dict.fromkeys(key for key in str(self.data[f"{name}.keys"]).split(",") if key))

    def _add(self, name: str) -> None:
        if f"{name}.keys" in self.data:
            new = str(self.data.get(f"{name}.new", ""))
            self.data[f"{name}.keys"] = ",".join(filter(None, [str(self.data[f"{name}.keys"]), new]))
        else:
            self.data[f"{name}.rows"] = str(self._count(name) + 1)

    def _move(self, name: str, at: int, by: int) -> None:
        there = at + by
        if not 0 <= there < self._count(name) or at >= self._count(name):
            return
        one, other = f"{name}.{at}.", f"{name}.{there}."
        first = {key.removeprefix(one): self.data.getlist(key) for key in list(self.data) if key.startswith(one)}
        second = {key.removeprefix(other): self.data.getlist(key) for key in list(self.data) if key.startswith(other)}
        for key in [key for key in list(self.data) if key.startswith((one, other))]:
            del self.data[key]
        for key, values in first.items():
            self.data.setlist(other + key, values)
        for key, values in second.items():
            self.data.setlist(one + key, values)
