"""``xianfeng programme …``: exit codes, sentences on stderr, JSON on stdout."""

import json

import pytest

from xianfeng.config.cli import main
from xianfeng.programmes.definitions import SHIPPED, shipped_source

CODE = "zhishui-guanhai-2019"


@pytest.fixture
def changed(tmp_path):
    """The shipped definition with a reserve of two."""
    file = tmp_path / "changed.yaml"
    file.write_text(shipped_source(CODE).replace("reserve: 0", "reserve: 2"), encoding="utf-8")
    return str(file)


def test_the_shipped_definition_validates(capsys):
    assert main(["programme", "validate", CODE, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)[CODE]
    assert (shown["ok"], shown["code"], shown["problems"]) == (True, CODE, [])


def test_a_broken_file_is_refused_with_line_and_path(tmp_path, capsys):
    file = tmp_path / "broken.yaml"
    file.write_text(shipped_source(CODE).replace("reserve: 0", "reserve: -1"), encoding="utf-8")
    assert main(["programme", "validate", str(file)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "result.reserve：不能小于 0" in captured.err
    assert "Traceback" not in captured.err


def test_a_missing_file_is_a_sentence(capsys):
    assert main(["programme", "validate", "/nowhere/at-all.yaml"]) == 1
    assert "读不到文件" in capsys.readouterr().err


def test_differences_are_listed(changed, capsys):
    assert main(["programme", "diff", CODE, changed]) == 0
    assert capsys.readouterr().out == "修改 结果 › 递补人数：0 → 2\n"
    assert main(["programme", "diff", CODE, CODE]) == 0
    assert "含义相同" in capsys.readouterr().out


def test_a_trial_prints_its_trace_and_fails_on_a_wrong_expectation(tmp_path, capsys):
    cases = tmp_path / "cases.yaml"
    who = "title: 试, category: post, group: members, year: 2020, on: 2020-11-01"
    case = f"{{{who}, panel_shares: [1], expect: {{total: %s}}}}"
    cases.write_text(f"cases:\n  - {case % '100'}\n", encoding="utf-8")
    assert main(["programme", "tryout", CODE, str(cases)]) == 0
    assert "合成总分" in capsys.readouterr().out
    cases.write_text(f"cases:\n  - {case % '99'}\n", encoding="utf-8")
    assert main(["programme", "tryout", CODE, str(cases)]) == 1
    assert "总分应为 99，算得 100" in capsys.readouterr().err


@pytest.mark.parametrize("code", SHIPPED)
def test_every_shipped_definition_validates(code, capsys):
    assert main(["programme", "validate", code]) == 0
    assert "可以使用" in capsys.readouterr().out


def test_a_difference_can_be_asked_for_by_exit_code(changed, capsys):
    assert main(["programme", "diff", CODE, changed, "--exit-code", "--json"]) == 1
    [change] = json.loads(capsys.readouterr().out)
    assert change["path"] == "result.reserve"
    assert main(["programme", "diff", CODE, CODE, "--exit-code"]) == 0


def test_a_broken_definition_is_named_by_whoever_needs_it_whole(tmp_path, capsys):
    file = tmp_path / "broken.yaml"
    file.write_text(shipped_source(CODE).replace("reserve: 0", "reserve: -1"), encoding="utf-8")
    assert main(["programme", "diff", CODE, str(file)]) == 1
    shown = capsys.readouterr()
    assert (shown.out, "broken.yaml" in shown.err, "validate" in shown.err) == ("", True, True)


def test_the_schema_is_json(capsys):
    for words in (["schema"], ["schema", "--json"]):
        assert main(["programme", *words]) == 0
        assert json.loads(capsys.readouterr().out)["additionalProperties"] is False
    assert main(["programme", "schema", "--reference"]) == 0
    assert capsys.readouterr().out.startswith("### Definition")


@pytest.mark.django_db
def test_what_is_loaded_can_be_exported(changed, capsys):
    assert main(["programme", "load", CODE, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["number"] == 1
    assert main(["programme", "load", changed, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["number"] == 2
    assert main(["programme", "export", CODE, "--number", "1"]) == 0
    assert capsys.readouterr().out == shipped_source(CODE)
    assert main(["programme", "export", CODE, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["number"], "reserve: 2" in shown["source"]) == (2, True)
    assert main(["programme", "export", "unknown"]) == 1
