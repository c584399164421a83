"""Small workbooks for tests: sheets as lists of rows, each row a dict by column title."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from xianfeng.config.workbook.contents import SPECS
from xianfeng.kernel.sheets import Book, Column

Rows = Sequence[Mapping[str, Any]]
STATION = {"编码": "U1", "名称": "示例区安质监站", "类型": "区安质监站"}
ASSOCIATION = {"编码": "A1", "名称": "示例协会", "类型": "行业协会"}
COMPANY = {"编码": "C1", "名称": "示例公司", "类型": "协会会员单位", "所属协会编码": "A1"}
COMMITTEE = {"编码": "P1", "名称": "示例区水务局党委", "类型": "党委"}
BRANCH = {
    "编码": "P2",
    "名称": "示例区安质监站党支部",
    "类型": "党支部",
    "所属单位编码": "U1",
    "上级党组织编码": "P1",
}
CLERK = {"用户名": "clerk", "姓名": "示例甲", "初始密码": "shili-mima-9"}
CLERK_POST = {"用户名": "clerk", "组织编码": "P2", "职责": "经办人", "起": "2019年1月1日"}
POINT = {
    "编码": "F1",
    "名称": "示例窗口",
    "类型": "报监窗口",
    "所属单位编码": "U1",
    "党组织编码": "P2",
    "固定工作人员数": 5,
    "其中党员数": 2,
}
MEMBER = {
    "编码": "0012",
    "姓名": "示例乙",
    "岗位": "监督员",
    "党员身份": "正式党员",
    "所属单位编码": "U1",
    "党组织编码": "P2",
}
HONOUR = {
    "事实类别": "荣誉",
    "事由": "文明单位",
    "对象类型": "单位或党组织",
    "对象编码": "U1",
    "发生日期": "2018年4月18日",
    "级别": "区局级",
    "标签": "文明单位",
}


def small(**changed: Rows) -> dict[str, Rows]:
    """A small town's sheets; a keyword replaces a sheet."""
    sheets: dict[str, Rows] = {
        "单位": [ASSOCIATION, STATION, COMPANY],
        "党组织": [BRANCH, COMMITTEE],  # a superior may stand below
        "用户": [CLERK],
        "任职": [CLERK_POST],
        "服务点": [POINT],
        "党员": [MEMBER],
        "诚信台账": [HONOUR],
    }
    return {**sheets, **changed}


def workbook(sheets: Mapping[str, Rows], extra: Sequence[str] = ()) -> bytes:
    """The workbook's bytes; ``extra`` adds columns nobody knows to every sheet."""
    target = io.BytesIO()
    titles = {spec.name: [one.title for one in spec.fields.values()] for spec in SPECS}
    with Book(target) as book:
        for name, rows in sheets.items():
            columns = [*titles.get(name, ["某列"]), *extra]
            book.table(name, [Column(one) for one in columns], [[row.get(one) for one in columns] for row in rows])
    return target.getvalue()
