"""The `xianfeng` command keeps the conventions of a good command line."""

from __future__ import annotations

import socket

import pytest

from xianfeng import __version__
from xianfeng.config import cli, serving
from xianfeng.kernel.errors import UserError


def test_help_lists_what_there_is_and_ends_well(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in ("serve", "migrate", "worker", "manage", "journal"))


def test_version(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert __version__ in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["nonsense"], ["serve", "--nonsense"], ["serve", "--workers", "many"]])
def test_a_command_written_wrongly_ends_with_2_and_says_where_help_is(capsys, arguments):
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert "--help" in said.err
    assert said.out == ""


def test_a_refusal_is_a_sentence_on_stderr_without_a_trace(capsys):
    assert cli.main(["serve", "--bind", "nowhere"]) == 1
    said = capsys.readouterr()
    assert "127.0.0.1:8000" in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


def test_debug_shows_the_trace(capsys):
    assert cli.main(["--debug", "serve", "--bind", "nowhere"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_an_unforeseen_error_is_also_a_sentence(capsys, monkeypatch):
    def fall(bind: str, workers: int, background: bool) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(serving, "serve", fall)
    assert cli.main(["serve"]) == 1
    said = capsys.readouterr().err
    assert "boom" in said
    assert "Traceback" not in said


def test_a_taken_address_is_refused_in_words():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UserError, match="占用"):
            serving.require_free(f"127.0.0.1:{taken.getsockname()[1]}")


@pytest.mark.parametrize("bind", ["8000", "127.0.0.1:", "127.0.0.1:99999", ":8000"])
def test_an_address_written_wrongly_is_refused(bind):
    with pytest.raises(UserError):
        serving.bind_address(bind)
