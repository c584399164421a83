"""Takes the manual's pictures from a running demo: `python scripts/manual_pictures.py http://127.0.0.1:8000`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xianfeng.config.settings")
FOLDER = Path(__file__).resolve().parents[1] / "docs" / "manual"
ARGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PASSWORD = "xianfeng-demo"


def addresses() -> dict[str, tuple[str, str]]:
    """Picture -> (who signs in, address), looked up in the demo's database."""
    import django

    django.setup()
    from xianfeng.cases.models import Step
    from xianfeng.designations.models import Designation
    from xianfeng.directory.models import Appointment
    from xianfeng.review.models import Panel

    assess = Step.objects.filter(state="open", kind="assess").earliest("pk")
    staff = Appointment.objects.filter(organisation=assess.organisation, duty="staff").select_related("user").first()
    assert staff is not None
    panel = Panel.objects.get(round__year=2021, category="service_point")
    title = Designation.objects.filter(state="active", tier="tier2").latest("pk")
    return {
        "workbench": ("tuijin1", "/work/"),
        "assess": (staff.user.username, f"/nominations/assess/{assess.public_id}/"),
        "ranking": ("tuijin1", f"/review/panels/{panel.public_id}/ranking/"),
        "verify": ("", f"/verify/{title.public_id}/"),
    }


def main(base: str) -> None:
    """One picture of what fits on a screen, each in a fresh browser."""
    from playwright.sync_api import sync_playwright

    wanted = addresses()
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        for name, (username, address) in wanted.items():
            page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN").new_page()
            if username:
                page.goto(f"{base}/accounts/login/")
                page.fill("input[name=login]", username)
                page.fill("input[name=password]", PASSWORD)
                page.click("button[type=submit]")
            page.goto(f"{base}{address}", wait_until="networkidle")
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
