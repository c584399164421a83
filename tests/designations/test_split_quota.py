"""A quota split by applicant group, from the ranking to the title: each group has its own order, line and reserve."""

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.factories import designations as acts
from tests.factories import review as panels
from tests.factories.base import World, world

from xianfeng.cases import places
from xianfeng.cases.models import Case
from xianfeng.designations import queries, services
from xianfeng.designations.models import Designation
from xianfeng.designations.services import Line
from xianfeng.kernel.errors import Conflict, Invalid
from xianfeng.nominations.eligibility import ineligible
from xianfeng.programmes.definitions import shipped_source
from xianfeng.programmes.queries import quota_table
from xianfeng.reports.queries import overview
from xianfeng.review import packet, result
from xianfeng.review import services as review
from xianfeng.review.exports import ranking_book
from xianfeng.review.models import Ranking
from xianfeng.review.rules.again import first_difference

pytestmark = pytest.mark.django_db
SPLIT = "{ organisation: { stations: 2, members: 1 } }"


def split_source(split: str = SPLIT) -> str:
    """The shipped programme, in 2019 three places for organisations: two for stations, one for members."""
    source = shipped_source("zhishui-guanhai-2019")
    for old, new in (
        ("tier1: { organisation: 5, service_point: 5, post: 5 }",
         "tier1: { organisation: 3, service_point: 5, post: 5 }"),
        ("tier2: { organisation: 2, service_point: 2, post: 2 }\n    stages:\n      create: { since: 2019-03-01",
         f"tier2: {{ organisation: 2, service_point: 2, post: 2 }}\n    group_quotas:\n      tier1: {split}\n"
         "    stages:\n      create: { since: 2019-03-01"),
        ("result: { kind: quota, margin: 1, reserve: 0, unused: lapse }",
         "result: { kind: quota, margin: 1, reserve: 1, unused: other_category, over_by: 1 }"),
    ):  # fmt: skip
        assert old in source, old
        source = source.replace(old, new)
    return source


def organisation(w: World, number: int, kind: str) -> Case:
    w.organisation(f"unit{number}", kind, f"示例第{number}单位")
    w.organisation(f"party{number}", "party_branch", f"示例第{number}支部", superior="top", unit=f"unit{number}")
    return panels.at_panel(w, w.party_nominee(f"party{number}"), "organisation")


def ranked(stations: int = 4, members: int = 3, split: str = SPLIT) -> tuple[World, list[Case], list[Case], Ranking]:
    """Two fields ranked by one panel; every member scores below every station."""
    w = world(source=split_source(split))
    kinds = ["station"] * stations + ["company"] * members
    cases = [organisation(w, number, kind) for number, kind in enumerate(kinds, start=1)]
    panels.experts(w, 3)
    panel = panels.panel(w)
    panels.sign_all(w, panel, {one.pk: f"{at * 0.5}" for at, one in enumerate(cases)})
    with acts.at(panels.now_of(w)) as now:
        ranking = review.panel_rank(panel_id=panel.pk, actor=w.actor("worker"), now=now)
    return w, cases[:stations], cases[stations:], ranking


def meet(w: World, lines: list[Line], **more: str):
    with acts.at(acts.moment()) as now:
        return services.decision_record(
            round_id=w.round.pk, tier="tier1", items=lines, meeting_on=acts.MEETING, document_no="示例〔2019〕12号",
            present=9, members=9, actor=w.actor("leader"), now=now, **more,
        )  # fmt: skip


def said(case: Case, outcome: str = "approved") -> Line:
    return Line(case.pk, outcome, *((2, 6) if outcome == "rejected" else (8, 1)))


def stands(ranking: Ranking, cases: list[Case]) -> list[tuple[int, str]]:
    rows = {row.case_id: (row.rank, row.standing) for row in ranking.rows.all()}
    return [rows[one.pk] for one in cases]


def test_each_group_is_ranked_against_its_own_and_the_packet_comes_out_again():
    _, stations, members, ranking = ranked()
    assert ranking.places == 3
    assert stands(ranking, stations) == [(1, "inside"), (2, "inside"), (3, "reserve"), (4, "outside")]
    assert stands(ranking, members) == [(1, "inside"), (2, "reserve"), (3, "outside")]
    content = json.loads(packet.packet_bytes(ranking, office=True))
    assert [(one["group"], one["quota"]) for one in content["inputs"]["places"]] == [("stations", 2), ("members", 1)]
    assert first_difference(content) == ""
    content["inputs"]["places"][1]["quota"] = 2
    assert "名额：创建活动定义中为 1 个，文件中为 2 个" in first_difference(content)
    drawn = result.result(ranking)
    assert [(one.title, one.line.places, len(one.places)) for one in drawn.fields] == [
        ("安质监站", 2, 4), ("协会会员单位", 1, 3)
    ]  # fmt: skip
    assert [sum(one.cut_after for one in field.places) for field in drawn.fields] == [1, 1]
    assert ranking_book(drawn)


def test_chances_of_a_place_are_those_within_the_group():
    _, stations, members, ranking = ranked()
    fit = ranking.advice["fit"]["cases"]
    for field, number in ((stations, 2), (members, 1)):
        chances = [float(fit[one.public_id]["p"]) for one in field]
        assert sum(chances) == pytest.approx(number, abs=0.01)
        assert max(fit[one.public_id]["worst"] for one in field) <= len(field)


def test_the_packet_page_and_the_ranking_page_show_both_groups(client):
    w, _, _, ranking = ranked()
    client.force_login(w.users["worker"])
    base = f"/review/panels/{ranking.panel.public_id}/"
    page = client.get(f"{base}ranking/").content.decode()
    assert page.count("入围线</b>") == 2
    assert "名额 3 个，参评 7 个" in page
    assert "评分分布与入围线：协会会员单位" in page
    assert "3 个（安质监站 2 个，协会会员单位 1 个）" in client.get(f"{base}ranking/packet/").content.decode()


def test_a_meeting_gives_each_group_its_own_places():
    w, stations, members, _ = ranked()
    assert [one.key for one in queries.quota_table(w.round) if one.tier == "tier1"] == [
        "organisation/stations", "organisation/members", "service_point", "post"
    ]  # fmt: skip
    approved = [said(one) for one in (*stations[:2], members[0])]
    with pytest.raises(Conflict, match="协会会员单位）名额 1 个，拟命名 2 个：超出名额的，应说明理由"):
        meet(w, [*approved, said(members[1])])
    with pytest.raises(Invalid, match="协会会员单位）还有 1 个空余名额"):
        meet(w, [said(stations[0]), said(stations[1]), said(members[0], "reserve")])
    meet(w, [*approved, said(stations[2], "reserve"), said(members[1], "reserve")])
    laid = queries.table(w.round, "tier1")
    assert laid.reserve == {stations[2].pk: 1, members[1].pk: 1}
    assert (laid.rooms["organisation/stations"].left, laid.rooms["organisation/members"].left) == (0, 0)
    taken = places.taken(w.round)
    assert (taken["tier1", "organisation/stations"], taken["tier1", "organisation/members"]) == (2, 1)


def test_more_than_the_groups_places_takes_the_recorded_act_of_overrun():
    w, stations, members, _ = ranked()
    lines = [said(one) for one in (*stations[:2], *members[:2])]
    with pytest.raises(Invalid, match="应经批准"):
        meet(w, lines, over_reason="会员单位成绩突出。")
    decision = meet(w, lines, over_reason="会员单位成绩突出。", over_approval="示例〔2019〕5号")
    assert (decision.over_reason, decision.items.filter(result="approved").count()) == ("会员单位成绩突出。", 4)


def test_what_one_group_leaves_unused_goes_to_no_other():
    w, stations, _, ranking = ranked(members=0)
    assert stands(ranking, stations) == [(1, "inside"), (2, "inside"), (3, "reserve"), (4, "outside")]
    found = places.places(w.round, "tier1")
    assert found["organisation/stations"].total == 2
    assert (found["post"].received, found["service_point"].received) == (0, 0)
    with pytest.raises(Conflict, match="安质监站）名额 2 个，拟命名 4 个"):
        meet(w, [said(one) for one in stations])


def test_a_group_without_places_cannot_nominate():
    w = world(source=split_source("{ organisation: { stations: 3 } }"))
    category = w.round.version.definition.category("organisation")
    for code, group, refused in (("st-branch", "stations", False), ("co-branch", "members", True)):
        nominee = w.nominees.get(code) or w.party_nominee(code)
        found = ineligible(w.round.version.definition, 2019, category, nominee, group, acts.MEETING)
        assert ("本批次该类别没有名额" in found) is refused


def test_from_the_decision_to_the_title_the_reserve_moves_up_within_its_group():
    w, stations, members, _ = ranked()
    approved = [*stations[:2], members[0]]
    meet(w, [*map(said, approved), said(stations[2], "reserve"), said(members[1], "reserve")])
    with acts.at(acts.moment(acts.MEETING + timedelta(days=1))) as now:
        services.candidate_drop(case_id=members[0].pk, reason="书面放弃。", actor=w.actor("worker"), now=now)
    filling: dict[str, Any] = {
        "round_id": w.round.pk, "tier": "tier1", "meeting_on": acts.MEETING, "document_no": "示例〔2019〕15号",
        "reason": "名额空出。", "actor": w.actor("leader"),
    }  # fmt: skip
    with (
        acts.at(acts.moment(acts.MEETING + timedelta(days=2))) as now,
        pytest.raises(Conflict, match="安质监站）没有空余"),
    ):
        services.reserve_fill(**filling, pool="organisation/stations", now=now)
    with acts.at(acts.moment(acts.MEETING + timedelta(days=2))) as now:
        filled = services.reserve_fill(**filling, pool="organisation/members", now=now)
    assert filled.items.get().case == members[1]
    named = [*stations[:2], members[1]]
    with acts.at(acts.moment(acts.MEETING + timedelta(days=2), 15)) as now:
        notice = services.notice_publish(
            round_id=w.round.pk, tier="tier1", case_ids=[one.pk for one in named], title="关于示范点的公示（示例）",
            contact="示例联系电话 000-0000", actor=w.actor("worker"), now=now,
        )  # fmt: skip
    with acts.at(acts.after_notice(notice)) as now:
        services.notice_close(notice_id=notice.pk, actor=w.actor("worker"), now=now)
    with acts.at(acts.after_notice(notice) + timedelta(hours=1)) as now:
        services.designations_name(
            round_id=w.round.pk, tier="tier1", case_ids=[one.pk for one in named], actor=w.actor("worker"), now=now
        )
    assert list(Designation.objects.order_by("id").values_list("group", flat=True)) == [
        "stations",
        "stations",
        "members",
    ]
    kept = {one.key: (one.total, one.named) for one in queries.quota_table(w.round) if one.tier == "tier1"}
    assert kept["organisation/stations"] == (2, 2)
    assert kept["organisation/members"] == (1, 1)
    cell = next(one for one in overview.quotas(w.round) if one.chosen).places[0]
    assert [one.group_title for one in cell] == ["安质监站", "协会会员单位"]
    assert overview.summed(cell) == (3, 3, 0)


def test_the_rounds_page_says_whose_places_they_are(client):
    w = world(source=split_source())
    _, (first, *_) = quota_table(w.round)
    assert first.cells[0] == (3, "安质监站 2，协会会员单位 1")
    client.force_login(w.users["worker"])
    assert "安质监站 2，协会会员单位 1" in client.get(f"/programmes/rounds/{w.round.public_id}/").content.decode()
