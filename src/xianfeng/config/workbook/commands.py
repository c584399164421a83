"""``xianfeng import``: bring a workbook in, check it only, or write the empty template."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from xianfeng.config import serving
from xianfeng.config.workbook import contents, importing
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM
from xianfeng.kernel.errors import Invalid
from xianfeng.kernel.workbook import problems_by_sheet

if TYPE_CHECKING:
    from xianfeng.config.cli import Subparsers

SHOWN = 50  # problems printed; --json has them all


def register(subparsers: Subparsers) -> None:
    """Add ``import``."""
    parser = subparsers.add_parser("import", help="导入基础数据工作簿（Excel），或导出空白模板")
    parser.add_argument("file", nargs="?", metavar="文件", help="要导入的工作簿（xlsx）")
    parser.add_argument("--check", action="store_true", help="只检查，不写入")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")
    parser.add_argument("--template", metavar="文件", help="把空白模板写到这个文件")
    parser.set_defaults(run=run, parser=parser)


def run(options: argparse.Namespace) -> int:
    """Do it; 0 when imported or in order, 1 when anything is wrong with the workbook."""
    if options.template:
        return _template(Path(options.template), options.json)
    if not options.file:
        options.parser.error("请给出要导入的工作簿，或用 --template 文件 导出空白模板")
    path = Path(options.file)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Invalid(f"打不开文件 {path}：{error.strerror}。", "请检查文件名和权限。") from error
    serving.migrate()
    if options.check:
        report = importing.look_into(content, path.name, actor=SYSTEM, now=clock.now())
    else:
        report = _bring_in(content, path.name)
    if options.json:
        print(json.dumps(as_json(report), ensure_ascii=False))
    else:
        _tell(report, options.check)
    return 0 if report.ok else 1


def _template(path: Path, as_json: bool) -> int:
    try:
        path.write_bytes(contents.template())
    except OSError as error:
        raise Invalid(f"写不了文件 {path}：{error.strerror}。", "请检查文件夹和权限。") from error
    print(json.dumps({"template": str(path)}, ensure_ascii=False) if as_json else f"空白模板已写到 {path}")
    return 0


def _bring_in(content: bytes, name: str) -> importing.Report:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:.0f}%"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("检查工作簿", total=None)

        def progress(sheet: str, done: int, of: int) -> None:
            bar.update(task, description=f"写入{sheet}" if sheet else "写入操作留痕", completed=done, total=of)

        return importing.bring_in(content, name, actor=SYSTEM, now=clock.now(), progress=progress)


def as_json(report: importing.Report) -> dict[str, Any]:
    """The report for machines."""
    return {
        "file": report.name,
        "sha256": report.content_hash,
        "ok": report.ok,
        "imported": report.imported,
        "counts": report.counts(),
        "problems": [
            {"sheet": one.sheet, "row": one.row, "column": one.column, "reason": one.reason} for one in report.problems
        ],
    }


def _tell(report: importing.Report, checked_only: bool) -> None:
    if not report.ok:
        for one in report.problems[:SHOWN]:
            print(one, file=sys.stderr)
        by_sheet = "，".join(f"{name}{count}处" for name, count in problems_by_sheet(report.problems).items())
        more = f"（只列出前{SHOWN}处，其余请用 --json 查看）" if len(report.problems) > SHOWN else ""
        print(f"工作簿有{len(report.problems)}处错误：{by_sheet}。没有写入任何内容{more}。", file=sys.stderr)
        return
    for name, tally in report.tallies.items():
        print(f"{name:　<6}　新增 {tally.created:>5}　更新 {tally.updated:>5}　不变 {tally.unchanged:>5}")
    total = report.total
    if not total.written:
        print("工作簿与系统中的内容一致，没有变化。")
        return
    verb = "检查通过，将" if checked_only else "导入完成，"
    print(f"{verb}新增 {total.created} 条，更新 {total.updated} 条，{total.unchanged} 条没有变化。")
