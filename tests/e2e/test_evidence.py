"""A title on a phone: named, its certificate opened, the code on it scanned, verified, revoked, verified again."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from tests.e2e import roles
from tests.e2e.roles import Person, Town
from tests.factories import designations as made
from tests.factories.base import World, world

from xianfeng.designations import services
from xianfeng.designations.models import Designation
from xianfeng.designations.rules.credentials import bitstring
from xianfeng.journal import queries as journal
from xianfeng.kernel import clock

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = "SZ-ZXF-2019-FWD-001"
REVOKED_ON = date(2020, 3, 2)


def test_name_scan_verify_revoke_verify(new_context, live_server, settings, tmp_path: Path) -> None:
    if not (shutil.which("zbarimg") and shutil.which("pdftoppm")):
        pytest.skip("no decoder here: apt-get install zbar-tools poppler-utils")
    settings.BASE_URL = live_server.url  # what the code on the certificate leads to
    place = world()
    ready_to_name(place)
    town = Town(new_context, live_server.url, ["worker"])
    roles.names(town["worker"], NUMBER)
    title = Designation.objects.get(number=NUMBER)
    address = scanned(certificate(town["worker"]), tmp_path)
    assert address == f"{live_server.url}/verify/{title.public_id}/"
    citizen = town.citizen()
    verifies(citizen, address, "有效", "active")
    assert not listed_as_revoked(citizen, title)
    revoke(place, title)
    citizen.page.reload()  # the same browser: what it kept of the page is asked for again
    verifies(citizen, address, "已撤销", "revoked")
    assert listed_as_revoked(town.citizen(), title)
    town["worker"].open(f"/designations/titles/{title.public_id}/certificate/")
    town["worker"].sees("该命名已失效，证书无效。")
    assert town.complaints() + citizen.complaints == []
    assert journal.verify().ok


def ready_to_name(place: World) -> None:
    """Decided and through its notice; nothing left but the naming."""
    cases = [made.case_at(place, place.nominees["st-window"], "decide")]
    made.decided(place, cases)
    notice = made.announced(place, cases)
    made.cleared(place, notice)
    clock.set_day(clock.local_day(made.after_notice(notice)))


def certificate(worker: Person) -> bytes:
    """From the list of titles to the certificate page; the PDF it offers."""
    worker.open("/designations/titles/")
    worker.page.locator("main").get_by_role("link", name="报监窗口").first.click()
    worker.page.get_by_role("link", name="证书").first.click()
    expect(worker.page.get_by_role("heading", level=1)).to_have_text("证书与铭牌")
    fits(worker)
    shown = worker.page.get_by_role("img", name=f"编号 {NUMBER}").first
    expect(shown).to_be_visible()
    assert shown.evaluate("picture => picture.decode().then(() => picture.naturalWidth > 0)")
    with worker.page.expect_download() as told:
        worker.follow("下载证书 PDF")
    return Path(told.value.path()).read_bytes()


def scanned(pdf: bytes, folder: Path) -> str:
    """What an independent decoder reads on the certificate."""
    (folder / "certificate.pdf").write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-r", "150", "-png", "-singlefile", folder / "certificate.pdf", folder / "certificate"], check=True
    )
    read = subprocess.run(
        ["zbarimg", "--raw", "-q", folder / "certificate.png"], check=True, capture_output=True, text=True
    )
    return read.stdout.strip()


def verifies(citizen: Person, address: str, word: str, code: str) -> None:
    """The verdict is the first line, to people and to programs."""
    if citizen.page.url != address:
        assert citizen.open(address) == 200
    first = citizen.page.locator("main").inner_text().strip().splitlines()[0]
    assert first.startswith(word), first
    expect(citizen.page.get_by_role("heading", level=1)).to_contain_text(word)
    citizen.sees(NUMBER)
    fits(citizen)
    told = fetched(citizen, address, "application/json")
    assert (told["verdict"], told["number"], told["held"]) == (code, NUMBER, code == "active")


def fits(person: Person) -> None:
    """Nothing runs off the side of the phone."""
    assert person.page.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [390, 390]


def fetched(citizen: Person, address: str, wanted: str = "*/*") -> dict[str, Any]:
    answer = citizen.context.request.get(address, headers={"Accept": wanted})
    assert answer.ok, (address, answer.status)
    found: dict[str, Any] = json.loads(answer.text())
    return found


def listed_as_revoked(citizen: Person, title: Designation) -> bool:
    """The bit that the published credential points to, in the list it names."""
    status = fetched(citizen, f"/credentials/{title.public_id}")["credentialStatus"]
    listed = fetched(citizen, urlsplit(status["statusListCredential"]).path)["credentialSubject"]
    assert listed["statusPurpose"] == status["statusPurpose"] == "revocation"
    return bitstring.is_set(bitstring.decode(listed["encodedList"]), int(status["statusListIndex"]))


def revoke(place: World, title: Designation) -> None:
    """A reassessment that the office concludes with 撤销."""
    step = made.concluding(place, title, made.moment(REVOKED_ON))
    with made.at(made.moment(REVOKED_ON, 11)) as now:
        services.step_conclude(
            step_id=step.pk,
            result="revoked",
            opinion="示例：不再符合标准。",
            meeting_on=REVOKED_ON,
            document_no="示例〔2020〕3号",
            actor=place.actor("officer"),
            now=now,
        )
    clock.set_day(REVOKED_ON)
