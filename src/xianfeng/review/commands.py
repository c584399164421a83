"""``xianfeng review …``: make a decision packet's ranking again, without the database."""

import argparse
import json
import sys
from pathlib import Path

from xianfeng.kernel.errors import Invalid
from xianfeng.review.rules import allotment, packet
from xianfeng.review.rules.again import first_difference
from xianfeng.review.rules.official import Json

WORDS = {
    "inside": "入围", "undecided": "同分待定", "reserve": "递补", "outside": "未入围",
    "unqualified": "未达要求", "qualified": "达到要求",
}  # fmt: skip


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``review`` and its subcommands; each sets ``run``, from arguments to exit code."""
    parser = subparsers.add_parser("review", help="评审：由决策包重算排名")
    commands = parser.add_subparsers(dest="review_command", required=True, metavar="命令")
    again = commands.add_parser("recompute", help="不用数据库，由决策包逐位重算排名；不一致时指出第一处并以 1 退出")
    again.add_argument("file", metavar="FILE", help="从汇总排名页下载的决策包（JSON）")
    again.add_argument("--json", action="store_true", help="以 JSON 输出")
    again.set_defaults(run=run_recompute)
    draw = commands.add_parser("redraw", help="不用数据库，由抽取记录重演每一次抽取；不一致时指出第一处并以 1 退出")
    draw.add_argument("file", metavar="FILE", help="从评审组页下载的抽取记录，或推进组的决策包（JSON）")
    draw.add_argument("--json", action="store_true", help="以 JSON 输出")
    draw.set_defaults(run=run_redraw)


def read_packet(name: str) -> Json:
    """A packet from a file; Invalid when it cannot be read or is not one."""
    try:
        content = json.loads(Path(name).read_bytes())
    except OSError as error:
        raise Invalid(f"读不到文件“{name}”：{error.strerror}。", "请检查路径和权限。") from error
    except ValueError as error:
        raise Invalid(f"“{name}”不是 JSON 文件。", "请使用从汇总排名页下载的决策包。") from error
    if not isinstance(content, dict):
        raise Invalid(f"“{name}”不是决策包。", "请使用从汇总排名页下载的决策包。")
    return content


def run_recompute(args: argparse.Namespace) -> int:
    """Re-derive the ranking; 0 when bit for bit the same, 1 naming the first difference when not."""
    content = read_packet(args.file)
    try:
        said = first_difference(content)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, Invalid) as error:
        said = f"决策包缺少内容或格式不对：{type(error).__name__} {error}"
    if args.json:
        print(json.dumps({"ok": not said, "difference": said}, ensure_ascii=False))
    elif said:
        print(f"重算不一致：{said}", file=sys.stderr)
    else:
        _tell(content)
    return 1 if said else 0


def _tell(content: Json) -> None:
    inputs, rows = content["inputs"], content["ranking"]["rows"]
    names = {case["id"]: case["name"] for case in inputs["cases"]}
    about = f"{inputs['panel']['round']}·{inputs['panel']['title']}"
    total = packet.total_of(inputs)
    print(f"重算一致：{about}，参评 {len(rows)} 件" + ("" if total is None else f"，名额 {total} 个"))
    for row in rows:
        word = packet.grade_title(inputs, row["grade"]) or WORDS.get(row["standing"], "")
        print(f"{row['rank']:>4}  {row['score']:>8}  {word}  {names[row['case']]}")
    for sentence in content["ranking"]["sentences"]:
        print(sentence)
    print(f"评审输入摘要 {content['inputs_sha256']}\n排名结果摘要 {content['ranking']['result']}")


def run_redraw(args: argparse.Namespace) -> int:
    """Make every draw of a file again; 0 when all are the same pair by pair, 1 naming the first that is not."""
    content = read_packet(args.file)
    draws = content.get("draws") or content.get("office_only", {}).get("draws") or []
    try:
        said = next((f"第 {at} 次抽取：{why}" for at, why in enumerate(map(allotment.difference, draws), 1) if why), "")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        said = f"抽取记录缺少内容或格式不对：{type(error).__name__} {error}"
    said = said or ("" if draws else "文件中没有抽取记录，请使用从评审组页下载的抽取记录。")
    if args.json:
        print(json.dumps({"ok": not said, "draws": len(draws), "difference": said}, ensure_ascii=False))
    else:
        good = f"已由记录的种子和输入重演 {len(draws)} 次抽取，结果逐对一致。"
        print(said or good, file=sys.stderr if said else sys.stdout)
    return 1 if said else 0
