"""What the engine is told: facts of the conduct ledger and the nominee's own particulars."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Fact:
    """One confirmed fact of the ledger, seen from a nominee: ``about`` says through whom it concerns it.

    Expects codes of ``registry.rules``; empty strings mean "not stated". ``year`` is the year an appraisal speaks of,
    where it was written down in the next one.
    """

    id: str
    about: str
    kind: str
    happened_on: date
    title: str = ""
    level: str = ""
    grade: str = ""
    result: str = ""
    stars: int | None = None
    tags: frozenset[str] = field(default=frozenset())
    valid_until: date | None = None
    rectified: bool = False
    year: int | None = None


@dataclass(frozen=True)
class NomineeFacts:
    """Particulars of the nominee that eligibility and staff gates look at; ``None`` is "not on record"."""

    organisation_kind: str | None = None
    service_point_kind: str | None = None
    member_status: str | None = None
    in_post: bool | None = None
    staff: int | None = None
    members: int | None = None
    leader_is_member: bool | None = None
