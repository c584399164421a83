"""Who may review what: draws made again, limits per institution, aims, former employers, rotation."""

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest

from tests.factories import review as made
from tests.factories.base import World, world
from xianfeng import journal
from xianfeng.cases.models import Case
from xianfeng.config import cli
from xianfeng.journal.models import Entry
from xianfeng.journal.queries import leaf_of
from xianfeng.kernel.errors import Conflict, Invalid, NotPermitted
from xianfeng.nominations.models import SelfAssessment, SelfScore
from xianfeng.programmes.models import Round
from xianfeng.programmes.rules.schema.scoring import Recusal
from xianfeng.review import services
from xianfeng.review.models import Assignment, Draw, Expert, Panel
from xianfeng.review.rules import allotment
from xianfeng.review.rules.conflicts import ExpertTies, NomineeTies, caution, conflict
from xianfeng.review.services.allotting import replay
from xianfeng.review.ties import conflicts

pytestmark = pytest.mark.django_db


def change(place: World, panel: Panel, **aims: Any) -> None:
    with journal.unit_of_work():
        services.panel_change(panel_id=panel.pk, actor=place.actor("worker"), now=made.now_of(place), **aims)


def draw(place: World, panel: Panel) -> list[Assignment]:
    with journal.unit_of_work():
        return services.panel_draw(panel_id=panel.pk, actor=place.actor("worker"), now=made.now_of(place))


def employ(place: World, expert: Expert, organisation: str = "", until: date | None = None, name: str = "") -> None:
    with journal.unit_of_work():
        services.employment_add(
            expert_id=expert.pk, organisation_id=place.organisations[organisation].pk if organisation else None,
            name=name, since=date(2010, 1, 1), until=until, actor=place.actor("worker"), now=made.now_of(place),
        )  # fmt: skip


def test_a_draw_is_made_again_from_its_record_and_a_changed_one_is_noticed(place):
    made.organisations_at_panel(place, 4)
    made.experts(place, 6)
    panel = made.panel(place)
    row = panel.assignments.select_related("expert__user").first()
    assert row
    with journal.unit_of_work():
        services.expert_recuse(
            step_id=row.step_id, reason="师生关系", actor=place.actor(row.expert.user.username), now=made.now_of(place)
        )
    draws = list(Draw.objects.all())
    assert [one.cause for one in draws] == ["draw", "top_up"]
    assert all(replay(one) for one in draws)
    draws[0].pairs = draws[0].pairs[:-1]
    assert not replay(draws[0])
    assert "每位专家 2 至 2 件" in draws[0].report["said"]


def test_a_cap_for_one_institution_holds_in_the_draw_by_hand_and_in_a_top_up(place):
    cases = made.organisations_at_panel(place, 3)
    found = made.experts(place, 5)
    for number, one in enumerate(found):
        Expert.objects.filter(pk=one.pk).update(employer_name="甲大学" if number < 2 else f"第{number}设计院")
    panel = made.panel(place, drawn=False)
    change(place, panel, objective="chance", institution_cap=1)
    draw(place, panel)
    for case in cases:
        names = Counter(panel.assignments.filter(case=case).values_list("expert__employer_name", flat=True))
        assert max(names.values()) == 1
        assert sum(names.values()) == 3
    assert replay(Draw.objects.get())
    seat = panel.assignments.filter(expert__employer_name="甲大学").first()
    assert seat
    other = next(one for one in found[:2] if one.pk != seat.expert_id)
    with pytest.raises(Conflict, match="已有 1 位专家来自“甲大学”"), journal.unit_of_work():
        services.assignment_add(
            panel_id=panel.pk, case_id=seat.case_id, expert_id=other.pk, actor=place.actor("worker"),
            now=made.now_of(place),
        )  # fmt: skip


def test_too_tight_a_cap_names_who_starves_and_what_would_help(place):
    made.organisations_at_panel(place, 2)
    made.experts(place, 4)
    panel = made.panel(place, drawn=False)
    change(place, panel, institution_cap=1)
    with pytest.raises(Conflict, match=r"专家不够，无法抽取.*缺 \d 位.*上限") as error:
        draw(place, panel)
    assert error.value.hint
    assert not Draw.objects.exists()


@pytest.mark.parametrize("objective", ["total", "fair"])
def test_matching_fields_come_first_where_the_panel_aims_at_them(place, objective):
    made.organisations_at_panel(place, 2)
    found = made.experts(place, 6, max_load=2)
    for one in found:
        Expert.objects.filter(pk=one.pk).update(fields=["党建"] if one.pk in {x.pk for x in found[:3]} else ["钢琴"])
    panel = made.panel(place, drawn=False)
    change(place, panel, objective=objective, least_load=0)
    draw(place, panel)
    report = Draw.objects.get().report
    assert report["objective"] == objective
    assert float(report["total"]) <= float(report["bound"]) + 1e-6
    assert replay(Draw.objects.get())
    # loads stay even first: everybody gets one before anybody gets two
    assert set(Counter(panel.assignments.values_list("expert_id", flat=True)).values()) == {1}


def test_a_locked_pair_stays_and_counts_when_a_late_case_joins(place):
    made.organisations_at_panel(place, 2)
    made.experts(place, 5)
    panel = made.panel(place)
    before = set(panel.assignments.values_list("case_id", "expert_id"))
    made.sign_all(place, panel)
    place.organisation("unit9", "company", "示例迟到公司")
    place.organisation("party9", "party_branch", "示例迟到公司党支部", superior="top", unit="unit9")
    late = made.at_panel(place, place.party_nominee("party9"), "organisation")
    change(place, panel, institution_cap=3)
    draw(place, panel)
    after = set(panel.assignments.values_list("case_id", "expert_id"))
    assert before <= after
    assert len([pair for pair in after if pair[0] == late.pk]) == 3
    for row in panel.assignments.filter(case=late).select_related("expert__user", "case__version"):
        made.sign(place, row)
    with journal.unit_of_work():
        ranking = services.panel_rank(panel_id=panel.pk, actor=place.actor("worker"), now=made.now_of(place))
    assert ranking.rows.count() == 3


def test_a_former_employer_counts_for_the_years_the_definition_says():
    place = world(source=made.ruled("recusal: { former_employer_years: 2 }"))
    cases = made.organisations_at_panel(place, 1)
    found = made.experts(place, 5)
    employ(place, found[0], "unit1", until=date(2018, 6, 30))
    employ(place, found[1], "unit1", until=date(2012, 6, 30))
    employ(place, found[2], name="示例第1水利公司", until=date(2019, 1, 31))
    panel = made.panel(place, drawn=False)

    def add(expert: Expert) -> Assignment:
        with journal.unit_of_work():
            return services.assignment_add(
                panel_id=panel.pk, case_id=cases[0].pk, expert_id=expert.pk, actor=place.actor("worker"),
                now=made.now_of(place),
            )  # fmt: skip

    with pytest.raises(Conflict, match="2 年内曾在申报对象所在单位“示例第1水利公司”工作"):
        add(found[0])
    with pytest.raises(Conflict, match="2 年内曾在申报对象所在单位"):
        add(found[2])
    assert add(found[1]).state == "active"
    employ(place, found[3], "unit1")  # still there
    with pytest.raises(Conflict, match="同属“示例第1水利公司”"):
        add(found[3])


def test_an_expert_named_in_the_file_is_kept_apart_and_a_short_name_only_warns(place):
    cases = made.organisations_at_panel(place, 1)
    found = made.experts(place, 4)
    assessment = SelfAssessment.objects.get(case=cases[0])
    SelfScore.objects.create(assessment=assessment, indicator="x", note=f"由{found[0].user.name}指导完成")
    panel = made.panel(place)
    assert not panel.assignments.filter(expert=found[0]).exists()
    short, file = ExpertTies(name="高峰"), NomineeTies(unit=1, party=2, text="保障汛期高峰")
    assert conflict(Recusal(), short, file, date(2019, 11, 5)) == ""
    assert "姓名相同" in caution(Recusal(), short, file)


def test_rotation_looks_back_as_many_rounds_as_the_definition_says():
    place = world(source=made.ruled("recusal: { rotation_rounds: 2, rotation: bar }"))
    (case,) = made.organisations_at_panel(place, 1)
    found = made.experts(place, 6)
    first = made.panel(place)
    made.sign_all(place, first)
    who = set(first.assignments.values_list("expert_id", flat=True))
    for year, barred in ((2020, who), (2021, who), (2022, set())):
        row = Round(programme=place.programme, version=place.version, year=year, title=f"{year}")
        row.opened_at = made.now_of(place)
        row.save()
        again = Case.objects.select_related("version", "nominee").get(pk=case.pk)
        again.round = row
        assert {expert for _, expert in conflicts([again], found, date(2019, 11, 5))} == barred, year


def test_a_pair_to_avoid_is_drawn_only_when_nobody_else_is_left():
    given: dict[str, Any] = {
        "objective": "chance", "seed": "a", "need": {"c": 2}, "capacity": {"e1": 5, "e2": 5, "e3": 5},
        "load": {}, "apart": [], "avoid": [["c", "e1"]], "seated": {}, "institution": {}, "cap": None,
        "least_load": 0, "match": {},
    }  # fmt: skip
    assert allotment.allot(given).pairs == (("c", "e2"), ("c", "e3"))
    assert ("c", "e1") not in allotment.allot({**given, "cap": 2}).pairs
    tight = {**given, "apart": [["c", "e3"]]}
    assert allotment.allot(tight).pairs == (("c", "e1"), ("c", "e2"))
    assert allotment.allot({**tight, "cap": 2}).pairs == (("c", "e1"), ("c", "e2"))


def test_an_absent_expert_is_not_drawn_and_describes_that_alone(place):
    made.organisations_at_panel(place, 1)
    found = made.experts(place, 4)
    own, stranger, at = place.actor("expert1"), place.actor("expert2"), made.now_of(place)
    with pytest.raises(NotPermitted), journal.unit_of_work():
        services.expert_describe(expert_id=found[0].pk, fields=[], max_load=3, actor=stranger, now=at)
    with pytest.raises(Invalid, match="颠倒"), journal.unit_of_work():
        services.expert_describe(
            expert_id=found[0].pk, fields=[], max_load=3, away_since=date(2019, 12, 1), away_until=date(2019, 11, 1),
            actor=own, now=at,
        )  # fmt: skip
    with journal.unit_of_work():
        services.expert_describe(
            expert_id=found[0].pk, fields=["水利工程"], max_load=3, away_since=at.date(), actor=own, now=at
        )
    assert not made.panel(place).assignments.filter(expert=found[0]).exists()


def test_anybody_draws_again_from_the_file_and_a_changed_one_is_named(client, place, tmp_path, capsys):
    made.organisations_at_panel(place, 3)
    made.experts(place, 6)
    panel = made.panel(place)
    row = panel.assignments.select_related("expert__user").first()
    assert row
    with journal.unit_of_work():
        services.expert_recuse(
            step_id=row.step_id, reason="师生关系", actor=place.actor(row.expert.user.username), now=made.now_of(place)
        )
    client.force_login(place.users["worker"], backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(f"/review/panels/{panel.public_id}/draws.json")
    text = answer.content.decode()
    assert "师生" not in text
    assert "示例expert" not in text
    file = tmp_path / "draws.json"
    file.write_text(text)
    assert cli.main(["review", "redraw", str(file)]) == 0
    assert "重演 2 次抽取，结果逐对一致" in capsys.readouterr().out
    content = json.loads(text)
    leaf = leaf_of(Entry.objects.get(event="review:assignment:topped_up"))["data"]
    assert leaf["inputs"] == content["draws"][1]["inputs_sha256"]  # what the record itself committed to
    for change, said in (
        (lambda one: one["pairs"].pop(), "结果与记录的摘要不符"),
        (lambda one: one["inputs"].update(seed="b2"), "输入与记录的摘要不符"),
    ):
        changed = json.loads(text)
        change(changed["draws"][0])
        file.write_text(json.dumps(changed))
        assert cli.main(["review", "redraw", str(file)]) == 1
        assert f"第 1 次抽取：{said}" in capsys.readouterr().err
    honest = json.loads(text)["draws"][0]
    forged = allotment.record({"inputs": {**honest["inputs"], "seed": "b2"}, "pairs": honest["pairs"]})
    assert "重演抽到" in allotment.difference(forged)
