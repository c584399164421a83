"""Whoever edits the database by hand is found, and the right entry is named."""

import argparse
import json

import pytest
from django.db import connection
from tests.factories.journal import write

from xianfeng.journal import checking, commands, queries, rules, tree
from xianfeng.journal.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def log() -> None:
    """Five entries with a personal value each; the untouched log holds."""
    write(5, personal={"name": "示例某某"})
    assert queries.verify() == checking.Verification(
        True, 5, Entry.objects.get(seq=5).chain_hash, root=tree.root(5).hex()
    )


def sql(statement: str, *parameters: str | int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def found() -> tuple[int | None, str]:
    result = queries.verify()
    assert not result.ok
    return result.bad_seq, result.reason


@pytest.mark.parametrize(
    ("column", "value", "word"),
    [
        ("event", "test:notice:opened", "事件"),
        ("subject_id", "thing0000000002", "对象编号"),
        ("subject_type", "tests.other", "对象类型"),
        ("subject_label", "示例二支部", "对象名称"),
        ("actor_kind", "system", "办理者类型"),
        ("actor_id", "user000000000002", "办理者编号"),
        ("actor_label", "示例下级党委 书记", "办理者"),
        ("at", "2021-03-03 02:05:00+00:00", "发生时间"),
        ("recorded_at", "2021-03-03 02:05:00+00:00", "记录时间"),
    ],
)
def test_an_edited_column_is_found(column: str, value: str, word: str) -> None:
    sql(f"UPDATE journal_entry SET {column} = %s WHERE seq = 3", value)
    assert found() == (3, f"检索列“{word}”与条目内容不符，被改动")


def test_an_edited_leaf_is_found() -> None:
    sql("UPDATE journal_entry SET leaf = replace(leaf, '\"number\":3', '\"number\":4') WHERE seq = 3")
    assert found() == (3, "条目内容与其摘要不符，内容或摘要被改动")


def test_an_edited_leaf_with_its_own_hash_mended_is_found_by_the_chain() -> None:
    leaf = Entry.objects.get(seq=3).leaf.replace('"number":3', '"number":4')
    sql("UPDATE journal_entry SET leaf = %s, leaf_hash = %s WHERE seq = 3", leaf, rules.leaf_digest(leaf))
    assert found() == (3, "链摘要与前一条接不上，本条或之前的条目被改写")


def test_an_edited_leaf_with_leaf_hash_and_chain_mended_is_found_at_the_next_entry() -> None:
    leaf = Entry.objects.get(seq=3).leaf.replace('"number":3', '"number":4')
    digest = rules.leaf_digest(leaf)
    mended = rules.chain(Entry.objects.get(seq=2).chain_hash, digest)
    statement = "UPDATE journal_entry SET leaf = %s, leaf_hash = %s, chain_hash = %s WHERE seq = 3"
    sql(statement, leaf, digest, mended)
    assert found()[0] == 4


@pytest.mark.parametrize("leaf", ["{}", "no json", '{"v": 1}', "[]", '{"seq":3.0}'])
def test_a_leaf_replaced_by_something_else_is_found(leaf: str) -> None:
    sql("UPDATE journal_entry SET leaf = %s, leaf_hash = %s WHERE seq = 3", leaf, rules.leaf_digest(leaf))
    assert found() == (3, "条目内容无法解析，内容被改动")


def test_a_leaf_in_other_bytes_is_found() -> None:
    spaced = json.dumps(json.loads(Entry.objects.get(seq=3).leaf), ensure_ascii=False)
    sql("UPDATE journal_entry SET leaf = %s, leaf_hash = %s WHERE seq = 3", spaced, rules.leaf_digest(spaced))
    assert found() == (3, "条目内容不是规范格式，内容被改动")


@pytest.mark.parametrize("column", ["leaf_hash", "chain_hash"])
def test_an_edited_hash_is_found(column: str) -> None:
    sql(f"UPDATE journal_entry SET {column} = %s WHERE seq = 3", "ab" * 32)
    assert found()[0] == 3


@pytest.mark.parametrize("seq", [1, 3])
def test_a_deleted_row_is_found(seq: int) -> None:
    sql("DELETE FROM journal_entry WHERE seq = %s", seq)
    assert found()[0] == seq


def test_a_deleted_row_whose_number_is_closed_up_is_found() -> None:
    sql("DELETE FROM journal_entry WHERE seq = 3")
    sql("UPDATE journal_entry SET seq = 3 WHERE seq = 4")
    assert found() == (3, "条目内的序号是 4，顺序被调换")


def test_swapped_rows_are_found() -> None:
    for here, there in ((2, 99), (3, 2), (99, 3)):
        sql("UPDATE journal_entry SET seq = %s WHERE seq = %s", there, here)
    assert found() == (2, "条目内的序号是 3，顺序被调换")


def test_an_edited_personal_value_is_found() -> None:
    sql("UPDATE journal_personaldetail SET value = '另一人' WHERE entry_seq = 3")
    assert found() == (3, "个人信息“name”与条目承诺不符，被改动")


def test_a_personal_value_added_later_is_found() -> None:
    sql("INSERT INTO journal_personaldetail (entry_seq, key, salt, value) VALUES (3, 'post', 's', '某岗')")
    assert found() == (3, "个人信息“post”不在条目承诺之内，是后来添加的")


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    commands.register(parser.add_subparsers())
    options = parser.parse_args(["journal", *arguments])
    return int(options.run(options))


def test_the_command_passes_an_untouched_log(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("verify") == 0
    assert "共 5 条" in capsys.readouterr().out
    assert run("verify", "--json") == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True


def test_the_command_fails_and_names_the_entry(capsys: pytest.CaptureFixture[str]) -> None:
    sql("UPDATE journal_entry SET subject_label = '示例二支部' WHERE seq = 4")
    assert run("verify") == 1
    assert "第 4 条" in capsys.readouterr().err
    assert run("verify", "--json") == 1
    assert json.loads(capsys.readouterr().out)["bad_seq"] == 4


def test_the_command_lists_and_shows(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list", "--limit", "2") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["5", "4"]
    assert "2021-03-02 10:05  示例上级党委 书记：做了一件事（示例一支部）" in lines[0]
    assert run("show", "3") == 0
    assert '"seq": 3' in capsys.readouterr().out
    assert run("show", "99") == 1
    assert "没有第 99 条" in capsys.readouterr().err
