"""The `xianfeng` command: composes what each app offers in its `commands.py`.

Exit codes: 0 done, 1 a check failed or the request was refused, 2 the command was written wrongly. Errors
are Chinese sentences on stderr; `--debug` shows the trace. Results go to stdout, as JSON where a command
has `--json`.
"""

from __future__ import annotations

import argparse
import importlib
import os
import re
import sys
import traceback
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NoReturn

import django
from django.core.exceptions import ImproperlyConfigured

from xianfeng import __version__
from xianfeng.kernel.errors import UserError

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

DONE, FAILED, USAGE = 0, 1, 2


class Formatter(argparse.HelpFormatter):
    """Help under Chinese headings."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """The line that shows how the command is written."""
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


# argparse's own sentences; what is in none of them stays as it is
SENTENCES = (
    (r"argument (.+): invalid choice: '(.*)' \(choose from (.+)\)", r"\1没有“\2”，可用：\3"),
    (r"the following arguments are required: (.+)", r"缺少 \1"),
    (r"argument (.+): expected .*", r"\1后面要写明内容"),
    (r"argument (.+): invalid int value: '(.*)'", r"\1应是整数，不能是“\2”"),
)


class Parser(argparse.ArgumentParser):
    """argparse whose help and errors are Chinese."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"formatter_class": Formatter, **more})
        self._positionals.title, self._optionals.title = "参数", "选项"
        for action in self._actions:
            if action.dest == "help":
                action.help = "显示帮助"

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is; exit code 2."""
        for pattern, words in SENTENCES:
            message = re.sub(f"^{pattern}$", words, message)
        self.exit(USAGE, f"命令写得不对：{message}\n请运行 {self.prog} --help 查看用法。\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xianfeng.config.settings")
    debug = "--debug" in arguments[:1]
    try:
        if arguments != ["--version"]:
            django.setup()
        return _run(arguments)
    except UserError as error:
        return _refuse(str(error), debug)
    except ImproperlyConfigured as error:
        return _refuse(f"设置有误：{error}", debug)
    except BrokenPipeError:
        # The reader (head, less) went away; point stdout elsewhere so that Python does not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        return _refuse(
            f"出现意外错误：{type(error).__name__}: {error}",
            debug,
            "加上 --debug 可查看详情：xianfeng --debug …",
        )


def _refuse(message: str, debug: bool, hint: str = "") -> int:
    if debug:
        traceback.print_exc()
    print(message + (f"\n{hint}" if hint and not debug else ""), file=sys.stderr)
    return FAILED


def _run(arguments: list[str]) -> int:
    parser = build_parser(with_apps=arguments != ["--version"])
    options, rest = parser.parse_known_args(arguments)
    if rest and not getattr(options, "takes_rest", False):
        parser.error(f"不认识的参数 {' '.join(rest)}")
    if not hasattr(options, "run"):
        parser.print_help()
        return DONE if not arguments else USAGE
    options.rest = [*getattr(options, "rest", []), *rest]
    result = options.run(options)
    return DONE if result is None else int(result)


def build_parser(with_apps: bool = True) -> argparse.ArgumentParser:
    """The whole command line: the app's commands and, after them, those of the house itself."""
    parser = Parser(prog="xianfeng", description="先锋：创建示范活动管理系统")
    parser.add_argument("--version", action="version", version=f"xianfeng {__version__}")
    parser.add_argument("--debug", action="store_true", help="出错时显示详细跟踪信息（写在命令之前）")
    subparsers = parser.add_subparsers(title="命令", metavar="命令", parser_class=Parser)
    if with_apps:
        for module in command_modules():
            importlib.import_module(module).register(subparsers)
    return parser


def command_modules() -> list[str]:
    """Modules that offer `register(subparsers)`: the house's, then each installed app's `commands.py`."""
    from django.conf import settings

    apps = [f"xianfeng.{app}.commands" for app in reversed(settings.APPS)]
    house = [f"xianfeng.config.{name}" for name in ("commands", "workbook.commands", "demo")]
    return [name for name in (*house, *apps) if find_spec(name)]


if __name__ == "__main__":
    sys.exit(main())
