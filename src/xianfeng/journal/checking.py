"""Checking a stored log from its leaves up: pure functions, no Django, about 15 µs an entry.

Everything beside the leaf is derived from it, so everything is recomputed: number, hashes, chain, tree, the columns
to search by. What the log claims to have been before (checkpoints, its own or those others hold) is compared on the
way. The first entry that does not hold is named.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from xianfeng.journal import rules
from xianfeng.journal.merkle import Edge

Personal = Mapping[str, tuple[str, str]]
NOTHING: Personal = {}
Erased = Mapping[int, frozenset[str]]


class Row(NamedTuple):
    """One stored entry, with the personal values still kept: key → (salt, value).

    Times are the database's own text for them: making datetimes of them took as long as all the hashing.
    """

    seq: int
    leaf: str
    leaf_hash: str
    chain_hash: str
    nodes: str
    event: str
    subject_type: str
    subject_id: str
    subject_label: str
    actor_kind: str
    actor_id: str
    actor_label: str
    at: str
    recorded_at: str
    personal: Personal = NOTHING


@dataclass(frozen=True)
class Mark:
    """What the log is said to have been at a size: by a checkpoint, whose words name it."""

    size: int
    root: bytes
    words: str


@dataclass(frozen=True)
class Verification:
    """What a check found: entries that hold, the chain's head and tree's root over them, the first bad entry if any."""

    ok: bool
    entries: int
    head: str
    bad_seq: int | None = None
    reason: str = ""
    root: str = ""
    checkpoints: int = 0

    def as_json(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "ok": self.ok, "entries": self.entries, "head": self.head, "root": self.root,
            "checkpoints": self.checkpoints, "bad_seq": self.bad_seq, "reason": self.reason,
        }  # fmt: skip


class Fault(Exception):
    """An entry does not hold: which, and why in Chinese."""

    def __init__(self, seq: int, reason: str) -> None:
        super().__init__(reason)
        self.seq, self.reason = seq, reason


COLUMN_WORDS = (
    "事件", "对象类型", "对象编号", "对象名称", "办理者类型", "办理者编号", "办理者", "发生时间", "记录时间",
)  # fmt: skip


class Checker:
    """Takes the leaves of a log one after the other and knows what the log is so far."""

    def __init__(
        self, marks: Iterable[Mark] = (), erased: Erased | None = None, reread: Callable[[], Erased] | None = None
    ) -> None:
        self.edge = Edge()
        self.head = bytes(32)
        self.erased = erased or {}
        self.reread = reread  # what was erased while the check was under way
        self.marks: dict[int, list[Mark]] = {}
        for mark in marks:
            self.marks.setdefault(mark.size, []).append(mark)
        self.held, self.held_size = 0, 0

    def read(self, leaf: str, seq: int) -> dict[str, Any]:
        """Check one leaf for itself: canonical, of a known form, with the right number."""
        try:
            parsed = _parse(leaf)
        except (ValueError, RecursionError) as error:
            raise Fault(seq, "条目内容无法解析，内容被改动") from error
        if parsed is None:
            raise Fault(seq, "条目内容不是规范格式，内容被改动")
        if parsed.get("v") != rules.VERSION:
            raise Fault(seq, f"条目格式版本未知：{parsed.get('v')}")
        if parsed.get("seq") != seq:
            raise Fault(seq, f"条目内的序号是 {parsed.get('seq')}，顺序被调换")
        return parsed

    def grow(self, digest: bytes) -> list[bytes]:
        """Go on with one leaf hash that holds; returns the subtrees it completes."""
        self.head = hashlib.sha256(self.head + digest).digest()
        return self.edge.append(digest)

    def compare(self) -> None:
        """Compare the log so far with what it is said to have been at this size."""
        size = self.edge.size
        here = self.marks.get(size)
        if here is None:
            return
        root = self.edge.root()
        for mark in here:
            if mark.root != root:
                since = self.held_size + 1
                among = f"第 {since} 至 {size} 条中有条目被改写" if since < size else f"第 {size} 条被改写"
                raise Fault(since, f"{among}：与{mark.words}（{size} 条）的树根不符")
            self.held += 1
        self.held_size = size

    def finish(self) -> None:
        """Compare with what the log is said to have been beyond its end."""
        size = self.edge.size
        if beyond := [mark for at, here in self.marks.items() if at > size for mark in here]:
            mark = min(beyond, key=lambda one: one.size)
            raise Fault(size + 1, f"{mark.words}记载有 {mark.size} 条，现只有 {size} 条，末尾的条目被删除")

    def take(self, row: Row) -> None:
        """Check one stored entry against everything."""
        expected = self.edge.size + 1
        seq, leaf, leaf_hash, chain_hash, nodes = row[:5]
        if seq != expected:
            raise Fault(expected, f"第 {expected} 条缺失（其后是第 {seq} 条），有条目被删除")
        if not isinstance(leaf, str):
            raise Fault(seq, "条目内容无法解析，内容被改动")
        digest = hashlib.sha256(b"\x00" + leaf.encode(errors="replace")).digest()
        if digest.hex() != leaf_hash:
            raise Fault(seq, "条目内容与其摘要不符，内容或摘要被改动")
        parsed = self.read(leaf, seq)
        try:
            subject, actor = parsed["subject"], parsed["actor"]
            columns = (
                parsed["event"], subject["type"], subject["id"], subject["label"],
                actor["kind"], actor["id"], actor["label"], parsed["at"], parsed["recorded_at"],
            )  # fmt: skip
            personal = parsed["personal"]
            if personal or row.personal:
                self.check_personal(seq, personal, row.personal)
        except (KeyError, TypeError, ValueError) as error:
            raise Fault(seq, "条目内容无法解析，内容被改动") from error
        stored = (*row[5:12], stamp_of(row.at), stamp_of(row.recorded_at))
        if columns != stored:
            wrong = next(word for word, a, b in zip(COLUMN_WORDS, columns, stored, strict=True) if a != b)
            raise Fault(seq, f"检索列“{wrong}”与条目内容不符，被改动")
        head = hashlib.sha256(self.head + digest).digest()
        if head.hex() != chain_hash:
            raise Fault(seq, "链摘要与前一条接不上，本条或之前的条目被改写")
        self.head = head
        completed = self.edge.append(digest)
        if nodes != (b"".join(completed).hex() if completed else ""):
            raise Fault(seq, "子树摘要与条目不符，被改动")
        if self.edge.size in self.marks:
            self.compare()

    def check_personal(self, seq: int, committed: Any, kept: Personal) -> None:
        """Check the personal values kept for an entry against its commitments, and that none went unrecorded."""
        if not isinstance(committed, dict):
            raise Fault(seq, "条目内容无法解析，内容被改动")
        erased = self.erased.get(seq, frozenset())
        for key, (salt, value) in kept.items():
            if key not in committed:
                raise Fault(seq, f"个人信息“{key}”不在条目承诺之内，是后来添加的")
            if rules.commitment(salt, key, value) != committed[key]:
                raise Fault(seq, f"个人信息“{key}”与条目承诺不符，被改动")
            if key in erased:
                raise Fault(seq, f"个人信息“{key}”已经清除过，又被放回")
        missing = {key for key in committed if key not in kept and key not in erased}
        if missing and self.reread:
            missing -= self.reread().get(seq, frozenset())
        for key in sorted(missing):
            raise Fault(seq, f"个人信息“{key}”被删除，没有清除记录")

    def result(self, fault: Fault | None = None) -> Verification:
        """What was found so far."""
        facts = {"entries": self.edge.size, "head": self.head.hex(), "checkpoints": self.held}
        if fault is not None:
            return Verification(False, bad_seq=fault.seq, reason=fault.reason, **facts)  # type: ignore[arg-type]
        return Verification(True, root=self.edge.root().hex(), **facts)  # type: ignore[arg-type]


def _no_float(text: str) -> float:
    raise ValueError(f"float {text}")


_decode = json.JSONDecoder(parse_float=_no_float, parse_constant=_no_float).raw_decode


def _parse(leaf: str) -> dict[str, Any] | None:
    """The leaf as a dict; None when its bytes are not the canonical ones; ValueError when it is no JSON object.

    What may stand around the object is not looked at here: the canonical text has nothing there.
    """
    parsed, _ = _decode(leaf)
    if not isinstance(parsed, dict) or "seq" not in parsed or "subject" not in parsed:
        raise ValueError("not a leaf")
    return parsed if rules.canonical_text(parsed) == leaf else None


def stamp_of(text: Any) -> str:
    """A database's text for an instant in UTC (``2021-03-02 02:05:00.5``) as leaves write it; anything else becomes
    what no leaf says."""
    day, _, time = str(text).partition(" ")
    seconds, _, part = time.partition(".")
    return f"{day}T{seconds}.{part:0<6}Z"


def verify(
    rows: Iterable[Row],
    marks: Iterable[Mark] = (),
    erased: Erased | None = None,
    reread: Callable[[], Erased] | None = None,
) -> Verification:
    """Check rows by ``seq`` to the first that does not hold."""
    checker = Checker(marks, erased, reread)
    try:
        for row in rows:
            checker.take(row)
        checker.finish()
    except Fault as fault:
        return checker.result(fault)
    return checker.result()


def erased_by(leaf: Mapping[str, Any]) -> Iterator[tuple[int, frozenset[str]]]:
    """What one entry of kind ``journal:personal:erased`` says it erased: entries' numbers and keys."""
    for one in leaf["data"]["entries"]:
        yield int(one["seq"]), frozenset(one["keys"])
