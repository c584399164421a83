"""The decision packet: bit for bit from its file alone, and a changed mark is named."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.factories import review as made
from tests.factories.base import World, world
from xianfeng import journal
from xianfeng.config.cli import main
from xianfeng.kernel import clock
from xianfeng.kernel.canonical import canonical_bytes, sha256_hex
from xianfeng.review import packet, services
from xianfeng.review.models import Panel, Ranking
from xianfeng.review.rules import packet as rules

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "与该公司负责人有亲属关系"


@pytest.fixture
def place():
    found = world()
    with clock.frozen(made.now_of(found)):
        yield found


def ranked(place: World, count: int = 7, steps: str = "0.5", experts: int = 6) -> tuple[Panel, Ranking]:
    cases = made.organisations_at_panel(place, count)
    made.experts(place, experts)
    panel = made.panel(place)
    row = panel.assignments.select_related("expert__user").order_by("id").first()
    assert row
    with journal.unit_of_work():
        services.expert_recuse(
            step_id=row.step_id, reason=REASON, actor=place.actor(row.expert.user.username), now=made.now_of(place)
        )
    made.sign_all(place, panel, {one.pk: str(Decimal(steps) * at) for at, one in enumerate(cases)})
    with journal.unit_of_work():
        ranking = services.panel_rank(panel_id=panel.pk, actor=place.actor("worker"), now=made.now_of(place))
    return panel, ranking


def content_of(ranking: Ranking, *, office: bool = True) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(packet.packet_bytes(ranking, office=office))
    return content


def test_the_file_gives_the_ranking_again_bit_for_bit(place, tmp_path, capsys, django_assert_num_queries):
    _, ranking = ranked(place)
    file = tmp_path / "packet.json"
    file.write_bytes(packet.packet_bytes(ranking, office=True))
    assert file.read_bytes() == packet.packet_bytes(ranking, office=True)
    with django_assert_num_queries(0):
        assert main(["review", "recompute", str(file)]) == 0
    assert "重算一致" in capsys.readouterr().out
    again = rules.ranked(json.loads(file.read_bytes())["inputs"])
    assert canonical_bytes(again) == canonical_bytes(content_of(ranking)["ranking"]["rows"])


def swap_two_marks(content: dict[str, Any]) -> None:
    marks = content["inputs"]["cases"][2]["sheets"][1]["marks"]
    second, first = list(marks)[:2]
    marks[first][0], marks[second][0] = str(Decimal(marks[first][0]) - 1), str(Decimal(marks[second][0]) + 1)


def raise_a_mark(content: dict[str, Any]) -> None:
    marks = content["inputs"]["cases"][6]["sheets"][0]["marks"]
    code = next(iter(marks))
    marks[code][0] = str(Decimal(marks[code][0]) + 1)


def raise_a_mark_and_its_sheet(content: dict[str, Any]) -> None:
    sheet = content["inputs"]["cases"][6]["sheets"][0]
    raise_a_mark(content)
    sheet["total"] = str(Decimal(sheet["total"]) + 1)
    sheet["hash"] = rules.sheet_hash(sheet)


def swap_ranks(content: dict[str, Any]) -> None:
    rows = content["ranking"]["rows"]
    rows[4]["rank"], rows[5]["rank"] = rows[5]["rank"], rows[4]["rank"]


def widen_the_quota(content: dict[str, Any]) -> None:
    content["inputs"]["places"] += 1


def rename(content: dict[str, Any]) -> None:
    content["inputs"]["cases"][0]["unit"] = "另一家公司"


def other_reason(content: dict[str, Any]) -> None:
    content["office_only"]["reasons"][0]["reason"] = "出差"


def softer_definition(content: dict[str, Any]) -> None:
    (definition,) = content["inputs"]["definitions"].values()
    definition["scoring"]["floors"] = {"total": "1"}


TAMPERED = [
    (raise_a_mark, r"第7水利公司党支部”专家 A的评分表：各项合计为 98 分，文件中写的是 97 分"),
    (swap_two_marks, r"第3水利公司党支部”专家 B的评分表：内容与签名时的摘要不符"),
    (raise_a_mark_and_its_sheet, r"第7水利公司党支部”的总分：重算为 97.33，文件中为 97"),
    (swap_ranks, r"第 5 行“示例第5水利公司党支部”的名次：重算为 5，文件中为 6"),
    (widen_the_quota, r"第 6 行“示例第6水利公司党支部”的结果：重算为 inside，文件中为 outside"),
    (rename, r"评审输入与冻结时的摘要不符"),
    (other_reason, r"回避事由与冻结时的承诺值不符"),
    (softer_definition, r"创建活动定义与指纹"),
]


def test_the_first_difference_is_named(place, tmp_path, capsys):
    _, ranking = ranked(place)
    whole = packet.packet_bytes(ranking, office=True)
    file = tmp_path / "packet.json"
    for tamper, said in TAMPERED:
        content = json.loads(whole)
        tamper(content)
        file.write_text(json.dumps(content))
        assert main(["review", "recompute", str(file)]) == 1
        assert re.search(said, capsys.readouterr().err), tamper.__name__


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "xianfeng-decision-packet/1"}', "{{"])
def test_what_is_no_packet_is_refused(tmp_path, text, capsys):
    file = tmp_path / "packet.json"
    file.write_text(text)
    assert main(["review", "recompute", str(file)]) == 1
    assert capsys.readouterr().err


def test_lots_are_part_of_the_packet(place):
    _, ranking = ranked(place, steps="0")
    with journal.unit_of_work():
        services.lots_draw(ranking_id=ranking.pk, actor=place.actor("worker"), now=made.now_of(place))
    ranking.refresh_from_db()
    content = content_of(ranking)
    assert rules.first_difference(content) == ""
    content["ranking"]["lots"]["seed"] = "another"
    assert "名次" in rules.first_difference(content) or "申报" in rules.first_difference(content)


def test_who_decides_gets_it_without_reasons_and_nobody_by_name(place):
    panel, ranking = ranked(place)
    office, others = packet.packet_bytes(ranking, office=True), packet.packet_bytes(ranking, office=False)
    assert REASON in office.decode()
    assert REASON not in others.decode()
    assert rules.first_difference(json.loads(others)) == ""
    for one in panel.assignments.select_related("expert__user"):
        assert one.expert.user.name not in office.decode()
        assert one.expert.public_id not in others.decode()


def test_the_record_holds_the_hash_of_what_was_frozen(place):
    from xianfeng.journal.models import Entry
    from xianfeng.journal.queries import leaf_of

    _, ranking = ranked(place)
    data = leaf_of(Entry.objects.get(event="review:panel:ranked"))["data"]
    content = content_of(ranking)
    assert data["inputs"] == sha256_hex(canonical_bytes(content["inputs"])) == content["inputs_sha256"]
    assert data["result"] == content["ranking"]["result"]


def test_the_packet_is_read_printed_and_downloaded(client, place):
    panel, _ = ranked(place)
    client.force_login(place.users["leader"], backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/review/panels/{panel.public_id}/ranking/packet/")
    text = page.content.decode()
    assert "逐位一致" in text
    assert "事由不公开" in text
    assert REASON not in text
    pdf = client.get(f"/review/panels/{panel.public_id}/ranking/packet.pdf")
    assert pdf.content.startswith(b"%PDF")
    file = client.get(f"/review/panels/{panel.public_id}/ranking/packet.json")
    assert rules.first_difference(json.loads(file.content)) == ""
    assert "什么会改变结果" in client.get(f"/review/panels/{panel.public_id}/ranking/").content.decode()


def test_what_decides_the_last_place_is_the_least_change(place):
    _, ranking = ranked(place, steps="0.5")
    found = ranking.advice["decisive"]
    assert found["gap"] == "0.5"
    assert found["mark"]["out"] or found["mark"]["in"]
    inputs = ranking.inputs
    case = next(one for one in inputs["cases"] if one["name"] == found["mark"]["case"])
    sheet = next(one for one in case["sheets"] if one["key"] == found["mark"]["key"])
    definition = rules.definition_of(inputs)
    titles = {one.title: one.code for one in definition.standard(case["category"], case["group"]).indicators}
    sheet["marks"][titles[found["mark"]["indicator"]]][0] = found["mark"]["to"]
    inside = [one["case"] for one in rules.ranked(inputs) if one["inside"]]
    before = [one.case.public_id for one in ranking.rows.filter(inside=True).select_related("case")]
    assert set(inside) != set(before)


def test_a_file_that_is_not_there_is_said_so(capsys):
    assert main(["review", "recompute", str(Path("/nowhere/packet.json"))]) == 1
    assert "读不到文件" in capsys.readouterr().err
