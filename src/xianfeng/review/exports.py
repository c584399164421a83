"""Tables the office takes away: the ranking exactly as shown."""

from decimal import Decimal
from io import BytesIO

from xianfeng.kernel.sheets.writing import Book, Column
from xianfeng.review.models import STANDINGS
from xianfeng.review.result import Result


def ranking_book(result: Result) -> bytes:
    """排名 with part scores and sheets, and 计算过程 line by line."""
    definition = result.panel.round.version.definition
    titles = {part.code: part.title for source in definition.standards for part in source.parts}
    codes = list(result.places[0].row.parts) if result.places else []
    sources = result.places[0].sources if result.places else []
    split = [Column("申报单位类别", width=20)] if len(result.fields) > 1 else []
    rows = [(one, [field.title] if split else []) for field in result.fields for one in field.places]
    most = max((len(one.row.sheets) for one in result.places), default=0)
    target = BytesIO()
    with Book(target) as book:
        book.table(
            "汇总排名",
            [
                *split, Column("名次", "integer"), Column("创建对象", width=32), Column("单位", width=28),
                *[Column(f"{title}（{weight}）", "number") for title, _, weight in sources],
                Column("总分", "number"), *[Column(titles.get(code, code), "number") for code in codes],
                *[Column(f"评分表{number}", "number") for number in range(1, most + 1)],
                Column("结果", width=12), Column("说明", width=48),
            ],
            [
                [
                    *whose, one.row.rank, one.case.name, one.case.unit.name,
                    *[_number(value.removesuffix("…")) for _, value, _ in one.sources], one.row.score,
                    *[_number(one.row.parts.get(code)) for code in codes],
                    *[_number(sheet["total"]) for sheet in one.row.sheets],
                    *[None] * (most - len(one.row.sheets)),
                    one.grade or STANDINGS[one.row.standing], one.row.note,
                ]
                for one, whose in rows
            ],
        )  # fmt: skip
        book.table(
            "计算过程",
            [*split, Column("名次", "integer"), Column("创建对象", width=32), Column("规则", width=28),
             Column("依据", width=60), Column("结果", width=24)],
            [
                [*whose, one.row.rank, one.case.name, line["rule"], line["inputs"], line["effect"]]
                for one, whose in rows
                for line in one.row.trace
            ],
        )  # fmt: skip
    return target.getvalue()


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def ranking_name(result: Result) -> str:
    """The file's name."""
    return f"{result.panel.round.title}·{result.panel.title}·汇总排名.xlsx"
