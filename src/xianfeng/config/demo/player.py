"""Plays people through the very services the pages use: right actor, right day, one unit of work an act."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from xianfeng import journal
from xianfeng.cases.models import Case, Step
from xianfeng.directory.models import User
from xianfeng.directory.queries import actor_for, people_acting_for
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.programmes.models import Body, Programme

T = TypeVar("T")


class Player:
    """Holds the day the story has reached and whom it knows."""

    def __init__(self, on_act: Callable[[], None] = lambda: None) -> None:
        self.now = clock.real_now()
        self.on_act = on_act
        self._actors: dict[tuple[str, int], Actor] = {}

    def turn_to(self, year: int, month: int, day: int, hour: int = 9) -> None:
        """Turn the calendar to a day; acts of one day are a few minutes apart."""
        self.now = clock.instant(date(year, month, day), hour)

    def do(self, act: Callable[..., T], actor: Actor, **given: Any) -> T:
        """One act of one person, as a page would do it."""
        with clock.frozen(self.now), journal.unit_of_work():
            done = act(actor=actor, now=self.now, **given)
        self.now += timedelta(minutes=2)
        self.on_act()
        return done

    # -- people ---------------------------------------------------------------------------------------------------

    def of(self, organisation_id: int, skip: int = 0) -> Actor:
        """Somebody who may act for an organisation (``skip`` picks the next one)."""
        key = ("org", organisation_id * 10 + skip)
        if key not in self._actors:
            people = list(people_acting_for(organisation_id, self.day).order_by("username"))
            if not people:
                raise LookupError(f"nobody may act for organisation {organisation_id} on {self.day}")
            self._actors[key] = actor_for(people[skip % len(people)], self.day)
        return self._actors[key]

    def user(self, user: User) -> Actor:
        """The actor a user is on the story's day."""
        key = ("user", user.pk)
        if key not in self._actors:
            self._actors[key] = actor_for(user, self.day)
        return self._actors[key]

    def body(self, programme: Programme, kind: str) -> Actor:
        """Somebody of a body of the programme."""
        return self.of(Body.objects.get(programme=programme, kind=kind).organisation_id)

    def asked(self, step: Step) -> Actor:
        """Who answers a step: the person asked, or somebody of the organisation asked who is not tied to the case."""
        if step.user is not None:
            return self.user(step.user)
        assert step.organisation_id is not None
        return self.of(step.organisation_id)

    @property
    def day(self) -> date:
        """The story's day in Shanghai."""
        return clock.local_day(self.now)


def open_step(case: Case, kind: str) -> Step:
    """The case's open step of a kind."""
    return Step.objects.select_related("user", "organisation", "case").get(case=case, kind=kind, state="open")


def at(moment: date, hour: int = 9) -> datetime:
    """A Shanghai morning as an instant."""
    return clock.instant(moment, hour)
