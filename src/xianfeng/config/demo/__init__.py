"""``xianfeng demo``: three years of the plan played through the services, and the site to look at them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xianfeng.config.cli import Subparsers


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    from xianfeng.config import serving

    parser = subparsers.add_parser("demo", help="载入示例，演示 2019–2021 年全过程，并打开网站")
    parser.add_argument("--no-serve", action="store_true", help="只准备数据，不提供网站服务")
    parser.add_argument("--json", action="store_true", help="最后输出一个 JSON 结果")
    parser.add_argument("--bind", default=serving.DEFAULT_BIND, metavar="地址:端口", help="默认 %(default)s")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from xianfeng.config.demo import command  # models: only once Django is set up

    return command.run(options)
