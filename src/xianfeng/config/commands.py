"""Commands of the house itself: serve, migrate, worker, tick, manage."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from django.core.management import ManagementUtility

from xianfeng.config import serving, worker

if TYPE_CHECKING:
    from xianfeng.config.cli import Subparsers


def register(subparsers: Subparsers) -> None:
    """Add the house's commands."""
    serve = subparsers.add_parser("serve", help="提供网站服务（先更新数据库和静态文件）")
    serve.add_argument("--bind", default=serving.DEFAULT_BIND, metavar="地址:端口", help="默认 %(default)s")
    serve.add_argument("--workers", type=int, default=2, metavar="个数", help="网站进程数，默认 %(default)s")
    serve.add_argument("--no-worker", action="store_true", help="不启动后台任务进程")
    serve.set_defaults(run=_serve)

    migrate = subparsers.add_parser("migrate", help="建立或更新数据库表")
    migrate.set_defaults(run=lambda options: serving.migrate())

    work = subparsers.add_parser("worker", help="执行后台任务（发送提醒、处理到期事项）")
    work.add_argument("--batch", action="store_true", help="做完现有的任务就结束")
    work.set_defaults(run=lambda options: worker.work(options.batch))

    tick = subparsers.add_parser("tick", help="处理一次到期事项")
    tick.set_defaults(run=lambda options: min(worker.tick(), 1))

    manage = subparsers.add_parser("manage", help="执行 Django 管理命令，如 xianfeng manage check", add_help=False)
    manage.add_argument("rest", nargs=argparse.REMAINDER, metavar="…")
    manage.set_defaults(run=_manage, takes_rest=True)


def _serve(options: argparse.Namespace) -> None:
    serving.serve(options.bind, options.workers, background=not options.no_worker)


def _manage(options: argparse.Namespace) -> None:
    ManagementUtility(["xianfeng manage", *options.rest]).execute()
