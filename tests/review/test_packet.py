"""The decision packet of a ranking on record: handed out, read, recomputed from its file alone; who may read what."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.factories import packets
from tests.factories import review as made
from tests.factories.base import World
from tests.programmes.rules.making import shipped
from xianfeng import journal
from xianfeng.config.cli import main
from xianfeng.journal.models import Entry
from xianfeng.journal.queries import leaf_of
from xianfeng.kernel.canonical import canonical_bytes, sha256_hex
from xianfeng.review import packet, services
from xianfeng.review.models import Panel, Ranking
from xianfeng.review.rules import packet as rules
from xianfeng.review.rules.again import first_difference
from xianfeng.review.rules.official import standard_of

REASON = "与该公司负责人有亲属关系"


def ranked(place: World, count: int = 2) -> tuple[Panel, Ranking]:
    """So many cases ranked, one of whose experts recused."""
    cases = made.organisations_at_panel(place, count)
    made.experts(place, 4)
    panel = made.panel(place)
    row = panel.assignments.select_related("expert__user").order_by("id").first()
    assert row
    with journal.unit_of_work():
        services.expert_recuse(
            step_id=row.step_id, reason=REASON, actor=place.actor(row.expert.user.username), now=made.now_of(place)
        )
    made.sign_all(place, panel, {one.pk: str(at) for at, one in enumerate(cases)})
    with journal.unit_of_work():
        ranking = services.panel_rank(panel_id=panel.pk, actor=place.actor("worker"), now=made.now_of(place))
    return panel, ranking


@pytest.mark.django_db
def test_the_file_gives_the_ranking_again_and_the_record_vouches_for_it(
    place, tmp_path, capsys, django_assert_num_queries
):
    panel, ranking = ranked(place)
    office, others = packet.packet_bytes(ranking, office=True), packet.packet_bytes(ranking, office=False)
    file = tmp_path / "packet.json"
    file.write_bytes(office)
    assert office == packet.packet_bytes(ranking, office=True)
    with django_assert_num_queries(0):
        assert main(["review", "recompute", str(file)]) == 0
    assert "重算一致" in capsys.readouterr().out
    content = json.loads(office)
    assert canonical_bytes(rules.ranked(content["inputs"])) == canonical_bytes(content["ranking"]["rows"])
    assert content["inputs"]["cases"][0]["self_marks"]
    data = leaf_of(Entry.objects.get(event="review:panel:ranked"))["data"]
    assert data["inputs"] == sha256_hex(canonical_bytes(content["inputs"])) == content["inputs_sha256"]
    assert data["result"] == content["ranking"]["result"]
    # who decides gets it without reasons, and nobody gets a name
    assert REASON in office.decode()
    assert REASON not in others.decode()
    assert first_difference(json.loads(others)) == ""
    for one in panel.assignments.select_related("expert__user"):
        assert one.expert.user.name not in office.decode()
        assert one.expert.public_id not in others.decode()
    content["office_only"]["reasons"][0]["reason"] = "出差"
    assert "事由与冻结时的承诺值不符" in first_difference(content)


@pytest.mark.django_db
def test_a_row_changed_in_the_database_is_noticed_and_named(place):
    _, ranking = ranked(place)
    ranking.rows.filter(rank=2).update(score=Decimal("99.5"))
    said = first_difference(json.loads(packet.packet_bytes(ranking, office=True)))
    assert said == "第 2 行“示例第2水利公司党支部”的总分：重算为 99，文件中为 99.5。"


@pytest.mark.django_db
def test_the_packet_is_read_printed_and_downloaded(client, place):
    panel, _ = ranked(place)
    client.force_login(place.users["leader"], backend="allauth.account.auth_backends.AuthenticationBackend")
    text = client.get(f"/review/panels/{panel.public_id}/ranking/packet/").content.decode()
    assert "逐位一致" in text
    assert "事由不公开" in text
    assert REASON not in text
    assert "达到要求的只有 2 个，名额空余 3 个，不再使用。" in text
    pdf = client.get(f"/review/panels/{panel.public_id}/ranking/packet.pdf")
    assert pdf.content.startswith(b"%PDF")
    file = client.get(f"/review/panels/{panel.public_id}/ranking/packet.json")
    assert first_difference(json.loads(file.content)) == ""


# --- a file, and nothing but a file -----------------------------------------------------------------------------------


def whole(steps: str = "0.5", count: int = 7) -> dict[str, Any]:
    """A packet of the plan's programme, each case a little less than the one before; five places."""
    definition = shipped()
    standard = definition.standard("organisation", "stations")
    full: dict[str, str | None] = {one.code: str(one.points) for one in standard.indicators}
    first = standard.indicators[0]
    cases = []
    for number in range(count):
        marks = {**full, first.code: str(first.points - Decimal(steps) * number)}
        cases.append(packets.case(definition, number, "organisation", "stations", [marks] * 3, self_marks=full))
    return packets.sealed(packets.inputs(definition, cases, tier="tier1", year=2019))


def swap_two_marks(content: dict[str, Any]) -> None:
    marks = content["inputs"]["cases"][2]["sheets"][1]["marks"]
    second, first = list(marks)[1:3]
    marks[first][0], marks[second][0] = str(Decimal(marks[first][0]) - 1), str(Decimal(marks[second][0]) + 1)


def lower_a_mark(content: dict[str, Any]) -> None:
    marks = content["inputs"]["cases"][6]["sheets"][0]["marks"]
    code = list(marks)[5]
    marks[code][0] = str(Decimal(marks[code][0]) - 1)


def lower_a_mark_and_its_sheet(content: dict[str, Any]) -> None:
    sheet = content["inputs"]["cases"][6]["sheets"][0]
    lower_a_mark(content)
    sheet["total"] = str(Decimal(sheet["total"]) - 1)
    sheet["hash"] = rules.sheet_hash(sheet)


def swap_ranks(content: dict[str, Any]) -> None:
    rows = content["ranking"]["rows"]
    rows[4]["rank"], rows[5]["rank"] = rows[5]["rank"], rows[4]["rank"]


def widen_the_quota(content: dict[str, Any]) -> None:
    content["inputs"]["places"]["quota"] += 1


def carry_a_place_over(content: dict[str, Any]) -> None:
    content["inputs"]["places"]["carried"] += 1


def rename(content: dict[str, Any]) -> None:
    content["inputs"]["cases"][0]["unit"] = "另一家公司"


def softer_definition(content: dict[str, Any]) -> None:
    (definition,) = content["inputs"]["definitions"].values()
    definition["scoring"]["floors"] = {"total": "1"}


def other_moment(content: dict[str, Any]) -> None:
    content["ranking"]["computed_at"] = "2019-11-21T02:00:00+00:00"


def other_advice(content: dict[str, Any]) -> None:
    content["advice"]["decisive"]["gap"] = "9"


TAMPERED = [
    (lower_a_mark, r"示例6”专家 A的评分表：各项合计为 96 分，文件中写的是 97 分"),
    (swap_two_marks, r"示例2”专家 B的评分表：内容与签名时的摘要不符|示例2”专家 B的评分表：“"),
    (lower_a_mark_and_its_sheet, r"示例6”的总分：重算为 96.67，文件中为 97"),
    (swap_ranks, r"第 5 行“示例4”的名次：重算为 5，文件中为 6"),
    (widen_the_quota, r"名额：创建活动定义中为 5 个，文件中为 6 个"),
    (carry_a_place_over, r"第 6 行“示例5”的结果：重算为 inside，文件中为 outside"),
    (rename, r"评审输入与冻结时的摘要不符"),
    (softer_definition, r"创建活动定义与指纹"),
    (other_moment, r"决策包与下载时的摘要不符"),
    (other_advice, r"“什么会改变结果”与重算不符"),
]


def test_the_first_difference_is_named(tmp_path, capsys):
    made_whole, file = json.dumps(whole()), tmp_path / "packet.json"
    file.write_text(made_whole)
    assert main(["review", "recompute", str(file)]) == 0
    for tamper, said in TAMPERED:
        content = json.loads(made_whole)
        tamper(content)
        file.write_text(json.dumps(content))
        assert main(["review", "recompute", str(file)]) == 1
        assert re.search(said, capsys.readouterr().err), tamper.__name__


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "xianfeng-decision-packet/2"}', "{{"])
def test_what_is_no_packet_is_refused(tmp_path, text, capsys):
    file = tmp_path / "packet.json"
    file.write_text(text)
    assert main(["review", "recompute", str(file)]) == 1
    assert capsys.readouterr().err


def test_a_file_that_is_not_there_is_said_so(capsys):
    assert main(["review", "recompute", str(Path("/nowhere/packet.json"))]) == 1
    assert "读不到文件" in capsys.readouterr().err


def test_what_decides_the_last_place_is_the_least_change():
    content = whole()
    inputs, found = content["inputs"], content["advice"]["decisive"]
    assert found["gap"] == "0.5"
    before = {one["case"] for one in content["ranking"]["rows"] if one["inside"]}
    case = next(one for one in inputs["cases"] if one["name"] == found["mark"]["case"])
    sheet = next(one for one in case["sheets"] if one["key"] == found["mark"]["key"])
    titles = {one.title: one.code for one in standard_of(inputs, case).indicators}
    sheet["marks"][titles[found["mark"]["indicator"]]][0] = found["mark"]["to"]
    assert {one["case"] for one in rules.ranked(inputs) if one["inside"]} != before
