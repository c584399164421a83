"""``xianfeng programme …``: validate, try out, compare, publish and export definitions; print the JSON Schema."""

import argparse
import json
import sys
from pathlib import Path

from xianfeng import journal
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM
from xianfeng.kernel.errors import Invalid, NotFoundHere
from xianfeng.programmes import rules, services
from xianfeng.programmes.definitions import SHIPPED, shipped_source
from xianfeng.programmes.models import DefinitionVersion
from xianfeng.programmes.rules.reference import reference


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``programme`` and its subcommands; each sets ``run``, from arguments to exit code."""
    parser = subparsers.add_parser("programme", help="创建活动的定义：校验、试算、比较、发布、导出")
    commands = parser.add_subparsers(dest="programme_command", required=True, metavar="命令")
    validate = commands.add_parser("validate", help="校验定义文件；有错时逐处列出并以 1 退出")
    validate.add_argument("files", nargs="+", metavar="FILE", help="定义文件，或随附定义的代码")
    validate.set_defaults(run=run_validate)
    schema = commands.add_parser("schema", help="输出定义语言的 JSON Schema，供编辑器使用")
    schema.add_argument("--reference", action="store_true", help="改为输出各键一览（Markdown）")
    schema.set_defaults(run=run_schema)
    tryout = commands.add_parser("tryout", help="用定义试算一批事项，列出结果和依据")
    tryout.add_argument("file", metavar="FILE")
    tryout.add_argument("cases", metavar="CASES", help="事项文件，写法同定义中的示例")
    tryout.set_defaults(run=run_tryout)
    diff = commands.add_parser("diff", help="比较两份定义")
    diff.add_argument("before", metavar="A")
    diff.add_argument("after", metavar="B")
    diff.add_argument("--exit-code", action="store_true", help="有不同时以 1 退出")
    diff.set_defaults(run=run_diff)
    load = commands.add_parser("load", help="校验并发布为该活动的新版本")
    load.add_argument("file", metavar="FILE")
    load.set_defaults(run=run_load)
    export = commands.add_parser("export", help="输出已发布版本的原文")
    export.add_argument("code", metavar="CODE", help="活动代码")
    export.add_argument("--number", type=int, help="第几版（默认最新）")
    export.set_defaults(run=run_export)
    for command in (validate, schema, tryout, diff, load, export):
        command.add_argument("--json", action="store_true", help="以 JSON 输出")


UNREADABLE: dict[type[OSError], str] = {
    FileNotFoundError: "没有这个文件",
    IsADirectoryError: "这是一个文件夹",
    PermissionError: "没有读取的权限",
}


def read_source(name: str) -> bytes:
    """The bytes of a definition file, or of a shipped definition named by its code."""
    if name in SHIPPED:
        return shipped_source(name).encode()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        reasons = {
            FileNotFoundError: "没有这个文件",
            IsADirectoryError: "这是一个文件夹",
            PermissionError: "没有读取的权限",
        }
        raise Invalid(f"读不到文件“{name}”：{reasons.get(type(error), '读取出错')}。", "请检查路径和权限。") from error


def _usable(name: str) -> rules.Definition:
    """A definition fully checked; what is wrong is told with the file's name."""
    try:
        return rules.load(read_source(name))
    except rules.DefinitionError as error:
        raise Invalid(f"{name}：{error.message}", f"请先用 xianfeng programme validate {name} 逐处查看。") from error


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def run_validate(args: argparse.Namespace) -> int:
    """Check files; 0 when all can be used, 1 with every problem when not."""
    found = {name: rules.validate(read_source(name)) for name in args.files}
    if args.json:
        _print_json(
            {
                name: {
                    "ok": not problems,
                    "code": definition.code if definition else None,
                    "content_hash": rules.content_hash(definition) if definition and not problems else None,
                    "problems": [problem.as_json() for problem in problems],
                }
                for name, (definition, problems) in found.items()
            }
        )
    else:
        for name, (definition, problems) in found.items():
            _tell(name, definition, problems)
    return 1 if any(problems for _, problems in found.values()) else 0


def _tell(name: str, definition: rules.Definition | None, problems: list[rules.Problem]) -> None:
    if definition is not None and not problems:
        examples = len(definition.examples)
        print(
            f"{name}：可以使用（{definition.title}；示例 {examples} 个全部相符；摘要 {rules.content_hash(definition)}）"
        )
    for problem in problems:
        print(f"{name}：{problem}", file=sys.stderr)


def run_schema(args: argparse.Namespace) -> int:
    """Print the JSON Schema, which is JSON with or without ``--json``; or the table of keys."""
    if args.reference:
        print(reference(), end="")
    else:
        _print_json(rules.json_schema())
    return 0


def run_tryout(args: argparse.Namespace) -> int:
    """Judge cases; 1 when one does not come out as its file expects."""
    trials = rules.tryout(_usable(args.file), read_source(args.cases))
    if args.json:
        _print_json([trial.as_json() for trial in trials])
    else:
        for trial in trials:
            print(trial.title)
            for line in trial.outcome.trace:
                print(f"  {line}")
            for fault in trial.faults:
                print(f"  与预期不符：{fault}", file=sys.stderr)
    return 1 if any(trial.faults for trial in trials) else 0


def run_diff(args: argparse.Namespace) -> int:
    """Compare two definitions; 0 whether or not they differ, unless ``--exit-code`` asks."""
    changes = rules.diff(_usable(args.before), _usable(args.after))
    if args.json:
        _print_json([change.as_json() for change in changes])
    else:
        print("\n".join(change.line for change in changes) or "两份定义含义相同。")
    return 1 if changes and args.exit_code else 0


def run_load(args: argparse.Namespace) -> int:
    """Publish a definition as the next version of its programme."""
    source = read_source(args.file).decode("utf-8-sig", "replace")
    with journal.unit_of_work():
        version = services.definition_publish(source=source, actor=SYSTEM, now=clock.now())
    if args.json:
        _print_json({"number": version.number, "content_hash": version.content_hash})
    else:
        print(f"{version.programme.title}：第 {version.number} 版，摘要 {version.content_hash}")
    return 0


def run_export(args: argparse.Namespace) -> int:
    """Print a published version as it was written."""
    versions = DefinitionVersion.objects.filter(programme__code=args.code, state="published")
    if args.number is not None:
        versions = versions.filter(number=args.number)
    version = versions.order_by("-number").first()
    if version is None:
        raise NotFoundHere(f"没有找到“{args.code}”的已发布版本。", "请用 xianfeng programme load 先发布。")
    if args.json:
        about = {"code": args.code, "number": version.number, "content_hash": version.content_hash}
        _print_json({**about, "source": version.source})
    else:
        print(version.source, end="")
    return 0
