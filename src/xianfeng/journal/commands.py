"""``xianfeng journal …``: check, list and show entries."""

import argparse
import json
import sys

from xianfeng.journal import queries
from xianfeng.journal.models import Entry
from xianfeng.kernel import clock


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``journal`` and its subcommands; each sets ``run``, from arguments to exit code."""
    parser = subparsers.add_parser("journal", help="操作留痕：校验与查阅")
    commands = parser.add_subparsers(dest="journal_command", required=True, metavar="命令")
    verify = commands.add_parser("verify", help="校验全部条目；有改动时指出第一条并以 1 退出")
    verify.add_argument("--json", action="store_true", help="以 JSON 输出")
    verify.set_defaults(run=run_verify)
    listing = commands.add_parser("list", help="列出最近的条目")
    listing.add_argument("--subject", default="", help="对象编号")
    listing.add_argument("--event", default="", help="事件或其前缀，如 nomination")
    listing.add_argument("--actor", default="", help="办理者编号")
    listing.add_argument("--limit", type=int, default=20, help="最多条数（默认 20，0 为全部）")
    listing.add_argument("--json", action="store_true", help="每行一个 JSON 对象")
    listing.set_defaults(run=run_list)
    show = commands.add_parser("show", help="显示一条")
    show.add_argument("seq", type=int, help="条目序号")
    show.add_argument("--json", action="store_true", help="只输出条目原文")
    show.set_defaults(run=run_show)


def run_verify(args: argparse.Namespace) -> int:
    """Check the journal; 0 when whole, 1 naming the first bad entry when not."""
    result = queries.verify()
    if args.json:
        print(json.dumps(result.as_json(), ensure_ascii=False))
    elif result.ok:
        print(f"操作留痕完整：共 {result.entries} 条，链首摘要 {result.head}")
    if not result.ok and not args.json:
        print(f"操作留痕被改动：第 {result.bad_seq} 条：{result.reason}", file=sys.stderr)
    return 0 if result.ok else 1


def run_list(args: argparse.Namespace) -> int:
    """List entries, newest first."""
    found = queries.search(subject_id=args.subject, event=args.event, actor_id=args.actor)
    if args.limit:
        found = found[: args.limit]
    for entry in found.iterator(chunk_size=queries.CHUNK):
        print(entry.leaf if args.json else _line(entry, queries.sentence(entry)))
    return 0


def _line(entry: Entry, sentence: str) -> str:
    local = entry.at.astimezone(clock.SHANGHAI)
    return f"{entry.seq:>6}  {local:%Y-%m-%d %H:%M}  {sentence}  [{entry.event} {entry.subject_id}]"


def run_show(args: argparse.Namespace) -> int:
    """Show one entry: its sentence, its leaf and its hashes."""
    entry = Entry.objects.filter(pk=args.seq).first()
    if entry is None:
        print(f"没有第 {args.seq} 条。用 xianfeng journal list 查看已有条目。", file=sys.stderr)
        return 1
    if args.json:
        print(entry.leaf)
        return 0
    print(_line(entry, queries.sentence(entry)))
    print(json.dumps(queries.leaf_of(entry), ensure_ascii=False, indent=2))
    print(f"条目摘要 {entry.leaf_hash}\n链摘要   {entry.chain_hash}")
    return 0
