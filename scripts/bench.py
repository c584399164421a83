"""How long our pages take, as a ratio to a floor of the same run: a signed-in 25-row table.

Absolute times hold on no other machine. Measured without a server between (Django's test client), on the
data folder's database as it stands; make one with `make demo ARGS=--no-serve`. Pages are found as people
find them: from the workbench of one user of each duty, following the links there.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xianfeng.config.settings")

import django

django.setup()

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext

from xianfeng.config import serving
from xianfeng.directory.models import Appointment, Organisation

LINK = re.compile(r'href="(/[^"#]*)"')
LEFT_OUT = ("/static/", "/accounts/", "/api/")
FLOOR_PAGE = (
    "<!doctype html><html><body><table>"
    "{% for row in rows %}<tr><td>{{ row.code }}</td><td>{{ row.name }}</td><td>{{ row.kind }}</td></tr>{% endfor %}"
    "</table></body></html>"
)


def median_ms(work: Callable[[], Any], times: int) -> float:
    """Median wall time of `work` in milliseconds, after one warm-up."""
    work()
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        spent.append((time.perf_counter() - begun) * 1000)
    return statistics.median(spent)


def floor_ms(user: Any, times: int) -> float:
    """The least a signed-in list can cost here: session, user, 25 rows, a bare template, through the same client."""
    from django.http import HttpRequest, HttpResponse
    from django.urls import path

    from xianfeng.config import urls

    page = engines["django"].from_string(FLOOR_PAGE)

    def show(request: HttpRequest) -> HttpResponse:
        assert request.user.is_authenticated
        return HttpResponse(page.render({"rows": Organisation.objects.all()[:25]}, request))

    urls.urlpatterns.insert(0, path("bench-floor/", show))
    client = signed_in(user)
    return median_ms(lambda: client.get("/bench-floor/"), times)


def signed_in(user: Any) -> Client:
    """A client signed in as this user."""
    client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0], raise_request_exception=False)
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def one_of_each_duty() -> dict[str, Any]:
    """A user for every duty that somebody holds."""
    users = get_user_model().objects.in_bulk(Appointment.objects.values_list("user_id", flat=True))
    duties = Appointment.objects.order_by("duty", "pk").values_list("duty", "user_id")
    return {duty: users[user] for duty, user in reversed(list(duties))}


def measure(duty: str, user: Any, times: int, floor: float, seen: set[str]) -> list[dict[str, Any]]:
    """Every page linked from this user's workbench that was not measured yet."""
    client, rows = signed_in(user), []
    start = client.get(settings.LOGIN_REDIRECT_URL, follow=True)
    for url in [settings.LOGIN_REDIRECT_URL, *dict.fromkeys(LINK.findall(start.content.decode()))]:
        kind = re.sub(r"/[A-Za-z0-9_-]{16}(?=/|$)", "/…", url.split("?")[0])
        if url.startswith(LEFT_OUT) or kind in seen:
            continue
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url)
        if answer.status_code != 200 or "text/html" not in answer.headers["Content-Type"]:
            continue
        seen.add(kind)
        spent = median_ms(lambda url=url: client.get(url), times)  # type: ignore[misc]
        rows.append({
            "page": kind, "as": duty, "ms": round(spent, 2), "ratio": round(spent / floor, 2),
            "queries": len(queries), "kb": round(len(answer.content) / 1024, 1),
        })  # fmt: skip
    return rows


def main() -> int:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    serving.prepare()
    users = one_of_each_duty()
    if not users:
        print("The database is empty; run: make demo ARGS=--no-serve", file=sys.stderr)
        return 1
    floor, seen, rows = floor_ms(next(iter(users.values())), options.times * 2), set[str](), []
    for duty, user in users.items():
        rows += measure(duty, user, options.times, floor, seen)
    rows.sort(key=lambda row: -row["ratio"])
    if options.json:
        print(json.dumps({"floor_ms": round(floor, 2), "pages": rows}, ensure_ascii=False))
        return 0
    print(f"floor {floor:.2f} ms ({connection.vendor})")
    print(f"{'ratio':>6} {'ms':>8} {'queries':>8} {'KB':>7}  page (as)")
    for row in rows:
        print(f"{row['ratio']:6.2f} {row['ms']:8.2f} {row['queries']:8} {row['kb']:7}  {row['page']} ({row['as']})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
