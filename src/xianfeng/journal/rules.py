"""The leaf and its chain: pure functions over plain values, no Django. ``checking`` verifies what is stored.

The leaf format is final (docs/adr/0001-journal-leaf.md): no byte may change; a new shape is a new ``v``.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from xianfeng.kernel.actors import Actor, ActorKind
from xianfeng.kernel.canonical import CanonicalError, canonical_bytes, leaf_hash

VERSION = 1
LARGEST = (1 << 53) - 1
GENESIS = "0" * 64  # the chain before the first entry

# Words for an actor's label. The codes are the directory's; a leaf must read without it, so words are kept.
DUTY_WORDS = {
    "secretary": "书记",
    "staff": "经办人",
    "member": "成员",
    "expert": "评审专家",
    "system_admin": "系统管理员",
    "security_admin": "安全管理员",
    "audit_admin": "审计管理员",
}
# Words for the keys of personal values, which leaves commit to.
PERSONAL_WORDS = {
    "address": "地址",
    "answer": "答复",
    "contact": "联系方式",
    "content": "内容",
    "detail": "详情",
    "email": "邮箱",
    "evidence": "证据说明",
    "findings": "检查情况",
    "first_responsible": "第一责任人",
    "milestone": "节点",
    "minutes": "纪要",
    "name": "姓名或名称",
    "note": "说明",
    "opinion": "意见",
    "post": "岗位",
    "reason": "理由",
    "reasons": "理由",
    "remark": "备注",
    "reply": "答复",
    "statement": "事迹材料",
    "text": "正文",
    "title": "标题",
    "username": "用户名",
}
# Why personal values may be erased, after article 47 of 个人信息保护法. Fixed sentences: a ground is part of a leaf.
GROUNDS = {
    "asked": "本人请求删除",
    "consent": "本人撤回同意",
    "purpose": "处理目的已实现或者不再必要",
    "term": "保存期限已届满",
    "unlawful": "处理不合法或者不合约定",
}
KIND_WORDS = {ActorKind.PUBLIC: "公众", ActorKind.SYSTEM: "系统", ActorKind.USER: "用户"}


def stamp(moment: datetime) -> str:
    """An instant as the leaf writes it: UTC, microseconds, Z. A naive datetime is refused."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def plain(value: Any) -> Any:
    """JSON form of a value: decimals, dates and instants as strings; what has no exact form is refused."""
    if isinstance(value, str):
        return str.__str__(value)  # an enum member or safe string is its bare text
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise CanonicalError(f"{value} is no safe integer: write it as a string")
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(inner) for inner in value)
    if type(value).__name__ == "__proxy__":  # Django's lazily translated text, known without importing Django
        return str(value)
    raise CanonicalError(f"{type(value).__name__} cannot be recorded: give an id, a label or a string")


def actor_part(actor: Actor) -> dict[str, str]:
    """The actor as the leaf names them: ids, and organisation and duty as label; never a person's name."""
    acting = actor.acting or (actor.appointments[0] if len(actor.appointments) == 1 else None)
    if acting is None:
        label, organisation, duty, deputy = KIND_WORDS[actor.kind], "", "", ""
    else:
        label = f"{acting.organisation_name} {DUTY_WORDS.get(acting.duty, acting.duty)}".strip()
        organisation, duty, deputy = acting.organisation_public_id, acting.duty, acting.deputy_for
    return {
        "kind": actor.kind.value,
        "id": actor.public_id,
        "organisation": organisation,
        "label": label,
        "duty": duty,
        "deputy_for": deputy,
    }


def leaf_text(
    *, seq: int, event: str, at: datetime, recorded_at: datetime, actor: Mapping[str, str],
    subject: Mapping[str, str], data: Mapping[str, Any], personal: Mapping[str, str],
) -> str:  # fmt: skip
    """The leaf of one entry: canonical JSON; ``personal`` maps keys to commitments, not values."""
    leaf = {
        "v": VERSION,
        "seq": seq,
        "event": event,
        "at": stamp(at),
        "recorded_at": stamp(recorded_at),
        "actor": dict(actor),
        "subject": dict(subject),
        "data": dict(data),
        "personal": dict(personal),
    }
    return canonical_text(leaf)


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode


def canonical_text(value: Any) -> str:
    """RFC 8785 text of a value without floats, ten times faster than ``canonical_bytes`` where that is possible.

    Python sorts keys by code point and RFC 8785 by UTF-16 unit: the same without characters beyond U+FFFF, and
    otherwise the two writers agree on strings and integers. The rest goes the slow way.
    """
    text = _encode(value)
    if len(text.encode("utf-16-le", "surrogatepass")) == 2 * len(text):
        return text
    return canonical_bytes(value).decode()


def commitment(salt: str, key: str, value: str) -> str:
    """As ``kernel.canonical.commitment``: an array has no keys to sort, so its bytes are the same either way."""
    return hashlib.sha256(_encode([salt, key, value]).encode(errors="surrogatepass")).hexdigest()


def parse(leaf: str) -> dict[str, Any]:
    """The leaf as a dict; raises ValueError when it is not a JSON object."""
    parsed = json.loads(leaf)
    if not isinstance(parsed, dict):
        raise ValueError("not an object")
    return parsed


def leaf_digest(leaf: str) -> str:
    """Hex RFC 6962 leaf hash of a stored leaf."""
    return leaf_hash(leaf.encode()).hex()


def chain(previous: str, leaf_hex: str) -> str:
    """Hex chain hash: SHA-256(previous chain || leaf hash), both as 32 bytes."""
    return hashlib.sha256(bytes.fromhex(previous) + bytes.fromhex(leaf_hex)).hexdigest()
