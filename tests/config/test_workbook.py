"""The workbook: whole or not at all, every bad row named, and the same once more changes nothing."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories import workbook as make

from xianfeng import journal
from xianfeng.config import cli
from xianfeng.config.workbook import contents, importing
from xianfeng.directory.models import Appointment, Organisation, User
from xianfeng.directory.queries import actor_for, superior_of
from xianfeng.journal.models import Entry
from xianfeng.journal.queries import verify
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM, Actor
from xianfeng.kernel.errors import Invalid
from xianfeng.programmes.definitions import shipped_source
from xianfeng.programmes.services import definition_publish
from xianfeng.registry.models import ConductRecord, Member, Nominee, ServicePoint

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "workbook.xlsx"
NOW = clock.instant(date(2021, 12, 1), 9)


def bring_in(content: bytes, actor: Actor = SYSTEM) -> importing.Report:
    return importing.bring_in(content, "示例.xlsx", actor=actor, now=NOW)


def problems(sheets: Mapping[str, make.Rows], actor: Actor = SYSTEM) -> list[tuple[str, int | None, str, str]]:
    report = bring_in(make.workbook(sheets), actor)
    return [(one.sheet, one.row, one.column, one.reason) for one in report.problems]


def administrator() -> Actor:
    bring_in(
        make.workbook(
            {
                "单位": [{"编码": "OPS", "名称": "示例运维组", "类型": "工作机构"}],
                "用户": [{"用户名": "admin", "姓名": "示例丙"}],
                "任职": [{"用户名": "admin", "组织编码": "OPS", "职责": "系统管理员", "起": "2019-01-01"}],
            }
        )
    )
    return actor_for(User.objects.get(username="admin"), date(2021, 12, 1))


def test_a_small_town_goes_in():
    report = bring_in(make.workbook(make.small()))
    assert report.imported
    assert not report.problems
    branch = Organisation.objects.get(code="P2")
    superior = superior_of(branch.pk, date(2019, 1, 1))
    assert superior is not None
    assert superior.code == "P1"
    assert Member.objects.get().code == "0012"
    assert User.objects.get(username="clerk").check_password("shili-mima-9")
    assert Appointment.objects.get().since == date(2019, 1, 1)
    assert ConductRecord.objects.get().tags == ["civilised_unit"]
    assert Nominee.objects.count() == 4  # two party organisations, the window, the member


def test_the_same_once_more_writes_nothing():
    content = make.workbook(make.small())
    bring_in(content)
    entries = Entry.objects.count()
    report = bring_in(content)
    assert report.total.written == 0
    assert Entry.objects.count() == entries


def test_a_changed_row_is_updated_and_the_others_left_alone():
    bring_in(make.workbook(make.small()))
    report = bring_in(make.workbook(make.small(党员=[{**make.MEMBER, "岗位": "监督组组长"}])))
    assert (report.total.created, report.total.updated) == (0, 1)
    assert Member.objects.get().post == "监督组组长"


def test_one_import_leaves_one_entry_of_its_own_with_counts_and_hash():
    report = bring_in(make.workbook(make.small()))
    leaf = json.loads(Entry.objects.get(event="registry:workbook:imported").leaf)
    assert leaf["data"]["content_hash"] == report.content_hash
    assert leaf["data"]["counts"]["党员"] == {"created": 1, "updated": 0, "unchanged": 0}


BAD: list[tuple[str, dict[str, Any], str, str]] = [
    ("单位", {**make.STATION, "统一社会信用代码": "91310000MA1FL0000G"}, "统一社会信用代码", "末位校验码不符"),
    ("单位", {**make.COMPANY, "编码": "C2", "所属协会编码": "A9"}, "所属协会编码", "没有编码为“A9”的行业协会"),
    ("单位", {**make.STATION, "类型": "科室"}, "类型", "不在可选项之内"),
    ("党组织", {**make.BRANCH, "编码": "U1"}, "编码", "已登记为区安质监站"),
    ("党组织", {**make.BRANCH, "上级党组织编码": "P9"}, "上级党组织编码", "没有编码为“P9”的组织"),
    ("党组织", {**make.BRANCH, "上级党组织编码": "U1"}, "上级党组织编码", "应填党组织"),
    ("党组织", {**make.BRANCH, "上级党组织编码": "P2"}, "上级党组织编码", "循环"),
    ("用户", {**make.CLERK, "邮箱": "不是邮箱"}, "邮箱", "不是电子邮箱"),
    ("任职", {**make.CLERK_POST, "用户名": "nobody"}, "用户名", "没有用户名为“nobody”的用户"),
    ("任职", {**make.CLERK_POST, "起": "去年"}, "起", "不是日期"),
    ("服务点", {**make.POINT, "其中党员数": 6}, "其中党员数", "党员数 6 多于固定工作人员数 5"),
    ("党员", {**make.MEMBER, "姓名": ""}, "姓名", "不能为空"),
    ("党员", {**make.MEMBER, "编码": "00 12"}, "编码", "中间有空格"),
    ("诚信台账", {**make.HONOUR, "级别": ""}, "事实类别", "荣誉应写明级别"),
    ("诚信台账", {**make.HONOUR, "对象编码": "X9"}, "对象编码", "没有编码为“X9”的组织"),
    ("诚信台账", {**make.HONOUR, "发生日期": "2030-01-01"}, "发生日期", "在今天之后"),
    ("诚信台账", {**make.HONOUR, "标签": "文明单位、好单位"}, "标签", "“好单位”不在可选项之内"),
]


@pytest.mark.parametrize(("sheet", "row", "column", "reason"), BAD)
def test_a_bad_row_is_named_by_sheet_row_and_column(sheet: str, row: dict[str, Any], column: str, reason: str):
    rows = [one for one in make.small()[sheet] if one.get("编码") != row.get("编码") or "编码" not in row]
    rows = [row, *rows] if sheet in {"单位", "党组织"} else [row]
    found = [one for one in problems(make.small(**{sheet: rows})) if one[:3] == (sheet, 2, column)]
    assert found, "the problem is not reported where it is"
    assert reason in found[0][3]
    assert not Organisation.objects.exists(), "half an import"


def test_the_same_code_twice_is_a_problem_of_the_second_row():
    assert problems(make.small(党员=[make.MEMBER, make.MEMBER])) == [("党员", 3, "编码", "与第2行重复")]


def test_two_administrator_duties_of_one_person_are_refused():
    duties = [
        {"用户名": "clerk", "组织编码": "P2", "职责": duty, "起": "2019-01-01"} for duty in ("系统管理员", "审计管理员")
    ]
    [(sheet, row, column, reason)] = problems(make.small(任职=duties))
    assert (sheet, row, column) == ("任职", 3, "职责")
    assert "须由专人单独担任" in reason


def test_a_row_that_is_wrong_does_not_make_those_wrong_that_name_it():
    wrong = {**make.STATION, "类型": "科室"}
    found = problems(make.small(单位=[wrong, make.ASSOCIATION, make.COMPANY]))
    assert [one[:3] for one in found] == [("单位", 2, "类型")]


def test_a_column_or_sheet_nobody_knows_is_not_silently_dropped():
    report = bring_in(make.workbook({"党员": []}, extra=["手机号"]))
    assert [(one.column, one.reason[:8]) for one in report.problems] == [("手机号", "模板里没有这一列")]
    report = bring_in(make.workbook({"党员": [], "党员名单": []}))
    assert [(one.sheet, one.reason[:8]) for one in report.problems] == [("党员名单", "模板里没有这张表")]


def test_who_keeps_the_accounts_does_not_keep_the_registry():
    admin = administrator()
    before = Organisation.objects.count()
    found = problems({**make.small(), "任职": []}, admin)
    assert [(one[0], one[1]) for one in found] == [("服务点", None)]
    assert "由推进组、领导小组办公室维护" in found[0][3]
    assert Organisation.objects.count() == before, "half an import"
    accounts = {name: rows for name, rows in make.small().items() if name in {"单位", "党组织", "用户"}}
    assert problems({**accounts, "任职": [make.CLERK_POST]}, admin) == [
        ("任职", None, "", "任职由安全管理员维护，您没有这项权限。请联系安全管理员。")
    ]
    assert problems(accounts, admin) == []


def test_checking_says_what_would_happen_and_writes_nothing():
    report = importing.look_into(make.workbook(make.small()), "示例.xlsx", actor=SYSTEM, now=NOW)
    assert report.total.created == 10
    assert not Organisation.objects.exists()
    assert not Entry.objects.exists()


def test_more_rows_do_not_mean_more_queries():
    def queries(rows: int) -> int:
        members = [{**make.MEMBER, "编码": f"{rows}-{at}"} for at in range(rows)]
        content = make.workbook({"党员": members})
        with CaptureQueriesContext(connection) as captured:
            bring_in(content)
        return len(captured)

    bring_in(make.workbook(make.small()))
    assert queries(3) == queries(60)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nothing", b"\xd0\xcf\x11\xe0 an old xls"])
def test_what_is_no_workbook_is_refused_in_chinese(content: bytes):
    with pytest.raises(Invalid, match="不是可读的 Excel 工作簿"):
        bring_in(content)


def test_entities_that_grow_are_refused_before_they_do():
    bomb = "<!DOCTYPE a [<!ENTITY x 'ha'>" + "".join(
        f"<!ENTITY x{at} '{f'&x{at - 1 if at > 1 else str()};' * 9}'>" for at in range(1, 30)
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.xml", bomb + "]><workbook>&x29;</workbook>")
    with pytest.raises(Invalid):
        bring_in(target.getvalue())


def test_the_template_is_a_workbook_to_fill_in():
    book = openpyxl.load_workbook(io.BytesIO(contents.template()))
    names = [spec.name for spec in contents.SPECS]
    assert book.sheetnames[0] == "说明"
    assert [name for name in book.sheetnames if name in names] == names
    assert book["单位"]["A1"].value == "编码*"
    lists = [one for one in book["党员"].data_validations.dataValidation if one.type == "list"]
    assert any("正式党员" in one.formula1 for one in lists)
    report = bring_in(contents.template())
    assert (report.problems, report.total.written) == ([], 0)


def test_the_handed_back_workbook_says_what_is_wrong_and_can_be_sent_again():
    content = make.workbook(make.small(党员=[{**make.MEMBER, "党员身份": "群众"}]))
    report = bring_in(content)
    marked = contents.with_remarks(report.sheets, report.problems)
    sheet = openpyxl.load_workbook(io.BytesIO(marked))["党员"]
    assert sheet["A2"].value == "0012"
    assert "党员身份：“群众”不在可选项之内" in [cell.value for cell in sheet[2]][-1]
    again = bring_in(marked)
    assert [(one.sheet, one.row, one.column) for one in again.problems] == [("党员", 2, "党员身份")]


def load_programme() -> None:
    with journal.unit_of_work():
        definition_publish(source=shipped_source("zhishui-guanhai-2019"), actor=SYSTEM, now=NOW)


def test_the_example_goes_in_whole_and_once_more_changes_nothing():
    load_programme()
    report = bring_in(EXAMPLE.read_bytes())
    assert report.problems == []
    kinds = Organisation.objects.values_list("kind", flat=True)
    assert list(kinds).count("station") == 16
    assert list(kinds).count("company") >= 24
    assert ServicePoint.objects.count() >= 60
    assert Member.objects.count() >= 600
    assert verify().ok
    entries = Entry.objects.count()
    assert bring_in(EXAMPLE.read_bytes()).total.written == 0
    assert Entry.objects.count() == entries


def test_the_example_needs_its_programme_first():
    report = importing.look_into(EXAMPLE.read_bytes(), EXAMPLE.name, actor=SYSTEM, now=NOW)
    assert [(one.sheet, one.row) for one in report.problems] == [("工作机构", 2)]
    assert "programme load" in report.problems[0].reason


def test_the_example_is_what_its_script_makes(tmp_path: Path):
    target = tmp_path / "made.xlsx"
    subprocess.run([sys.executable, "scripts/make_example_workbook.py", str(target)], cwd=ROOT, check=True)
    assert target.read_bytes() == EXAMPLE.read_bytes()


def test_the_command_line_imports_checks_and_writes_the_template(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    good, bad, template = tmp_path / "good.xlsx", tmp_path / "bad.xlsx", tmp_path / "template.xlsx"
    good.write_bytes(make.workbook(make.small()))
    bad.write_bytes(make.workbook(make.small(党员=[{**make.MEMBER, "党员身份": "群众"}])))
    assert cli.main(["import", "--template", str(template)]) == 0
    assert template.stat().st_size > 5000
    assert cli.main(["import", str(good), "--check", "--json"]) == 0
    assert not Organisation.objects.exists()
    assert cli.main(["import", str(bad)]) == 1
    assert "“党员”第 2 行“党员身份”列" in capsys.readouterr().err
    assert cli.main(["import", str(good), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["imported"] is True
    assert cli.main(["import", str(tmp_path / "nowhere.xlsx")]) == 1
    with pytest.raises(SystemExit) as usage:
        cli.main(["import"])
    assert usage.value.code == 2
