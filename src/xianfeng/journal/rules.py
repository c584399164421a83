"""The leaf, its chain and how both are checked: pure functions over plain values, no Django.

The leaf format is final (docs/adr/0001-journal-leaf.md): no byte may change; a new shape is a new ``v``.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from xianfeng.kernel.actors import Actor, ActorKind
from xianfeng.kernel.canonical import CanonicalError, canonical_bytes, commitment, leaf_hash

VERSION = 1
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
KIND_WORDS = {ActorKind.PUBLIC: "公众", ActorKind.SYSTEM: "系统", ActorKind.USER: "用户"}


def stamp(moment: datetime) -> str:
    """An instant as the leaf writes it: UTC, microseconds, Z. A naive datetime is refused."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain(value: Any) -> Any:
    """JSON form of a value: decimals, dates and instants as strings; what has no exact form is refused."""
    if isinstance(value, str):
        return str.__str__(value)  # an enum member or safe string is its bare text
    if value is None or isinstance(value, bool | int):
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
    return canonical_bytes(leaf).decode()


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


@dataclass(frozen=True)
class Row:
    """One stored entry as verification sees it, with the personal values still kept: key → (salt, value)."""

    seq: int
    leaf: str
    leaf_hash: str
    chain_hash: str
    event: str
    subject_type: str
    subject_id: str
    subject_label: str
    actor_kind: str
    actor_id: str
    actor_label: str
    at: datetime
    recorded_at: datetime
    personal: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Verification:
    """What a check of the log found: entries that hold, the chain's head, the first bad entry if any."""

    ok: bool
    entries: int
    head: str
    bad_seq: int | None = None
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "ok": self.ok, "entries": self.entries, "head": self.head,
            "bad_seq": self.bad_seq, "reason": self.reason,
        }  # fmt: skip


def _column_values(leaf: Mapping[str, Any]) -> dict[str, Any]:
    subject, actor = leaf["subject"], leaf["actor"]
    return {
        "event": leaf["event"],
        "subject_type": subject["type"],
        "subject_id": subject["id"],
        "subject_label": subject["label"],
        "actor_kind": actor["kind"],
        "actor_id": actor["id"],
        "actor_label": actor["label"],
        "at": leaf["at"],
        "recorded_at": leaf["recorded_at"],
    }


COLUMN_WORDS = {
    "event": "事件", "subject_type": "对象类型", "subject_id": "对象编号", "subject_label": "对象名称",
    "actor_kind": "办理者类型", "actor_id": "办理者编号", "actor_label": "办理者",
    "at": "发生时间", "recorded_at": "记录时间",
}  # fmt: skip


def _leaf_fault(row: Row) -> str:
    """Why the leaf itself is not what was written, or empty."""
    if leaf_digest(row.leaf) != row.leaf_hash:
        return "条目内容与其摘要不符，内容或摘要被改动"
    try:
        leaf = parse(row.leaf)
        canonical = canonical_bytes(leaf).decode()
        columns = _column_values(leaf)
        personal = dict(leaf["personal"])
    except (ValueError, KeyError, TypeError):
        return "条目内容无法解析，内容被改动"
    if canonical != row.leaf:
        return "条目内容不是规范格式，内容被改动"
    if leaf.get("v") != VERSION:
        return f"条目格式版本未知：{leaf.get('v')}"
    if leaf["seq"] != row.seq:
        return f"条目内的序号是 {leaf['seq']}，顺序被调换"
    return _columns_fault(row, columns) or _personal_fault(row, personal)


def _columns_fault(row: Row, columns: Mapping[str, Any]) -> str:
    for name, expected in columns.items():
        stored = getattr(row, name)
        if (stamp(stored) if isinstance(stored, datetime) else stored) != expected:
            return f"检索列“{COLUMN_WORDS[name]}”与条目内容不符，被改动"
    return ""


def _personal_fault(row: Row, committed: Mapping[str, str]) -> str:
    # Absent is allowed: the value was erased. Present must be what was committed to.
    for key, (salt, value) in row.personal.items():
        if key not in committed:
            return f"个人信息“{key}”不在条目承诺之内，是后来添加的"
        if commitment(salt, key, value) != committed[key]:
            return f"个人信息“{key}”与条目承诺不符，被改动"
    return ""


def verify(rows: Iterable[Row]) -> Verification:
    """Check rows by ``seq``: number, leaf, columns, personal values, chain. Ends at the first bad."""
    count, head = 0, GENESIS
    for row in rows:
        expected = count + 1
        if row.seq != expected:
            missing = f"第 {expected} 条缺失（其后是第 {row.seq} 条），有条目被删除"
            return Verification(False, count, head, expected, missing)
        if fault := _leaf_fault(row):
            return Verification(False, count, head, row.seq, fault)
        head_now = chain(head, row.leaf_hash)
        if head_now != row.chain_hash:
            reason = "链摘要与前一条接不上，本条或之前的条目被改写"
            return Verification(False, count, head, row.seq, reason)
        count, head = expected, head_now
    return Verification(True, count, head)
