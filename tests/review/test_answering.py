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
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Invalid
from xianfeng.programmes import rules
from xianfeng.review import answering
from xianfeng.review.models import Assignment, Mark

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
STANDARD = rules.load(made.all_kinds()).standard("organisation", "members")
MEASURED, FAULTS, VOTE = (STANDARD.indicator(code) for code in ("ob2_1", "ob2_2", "ob3_1"))


@pytest.fixture
def row():
    place = world(source=made.all_kinds())
    made.organisations_at_panel(place, 1)
    made.experts(place, 3)
    with clock.frozen(made.now_of(place)):
        yield made.panel(place).assignments.select_related("expert__user", "step", "case__version").first()


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


@pytest.mark.django_db(transaction=True)
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


WRONG = {
    "ob1_1": ("9", "尚可", "只能是 4.5、3、0 分"),
    "ob2_1": ("多", "多", "数字"),
    "ob2_2": ("-1", "迟到 2", "缺台账|应写成"),
    "ob3_1": ("1", "满意 1", "至少要有 2 票"),
    "plus": ("2.2", "2.2", "0.5 分的整数倍"),
}


@pytest.mark.django_db(transaction=True)
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
    assert answering.from_cell(FAULTS, answering.in_cell(FAULTS, answering.stored(counts))) == counts


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_a_measured_value_goes_into_a_cell_and_comes_back(value):
    assert answering.from_cell(MEASURED, answering.in_cell(MEASURED, answering.stored(value))) == value


@given(st.text(max_size=40))
def test_any_other_text_is_refused_kindly(text):
    for indicator in (MEASURED, FAULTS, VOTE):
        with suppress(Invalid):  # anything but a sentence for the expert would be a fault of ours
            assert answering.from_cell(indicator, text) is not None
