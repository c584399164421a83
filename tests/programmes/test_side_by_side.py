"""Two programmes whose bodies are played by different organisations: each office runs its own, reaches nothing of the
other's; pages, lists and tasks speak of one programme at a time."""

from dataclasses import dataclass

import pytest
from django.test import Client
from tests.factories import creation
from tests.factories.base import World, world
from tests.factories.schemes import Play

from xianfeng.cases.models import Case
from xianfeng.designations.models import Designation
from xianfeng.directory.models import User
from xianfeng.directory.queries import actor_for
from xianfeng.kernel import clock
from xianfeng.kernel.errors import UserError
from xianfeng.programmes import queries, rules, services
from xianfeng.programmes.definitions import shipped_source
from xianfeng.programmes.models import Round
from xianfeng.reports.queries import workbench

pytestmark = pytest.mark.django_db

STAR = "zoucheng-star"


@dataclass
class Both:
    """The plan's programme with a plan handed in, beside the stars with a nomination begun."""

    plan: World
    star: Play
    case: Case

    def of(self, play: Play, body: str) -> User:
        """Somebody of a body of the stars' programme."""
        actor = play.body(body)
        assert actor.user_id is not None
        return User.objects.get(pk=actor.user_id)


@pytest.fixture
def both() -> Both:
    made = world()
    creation.submitted_plan(made)
    source = shipped_source(STAR)
    star = Play(rules.load(source), source, 2022)
    category = star.definition.categories[0]
    case = star.nominate(star.nominee(category), category.code)
    clock.set_day(clock.local_day(star.now))
    return Both(made, star, case)


@pytest.fixture
def title(both: Both) -> Designation:
    """The nomination played to its title."""
    both.star.play(both.case)
    clock.set_day(clock.local_day(both.star.now))
    return Designation.objects.get(case=both.case)


def enter(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def acts(row: Round, version: str, body: str) -> list[str]:
    """Addresses of one programme at which only its own bodies act."""
    at = f"?round={row.public_id}"
    stages = [f"/programmes/rounds/{row.public_id}/stages/{one.code}/" for one in row.stages.all()]
    return [
        *stages,
        f"/programmes/rounds/{row.public_id}/close/",
        f"/programmes/bodies/{row.programme.public_id}/{body}/",
        f"/programmes/definitions/{version}/",
        f"/programmes/definitions/{version}/round/",
        f"/review/{at}",
        f"/designations/decisions/{at}",
        f"/designations/naming/{at}",
        f"/designations/annul/{at}",
    ]


def test_neither_office_acts_in_the_others_programme(both: Both) -> None:
    stars, plan = both.star.round, both.plan.round
    offices = {"plan": both.plan.users["officer"], "star": both.of(both.star, "office")}
    theirs = acts(stars, stars.version.public_id, "department")
    ours = acts(plan, plan.version.public_id, "office")
    for name, addresses in (("plan", theirs), ("star", ours)):
        client = enter(offices[name])
        found = {one: client.post(one, {}).status_code for one in addresses}
        assert set(found.values()) <= {403, 404, 405}, found
        found = {one: client.get(one).status_code for one in addresses if "close" not in one}
        assert set(found.values()) <= {403, 404}, found


def test_each_office_does_the_same_in_its_own(both: Both) -> None:
    """The positive control: the same addresses open to whose they are."""
    stars, plan = both.star.round, both.plan.round
    for user, row in ((both.plan.users["officer"], plan), (both.of(both.star, "office"), stars)):
        client = enter(user)
        body = row.version.definition.bodies[0].code
        found = {
            one: client.get(one).status_code
            for one in acts(row, row.version.public_id, body)
            if "close" not in one and "review" not in one
        }
        assert set(found.values()) == {200}, found


def test_each_office_lists_the_definitions_it_may_change(both: Both) -> None:
    stars, plan = both.star.round.programme, both.plan.programme
    for user, own, other in (
        (both.plan.users["officer"], plan, stars),
        (both.of(both.star, "office"), stars, plan),
    ):
        page = enter(user).get("/programmes/definitions/").content.decode()
        assert own.title in page
        assert other.title not in page


def test_services_refuse_across_programmes(both: Both) -> None:
    stars = both.star.body("office")
    stage = both.plan.round.stages.all()[0]
    with pytest.raises(UserError, match="您不在其中"):
        services.round_close(round_id=both.plan.round.pk, actor=stars, now=clock.now())
    with pytest.raises(UserError, match="您不在其中"):
        services.round_stage_move(
            stage_id=stage.pk, starts_on=stage.starts_on, ends_on=stage.ends_on, reason="试", actor=stars,
            now=clock.now(),
        )  # fmt: skip
    officer = both.plan.actor("officer", clock.today())
    with pytest.raises(UserError, match="您不在其中"):
        services.round_open(version=both.star.round.version, year=2023, actor=officer, now=clock.now())


def test_what_belongs_to_one_is_not_read_in_the_other(both: Both, title: Designation) -> None:
    client = enter(both.plan.users["worker"])
    assert client.get(f"/cases/{both.case.public_id}/").status_code == 404
    assert client.get(f"/designations/titles/{title.public_id}/").status_code == 404
    listed = client.get(f"/designations/titles/?round={both.star.round.public_id}").content.decode()
    assert title.number not in listed
    own = enter(both.of(both.star, "office")).get("/designations/titles/", follow=True)
    assert title.number in own.content.decode()


def test_tasks_are_those_of_ones_own_programme(both: Both) -> None:
    """A plan handed in waits for the plan's working group, not for that of the stars."""

    def titles(user: User) -> set[str]:
        found = workbench.bench(actor_for(user, clock.today()), clock.now())
        return {task.title for group in found.groups for task in group.tasks}

    assert "备案创建计划" in titles(both.plan.users["worker"])
    assert "备案创建计划" not in titles(both.of(both.star, "working_group"))


def test_an_address_without_a_round_leads_to_ones_own(both: Both) -> None:
    """Whoever sits in a body to its programme, whoever may apply to what their unit may take part in."""
    stars, plan = both.star.round, both.plan.round
    staff = User.objects.get(pk=both.star.of(both.case.party).user_id or 0)
    for user, row in (
        (both.plan.users["worker"], plan),
        (both.of(both.star, "office"), stars),
        (both.plan.users["st_staff"], plan),
        (staff, stars),
    ):
        answer = enter(user).get("/nominations/start/?from=menu")
        assert answer.status_code == 302
        assert answer["Location"] == f"/nominations/start/?from=menu&round={row.public_id}"


def test_the_round_chosen_is_kept_for_the_pages_that_follow(both: Both) -> None:
    client = enter(both.plan.users["st_staff"])
    client.get(f"/nominations/start/?round={both.star.round.public_id}")
    assert client.get("/nominations/")["Location"] == f"/nominations/?round={both.star.round.public_id}"
    page = client.get("/nominations/", follow=True).content.decode()
    assert both.plan.programme.title in page  # to choose from
    assert "切换" in page


def test_whoever_runs_several_says_for_which_a_round_is_opened(both: Both) -> None:
    only = enter(both.plan.users["worker"]).get("/programmes/rounds/new/").content.decode()
    assert both.star.round.programme.title not in only
    department = both.star.round.programme.bodies.get(kind="working_group").organisation
    both.plan.organisations["department"] = department
    both.plan.appoint("worker", "department", "member")
    client = enter(both.plan.users["worker"])
    asked = client.get("/programmes/rounds/new/").content.decode()
    assert both.star.round.programme.title in asked
    assert both.plan.programme.title in asked
    stars = both.star.round.programme
    client.post(f"/programmes/rounds/new/?programme={stars.public_id}", {"year": "2023"})
    assert Round.objects.filter(programme=stars, year=2023).exists()
    assert not Round.objects.filter(programme=both.plan.programme, year=2023).exists()


def test_the_public_reads_each_programme_by_itself(both: Both, title: Designation) -> None:
    client = Client()
    stars, plan = both.star.round, both.plan.round
    for row, other in ((stars, plan), (plan, stars)):
        page = client.get(f"/?round={row.public_id}").content.decode()
        assert f"?round={other.public_id}" in page
        standard = client.get(f"/standards/?round={row.public_id}").content.decode()
        assert row.version.definition.categories[0].title in standard
    assert title.number in client.get(f"/register/?programme={stars.programme.public_id}").content.decode()
    assert title.number not in client.get(f"/register/?programme={plan.programme.public_id}").content.decode()


def test_with_one_programme_no_address_is_changed() -> None:
    made = world()
    assert [one.pk for one in queries.open_rounds()] == [made.round.pk]
    assert enter(made.users["st_staff"]).get("/nominations/").status_code == 200
