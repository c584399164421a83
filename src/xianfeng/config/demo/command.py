"""The demo command: build once, then show; a half-built one is built anew."""

import argparse
import json
import shutil
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.models import F
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from xianfeng.config import serving, worker
from xianfeng.config.demo import present, signins, summary, years
from xianfeng.config.demo.player import Player
from xianfeng.config.locks import file_lock
from xianfeng.config.workbook.importing import bring_in
from xianfeng.directory.models import Organisation
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM
from xianfeng.kernel.errors import UserError
from xianfeng.messaging.models import Message
from xianfeng.programmes import services as programmes
from xianfeng.programmes.definitions import shipped_source
from xianfeng.programmes.models import DefinitionVersion

DEFINITION = "zhishui-guanhai-2019"
# Acts played per chapter, measured; only the progress bar depends on them.
CHAPTERS = (("载入工作簿", 1), ("2019 年度", 1250), ("复评", 40), ("2020 年度", 1250), ("2021 年度（进行中）", 1150))


def run(options: argparse.Namespace) -> int:
    """Build unless it is built, say who can sign in, then serve."""
    screen = Console(stderr=True)
    with file_lock("demo"):
        if not (settings.DATA / "demo.ready").exists():
            _begin_anew()
            build(screen)
            (settings.DATA / "demo.ready").write_text(years.TODAY.isoformat())
    clock.set_day(years.TODAY)
    serving.prepare()
    signins.show(screen)
    if options.json:
        print(json.dumps(summary.collect(), ensure_ascii=False, indent=2))
    sys.stdout.flush()
    if not options.no_serve:
        screen.print(f"\n[bold]请打开 http://{options.bind}/[/]（按 Ctrl+C 结束）")
        serving.serve(options.bind, 2, background=True)
    return 0


def _begin_anew() -> None:
    """Make room for the demo; refuse to touch data that is not a demo's."""
    started = settings.DATA / "demo.started"
    serving.migrate()
    if Organisation.objects.exists() and not started.exists():
        raise UserError(
            f"数据目录 {settings.DATA} 里已有其他数据，演示不会改动它。",
            "请用环境变量 XIANFENG_DATA 指定另一个空目录再运行。",
        )
    if started.exists():
        _wipe()
    settings.DATA.mkdir(parents=True, exist_ok=True)
    started.touch()
    serving.migrate()


def _wipe() -> None:
    if connections["default"].vendor == "sqlite":
        connections.close_all()
        for leftover in Path(settings.DATA).glob("xianfeng.sqlite3*"):
            leftover.unlink()
    else:
        from django.core.management import call_command

        call_command("flush", interactive=False, verbosity=0)
    shutil.rmtree(settings.DATA / "files", ignore_errors=True)
    clock.set_day(None)


def build(screen: Console) -> None:
    """Load the programme and the workbook, play the years."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=screen) as bars:
        tasks = [bars.add_task(title, total=total) for title, total in CHAPTERS]
        chapter = 0

        def tick() -> None:
            bars.advance(tasks[chapter])

        player = Player(tick)
        version = _load(player)
        bars.update(tasks[0], completed=1)
        for play in _chapters(player, version):
            chapter += 1
            play()
            bars.update(tasks[chapter], total=1, completed=1)
    _last_week_unread()
    with clock.frozen(clock.instant(years.TODAY, 8)):
        worker.tick()  # the morning's reminders


def _last_week_unread() -> None:
    """Three years of messages have been read; only the last week's are new."""
    week = clock.instant(years.TODAY - timedelta(days=7))
    Message.objects.filter(sent_at__lt=week, read_at__isnull=True).update(read_at=F("sent_at"))


def _chapters(player: Player, version: DefinitionVersion) -> tuple[Any, ...]:
    return (
        lambda: years.whole_year(player, version, 2019),
        lambda: years.reassessments_of_2020(player),
        lambda: years.whole_year(player, version, 2020),
        lambda: present.mid_flight(player, version),
    )


def _load(player: Player) -> DefinitionVersion:
    player.turn_to(2019, 1, 8)
    version = player.do(programmes.definition_publish, SYSTEM, source=shipped_source(DEFINITION))
    import_example(player)
    return version


def import_example(player: Player) -> None:
    """The workbook goes in as an office's would."""
    path = settings.PROJECT / "examples" / "workbook.xlsx"
    with clock.frozen(player.now):
        report = bring_in(path.read_bytes(), path.name, actor=SYSTEM, now=player.now)
    if not report.ok:
        raise UserError(f"示例工作簿有 {len(report.problems)} 处问题：{report.problems[0]}")
