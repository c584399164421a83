"""Lists of the registry as workbooks: exactly what is filtered."""

from collections.abc import Iterable
from io import BytesIO

from xianfeng.directory.models import Organisation
from xianfeng.kernel.sheets import Book, Column
from xianfeng.kernel.sheets.writing import Value
from xianfeng.registry import rules, words
from xianfeng.registry.filters import STATES
from xianfeng.registry.models import ConductRecord, Nominee

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def ledger_book(rows: Iterable[ConductRecord]) -> bytes:
    """The ledger, a fact a row."""
    target = BytesIO()
    with Book(target) as book:
        book.table(
            "诚信台账",
            [
                Column("事实类别"), Column("事由", width=44), Column("对象", width=36), Column("所属单位", width=32),
                Column("工程项目", width=32), Column("发生日期", "date", 16), Column("级别"), Column("事故等级"),
                Column("考评结果", width=20), Column("星级", "integer"), Column("标签", width=24),
                Column("授予或认定单位", width=28), Column("文号", width=24), Column("有效期至", "date", 16),
                Column("整改完成日期", "date", 16), Column("核实情况"),
            ],
            (_ledger_row(one) for one in rows),
        )  # fmt: skip
    return target.getvalue()


def _ledger_row(one: ConductRecord) -> list[Value]:
    owner = one.service_point or one.member
    return [
        one.get_kind_display(), one.title, one.subject.name, owner.unit.name if owner else "",
        one.project.name if one.project else "", one.happened_on, rules.LEVELS.get(one.level, ""),
        rules.ACCIDENT_GRADES.get(one.grade, ""), rules.APPRAISAL_RESULTS.get(one.result, ""), one.stars,
        "、".join(words.TAGS.word(tag) for tag in one.tags), one.issuer, one.document_no, one.valid_until,
        one.rectified_on, STATES[one.state],
    ]  # fmt: skip


def nominees_book(kind: str, rows: Iterable[Nominee], units: dict[int, Organisation]) -> bytes:
    """Nominees of one kind."""
    target = BytesIO()
    with Book(target) as book:
        if kind == "organisation":
            columns = [Column("编码"), Column("党组织", width=44), Column("类型"), Column("所属单位", width=36)]
            lines: Iterable[list[Value]] = (
                [
                    one.subject.code, one.name, one.party.get_kind_display(),
                    units[one.party.pk].name if one.party.pk in units else "",
                ]
                for one in rows
            )  # fmt: skip
        elif kind == "service_point":
            columns = [
                Column("编码"), Column("服务点", width=40), Column("类型"), Column("所属单位", width=36),
                Column("党组织", width=36), Column("固定工作人员数", "integer"), Column("其中党员数", "integer"),
                Column("负责人中有党员"),
            ]  # fmt: skip
            lines = (
                [
                    one.code, one.name, one.get_kind_display(), one.unit.name,
                    one.party_organisation.name, one.staff_count, one.member_count, one.leader_is_member,
                ]
                for one in (row.service_point for row in rows)
                if one is not None
            )  # fmt: skip
        else:
            columns = [
                Column("编码"), Column("姓名"), Column("岗位", width=24), Column("党员身份"), Column("在职"),
                Column("所属单位", width=36), Column("党组织", width=36), Column("同意公开日期", "date", 16),
            ]  # fmt: skip
            lines = (
                [
                    one.code, one.name, one.post, one.get_status_display(), one.in_post, one.unit.name,
                    one.party_organisation.name, one.publication_consent_on,
                ]
                for one in (row.member for row in rows)
                if one is not None
            )  # fmt: skip
        book.table("创建对象", columns, lines)
    return target.getvalue()
