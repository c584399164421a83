"""Environment variables, read in one way: each declared with its meaning, and a wrong value stops the
program.

A setting that is silently ignored is worse than a program that does not start, so a misspelt XIANFENG_ name
stops it too. `docs/settings.md` lists what is declared here; tests/config compares the two.
"""

from __future__ import annotations

import os
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PREFIX = "XIANFENG_"
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


@dataclass(frozen=True)
class Variable:
    """One environment variable: its name, what is used without it (in words), and what it is for."""

    name: str
    default: str
    about: str


VARIABLES: dict[str, Variable] = {}


def declare(name: str, default: str, about: str) -> None:
    """Make a variable known; also for those that only scripts and tests read."""
    VARIABLES[name] = Variable(name, default, about)


def text(name: str, about: str, default: str = "", default_in_words: str = "") -> str:
    """The variable's value without surrounding space, or the default when it is absent or empty."""
    declare(name, default_in_words or default or "empty", about)
    return os.environ.get(name, "").strip() or default


def flag(name: str, about: str, default: bool = False) -> bool:
    """A yes or no; anything else is refused."""
    raw = text(name, about, "1" if default else "0").lower()
    if raw not in TRUE | FALSE:
        raise ImproperlyConfigured(f"环境变量 {name} 应为 1 或 0，现在是“{raw}”。")
    return raw in TRUE


def number(name: str, about: str, default: int, least: int = 0) -> int:
    """A whole number not below `least`."""
    raw = text(name, about, str(default))
    if not raw.isdecimal() or int(raw) < least:
        raise ImproperlyConfigured(f"环境变量 {name} 应为不小于 {least} 的整数，现在是“{raw}”。")
    return int(raw)


def checked(
    name: str, about: str, check: Callable[[str], object], wanted: str, default: str = "", secret: bool = False
) -> str:
    """A text that `check` accepts (it raises ValueError otherwise); empty passes. A secret one is not repeated."""
    raw = text(name, about, default)
    if raw:
        try:
            check(raw)
        except ValueError as error:
            found = "" if secret else f"，现在是“{raw}”"
            raise ImproperlyConfigured(f"环境变量 {name} 应为{wanted}{found}。") from (None if secret else error)
    return raw


def address(raw: str) -> None:
    """Check a base address: scheme and host, nothing after it."""
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError(raw)


def channels(raw: str) -> None:
    """Check apprise addresses: a message has one reader, so an address that names none would tell a whole group."""
    for one in raw.split():
        if "://" not in one or not ("{email}" in one or "{username}" in one):
            raise ValueError(one)


def addresses(raw: str) -> None:
    """Check addresses to send to: each has a scheme, a folder is given by its whole path."""
    for one in raw.split():
        if not (one.startswith("folder:/") or "://" in one):
            raise ValueError(one)


def verifier_keys(raw: str) -> None:
    """Check C2SP verifier keys by their look: name+8 hex digits+base64."""
    for one in raw.split():
        name, _, rest = one.partition("+")
        ident, _, body = rest.partition("+")
        if not name or len(bytes.fromhex(ident)) != 4 or len(b64decode(body, validate=True)) != 33:
            raise ValueError(one)


def day(raw: str) -> None:
    """Check a calendar day."""
    date.fromisoformat(raw)


def refuse_unknown() -> None:
    """Stop on XIANFENG_ names nobody declared: most likely a spelling mistake."""
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in VARIABLES)
    if unknown:
        known = "、".join(sorted(VARIABLES))
        raise ImproperlyConfigured(f"不认识的环境变量：{'、'.join(unknown)}。可用的有：{known}。")


def postgres(url: str) -> dict[str, object]:
    """Django's database settings from `postgres://user:password@host:port/name?sslmode=require`.

    A socket folder may be given as `?host=/folder`, as PostgreSQL's own addresses do.
    """
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not name:
        raise ImproperlyConfigured("环境变量 XIANFENG_DATABASE_URL 应形如 postgres://用户:密码@主机:5432/库名。")
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = options.pop("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": options.pop("port", str(parts.port or "")),
        # The pool keeps connections itself: CONN_MAX_AGE must stay 0 beside it.
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 20}, **options},
    }
