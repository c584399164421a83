"""Certificates and plaques: what is set, what is refused, and the code read back by an independent decoder."""

import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from tests.factories import credentials as issued
from tests.factories import designations as made
from tests.factories.base import World, world

from xianfeng import journal
from xianfeng.designations import printing
from xianfeng.designations.models import Designation, PrintBatch
from xianfeng.designations.services import printing as services
from xianfeng.kernel import clock, typesetting
from xianfeng.kernel.errors import Conflict, Invalid, NotPermitted

pytestmark = pytest.mark.django_db
RARE = "喆堃镕赟翀旻龑"
zbar = pytest.mark.skipif(
    not (shutil.which("zbarimg") and shutil.which("pdftoppm")), reason="zbar-tools or poppler-utils is missing"
)


@pytest.fixture
def w() -> World:
    return world()


def run(*command: object, given: bytes | None = None) -> bytes:
    return subprocess.run([str(one) for one in command], input=given, capture_output=True, check=True).stdout


def read_back(pdf: bytes, folder: Path, dpi: int) -> list[str]:
    """What zbar reads on the first page."""
    (folder / "x.pdf").write_bytes(pdf)
    run("pdftoppm", "-r", dpi, "-png", "-singlefile", folder / "x.pdf", folder / "x")
    return run("zbarimg", "--raw", "-q", folder / "x.png").decode().split()


@zbar
def test_the_code_on_certificate_and_plaque_leads_to_that_title(w, tmp_path):
    for title in issued.titles(w, 3):
        for kind, dpi in (("certificate", 150), ("plaque", 40)):
            assert read_back(printing.single(title, kind, "pdf"), tmp_path, dpi) == [printing.address(title)]
        page = Client().get(printing.address(title).removeprefix("http://127.0.0.1:8000"))
        assert title.number in page.content.decode()


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is missing")
def test_rare_characters_and_all_facts_stand_on_the_certificate(w, tmp_path):
    title = issued.titles(w, 1)[0]
    title.holder = f"示例{RARE}党支部"
    (tmp_path / "x.pdf").write_bytes(printing.single(title, "certificate", "pdf"))
    text = run("pdftotext", "-layout", tmp_path / "x.pdf", "-").decode()
    plain = "".join(text.split())
    entry = printing.namings([title])[title.case.public_id]
    for wanted in (title.holder, title.number, "证书", "2019年12月", f"{entry.seq}-{entry.leaf_hash[:8].upper()}"):
        assert wanted in plain
    assert run("pdfinfo", tmp_path / "x.pdf").decode().count("Pages:           1") == 1
    fonts = run("pdffonts", tmp_path / "x.pdf").decode()
    assert "NotoSerifSC" in fonts


def test_a_character_the_fonts_lack_is_an_error_that_names_it(w):
    assert typesetting.missing(RARE + "〔2019〕“”·—") == []
    assert typesetting.missing("甲\U0001f600乙") == ["\U0001f600"]
    title = issued.titles(w, 1)[0]
    title.holder = "示例\U0003134a党支部"
    with pytest.raises(typesetting.GlyphMissing, match="U\\+3134A"):
        printing.single(title, "certificate", "pdf")


def test_the_same_title_gives_the_same_bytes(w):
    title = issued.titles(w, 1)[0]
    assert printing.single(title, "certificate", "pdf") == printing.single(title, "certificate", "pdf")


def test_the_plaque_artwork_is_a_picture_of_its_real_size(w):
    title = issued.titles(w, 1)[0]
    picture = ElementTree.fromstring(printing.single(title, "plaque", "svg"))
    width, height = (float(picture.get("viewBox", "").split()[at]) for at in (2, 3))
    assert round(width * 25.4 / 72) == 620  # 600 mm, and 10 mm around it for bleed and marks
    assert round(height * 25.4 / 72) == 420
    assert not picture.findall(".//{http://www.w3.org/2000/svg}text")  # letters are outlines: no font needed


def test_long_names_stay_on_the_one_page(w):
    title = issued.titles(w, 1)[0]
    title.holder = "示例水务工程建设有限公司第一工程项目管理部与监理单位联合临时党支部委员会驻现场服务窗口" * 2
    for kind in ("certificate", "plaque"):
        assert printing.single(title, kind, "pdf").startswith(b"%PDF")


def test_an_ended_title_has_no_certificate(w):
    title = issued.titles(w, 1)[0]
    title.state = "revoked"
    with pytest.raises(Conflict, match="已失效"):
        printing.single(title, "certificate", "pdf")


def ask(w: World, kind: str = "certificate", user: str = "worker") -> PrintBatch:
    with journal.unit_of_work():
        return services.batch_ask(round_id=w.round.pk, kind=kind, tier="", actor=w.actor(user), now=clock.now())


@pytest.mark.django_db
def test_a_whole_round_in_one_file(w):
    titles = issued.titles(w, 3)
    Designation.objects.filter(pk=titles[0].pk).update(state="revoked")
    for kind, names in (
        ("certificate", [f"{one.number}.pdf" for one in titles[1:]]),
        ("plaque", [f"{one.number}.{form}" for one in titles[1:] for form in ("pdf", "svg")]),
    ):
        batch = ask(w, kind)
        assert (batch.state, batch.total, batch.done) == ("waiting", 2, 0)
        services.batch_run(batch.pk)
        batch.refresh_from_db()
        assert (batch.state, batch.done) == ("ready", 2)
        client = Client()
        client.force_login(w.users["worker"])
        answer = client.get(f"/designations/prints/{batch.public_id}/file/")
        with zipfile.ZipFile(BytesIO(answer.getvalue())) as archive:
            assert sorted(archive.namelist()) == sorted(names)
        services.batch_run(batch.pk)  # a second delivery of the task changes nothing
        batch.refresh_from_db()
        assert batch.state == "ready"


@pytest.mark.django_db
def test_a_batch_that_cannot_be_finished_says_why(w):
    title = issued.titles(w, 1)[0]
    Designation.objects.filter(pk=title.pk).update(holder="示例\U0003134a党支部")
    batch = ask(w)
    services.batch_run(batch.pk)
    batch.refresh_from_db()
    assert batch.state == "failed"
    assert "U+3134A" in batch.error


def test_who_may_print_a_round(w):
    with pytest.raises(Invalid, match="没有现有命名"):
        ask(w)
    with pytest.raises(NotPermitted):
        ask(w, user="st_staff")


def test_the_pages(w):
    title = made.titled(w, *made.nominees(w, 1, "service_point"))[0]
    client = Client()
    client.force_login(w.users["worker"])
    pdf = client.get(f"/designations/titles/{title.public_id}/certificate.pdf")
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    assert client.get(f"/designations/titles/{title.public_id}/plaque.svg")["Content-Type"] == "image/svg+xml"
    assert client.get("/designations/prints/").status_code == 200
    answer = client.post("/designations/prints/", {"kind": "certificate", "tier": ""})
    batch = PrintBatch.objects.get()
    assert answer["Location"] == f"/designations/prints/{batch.public_id}/"
    page = client.get(answer["Location"]).content.decode()
    assert "<progress" in page
    assert "正在排队" in page
    services.batch_run(batch.pk)
    assert "下载压缩包" in client.get(answer["Location"]).content.decode()
    other = Client()
    other.force_login(w.users["st_staff"])
    assert other.get(answer["Location"]).status_code == 403
    assert Client().get(f"/designations/titles/{title.public_id}/certificate.pdf").status_code == 302
