"""Every write on decisions, notices, objections and titles."""

from xianfeng.designations.rules.meeting import Line
from xianfeng.designations.services.annulling import round_annul
from xianfeng.designations.services.attending import title_attend, titles_attend
from xianfeng.designations.services.decisions import decision_record
from xianfeng.designations.services.eligibility import before_nomination, refuse_if_titled
from xianfeng.designations.services.life import title_restore, title_suspend
from xianfeng.designations.services.naming import designations_name, plaques_issue
from xianfeng.designations.services.notices import notice_close, notice_publish, notice_withdraw
from xianfeng.designations.services.objections import (
    objection_accept,
    objection_dismiss,
    objection_file,
    objection_refuse,
    objection_uphold,
)
from xianfeng.designations.services.reassessing import (
    progress_report,
    reassessment_open,
    reassessments_open,
    rectification_report,
    step_conclude,
    step_opine,
    step_recheck,
)
from xianfeng.designations.services.recommending import recommendation_open, step_recommend
from xianfeng.designations.services.reserve import candidate_drop, reserve_fill
from xianfeng.designations.services.self_checks import self_check_hand_in
from xianfeng.designations.services.terms import title_renew

__all__ = [
    "Line",
    "before_nomination",
    "candidate_drop",
    "decision_record",
    "designations_name",
    "notice_close",
    "notice_publish",
    "notice_withdraw",
    "objection_accept",
    "objection_dismiss",
    "objection_file",
    "objection_refuse",
    "objection_uphold",
    "plaques_issue",
    "progress_report",
    "reassessment_open",
    "reassessments_open",
    "recommendation_open",
    "rectification_report",
    "refuse_if_titled",
    "reserve_fill",
    "round_annul",
    "self_check_hand_in",
    "step_conclude",
    "step_opine",
    "step_recheck",
    "step_recommend",
    "title_attend",
    "title_renew",
    "title_restore",
    "title_suspend",
    "titles_attend",
]
