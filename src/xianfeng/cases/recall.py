"""Taking a case back to an earlier step of its procedure: an office's recorded act, before anybody has answered."""

from datetime import datetime
from itertools import takewhile

from xianfeng.cases.models import Case, Step
from xianfeng.cases.services import enter, procedure_of
from xianfeng.kernel.errors import Conflict


def case_recall(*, case: Case, kind: str, now: datetime) -> tuple[Step, Step]:
    """Take a locked case back to the step of this kind just before the one it stands at: (recalled, opened).

    The caller holds the lock and records its own journal event. Conflict when the case has moved on from there.
    """
    before = list(takewhile(lambda one: one.code != case.stage, procedure_of(case)))
    step = case.steps.filter(state="open", code=case.stage).first()
    if case.state != "open" or step is None or not before or before[-1].kind != kind:
        raise Conflict(f"“{case.name}”已进入后续环节，不能退回。", "请刷新页面查看最新情况。")
    step.state, step.closed_at = "cancelled", now
    step.save(update_fields=["state", "closed_at"])
    return step, enter(case, before[-1], now)
