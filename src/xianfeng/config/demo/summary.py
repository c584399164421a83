"""What the demo reports: titles per tier, year and category, and whether the record holds."""

from typing import Any

from django.db.models import Count

from xianfeng.cases.models import Case
from xianfeng.config.demo.deciding import CATEGORIES
from xianfeng.designations import rules
from xianfeng.designations.models import Designation
from xianfeng.journal import queries as journal


def collect() -> dict[str, Any]:
    """The JSON of ``make demo ARGS="--no-serve --json"``."""
    designated: dict[str, dict[str, dict[str, int]]] = {}
    counted = Designation.objects.values_list("tier", "round__year", "category").annotate(n=Count("pk"))
    for tier, year, category, n in sorted(counted, key=lambda row: (row[0], row[1], CATEGORIES.index(row[2]))):
        designated.setdefault(tier, {}).setdefault(str(year), {})[category] = n
    verified = journal.verify()
    return {
        "designated": designated,
        "active": Designation.objects.filter(state__in=rules.LIVE).count(),
        "revoked": Designation.objects.filter(state="revoked").count(),
        "rectified": Case.objects.filter(outcome="rectified").count(),
        "journal_entries": verified.entries,
        "journal_ok": verified.ok,
    }
