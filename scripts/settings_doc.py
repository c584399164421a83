"""Write docs/settings.md from what the settings declare: `.venv/bin/python scripts/settings_doc.py`."""

from __future__ import annotations

from pathlib import Path

HEAD = """# Settings

Environment variables, read once at start. A wrong value, or a XIANFENG_ name that is not listed, stops the
program with a sentence that names it. Written by `scripts/settings_doc.py`; a test compares this page with
the code.

| variable | without it | what for |
|---|---|---|
"""


def main() -> None:
    """Import the settings, which declare their variables, and write the table."""
    from xianfeng.config import env, settings

    rows = "".join(f"| `{v.name}` | {v.default} | {v.about} |\n" for v in env.VARIABLES.values())
    Path(settings.PROJECT / "docs" / "settings.md").write_text(HEAD + rows)


if __name__ == "__main__":
    main()
