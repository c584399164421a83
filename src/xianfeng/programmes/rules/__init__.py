"""The programme definition language and its engine: pure functions over exact numbers, no Django.

``load`` reads and checks a definition; everything else judges by one. Import from here.
"""

from xianfeng.programmes.rules.answers import Answer, points_of
from xianfeng.programmes.rules.diff import Change, diff
from xianfeng.programmes.rules.evaluation import CaseInput, Outcome, evaluate, standard_for
from xianfeng.programmes.rules.facts import Fact, NomineeFacts
from xianfeng.programmes.rules.gates import (
    GateOutcome,
    check_eligibility,
    evaluate_gates,
    gates_for,
    triggered_by,
)  # fmt: skip
from xianfeng.programmes.rules.grading import Award, award
from xianfeng.programmes.rules.loading import canonical, content_hash, json_schema, load, pinned, restore, validate
from xianfeng.programmes.rules.numbering import number
from xianfeng.programmes.rules.panel import PanelScore, panel_score
from xianfeng.programmes.rules.problems import DefinitionError, Problem
from xianfeng.programmes.rules.procedures import StepSpec, period, procedure
from xianfeng.programmes.rules.ranking import RankedRow, Row, rank
from xianfeng.programmes.rules.schema.definition import Category, Definition, Round, Tier
from xianfeng.programmes.rules.schema.procedures import Due, Period
from xianfeng.programmes.rules.standard import Standard
from xianfeng.programmes.rules.totals import Totals, totals
from xianfeng.programmes.rules.trace import Trace
from xianfeng.programmes.rules.tryout import Trial, tryout
from xianfeng.programmes.rules.voting import VoteOutcome, vote

__all__ = [
    "Answer", "Award", "CaseInput", "Category", "Change", "Definition", "DefinitionError", "Due", "Fact", "GateOutcome",
    "NomineeFacts", "Outcome", "PanelScore", "Period", "Problem", "RankedRow", "Round", "Row", "Standard",
    "StepSpec", "Tier", "Totals", "Trace", "Trial", "VoteOutcome",
    "award", "canonical", "check_eligibility", "content_hash", "diff", "evaluate", "evaluate_gates", "gates_for",
    "json_schema", "load", "number", "panel_score", "period", "pinned", "points_of", "procedure", "rank", "restore",
    "standard_for", "totals", "triggered_by", "tryout", "validate", "vote",
]  # fmt: skip
