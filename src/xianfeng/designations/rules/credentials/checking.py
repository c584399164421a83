"""Our own verdict on a credential: form, terms, issuer, key, signature, dates, status, each with a sentence.

Strict where others are lenient: contexts must be ours, every proof must hold (not one of a set), a key counts only
until it was struck, and a status that cannot be read is no good status.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from xianfeng.designations.rules.credentials import badge, base58, bitstring, contexts, integrity
from xianfeng.designations.rules.credentials.linked_data import Contexts, LinkedDataError

# Address or DID → document; None where there is none.
Resolve = Callable[[str], Mapping[str, Any] | None]
# Whether this very document was issued by us before the instant its key was struck from.
Testified = Callable[[bytes], bool]
LARGEST: Final = 1 << 20


class Rejected(ValueError):
    """The credential fails a check; ``code`` is the verdict."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass
class Report:
    """The verdict (``valid``, ``revoked``, ``suspended``, ``key``, ``altered``, ``malformed``, …) and what held."""

    code: str = "valid"
    sentence: str = "凭证有效：由发证机构签发，内容未经改动，称号现在有效。"
    passed: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything held."""
        return self.code == "valid"


@dataclass(frozen=True)
class World:
    """What a verdict rests on besides the credential itself."""

    contexts: Contexts
    resolve: Resolve
    now: datetime
    testified: Testified | None = None


def parse(raw: bytes) -> dict[str, Any]:
    """Read a credential's bytes: an object, no key twice, no odd number."""
    if len(raw) > LARGEST:
        raise Rejected("malformed", "文件过大，不是凭证。")
    try:
        found = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Rejected("malformed", "不是完整的 JSON 文件。") from error
    if not isinstance(found, dict):
        raise Rejected("malformed", "不是凭证文件。")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def check(raw: bytes, world: World) -> Report:
    """The verdict on a designation's credential; never raises for what the file holds."""
    report = Report()
    try:
        document = parse(raw)
        _form(document)
        report.passed.append("格式")
        _proofs(document, raw, world)
        report.passed.append("签名")
        _dates(document, world)
        report.passed.append("日期")
        _status(document, world)
        report.passed.append("状态")
    except Rejected as error:
        report.code, report.sentence = error.code, str(error)
    return report


def _form(document: Mapping[str, Any]) -> None:
    if document.get("@context") != [contexts.CREDENTIALS, contexts.OPEN_BADGES] or document.get("type") != badge.TYPES:
        raise Rejected("malformed", "不是本系统签发的 Open Badges 3.0 凭证。")
    issuer = document.get("issuer")
    if not isinstance(document.get("id"), str) or not isinstance(issuer, dict) or not isinstance(issuer.get("id"), str):
        raise Rejected("malformed", "凭证没有编号或发证机构。")
    if not isinstance(document.get("proof"), list):
        raise Rejected("malformed", "凭证没有数字签名。")
    # Open Badges maps both ``criteria`` and the type ``Criteria`` to one address: as linked data a document with the
    # one written for the other is the same, so no signature tells them apart. Ours are written in one way only.
    for path in badge.paths({name: value for name, value in document.items() if name != "proof"}):
        if path not in badge.PATHS:
            raise Rejected("altered", f"凭证不会有这一项：{path}。")


def issuer_of(document: Mapping[str, Any]) -> str:
    """The issuer's DID."""
    issuer = document.get("issuer")
    return str(issuer.get("id", "")) if isinstance(issuer, dict) else str(issuer)


def _proofs(document: Mapping[str, Any], raw: bytes, world: World) -> None:
    """Every proof must hold, under a key its issuer lets assert things."""
    issuer = issuer_of(document)
    controller = world.resolve(issuer)
    if controller is None or controller.get("id") != issuer:
        raise Rejected("issuer", f"查不到发证机构 {issuer} 的公开密钥。")
    try:
        for proof in integrity.proofs(document):
            method = _method(proof, controller, issuer)
            public = base58.public_key_bytes(str(method.get("publicKeyMultibase", "")))
            if not integrity.holds(document, proof, public, world.contexts):
                raise Rejected("altered", "数字签名不符：内容被改动过，或不是该机构签发。")
            _key_counts(proof, method, controller, raw, world)
    except LinkedDataError as error:
        raise Rejected("altered", f"内容被改动过或写法不对：{error}。") from error
    except Rejected:
        raise
    except ValueError as error:
        raise Rejected("key", "签名所用的密钥无法识别。") from error


def _method(proof: Mapping[str, Any], controller: Mapping[str, Any], issuer: str) -> Mapping[str, Any]:
    if proof["proofPurpose"] != integrity.PURPOSE:
        raise Rejected("altered", "签名的用途不是签发凭证。")
    for one in controller.get("verificationMethod", []):
        if isinstance(one, dict) and one.get("id") == proof["verificationMethod"] and one.get("controller") == issuer:
            return one
    raise Rejected("key", "签名所用的密钥不是发证机构的密钥。")


def _key_counts(
    proof: Mapping[str, Any], method: Mapping[str, Any], controller: Mapping[str, Any], raw: bytes, world: World
) -> None:
    created = _instant(proof.get("created"), "签名时间")
    for end in ("expires", "revoked"):
        if end in method and created >= _instant(method[end], "密钥期限"):
            raise Rejected("key", "签名所用的密钥当时已经停用。")
    if method["id"] in controller.get("assertionMethod", []):
        return
    if "revoked" not in method:
        raise Rejected("key", "签名所用的密钥不能用来签发凭证。")
    # Whoever holds a stolen key can write any date: what was signed before the strike counts only if we know of it.
    if world.testified is None or not world.testified(raw):
        raise Rejected("key", "签名所用的密钥已经作废，且没有作废之前签发的记录；请从原地址取新签发的凭证。")


def _instant(text: Any, what: str) -> datetime:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise Rejected("malformed", f"{what}写法不对。") from error
    if found.tzinfo is None:
        raise Rejected("malformed", f"{what}没有时区。")
    return found.astimezone(UTC)


def _dates(document: Mapping[str, Any], world: World) -> None:
    if "validFrom" in document and _instant(document["validFrom"], "生效时间") > world.now:
        raise Rejected("early", "凭证还没有生效。")
    if "validUntil" in document and _instant(document["validUntil"], "失效时间") < world.now:
        raise Rejected("expired", "凭证已经过期。")


def _status(document: Mapping[str, Any], world: World) -> None:
    given = document.get("credentialStatus")
    for one in given if isinstance(given, list) else [given]:
        if not isinstance(one, dict) or one.get("type") != "BitstringStatusListEntry":
            raise Rejected("status", "凭证没有可以查询的状态。")
        index, purpose = str(one.get("statusListIndex", "")), str(one.get("statusPurpose", ""))
        if not index.isdecimal() or purpose not in bitstring.PURPOSES:
            raise Rejected("status", "凭证的状态写法不对。")
        where = str(one.get("statusListCredential", ""))
        if _bit(where, purpose, int(index), issuer_of(document), world):
            suspended = purpose == "suspension" or _suspended(where, int(index), issuer_of(document), world)
            if suspended:
                raise Rejected("suspended", "称号暂停使用。")
            raise Rejected("revoked", "称号已经撤销，凭证不再有效。")


def _suspended(where: str, index: int, issuer: str, world: World) -> bool:
    sister = bitstring.sister(where)
    return world.resolve(sister) is not None and _bit(sister, "suspension", index, issuer, world)


def _bit(where: str, purpose: str, index: int, issuer: str, world: World) -> bool:
    """One bit of a status list that the same issuer signed."""
    found = world.resolve(where)
    subject = found.get("credentialSubject") if found else None
    if found is None or not isinstance(subject, dict):
        raise Rejected("status", f"取不到状态列表 {where}。")
    if found.get("id") != where or issuer_of(found) != issuer or subject.get("statusPurpose") != purpose:
        raise Rejected("status", "状态列表与凭证不符。")
    try:
        _proofs(found, b"", World(world.contexts, world.resolve, world.now))
        _dates(found, world)
        return bitstring.is_set(bitstring.decode(subject.get("encodedList", "")), index)
    except Rejected as error:
        raise Rejected("status", f"状态列表不可信：{error}") from error
    except bitstring.StatusListError as error:
        raise Rejected("status", f"状态列表不可信：{error}。") from error
