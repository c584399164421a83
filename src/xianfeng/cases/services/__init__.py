"""The engine: open a case, close a step, open what the definition says comes next.

Locks, in this order: the case, its step. Whoever closes a step records its own journal event first.
"""

from xianfeng.cases.services.access import access_case_for_update, access_step_for_update, closed_sentence
from xianfeng.cases.services.asking import people_of, step_open
from xianfeng.cases.services.ending import case_end, case_withdraw, on_round_closed
from xianfeng.cases.services.moving import case_recall, step_close, step_lapse, step_skip
from xianfeng.cases.services.opening import case_open, public_label, snapshot

__all__ = [
    "access_case_for_update",
    "access_step_for_update",
    "case_end",
    "case_open",
    "case_recall",
    "case_withdraw",
    "closed_sentence",
    "on_round_closed",
    "people_of",
    "public_label",
    "snapshot",
    "step_close",
    "step_lapse",
    "step_open",
    "step_skip",
]
