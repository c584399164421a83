"""``xianfeng journal …``: check, list and show entries; sign, export and prove."""

import argparse
import json
import sys
from pathlib import Path

from xianfeng.journal import bundle, checkpoints, merkle, proofs, queries, rules, services, signing, tree, witnesses
from xianfeng.journal.checking import Mark, Verification
from xianfeng.journal.models import Entry
from xianfeng.journal.notes import NoteError, VerifierKey
from xianfeng.journal.recording import unit_of_work
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM
from xianfeng.kernel.errors import Invalid, NotFoundHere


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``journal`` and its subcommands; each sets ``run``, from arguments to exit code."""
    parser = subparsers.add_parser("journal", help="操作留痕：校验、导出与查阅")
    commands = parser.add_subparsers(dest="journal_command", required=True, metavar="命令")
    _register_checks(commands)
    _register_signing(commands)
    listing = commands.add_parser("list", help="列出最近的条目")
    listing.add_argument("--subject", default="", help="对象编号")
    listing.add_argument("--event", default="", help="事件或其前缀，如 nomination")
    listing.add_argument("--actor", default="", help="办理者编号")
    listing.add_argument("--limit", type=int, default=20, help="最多条数（默认 20，0 为全部）")
    listing.add_argument("--json", action="store_true", help="每行一个 JSON 对象")
    listing.set_defaults(run=run_list)
    erase = commands.add_parser("erase", help="依法删除含某段文字的个人信息（先预览，加 --yes 才删除）")
    erase.add_argument("text", help="姓名等文字：删除含有它的个人信息")
    erase.add_argument("--ground", choices=rules.GROUNDS, help="；".join(f"{k}：{v}" for k, v in rules.GROUNDS.items()))
    erase.add_argument("--entry", type=int, action="append", default=[], metavar="序号", help="只限这些条目")
    erase.add_argument("--yes", action="store_true", help="确认删除，不可恢复")
    erase.set_defaults(run=run_erase)
    show = commands.add_parser("show", help="显示一条")
    show.add_argument("seq", type=int, help="条目序号")
    show.add_argument("--json", action="store_true", help="只输出条目原文")
    show.set_defaults(run=run_show)


def _register_checks(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verify = commands.add_parser("verify", help="校验全部条目；有改动时指出第一条并以 1 退出")
    verify.add_argument("--checkpoint", action="append", default=[], metavar="文件", help="证明现在的日志是它的延续")
    verify.add_argument("--bundle", metavar="文件包", help="校验导出的文件包，不用数据库")
    verify.add_argument("--proof", metavar="文件", help="校验一份 .tlog-proof，不用数据库")
    verify.add_argument("--leaf", metavar="文件", help="与 --proof 同用：条目原文（存证文件未附原文时）")
    verify.add_argument("--key", action="append", default=[], metavar="公钥", help="日志的公钥（默认为本系统所存）")
    verify.add_argument("--json", action="store_true", help="以 JSON 输出")
    verify.set_defaults(run=run_verify)
    export = commands.add_parser("export", help="导出文件包，可不用数据库校验")
    export.add_argument("target", metavar="文件夹或.zip", help="写到哪里")
    export.add_argument("--personal", action="store_true", help="连同个人信息（不要交给外人）")
    export.set_defaults(run=run_export)
    proof = commands.add_parser("proof", help="输出一条的 .tlog-proof")
    proof.add_argument("seq", type=int, help="条目序号")
    proof.add_argument("--disclose", action="store_true", help="附上条目原文")
    proof.set_defaults(run=run_proof)


def _register_signing(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    checkpoint = commands.add_parser("checkpoint", help="签发检查点并送往外部，输出其文本")
    checkpoint.add_argument("--no-send", action="store_true", help="不送往外部")
    checkpoint.set_defaults(run=run_checkpoint)
    key = commands.add_parser("key", help="显示日志公钥（首次使用时生成密钥）")
    key.add_argument("--rotate", action="store_true", help="换用新密钥，旧检查点仍可核验")
    key.set_defaults(run=run_key)
    cosign = commands.add_parser("cosign", help="收下见证者对检查点的签名")
    cosign.add_argument("file", metavar="文件", help="签名行或整份检查点；- 为标准输入")
    cosign.add_argument("--size", type=int, help="检查点的条目数（默认为最新的）")
    cosign.set_defaults(run=run_cosign)


def _read(name: str) -> str:
    if name == "-":
        return sys.stdin.read()
    try:
        return Path(name).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"无法读取文件 {name}。") from error


def _keys(given: list[str]) -> list[VerifierKey]:
    try:
        return [VerifierKey.parse(one) for one in given]
    except NoteError as error:
        raise Invalid("公钥写得不对。", "公钥形如 名称+编号+公钥，可用 xianfeng journal key 查看。") from error


def _outside(files: list[str], keys: list[VerifierKey]) -> list[Mark]:
    found = []
    for name in files:
        try:
            found.append(checkpoints.mark_of(_read(name), keys, words=f"外部检查点 {name}"))
        except NoteError as error:
            raise Invalid(f"检查点 {name} 不是本日志所签，或已损坏。", f"（{error}）") from error
    return found


def run_verify(args: argparse.Namespace) -> int:
    """Check the journal, a bundle or a proof; 0 when whole, 1 naming the first bad entry when not."""
    given = _keys(args.key)
    if args.proof:
        return _verify_proof(args, given or signing.verifier_keys())
    against = _outside(args.checkpoint, given or signing.verifier_keys())
    result = bundle.check(Path(args.bundle), given, against) if args.bundle else queries.verify(against)
    if args.json:
        print(json.dumps(result.as_json(), ensure_ascii=False))
    elif result.ok:
        _print_whole(result, against, bundled=bool(args.bundle), trusted=bool(given))
    if not result.ok and not args.json:
        place = f"第 {result.bad_seq} 条：" if result.bad_seq is not None else ""
        print(f"操作留痕被改动：{place}{result.reason}", file=sys.stderr)
    return 0 if result.ok else 1


def _print_whole(result: Verification, against: list[Mark], *, bundled: bool, trusted: bool) -> None:
    print(f"操作留痕完整：共 {result.entries} 条，链首摘要 {result.head}")
    print(f"树根摘要 {result.root}，与 {result.checkpoints} 个检查点相符")
    for mark in against:
        print(f"是{mark.words}（{mark.size} 条）的延续：{result.entries - mark.size} 条在其后")
        if not bundled and 0 < mark.size < result.entries:
            proof = tree.consistency(mark.size, result.entries)
            merkle.verify_consistency(mark.size, result.entries, mark.root, bytes.fromhex(result.root), proof)
            print("一致性证明 " + " ".join(one.hex() for one in proof))
    if bundled and not trusted:
        print("公钥取自文件包本身，只能说明前后一致；请用 --key 给出另行取得的公钥。")


def _verify_proof(args: argparse.Namespace, keys: list[VerifierKey]) -> int:
    leaf = _read(args.leaf).removesuffix("\n").encode() if args.leaf else None
    checked = proofs.check(_read(args.proof), keys, leaf)
    if args.json:
        print(json.dumps(checked.as_json(), ensure_ascii=False))
    else:
        print(f"存证有效：{checked.origin} 第 {checked.seq} 条，在 {checked.size} 条的检查点之内")
        print(checked.leaf)
    return 0


def run_export(args: argparse.Namespace) -> int:
    """Write a bundle."""
    manifest = bundle.write(Path(args.target), personal=args.personal)
    print(f"已导出 {manifest['entries']} 条到 {args.target}，树根摘要 {manifest['root']}")
    return 0


def run_proof(args: argparse.Namespace) -> int:
    """Print an entry's proof."""
    entry = Entry.objects.filter(pk=args.seq).first()
    if entry is None:
        raise NotFoundHere(f"没有第 {args.seq} 条。")
    proof = queries.tlog_proof(entry, disclose=args.disclose)
    if proof is None:
        raise NotFoundHere(f"第 {args.seq} 条还没有检查点。", "请先运行 xianfeng journal checkpoint。")
    print(proof, end="")
    return 0


def run_checkpoint(args: argparse.Namespace) -> int:
    """Sign the log as it is, send it out, print it."""
    now = clock.real_now()
    made = checkpoints.make(now)
    if made is None:
        print("操作留痕尚无条目，没有可签的内容。", file=sys.stderr)
        return 1
    if not args.no_send and witnesses.addresses():
        witnesses.send(now, patient=False)
        for row in witnesses.rows():
            state = f"未送达：{row.error}" if row.error else f"已存 {row.size} 条"
            print(f"{row.label}  {state}", file=sys.stderr)
    print(checkpoints.note_of(checkpoints.at_size(made.size)), end="")
    return 0


def run_key(args: argparse.Namespace) -> int:
    """Print the log's public keys, the one that signs now first."""
    if args.rotate:
        signing.rotate()
    signing.ensure()
    for place, key in enumerate(reversed(signing.known())):
        since = key.made_at.astimezone(clock.SHANGHAI)
        print(key.verifier if place == 0 else f"{key.verifier}  （旧，{since:%Y-%m-%d} 起用）")
    return 0


def run_cosign(args: argparse.Namespace) -> int:
    """Keep cosignatures made elsewhere."""
    checkpoint = checkpoints.at_size(args.size) if args.size else checkpoints.latest()
    if checkpoint is None:
        raise NotFoundHere("还没有检查点。", "请先运行 xianfeng journal checkpoint。")
    names = checkpoints.accept_cosignatures(checkpoint, _read(args.file), clock.real_now())
    print(f"已收下 {'、'.join(names)} 对 {checkpoint.size} 条检查点的签名")
    return 0


def run_erase(args: argparse.Namespace) -> int:
    """Show what would be erased; erase it when told so."""
    held = queries.personal_matching(args.text, most=1_000_000)
    if args.entry:
        held = [one for one in held if one.entry.seq in args.entry]
    for one in held:
        print(f"{_line(one.entry, queries.sentence(one.entry))}\n        {one.word}：{one.value}")
    print(f"共 {len(held)} 项个人信息；条目本身及其承诺值保留，操作留痕仍可核验。", file=sys.stderr)
    if not args.yes:
        print("以上仅为预览，没有删除。确认后加 --ground 依据 --yes。", file=sys.stderr)
        return 0
    if not args.ground:
        raise Invalid("删除个人信息须写明依据。", f"--ground 可取：{'、'.join(rules.GROUNDS)}")
    with unit_of_work():
        count = services.erase(
            actor=SYSTEM, now=clock.now(), ground=rules.GROUNDS[args.ground], details=[one.pk for one in held]
        )
    print(f"已删除 {count} 项个人信息，并记入操作留痕。")
    return 0


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
    print(f"条目摘要 {entry.leaf_hash}\n链摘要   {entry.chain_hash}\n短码     {queries.short_code(entry)}")
    return 0
