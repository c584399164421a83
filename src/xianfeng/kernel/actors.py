"""Who acts: a user under an appointment, a public person, or the system's timer.

Values only, so that every floor can name the actor without knowing the directory's tables.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class ActorKind(StrEnum):
    """What sort of actor stands behind an act."""

    USER = "user"
    PUBLIC = "public"
    SYSTEM = "system"


@dataclass(frozen=True)
class Acting:
    """One current appointment: which organisation the user may act for, and in what duty."""

    appointment_id: int
    organisation_id: int
    organisation_public_id: str
    organisation_name: str
    duty: str
    organisation_kind: str = ""
    deputy_for: str = ""  # public id of the user whose appointment is exercised


@dataclass(frozen=True)
class Actor:
    """The person (or timer) who acts; ``acting`` is set once it is known for which organisation."""

    kind: ActorKind
    user_id: int | None = None
    public_id: str = ""
    name: str = ""
    appointments: tuple[Acting, ...] = field(default=())
    acting: Acting | None = None
    # What a request asks again and again about its actor (seats in bodies …), kept by those who ask.
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def under(self, organisation_id: int | None) -> "Actor":
        """The same actor acting for one organisation; unchanged when they hold no appointment there."""
        for one in self.appointments:
            if one.organisation_id == organisation_id:
                return replace(self, acting=one)
        return self

    def organisation_ids(self) -> frozenset[int]:
        """Organisations the actor holds a current appointment in."""
        return frozenset(one.organisation_id for one in self.appointments)

    def has_duty(self, *duties: str) -> bool:
        """Whether any current appointment carries one of these duties."""
        return any(one.duty in duties for one in self.appointments)

    @property
    def acting_name(self) -> str:
        """The organisation acted for, as shown in an opinion box; empty for a timer or the public."""
        chosen = self.acting or (self.appointments[0] if self.appointments else None)
        return chosen.organisation_name if chosen else ""


SYSTEM = Actor(kind=ActorKind.SYSTEM, public_id="system", name="系统")


def public_actor(name: str = "") -> Actor:
    """A member of the public, known only by the name given on a form."""
    return Actor(kind=ActorKind.PUBLIC, public_id="public", name=name)
