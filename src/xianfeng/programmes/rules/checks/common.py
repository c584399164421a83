"""What every check of a definition uses: codes of a list, doubles, references to what is not there."""

from collections.abc import Iterable, Iterator

from xianfeng.programmes.rules.problems import Path, Problem

Found = Iterator[Problem]
SHOWN = 30


def codes(items: Iterable[object]) -> list[str]:
    """What items are known by: code, year."""
    return [str(getattr(item, "code", getattr(item, "year", ""))) for item in items]


def unique(given: Iterable[str], path: Path, what: str) -> Found:
    """A problem for each code that came before."""
    seen: set[str] = set()
    for index, code in enumerate(given):
        if code in seen:
            yield Problem(f"{what}“{code}”重复", (*path, index))
        seen.add(code)


def known(given: Iterable[str], there_are: Iterable[str], path: Path, what: str) -> Found:
    """A problem for each code that names nothing."""
    allowed = list(there_are)
    for code in given:
        if code not in allowed:
            more = "…" if len(allowed) > SHOWN else ""
            yield Problem(f"没有代码为“{code}”的{what}，可用：{'、'.join(allowed[:SHOWN]) or '（无）'}{more}", path)
