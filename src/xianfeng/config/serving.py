"""Bring a site up: tables and static files as this version wants them, then the workers."""

from __future__ import annotations

import hashlib
import socket
import subprocess
import sys
from contextlib import closing
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from gunicorn.app.base import BaseApplication

from xianfeng import journal
from xianfeng.config.locks import file_lock
from xianfeng.designations.services.credentials import key_ensure
from xianfeng.journal import signing
from xianfeng.kernel import clock
from xianfeng.kernel.errors import UserError

DEFAULT_BIND = "127.0.0.1:8000"


def migrate() -> None:
    """Create or update the tables, make the journal's and the issuer's first keys; two at once take turns."""
    with file_lock("migrate"):
        call_command("migrate", interactive=False, verbosity=0)
        signing.ensure()
        with journal.unit_of_work():
            key_ensure(now=clock.real_now())


def static_digest() -> str:
    """Changes whenever any static file does; from names, sizes and times, as it is asked at every start."""
    total = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            total.update(f"{name} {storage.size(name)} {storage.get_modified_time(name)}\n".encode())
    return total.hexdigest()


def collect_static() -> None:
    """Gather, name by content and compress the static files, unless it was done for these very files."""
    if settings.PLAIN_STATIC:
        return
    with file_lock("static"):
        stamp, wanted = settings.STATIC_ROOT / ".stamp", static_digest()
        if stamp.exists() and stamp.read_text() == wanted:
            return
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(wanted)


def prepare() -> None:
    """Everything a site needs before its first request."""
    migrate()
    collect_static()


class Site(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn, configured here instead of by its own command line."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn."""
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        """The application, imported in each worker after the fork: no database connection crosses it."""
        from xianfeng.config.wsgi import application

        return application


def bind_address(bind: str) -> tuple[str, int]:
    """Host and port of `127.0.0.1:8000`, or a sentence saying how to write it."""
    host, _, port = bind.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise UserError(f"地址“{bind}”写得不对。", "请写成 127.0.0.1:8000 的样子。")
    return host.strip("[]"), int(port)


def require_free(bind: str) -> None:
    """Refuse in words when the address is taken; gunicorn would retry and then give up in English."""
    host, port = bind_address(bind)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UserError(
                f"不能在 {bind} 提供服务：地址已被占用或不可用。",
                "请先关闭占用它的程序，或用 --bind 换一个地址。",
            ) from error


def serve(bind: str = DEFAULT_BIND, workers: int = 2, background: bool = True) -> None:
    """Serve until interrupted; the background worker lives and dies with the server."""
    require_free(bind)
    prepare()
    helper = subprocess.Popen([sys.executable, "-m", "xianfeng", "worker"]) if background else None
    options = {
        "bind": bind,
        "workers": workers,
        "worker_class": "gthread",
        "threads": 4,
        "timeout": 60,
        "graceful_timeout": 10,
        "loglevel": "warning",
        "control_socket_disable": True,
    }
    print(f"网站已在 http://{bind} 打开，按 Ctrl+C 停止。", file=sys.stderr, flush=True)
    try:
        Site(options).run()
    finally:
        if helper:
            helper.terminate()
            helper.wait(timeout=15)
