"""`python -m xianfeng` is the `xianfeng` command."""

from __future__ import annotations

import sys

from xianfeng.config.cli import main

if __name__ == "__main__":
    sys.exit(main())
