"""Whom a record of the ledger concerns, seen from a nominee."""

from datetime import date

import pytest
from tests.factories.base import SINCE, World, world

from xianfeng.nominations.facts import ledger_facts, particulars
from xianfeng.registry.models import Project, ProjectParty

pytestmark = pytest.mark.django_db
DAY = date(2019, 10, 15)


@pytest.fixture
def base() -> World:
    return world()


@pytest.fixture
def project(base) -> Project:
    """A works project that the station supervises, through its member."""
    row = Project.objects.create(code="P1", name="示例泵站工程")
    ProjectParty.objects.create(
        project=row,
        unit=base.organisations["st-unit"],
        role="supervises",
        member=base.members["st-member"],
        service_point=base.service_points["st-window"],
        since=SINCE,
        until=date(2019, 6, 30),
    )
    return row


def seen(base, nominee, unit="st-unit", on=DAY):
    return [(fact.title, fact.about) for fact in ledger_facts(base.nominees[nominee], base.organisations[unit], on)]


def test_a_record_of_the_unit_and_one_of_the_nominee_are_told_apart(base):
    base.fact("honour", "单位荣誉", date(2019, 1, 1), organisation=base.organisations["st-unit"])
    base.fact("honour", "支部荣誉", date(2019, 2, 1), organisation=base.organisations["st-branch"])
    assert seen(base, "st-branch") == [("单位荣誉", "unit"), ("支部荣誉", "nominee")]


def test_an_accident_on_a_supervised_project_concerns_those_assigned_to_it(base, project):
    base.fact("accident", "事故", date(2019, 5, 1), organisation=base.organisations["co-unit"], project=project)
    base.member("st-other", "st-branch", "st-unit")
    assert seen(base, "st-branch") == [("事故", "project_supervised")]
    assert seen(base, "st-member") == [("事故", "project_supervised")]
    assert seen(base, "st-other") == []


def test_after_its_part_ended_a_project_concerns_it_no_more(base, project):
    base.fact("accident", "事故", date(2019, 7, 1), organisation=base.organisations["co-unit"], project=project)
    assert seen(base, "st-branch") == []


def test_a_members_team_is_the_service_point_named_beside_it(base, project):
    base.fact("honour", "窗口荣誉", date(2019, 3, 1), service_point=base.service_points["st-window"])
    assert ("窗口荣誉", "service_point") in seen(base, "st-member")
    assert seen(base, "st-window") == [("窗口荣誉", "nominee"), ("窗口荣誉", "service_point")]


def test_what_is_unconfirmed_or_later_is_not_known(base):
    base.fact("penalty", "以后", date(2020, 1, 1), organisation=base.organisations["st-unit"])
    row = base.fact("penalty", "传闻", date(2019, 1, 1), organisation=base.organisations["st-unit"])
    row.state = "refuted"
    row.save()
    assert seen(base, "st-branch") == []


def test_particulars_come_from_the_register(base):
    assert particulars(base.nominees["st-window"]).staff == 5
    assert particulars(base.nominees["st-member"]).member_status == "full"
    assert particulars(base.nominees["st-branch"]).organisation_kind == "party_branch"
