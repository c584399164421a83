"""``xianfeng credential …``: export, verify, and the life of the issuer's keys."""

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path

from xianfeng import journal
from xianfeng.designations import issuer
from xianfeng.designations.models import IssuerKey
from xianfeng.designations.queries import credentials as queries
from xianfeng.designations.rules.credentials import checking, did
from xianfeng.designations.services import credentials as services
from xianfeng.kernel import clock, keys
from xianfeng.kernel.actors import SYSTEM
from xianfeng.kernel.errors import Invalid


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``credential`` and its subcommands."""
    parser = subparsers.add_parser("credential", help="数字凭证：导出、验证、签发密钥")
    commands = parser.add_subparsers(dest="credential_command", required=True, metavar="命令")
    export = commands.add_parser("export", help="每个称号一个 JSON 文件，另有离线验证所需的 world.json")
    export.add_argument("folder", type=Path, metavar="目录")
    export.set_defaults(run=run_export)
    verify = commands.add_parser("verify", help="验证凭证文件；有效以 0 退出，否则以 1 退出")
    verify.add_argument("file", type=Path, metavar="文件")
    verify.add_argument("--world", type=Path, metavar="world.json", help="只凭导出的文件验证，不用数据库")
    verify.add_argument("--json", action="store_true", help="以 JSON 输出")
    verify.set_defaults(run=run_verify)
    issue = commands.add_parser("issue", help="补发尚未签发的凭证，更换作废密钥签发的凭证")
    issue.set_defaults(run=run_issue)
    key = commands.add_parser("key", help="签发密钥").add_subparsers(dest="key_command", required=True, metavar="命令")
    key.add_parser("make", help="生成第一把密钥（已有则不变）").set_defaults(run=run_make)
    key.add_parser("list", help="列出密钥").set_defaults(run=run_list)
    key.add_parser("rotate", help="换用新密钥；旧密钥签发的凭证继续有效").set_defaults(run=run_rotate)
    strike = key.add_parser("strike", help="密钥泄露：自某时起作废，并用新密钥重新签发")
    strike.add_argument("name", metavar="名称", help="如 key-1")
    strike.add_argument("--from", dest="since", default="", metavar="时间", help="如 2026-11-22T08:00+08:00，默认现在")
    strike.add_argument("--reason", required=True, metavar="原因")
    strike.set_defaults(run=run_strike)


def run_export(args: argparse.Namespace) -> int:
    """Write one file per current credential, and ``world.json`` beside them."""
    with journal.unit_of_work():
        services.key_ensure(now=clock.real_now())
    services.credentials_catch_up(now=clock.real_now())
    folder: Path = args.folder
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for public_id, text in queries.current_credentials():
        (folder / f"{public_id}.json").write_text(text, encoding="utf-8")
        count += 1
    (folder / "world.json").write_text(json.dumps(queries.world(), ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"已导出 {count} 份数字凭证和 world.json 到 {folder}")
    return 0


def run_verify(args: argparse.Namespace) -> int:
    """Our verdict on a file; 0 when valid."""
    try:
        raw = args.file.read_bytes()
        world = json.loads(args.world.read_bytes()) if args.world else None
    except (OSError, ValueError) as error:
        raise Invalid(f"读不了文件：{error}。", "请核对路径。") from error
    report = queries.verdict(raw, world=world)
    if args.json:
        body = {"ok": report.ok, "verdict": report.code, "sentence": report.sentence, "passed": report.passed}
        print(json.dumps(body, ensure_ascii=False))
    else:
        _tell(raw, report)
    return 0 if report.ok else 1


def _tell(raw: bytes, report: checking.Report) -> None:
    print(report.sentence, file=sys.stdout if report.ok else sys.stderr)
    if report.ok:
        found = checking.parse(raw)
        print(f"{found['name']}，编号 {found['credentialSubject']['licenseNumber']}，签发者 {found['issuer']['id']}")


def run_issue(args: argparse.Namespace) -> int:
    """Issue what is missing."""
    print(f"已签发 {services.credentials_catch_up(now=clock.real_now())} 份数字凭证。")
    return 0


def run_make(args: argparse.Namespace) -> int:
    """Make the first key."""
    with journal.unit_of_work():
        key = services.key_ensure(now=clock.real_now())
    print(f"{did.method_of(issuer.base(), key.name)}\n{key.multibase}")
    return 0


def run_list(args: argparse.Namespace) -> int:
    """List the keys."""
    for key in IssuerKey.objects.order_by("id"):
        state = "正在使用"
        if key.struck_from:
            state = f"自 {did.stamp(key.struck_from)} 起作废：{key.struck_reason}"
        elif key.retired_at:
            state = f"{did.stamp(key.retired_at)} 停用"
        lost = "" if keys.exists(*issuer.place_of(key)) else "（密钥文件不在）"
        print(f"{key.name}  {key.multibase}  {state}{lost}")
    return 0


def run_rotate(args: argparse.Namespace) -> int:
    """Sign with a new key from now on."""
    with journal.unit_of_work():
        key = services.key_rotate(actor=SYSTEM, now=clock.real_now())
    print(f"已换用 {key.name}：{key.multibase}")
    return 0


def run_strike(args: argparse.Namespace) -> int:
    """Strike a key and issue anew what it signed."""
    now = clock.real_now()
    try:
        since = datetime.fromisoformat(args.since) if args.since else now
    except ValueError as error:
        raise Invalid(f"时间“{args.since}”写得不对。", "请写成 2026-11-22T08:00+08:00 的样子。") from error
    since = since if since.tzinfo else since.replace(tzinfo=clock.SHANGHAI)
    with journal.unit_of_work():
        services.key_strike(name=args.name, struck_from=since, reason=args.reason, actor=SYSTEM, now=now)
    count = services.credentials_catch_up(now=clock.real_now())
    print(f"{args.name} 自 {did.stamp(since)} 起作废，已用新密钥重新签发 {count} 份。")
    return 0
