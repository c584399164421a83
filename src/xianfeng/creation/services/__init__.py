"""Every write of stages 1 and 2."""

from xianfeng.creation.services.guidance import (
    activity_add,
    bulletin_publish,
    meeting_call,
    meeting_cancel,
    meeting_minute,
)
from xianfeng.creation.services.plans import (
    milestone_update,
    plan_accept,
    plan_amend,
    plan_comment,
    plan_return,
    plan_save,
    plan_submit,
)
from xianfeng.creation.services.problems import (
    inspection_record,
    problem_answer,
    problem_close,
    problem_raise,
    problem_reopen,
)
from xianfeng.creation.services.surveys import survey_answer, survey_open

__all__ = [
    "activity_add",
    "bulletin_publish",
    "inspection_record",
    "meeting_call",
    "meeting_cancel",
    "meeting_minute",
    "milestone_update",
    "plan_accept",
    "plan_amend",
    "plan_comment",
    "plan_return",
    "plan_save",
    "plan_submit",
    "problem_answer",
    "problem_close",
    "problem_raise",
    "problem_reopen",
    "survey_answer",
    "survey_open",
]
