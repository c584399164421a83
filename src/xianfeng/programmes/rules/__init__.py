"""The programme definition language and its engine: pure functions over exact numbers, no Django.

``load`` reads and checks a definition; everything else judges by one. Import from here.
"""

from xianfeng.programmes.rules.answers import Answer, explain, points_of
from xianfeng.programmes.rules.diff import Change, diff
from xianfeng.programmes.rules.evaluation import CaseInput, Outcome, evaluate, standard_for
from xianfeng.programmes.rules.facts import Fact, NomineeFacts
from xianfeng.programmes.rules.gates import (
    GateOutcome,
    Settled,
    check_eligibility,
    evaluate_gates,
    gates_for,
    triggered_by,
)  # fmt: skip
from xianfeng.programmes.rules.grading import Award, award
from xianfeng.programmes.rules.life import (
    Fate,
    lower_grade,
    may_return_on,
    merged_fate,
    missed_self_checks,
    next_sanction,
    reassessment_due,
    renewal_from,
    sanction_until,
    self_checks,
    source_lost_fate,
    upgrade_faults,
    valid_until,
    waiting_months,
)
from xianfeng.programmes.rules.loading import canonical, content_hash, json_schema, load, pinned, restore, validate
from xianfeng.programmes.rules.notices import (
    answer_due,
    may_name,
    names_until,
    notice_due,
    objection_lacks,
    objections_due,
)
from xianfeng.programmes.rules.numbering import number
from xianfeng.programmes.rules.panel import PanelScore, panel_score
from xianfeng.programmes.rules.places import Places, may_recommend, nominating_faults, overrun, places
from xianfeng.programmes.rules.problems import DefinitionError, Problem
from xianfeng.programmes.rules.procedures import StepSpec, last_day, period, procedure
from xianfeng.programmes.rules.ranking import RankedRow, Row, candidates, contested, rank
from xianfeng.programmes.rules.schema.definition import Category, Definition, Round, Tier
from xianfeng.programmes.rules.schema.pools import Pool
from xianfeng.programmes.rules.schema.procedures import Due, Period
from xianfeng.programmes.rules.standard import Standard
from xianfeng.programmes.rules.surveys import survey_points
from xianfeng.programmes.rules.totals import Totals, totals
from xianfeng.programmes.rules.trace import Trace
from xianfeng.programmes.rules.tryout import Trial, tryout
from xianfeng.programmes.rules.voting import Election, VoteOutcome, elect, vote

__all__ = [
    "Answer", "Award", "CaseInput", "Category", "Change", "Definition", "DefinitionError", "Due", "Election",
    "Fact", "Fate", "GateOutcome", "NomineeFacts", "Outcome", "PanelScore", "Period", "Places", "Pool", "Problem",
    "RankedRow", "Round", "Row", "Settled", "Standard", "StepSpec", "Tier", "Totals", "Trace", "Trial",
    "VoteOutcome", "answer_due", "award", "candidates", "canonical", "check_eligibility", "content_hash",
    "contested", "diff", "elect", "evaluate", "evaluate_gates", "explain", "gates_for", "json_schema", "last_day",
    "load", "lower_grade", "may_name", "may_recommend", "may_return_on", "merged_fate", "missed_self_checks",
    "names_until",
    "next_sanction", "nominating_faults", "notice_due", "number", "objection_lacks", "objections_due", "overrun",
    "panel_score", "period", "pinned", "places", "points_of", "procedure", "rank", "reassessment_due",
    "renewal_from", "restore", "sanction_until", "self_checks", "source_lost_fate", "standard_for",
    "survey_points", "totals", "triggered_by", "tryout", "upgrade_faults", "valid_until", "validate", "vote",
    "waiting_months",
]  # fmt: skip
