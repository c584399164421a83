"""Settings from the environment: refused loudly when wrong, all of them documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from xianfeng.config import env, settings  # settings declares the variables

DOCS = Path(__file__).resolve().parents[2] / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def _declarations_stay(monkeypatch):
    monkeypatch.setattr(env, "VARIABLES", dict(env.VARIABLES))


def test_the_documentation_lists_exactly_the_variables_that_the_code_reads():
    rows = dict(re.findall(r"^\| `(XIANFENG_\w+)` \| (.+) \|$", DOCS.read_text(), flags=re.M))
    assert rows == {v.name: f"{v.default} | {v.about}" for v in env.VARIABLES.values()}
    assert "XIANFENG_DATA" in rows
    assert settings.DATA.is_dir()


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("XIANFENG_X", "perhaps", lambda: env.flag("XIANFENG_X", "")),
        ("XIANFENG_X", "-1", lambda: env.number("XIANFENG_X", "", 2)),
        ("XIANFENG_X", "0", lambda: env.number("XIANFENG_X", "", 2, least=1)),
        ("XIANFENG_X", "example.org", lambda: env.checked("XIANFENG_X", "", env.address, "网址")),
        ("XIANFENG_X", "2021-02-30", lambda: env.checked("XIANFENG_X", "", env.day, "日期")),
        ("XIANFENG_MISSPELT", "1", env.refuse_unknown),
    ],
)
def test_a_wrong_value_stops_the_program_and_names_the_variable(monkeypatch, name, value, read):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=name):
        read()


def test_right_values_are_taken(monkeypatch):
    monkeypatch.setenv("XIANFENG_X", " 7 ")
    assert env.number("XIANFENG_X", "", 2) == 7
    monkeypatch.setenv("XIANFENG_X", "")
    assert env.number("XIANFENG_X", "", 2) == 2
    monkeypatch.setenv("XIANFENG_X", "https://example.org")
    assert env.checked("XIANFENG_X", "", env.address, "网址") == "https://example.org"


def test_a_database_address_is_taken_apart():
    got = env.postgres("postgres://office:p%40ss@db.example:5433/xianfeng?sslmode=require")
    assert (got["NAME"], got["USER"], got["PASSWORD"]) == ("xianfeng", "office", "p@ss")
    assert (got["HOST"], got["PORT"], got["CONN_MAX_AGE"]) == ("db.example", "5433", 0)
    assert isinstance(got["OPTIONS"], dict)
    assert got["OPTIONS"]["sslmode"] == "require"
    assert env.postgres("postgresql://postgres:@/a?host=/run/pg")["HOST"] == "/run/pg"
    with pytest.raises(ImproperlyConfigured):
        env.postgres("mysql://x/y")
