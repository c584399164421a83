"""A bundle is checked without the database, and any changed byte of it is found."""

import argparse
import json
import random
import zipfile
from pathlib import Path

import pytest
from tests.factories.journal import AT, Thing, secretary, write

from xianfeng import journal
from xianfeng.journal import bundle, checkpoints, commands, queries, services, signing
from xianfeng.journal.models import Entry, PersonalDetail
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Invalid

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def log() -> None:
    write(3, personal={"name": "示例某某", "phone": "示例"})
    checkpoints.make(clock.real_now())
    write(4, personal={"name": "示例某某"})
    with journal.unit_of_work():
        services.erase(subject=Thing(), actor=secretary(), now=AT, ground="本人申请", seqs=[2], keys=["name"])


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    commands.register(parser.add_subparsers())
    options = parser.parse_args(["journal", *arguments])
    return int(options.run(options))


@pytest.mark.parametrize("name", ["out", "out.zip"])
@pytest.mark.parametrize("personal", [True, False])
def test_a_bundle_checks_without_a_query(
    tmp_path: Path, name: str, personal: bool, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    target = tmp_path / name
    manifest = bundle.write(target, personal=personal)
    assert manifest["entries"] == 8
    with django_assert_num_queries(0):  # type: ignore[operator]
        result = bundle.check(target, signing.verifier_keys())
    assert (result.ok, result.entries, result.checkpoints) == (True, 8, 2)
    assert result.root == manifest["root"]
    with pytest.raises(Invalid):
        bundle.write(target)


def test_every_kind_of_change_is_found(tmp_path: Path) -> None:
    target = tmp_path / "out"
    bundle.write(target, personal=True)
    original = {path: path.read_bytes() for path in target.rglob("*") if path.is_file()}
    assert bundle.check(target).ok
    chance = random.Random(4)
    checked = [path for path in original if path.name not in ("README.txt", "manifest.json")]
    for _ in range(150):
        path = chance.choice(checked)
        data = bytearray(original[path])
        place = chance.randrange(len(data))
        data[place] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(data))
        assert not holds(target), (path.name, place)
        path.write_bytes(original[path])
    entries = (target / "entries.jsonl").read_text().splitlines(keepends=True)
    for changed in (entries[:-1], entries[1:], [entries[1], entries[0], *entries[2:]], [*entries, entries[-1]]):
        (target / "entries.jsonl").write_text("".join(changed))
        assert not holds(target)
    (target / "entries.jsonl").write_text("".join(entries))
    (target / "personal.jsonl").unlink()
    assert bundle.check(target).ok, "without personal values there is less to check"


def holds(target: Path) -> bool:
    try:
        return bundle.check(target).ok
    except Invalid:
        return False


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held = tmp_path / "held.txt"
    held.write_text(checkpoints.at_size(3).note)
    target = str(tmp_path / "out.zip")
    assert run("export", target) == 0
    assert "已导出 8 条" in capsys.readouterr().out
    assert run("verify", "--bundle", target, "--checkpoint", str(held)) == 0
    out = capsys.readouterr().out
    assert "5 条在其后" in out
    assert "公钥取自文件包本身" in out
    assert run("verify", "--bundle", target, "--key", str(signing.ensure().verifier)) == 0
    assert "公钥取自文件包本身" not in capsys.readouterr().out
    assert run("verify", "--checkpoint", str(held)) == 0
    assert "一致性证明 " in capsys.readouterr().out
    assert run("checkpoint") == 0
    assert capsys.readouterr().out.startswith("log.example.org/journal\n8\n")
    assert run("key") == 0
    assert capsys.readouterr().out.strip() == str(signing.ensure().verifier)
    assert run("key", "--rotate") == 0
    assert "旧" in capsys.readouterr().out
    assert run("proof", "4", "--disclose") == 0
    proof = tmp_path / "4.tlog-proof"
    proof.write_text(capsys.readouterr().out)
    assert run("verify", "--proof", str(proof), "--json") == 0
    assert json.loads(capsys.readouterr().out)["seq"] == 4
    held.write_text(held.read_text().replace("\n3\n", "\n2\n"))
    with pytest.raises(Invalid, match="不是本日志所签"):
        run("verify", "--checkpoint", str(held))
    with pytest.raises(Invalid, match="公钥写得不对"):
        run("verify", "--key", "x")


def test_what_is_no_bundle_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_text("no zip")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    for name in ("x.zip", "empty.zip", "absent"):
        with pytest.raises(Invalid):
            bundle.check(tmp_path / name)


def test_erasing_by_command_shows_first_and_erases_when_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("erase", "示例某某") == 0
    shown = capsys.readouterr()
    assert shown.out.count("姓名或名称：示例某某") == 6
    assert "仅为预览" in shown.err
    assert PersonalDetail.objects.filter(value="示例某某").count() == 6
    with pytest.raises(Invalid, match="须写明依据"):
        run("erase", "示例某某", "--yes")
    assert run("erase", "示例某某", "--ground", "asked", "--entry", "3", "--entry", "4", "--yes") == 0
    assert "已删除 2 项" in capsys.readouterr().out
    assert sorted(PersonalDetail.objects.filter(value="示例某某").values_list("entry_seq", flat=True)) == [1, 5, 6, 7]
    newest = Entry.objects.order_by("-seq")[0]
    assert queries.sentence(newest) == "系统：依法删除 2 项个人信息，依据：本人请求删除（个人信息）"
    assert queries.verify().ok
    assert [kept for _, _, kept in queries.personal_states(Entry.objects.get(seq=3))] == [False, True]
