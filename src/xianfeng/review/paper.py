"""The decision packet as PDF, set by typst with the shipped Chinese serif; the same ranking gives the same bytes."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from xianfeng import kernel
from xianfeng.kernel import clock
from xianfeng.review.models import CAUSES
from xianfeng.review.packets import CasePage, PacketPage

TEMPLATE = Path(__file__).parent / "documents" / "packet.typ"
FONTS = Path(kernel.__file__).parent / "vendor" / "fonts"
AGAIN = "任何人可用命令 xianfeng review recompute 决策包.json 不经数据库重新计算本排名。"


def _when(at: datetime) -> str:
    local = at.astimezone(clock.SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def _case(one: CasePage) -> dict[str, Any]:
    table = one.table
    return {
        "title": f"{one.row['rank']}　{one.case['name']}（{one.row['score']} 分，{one.standing}）",
        "heads": [f"{key}（{fate}）" if fate else key for key, _, fate in table.heads],
        "rows": [[title, *marks] for title, marks in table.rows],
        "totals": ["合计", *(total for _, total, _ in table.heads)],
        "note": one.row["note"],
        "trace": [f"{line['rule']}：{line['inputs']} → {line['effect']}" for line in one.row["trace"]],
        "recusals": [f"回避：{_when(at)}，{source}，{reason}" for source, at, reason in one.recusals],
        "remarks": [f"{key}·{title}：{text}" for key, title, text in table.remarks],
    }


def data_of(page: PacketPage, computed_at: datetime) -> dict[str, Any]:
    """What the template sets: strings only."""
    panel = page.inputs["panel"]
    return {
        "title": f"{panel['round']}{panel['title']}评审决策包",
        "lead": f"{_when(computed_at)} 汇总 · 评分表不显示专家姓名",
        "settings": [[name, str(value)] for name, value in page.settings],
        "sentences": [
            *page.sentences,
            *(f"{_when(at)} 曾经汇总，{_when(until)} 撤回：{reason}。" for at, until, reason in page.earlier),
        ],
        "order": [[str(one.row["rank"]), one.case["name"], one.row["score"], one.standing] for one in page.cases],
        "draws": [
            [_when(one["at"]), CAUSES[one["cause"]], str(one["pairs"]), one["report"]["said"]] for one in page.draws
        ],
        "cases": [_case(one) for one in page.cases],
        "hashes": [list(one) for one in page.hashes],
        "again": AGAIN,
    }


def packet_pdf(page: PacketPage, computed_at: datetime) -> bytes:
    """The packet as PDF."""
    import typst  # 30 MB of compiler: only a document pays for it

    made: Any = typst.compile(
        str(TEMPLATE),
        font_paths=[str(FONTS)],
        sys_inputs={"data": json.dumps(data_of(page, computed_at), ensure_ascii=False)},
    )
    assert isinstance(made, bytes)
    return made
