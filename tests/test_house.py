"""The house's own rules, those that no linter knows. Each check has a control beside it that it can fail."""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from xianfeng import journal

ROOT = Path(__file__).resolve().parent.parent
FLOOR = {app: height for height, app in enumerate(reversed(settings.APPS))}
LONGEST_FILE = 400

# Folders of one machine, addresses of package registries; written apart, not to match this very file.
MACHINE = re.compile(r"(?<![\w.:/])/(?:" + "|".join(("work", "root", "home", "farm", "Users")) + r")/\w")
REGISTRY = re.compile(r"https?://\S*(?:/simple\b|/packages/[0-9a-f]{2}/|registry\.npm|pypi\.)|\"resolved\":")


def tracked(*patterns: str) -> list[Path]:
    """Files that git knows or would add, so that a fresh file is checked before it is committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return ""


def upward(source: type[models.Model], target: type[models.Model]) -> bool:
    """True when a relation points up a floor; apps that are not ours lie below the ground."""
    return FLOOR.get(source._meta.app_label, -1) < FLOOR.get(target._meta.app_label, -1)


def test_no_foreign_key_points_up_a_floor():
    ours = [model for model in apps.get_models() if model._meta.app_label in FLOOR]
    assert ours
    for model in ours:
        for field in model._meta.get_fields():
            target = field.related_model
            if field.auto_created or not isinstance(target, type) or not issubclass(target, models.Model):
                continue
            assert not upward(model, target), f"{model.__name__}.{field.name} → {target.__name__}"


def test_a_foreign_key_up_a_floor_would_be_seen():
    user = apps.get_model("directory", "User")
    case = apps.get_model("cases", "Case")
    assert upward(user, case)
    assert not upward(case, user)


def test_every_app_stands_on_a_floor():
    folders = {path.parent.name for path in (ROOT / "src" / "xianfeng").glob("*/apps.py")}
    assert folders == set(settings.APPS)


def test_every_event_kind_is_registered_and_named_by_stage_subject_and_act():
    defined = []
    for app in settings.APPS:
        if (ROOT / "src" / "xianfeng" / app / "events.py").exists():
            module = importlib.import_module(f"xianfeng.{app}.events")
            for _, found in inspect.getmembers(module, inspect.isclass):
                if issubclass(found, journal.EventKind) and found is not journal.EventKind:
                    defined += list(found)
    assert len(defined) > 10
    for event in defined:
        assert re.fullmatch(r"[a-z_]+(:[a-z_0-9]+){2}", event.value), event
        assert journal.kind(event.value) is event


def test_no_committed_file_names_a_folder_of_one_machine():
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}" for path in tracked() for match in MACHINE.finditer(text_of(path))
    ]
    assert found == []
    assert MACHINE.search("cd " + "/ro" + "ot/x")


def test_no_lock_names_a_registry():
    locks = [*tracked("*.lock"), *tracked("package-lock.json"), *tracked(".npmrc")]
    assert len(locks) == 5
    assert [path.name for path in locks if REGISTRY.search(text_of(path))] == []
    assert REGISTRY.search("https://example.org/simple/django/")
    assert REGISTRY.search('"resolved": "https://example.org/x.tgz"')


def test_every_locked_python_package_has_its_hash():
    for lock in tracked("*.lock"):
        pins = re.findall(r"^[a-z0-9][\w.-]*==.*$", lock.read_text(), flags=re.M)
        assert pins
        assert all(pin.endswith("\\") for pin in pins), lock.name


def test_no_page_fetches_anything_from_outside():
    outside = re.compile(
        r"""(?:src|href)=["']?(?:https?:)?//(?!www\.w3\.org)|@import\s+url|<style|<script(?![^>]*\bsrc=)"""
    )
    pages = [*tracked("src/xianfeng/*.html"), *tracked("src/xianfeng/*.css")]
    found = [f"{p.relative_to(ROOT)}: {m.group()}" for p in pages for m in outside.finditer(text_of(p))]
    assert found == []
    assert outside.search('<script src="https://cdn.example.org/x.js">')


def test_files_stay_short():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked("src/xianfeng/*.py")
        if "migrations" not in path.parts and (lines := len(text_of(path).splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_only_the_kernel_asks_what_day_it_is():
    asks = re.compile(r"\b(?:timezone\.now|datetime\.now|date\.today|datetime\.today)\(")
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked("src/xianfeng/*.py")
        if path.name != "clock.py" and "migrations" not in path.parts
        for match in asks.finditer(text_of(path))
    ]
    assert found == []
    assert asks.search("timezone.now()")


@pytest.mark.django_db
def test_the_migrations_are_complete():
    from django.core.management import call_command

    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        pytest.fail("models changed without a migration; run: .venv/bin/xianfeng manage makemigrations")
