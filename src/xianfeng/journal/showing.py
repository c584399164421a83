"""What a page shows of an entry's proof, checked again as it is drawn: ``journal/_proof.html``, ``_how.html``."""

from dataclasses import dataclass
from typing import Any

from xianfeng.journal import checkpoints, merkle, queries, signing
from xianfeng.journal.models import Entry
from xianfeng.journal.notes import NoteError


@dataclass(frozen=True)
class Step:
    """One step of an inclusion proof as the page draws it."""

    left: bool
    hash: str
    total: str


def context(entry: Entry) -> dict[str, Any]:
    """The entry's place in the log, and whether everything agrees."""
    found = queries.proof_of(entry)
    facts = {
        "entry": entry,
        "code": queries.short_code(entry),
        "proof": found,
        "waiting": found is None,
        "personal": queries.personal_states(entry),
    }
    if found is None:
        return facts
    steps = _steps(found)
    note = checkpoints.note_of(found.checkpoint)
    return facts | {
        "steps": steps,
        "note": str(note),
        "fault": _fault(found, steps),
        "cosigned": note.signatures[1:],
        "key": signing.verifier_keys()[-1],
    }


def _steps(found: queries.Proof) -> list[Step]:
    total = merkle.leaf_hash(found.entry.leaf.encode())
    steps = []
    for (start, _), part in zip(merkle.inclusion_plan(found.index, found.checkpoint.size), found.path, strict=True):
        left = start < found.index
        total = merkle.node_hash(part, total) if left else merkle.node_hash(total, part)
        steps.append(Step(left, part.hex(), total.hex()))
    return steps


def _fault(found: queries.Proof, steps: list[Step]) -> str:
    leaf = merkle.leaf_hash(found.entry.leaf.encode()).hex()
    if leaf != found.entry.leaf_hash:
        return "条目内容与其摘要不符"
    if (steps[-1].total if steps else leaf) != found.checkpoint.root:
        return "条目与检查点的树根不符"
    try:
        mark = checkpoints.mark_of(found.checkpoint.note, signing.verifier_keys())
    except NoteError:
        return "检查点的签名不符"
    return "" if mark.root.hex() == found.checkpoint.root else "检查点与其签名文本不符"
