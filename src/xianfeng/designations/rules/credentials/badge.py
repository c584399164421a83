"""A designation as an Open Badges 3.0 credential, before it is signed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from xianfeng.designations.rules.credentials import bitstring, contexts, did

TYPES: Final = ["VerifiableCredential", "OpenBadgeCredential"]


@dataclass(frozen=True)
class Title:
    """What a credential says of a designation. ``holder`` is a name that may be public for good: never a person's."""

    public_id: str
    serial: int
    number: str
    title: str
    tier: str
    tier_title: str
    category: str
    category_title: str
    group: str
    holder: str
    unit: str
    unit_code: str  # 统一社会信用代码 of the holding organisation, empty when there is none on record
    named_on: str  # an instant, as ``did.stamp`` writes it
    valid_until: str  # the first instant after its last day; empty while it holds as long as it is confirmed
    programme: str
    issuer: str
    basis: str


def address(base: str, public_id: str) -> str:
    """Where the credential is published: its ``id``."""
    return f"{base}/credentials/{public_id}"


def unsigned(title: Title, base: str) -> dict[str, Any]:
    """The credential without its proof; every term in it is defined by the two contexts."""
    return {
        "@context": [contexts.CREDENTIALS, contexts.OPEN_BADGES],
        "id": address(base, title.public_id),
        "type": TYPES,
        "name": title.title,
        "issuer": {"id": did.did_of(base), "type": ["Profile"], "name": title.issuer, "url": base},
        "validFrom": title.named_on,
        **({"validUntil": title.valid_until} if title.valid_until else {}),
        "credentialSubject": {
            "id": f"{base}/register/{title.public_id}/",
            "type": ["AchievementSubject"],
            "identifier": _identifiers(title),
            "licenseNumber": title.number,
            "achievement": _achievement(title, base),
        },
        "credentialStatus": bitstring.entry(base, bitstring.place(title.serial)),
    }


def _achievement(title: Title, base: str) -> dict[str, Any]:
    query = f"category={title.category}&group={title.group}"
    return {
        "id": f"{base}/standards/?{query}&tier={title.tier}",
        "type": ["Achievement"],
        "achievementType": "Award",
        "name": title.title,
        "description": f"{title.programme}：{title.tier_title}，{title.category_title}。",
        "fieldOfStudy": title.category_title,
        "criteria": {
            "id": f"{base}/standards/?{query}",
            "narrative": f"依据{title.basis}，经自荐、审核、评审、审定和公示后命名。",
        },
    }


def _identifiers(title: Title) -> list[Mapping[str, Any]]:
    known = {"name": title.holder, "ext:unit": title.unit, "ext:uscc": title.unit_code}
    return [
        {"type": "IdentityObject", "hashed": False, "identityHash": value, "identityType": kind}
        for kind, value in known.items()
        if value
    ]


def paths(value: Any, under: str = "") -> Iterator[str]:
    """Every property of a document as ``credentialSubject.achievement.name``; arrays do not count."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield f"{under}{name}"
            yield from paths(one, f"{under}{name}.")
    elif isinstance(value, list):
        for one in value:
            yield from paths(one, under)


_BLANK = Title(**{one.name: 1 if one.name == "serial" else "x" for one in fields(Title)})  # type: ignore[arg-type]
PATHS: Final = frozenset(paths(unsigned(_BLANK, "https://x")))
