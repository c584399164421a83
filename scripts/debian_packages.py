"""Debian packages the tests use: install them when we may, else say what is missing and what is skipped."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# Package, how to see that it is there already (a command, or a folder), and what is skipped without it.
PACKAGES = (
    ("chromium", "chromium", "the browser tests"),
    (
        "fonts-noto-cjk",
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "Chinese text in screenshots",
    ),
    ("libreoffice-writer-nogui", "soffice", "tests that open official documents"),
    ("zbar-tools", "zbarimg", "tests that read QR codes back"),
    ("poppler-utils", "pdftoppm", "tests that look at PDF pages"),
)


def missing() -> list[tuple[str, str]]:
    """Packages that are not there, each with what is skipped without it."""
    return [
        (package, loss)
        for package, sign, loss in PACKAGES
        if not (Path(sign).exists() if sign.startswith("/") else shutil.which(sign))
    ]


def install(packages: list[str]) -> bool:
    """Try to install; False when apt refuses."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    for command in ([*apt, "update"], [*apt, "install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            print("\n".join(done.stdout.splitlines()[-5:]), file=sys.stderr)
            return False
    return True


def main() -> None:
    """Never fails: what is missing is skipped, and said."""
    absent = missing()
    if absent and os.geteuid() == 0 and shutil.which("apt-get"):
        names = [package for package, _ in absent]
        print(f"· installing Debian packages: {' '.join(names)}", file=sys.stderr)
        install(names)
        absent = missing()
    for package, loss in absent:
        print(f"· missing {package}: skipped are {loss} (sudo apt-get install {package})", file=sys.stderr)


if __name__ == "__main__":
    main()
