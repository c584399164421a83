"""Where the total comes from besides the panel: read from the record, frozen, shown; what is missing is named."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.factories import review as made
from tests.factories.base import World, world
from xianfeng import journal
from xianfeng.cases.models import Case, Step
from xianfeng.creation.models import Survey, SurveyAnswer
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Conflict
from xianfeng.nominations.models import GateCheck
from xianfeng.programmes.definitions import shipped_source
from xianfeng.review import packet, services
from xianfeng.review.models import Panel, Ranking, Scorecard
from xianfeng.review.rules.again import first_difference
from xianfeng.ui import navigation

pytestmark = pytest.mark.django_db
PLAIN = "weights: { self: 0, superior: 0, panel: 100, survey: 0 }"
MIXED = "weights: { self: 10, superior: 20, panel: 50, survey: 20 }\n  survey: { least_answers: 3 }"


@pytest.fixture
def place():
    source = shipped_source("zhishui-guanhai-2019").split("\nexamples:")[0].replace(PLAIN, MIXED)
    assert MIXED in source
    found = world(source=source.replace("- { by: self_total }", "- { by: superior_rank }"))
    with clock.frozen(made.now_of(found)):
        yield found


@pytest.fixture
def panel(place: World) -> Panel:
    """Two cases, every sheet signed at 97 points; what else counts is for the tests to add."""
    made.organisations_at_panel(place, 2)
    made.experts(place, 3)
    found = made.panel(place)
    made.sign_all(place, found, dict.fromkeys(Case.objects.values_list("pk", flat=True), "3"))
    return found


def rank(place: World, panel: Panel) -> Ranking:
    with journal.unit_of_work():
        return services.panel_rank(panel_id=panel.pk, actor=place.actor("worker"), now=made.now_of(place))


def endorsed(case: Case, score: str | None, order: int) -> None:
    """What the superior wrote when it consented."""
    step = Step.objects.get(case=case, kind="endorse")
    step.detail = {**step.detail, "rank": order, **({"score": score} if score else {})}
    step.save()


def surveyed(place: World, case: Case, answers: list[int], *, still_open: bool = False) -> Survey:
    now = made.now_of(place)
    row = Survey.objects.create(
        round=place.round, nominee=case.nominee, title="示例满意度调查", opens_at=now - timedelta(days=20),
        closes_at=now + timedelta(days=2 if still_open else -2),
    )  # fmt: skip
    for number, mark in enumerate(answers):
        SurveyAnswer.objects.create(survey=row, satisfaction=mark, answered_at=now, once_key=str(number))
    return row


def test_every_source_is_read_weighed_shown_and_frozen(place, panel, client):
    first, second = Case.objects.order_by("pk")
    for number, case in enumerate((first, second), start=1):
        endorsed(case, "90", number)
        surveyed(place, case, [5, 4])
        surveyed(place, case, [5, 1])  # both surveys of the round count together
    settled = GateCheck(case=first, gate="unit_civilised", state="unproven", sentence="台账上没有", effect="veto")
    settled.accepted_note, settled.checked_at = "见佐证", made.now_of(place)
    settled.save()
    ranking = rank(place, panel)
    rows = list(ranking.rows.select_related("case"))
    # 90 × 10% + 90 × 20% + 97 × 50% + 75 × 20%
    assert [row.score for row in rows] == [Decimal("90.5")] * 2
    assert rows[0].sources == {"self": "90", "superior": "90", "panel": "97", "survey": "75"}
    assert [row.case_id for row in rows] == [first.pk, second.pk]
    assert rows[0].note == "总分同为 90.5 的有 2 个，依次比较上级排序（本件第 1 位）。"
    lines = [f"{one['rule']}：{one['inputs']} → {one['effect']}" for one in rows[0].trace]
    assert "群众测评：非常满意 2 份、满意 1 份、很不满意 1 份；(2 × 100% + 1 × 100%) ÷ 4 × 100 → 75 分" in lines
    assert lines[0].endswith("台账上没有；初审认可 → 符合")
    assert first_difference(json.loads(packet.packet_bytes(ranking, office=True))) == ""
    client.force_login(place.users["leader"], backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/review/panels/{panel.public_id}/ranking/").content.decode()
    assert "自评 90 × 10% + 上级评分 90 × 20% + 专家评审 97 × 50% + 群众测评 75 × 20%" in page
    book = client.get(f"/review/panels/{panel.public_id}/ranking/export/")
    assert book.status_code == 200


def test_what_is_missing_is_named_with_what_to_do_and_nothing_is_ranked(place, panel):
    first, second = Case.objects.order_by("pk")
    endorsed(first, "90", 1)
    surveyed(place, first, [5, 5, 5], still_open=True)
    surveyed(place, second, [5, 5])
    with pytest.raises(Conflict) as caught:
        rank(place, panel)
    said = caught.value
    assert "满意度调查还没有结束：“示例第1水利公司党支部”（已收答卷 3 份）" in said.message
    assert "要计入“上级评分”，还没有这项得分的有：“示例第2水利公司党支部”" in said.message
    assert "要计入“群众测评”，还没有这项得分的有：“示例第2水利公司党支部”（已收答卷 2 份）" in said.message
    assert "请在调查结束" in said.hint
    assert "由上级党组织补齐" in said.hint
    assert "开展调查" in said.hint
    assert not Ranking.objects.exists()
    assert Step.objects.filter(kind="panel", state="open").count() == 2


def test_a_sheet_adds_up_with_the_programmes_cap_on_bonuses():
    capped = made.all_kinds().replace("\nscoring:", "\nscoring:\n  bonus_cap: 1")
    place = world(source=capped)
    with clock.frozen(made.now_of(place)):
        made.organisations_at_panel(place, 1)
        made.experts(place, 3)
        panel = made.panel(place)
        made.sign_all(place, panel)
        ranking = rank(place, panel)
    assert set(Scorecard.objects.values_list("total", flat=True)) == {Decimal(101)}
    assert ranking.rows.get().score == 101
    assert first_difference(json.loads(packet.packet_bytes(ranking, office=True))) == ""


@pytest.mark.parametrize("count", [3, 5])  # from three on the advice is there as well
def test_the_ranking_page_asks_the_same_of_the_database_however_long(
    count, client, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(navigation, "links", lambda *given: [])
    place = world()
    with clock.frozen(made.now_of(place)):
        made.organisations_at_panel(place, count)
        made.experts(place, 3)
        panel = made.panel(place)
        made.sign_all(place, panel)
        rank(place, panel)
        client.force_login(place.users["worker"], backend="allauth.account.auth_backends.AuthenticationBackend")
        address = f"/review/panels/{panel.public_id}/ranking/"
        client.get(address)  # what a process remembers is not asked again
        with django_assert_num_queries(10):
            client.get(address)
