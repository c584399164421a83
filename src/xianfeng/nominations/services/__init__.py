"""Every write of 自荐验收: start, assess, prove, endorse, screen, correct."""

from xianfeng.nominations.services.assessing import (
    assessment_save,
    assessment_submit,
    case_prepare,
    correction_submit,
)
from xianfeng.nominations.services.deciding import step_endorse, step_return, step_screen
from xianfeng.nominations.services.evidence import evidence_add, evidence_link, evidence_unlink
from xianfeng.nominations.services.starting import nomination_start

__all__ = [
    "assessment_save",
    "assessment_submit",
    "case_prepare",
    "correction_submit",
    "evidence_add",
    "evidence_link",
    "evidence_unlink",
    "nomination_start",
    "step_endorse",
    "step_return",
    "step_screen",
]
