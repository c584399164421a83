"""What the public may be told of a case or a title: a person's name only with consent on record."""

from dataclasses import dataclass
from datetime import date

from xianfeng.cases.models import Case
from xianfeng.designations.models import Designation
from xianfeng.kernel import clock
from xianfeng.programmes.rules import may_name


@dataclass(frozen=True)
class PublicName:
    """How a nominee is called in public: the words, the unit, and whether a person's name was left out."""

    text: str
    unit: str
    withheld: bool = False

    @property
    def note(self) -> str:
        """Why there is no name; empty where there is one."""
        return "按规定不公开姓名，以单位和岗位列示" if self.withheld else ""

    def __str__(self) -> str:
        return self.text


def public_name(subject: Case | Designation, on: date | None = None) -> PublicName:
    """The name for the public on a day. Expects ``nominee__member`` and ``round__version`` to be at hand (no query)."""
    unit = str(subject.snapshot.get("unit", ""))
    name = subject.name if isinstance(subject, Case) else subject.holder
    member = subject.nominee.member
    if member is None:
        return PublicName(name, unit)
    definition = subject.round.version.definition
    if may_name(definition, consented_on=member.publication_consent_on, on=on or clock.today()):
        return PublicName(name, unit)
    post = str(subject.snapshot.get("post", "") or member.post)
    return PublicName(f"{unit}{post}岗位", unit, withheld=True)
