"""Every kind of indicator by its own nature, on the page and in Excel: the same entries give the same sheet."""

from contextlib import suppress
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.factories import review as made
from tests.factories.base import world
from xianfeng import journal
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Invalid
from xianfeng.nominations import answering
from xianfeng.programmes import rules
from xianfeng.review import services
from xianfeng.review.cells import from_cell, in_cell
from xianfeng.review.models import Assignment, Mark, Scorecard
from xianfeng.review.packet import packet_of, sheet_content
from xianfeng.review.rules.again import first_difference
from xianfeng.review.rules.packet import sheet_hash

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
STANDARD = rules.load(made.all_kinds()).standard("organisation", "members")
MEASURED, FAULTS, VOTE = (STANDARD.indicator(code) for code in ("ob2_1", "ob2_2", "ob3_1"))


@pytest.fixture
def place():
    found = world(source=made.all_kinds())
    made.organisations_at_panel(found, 1)
    made.experts(found, 3)
    with clock.frozen(made.now_of(found)):
        yield found


@pytest.fixture
def row(place):
    return made.panel(place).assignments.select_related("expert__user", "step", "case__version", "panel").first()


# what is typed on the page, what stands in the cell, the points
TYPED: dict[str, tuple[dict[str, str], str, str]] = {
    "ob1_1": ({"p_ob1_1": "3"}, "良", "3"),
    "ob1_2": ({"p_ob1_2": "4"}, "是", "4"),
    "ob2_1": ({"p_ob2_1": "2.5"}, "2.5", "3"),
    "ob2_2": ({"p_ob2_2__late": "1", "p_ob2_2__lack": "5"}, "迟报 1、缺台账5次", "1.5"),
    "ob3_1": ({"p_ob3_1__good": "3", "p_ob3_1__fair": "2"}, "满意×3；基本满意：2", "3.78"),
    "plus": ({"p_plus": "1.5"}, "1.5", "1.5"),
}


def kept(row: Assignment) -> dict[str, tuple[Any, ...]]:
    marks = Mark.objects.filter(scorecard__assignment=row).exclude(points=None, applies=True)
    return {one.indicator: (one.points, one.applies, one.answer) for one in marks}


def fetched(client: Any, address: str) -> Any:
    return load_workbook(BytesIO(client.get(f"{address}offline/?download=1").content))


def handed_in(client: Any, address: str, book: Any) -> Any:
    out = BytesIO()
    book.save(out)
    return client.post(f"{address}offline/", {"file": SimpleUploadedFile("评分表.xlsx", out.getvalue())})


@pytest.mark.django_db
def test_page_and_excel_take_every_kind_alike(client, row):
    client.force_login(row.expert.user, backend=BACKEND)
    address = f"/review/score/{row.step.public_id}/"
    full = {f"p_{one.code}": str(one.points) for one in STANDARD.indicators if one.code not in TYPED}
    typed = {name: value for entry, _, _ in TYPED.values() for name, value in entry.items()}
    answer = client.post(address, {**full, **typed, "p_ob3_2": "", "n_ob3_2": "on"}, headers={"X-Autosave": "1"})
    assert answer.status_code == 204
    by_page = kept(row)
    assert {code: by_page[code][0] for code in TYPED} == {code: Decimal(one[2]) for code, one in TYPED.items()}
    assert by_page["ob3_2"] == (None, False, None)
    again = fetched(client, address)
    page = client.get(address).content.decode()
    assert 'value="2.5"' in page
    Mark.objects.all().delete()
    assert handed_in(client, address, again).status_code == 302  # what was fetched is read back as it was
    assert kept(row) == by_page
    Mark.objects.all().delete()
    for line in again["评分表"].iter_rows(min_row=2):
        if line[1].value in TYPED:
            line[7].value = TYPED[line[1].value][1]
    assert handed_in(client, address, again).status_code == 302
    assert kept(row) == by_page
    assert client.get(f"{address}sign/").status_code == 200
    content = sheet_content(Scorecard.objects.get())
    assert content["answers"]["ob2_2"] == {"late": 1, "lack": 5}
    assert sheet_hash(content) != sheet_hash({**content, "answers": {}})  # what was entered is signed as well


@pytest.mark.django_db
def test_the_packet_carries_what_was_entered_and_a_changed_count_is_named(client, row, place):
    client.force_login(row.expert.user, backend=BACKEND)
    typed = {name: value for entry, _, _ in TYPED.values() for name, value in entry.items()}
    full = {f"p_{one.code}": str(one.points) for one in STANDARD.indicators if one.code not in TYPED}
    client.post(f"/review/score/{row.step.public_id}/", {**full, **typed}, headers={"X-Autosave": "1"})
    worker, at = place.actor("worker"), made.now_of(place)
    with journal.unit_of_work():
        services.scorecard_sign(step_id=row.step_id, actor=place.actor(row.expert.user.username), now=at)
    for other in row.panel.assignments.exclude(pk=row.pk).select_related("case__version", "expert__user"):
        made.sign(place, other)
    with journal.unit_of_work():
        ranking = services.panel_rank(panel_id=row.panel_id, actor=worker, now=at)
    content = packet_of(ranking, office=False)
    assert first_difference(content) == ""
    client.force_login(place.users["worker"], backend=BACKEND)
    assert "迟报 1 次" in client.get(f"/review/panels/{row.panel.public_id}/ranking/packet/").content.decode()
    sheet = next(one for case in content["inputs"]["cases"] for one in case["sheets"] if one.get("answers"))
    sheet["answers"]["ob2_2"]["late"] = 2
    assert "“统领协调”所填内容得 1 分，文件中写的是 1.5 分" in first_difference(content)


WRONG = {
    "ob1_1": ("9", "尚可", "只能是 4.5、3、0 分"),
    "ob2_1": ("多", "多", "数字"),
    "ob2_2": ("-1", "迟到 2", "缺台账|应写成"),
    "ob3_1": ("1", "满意 1", "至少要有 2 票"),
    "plus": ("2.2", "2.2", "0.5 分的整数倍"),
}


@pytest.mark.django_db
def test_both_refuse_what_is_wrong_and_keep_the_rest(client, row):
    client.force_login(row.expert.user, backend=BACKEND)
    address = f"/review/score/{row.step.public_id}/"
    wrong = {next(iter(TYPED[code][0])): typed for code, (typed, _, _) in WRONG.items()}
    answer = client.post(address, {**wrong, "p_ob1_2": "4"}, headers={"X-Autosave": "1"})
    assert answer.status_code == 422
    assert kept(row).keys() == {"ob1_2"}
    page = client.post(address, wrong).content.decode()
    assert page.count("rv-row has-error") == len(WRONG)
    book = fetched(client, address)
    for line in book["评分表"].iter_rows(min_row=2):
        if line[1].value in WRONG:
            line[7].value = WRONG[line[1].value][1]
    answer = handed_in(client, address, book)
    assert answer.status_code == 422
    assert f"{len(WRONG)} 处需要改正" in answer.content.decode()


@given(st.fixed_dictionaries({"late": st.integers(0, 999_999), "lack": st.integers(0, 999_999)}))
def test_counts_go_into_a_cell_and_come_back(counts):
    assert from_cell(FAULTS, in_cell(FAULTS, answering.stored(counts))) == counts


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_a_measured_value_goes_into_a_cell_and_comes_back(value):
    assert from_cell(MEASURED, in_cell(MEASURED, answering.stored(value))) == value


@given(st.text(max_size=40))
def test_any_other_text_is_refused_kindly(text):
    for indicator in (MEASURED, FAULTS, VOTE):
        with suppress(Invalid):  # anything but a sentence for the expert would be a fault of ours
            assert from_cell(indicator, text) is not None
