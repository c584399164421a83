"""What the definition limits: how many one may put forward, the least self-assessment, the superior's points."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import nominations as make
from tests.factories.base import World, world
from tests.factories.schemes import Play

from xianfeng import journal
from xianfeng.cases import services as engine
from xianfeng.cases.models import Case, Step
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Conflict, Invalid
from xianfeng.nominations import queries, services
from xianfeng.programmes import rules
from xianfeng.programmes.definitions import shipped_source
from xianfeng.programmes.services import allotments_set

pytestmark = pytest.mark.django_db


def ruled(**replaced: tuple[str, str]) -> World:
    """The small world under the plan's definition with some words replaced; its examples would come out otherwise."""
    source = shipped_source("zhishui-guanhai-2019").partition("\nexamples:")[0] + "\n"
    for before, after in replaced.values():
        assert before in source
        source = source.replace(before, after, 1)
    return world(source=source)


def limited(limit: str) -> World:
    """A second branch under the station's committee, and a limit on party organisations."""
    made = ruled(limit=("    number_code: DZZ\n", f"    number_code: DZZ\n    {limit}\n"))
    made.organisation("st-second", "party_branch", "示例第二党支部", superior="st-committee", unit="st-unit")
    made.party_nominee("st-second")
    made.user("second_staff", "st-second")
    return made


def consented(made: World, case: Case, score: Decimal | None = None) -> Step:
    with journal.unit_of_work():
        return services.step_endorse(
            step_id=make.open_step(case).pk, opinion="", actor=made.actor("st_superior"), now=make.at(), score=score
        )


def test_a_superior_recommends_no_more_than_it_may() -> None:
    made = limited("most_per_superior: 1")
    first, second = make.submitted(made), make.submitted(made, "st-second", "second_staff")
    consented(made, first)
    with pytest.raises(Conflict, match="每个上级党组织最多推荐 1 个示范党组织，已推荐 1 个"):
        consented(made, second)
    make.submitted(made, "co-branch", "co_staff")  # another superior's


def test_whose_superior_has_none_left_is_told_before_filling_anything_in() -> None:
    made = limited("most_per_superior: 1")
    consented(made, make.submitted(made))
    with pytest.raises(Conflict, match="最多推荐 1 个示范党组织，已达上限"):
        make.started(made, "st-second", "second_staff")


def allot(made: World, who: str, number: int) -> None:
    with journal.unit_of_work():
        allotments_set(
            round_id=made.round.pk, places={(made.organisations[who].pk, "organisation"): number},
            actor=made.actor("worker"), now=make.at(),
        )  # fmt: skip


def test_a_superior_recommends_what_the_rounds_table_gives_it() -> None:
    made = limited("allotted: true")
    with pytest.raises(Conflict, match="分到的示范党组织推荐名额为 0 个"):
        make.started(made)
    allot(made, "st-committee", 1)
    first, second = make.submitted(made), make.submitted(made, "st-second", "second_staff")
    client = Client()
    client.force_login(made.users["st_superior"])
    with clock.frozen(make.at()):
        pages = [client.get(reverse("nominations:endorse", args=[make.open_step(first).public_id]))]
        consented(made, first)
        pages.append(client.get(reverse("nominations:endorse", args=[make.open_step(second).public_id])))
    told = ("您还可推荐 1 个示范党组织", "示范党组织的推荐名额已经用完")
    assert [words in page.content.decode() for words, page in zip(told, pages, strict=True)] == [True, True]
    with pytest.raises(Conflict, match="推荐名额为 1 个，已推荐 1 个"):
        consented(made, second)
    allot(made, "st-committee", 2)
    assert consented(made, second).outcome == "consented"


def test_who_is_not_in_the_table_has_the_number_for_all() -> None:
    made = limited("most_per_superior: 1\n    allotted: true")
    allot(made, "co-committee", 0)
    consented(made, make.submitted(made))
    with pytest.raises(Conflict, match="推荐名额为 1 个"):
        make.started(made, "st-second", "second_staff")
    with pytest.raises(Conflict, match="推荐名额为 0 个"):
        make.started(made, "co-branch", "co_staff")


def test_a_unit_applies_no_more_often_than_it_may_and_a_withdrawal_frees_the_place() -> None:
    made = limited("most_per_unit: 1")
    first = make.started(made)
    with pytest.raises(Conflict, match="每个单位最多申报 1 个示范党组织"):
        make.started(made, "st-second", "second_staff")
    with journal.unit_of_work():
        engine.case_withdraw(case_id=first.pk, actor=made.actor("st_staff"), now=make.at())
    assert make.started(made, "st-second", "second_staff").state == "open"


@pytest.mark.parametrize("limit", ["", "categories_per_nominee: 1\n"])
def test_a_nominee_stands_in_as_many_categories_as_it_may(limit: str) -> None:
    """A company is rated for surveying and for design at once, unless the programme allows one only."""
    source = shipped_source("mwr-credit-2019").replace("tiers:\n", f"{limit}tiers:\n", 1)
    definition = rules.load(source)
    play = Play(definition, source, definition.rounds[0].year)
    nominee = play.nominee(definition.category("survey"))
    play.nominate(nominee, "survey")
    if limit:
        with pytest.raises(Conflict, match="同一申报对象最多申报 1 个类别"):
            play.nominate(nominee, "design")
    else:
        assert play.nominate(nominee, "design").category == "design"


def test_a_self_assessment_below_the_programmes_least_is_not_submitted() -> None:
    made = ruled(floor=("floors: { total: 60,", "floors: { self_total: 90, total: 60,"))
    case = make.filled(made)
    first = queries.standard_of(case).indicators[:3]
    with journal.unit_of_work():
        services.assessment_save(
            case_id=case.pk, scores={one.code: (Decimal(0), "") for one in first}, actor=made.actor("st_staff"),
            now=make.at(),
        )  # fmt: skip
    with pytest.raises(Invalid, match=r"须达到 90 分才能提交"), journal.unit_of_work():
        services.assessment_submit(step_id=make.open_step(case).pk, actor=made.actor("st_staff"), now=make.at())


def test_the_superiors_points_are_asked_for_where_they_count_and_kept_with_its_consent() -> None:
    made = ruled(weights=("superior: 0, panel: 100,", "superior: 20, panel: 80,"))
    case = make.submitted(made)
    for given, told in ((None, "请填写上级评分"), (Decimal(101), "0 与 100 分之间"), (Decimal("0.00001"), "4 位小数")):
        with pytest.raises(Invalid, match=told):
            consented(made, case, score=given)
    assert consented(made, case, score=Decimal("88.5")).detail["score"] == "88.5"


def test_where_they_do_not_count_they_are_not_kept() -> None:
    made = world()
    assert "score" not in consented(made, make.submitted(made), score=Decimal(88)).detail
