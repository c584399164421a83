"""Where a case stands in its procedure, read from its pinned definition."""

from itertools import takewhile

from xianfeng.cases import rules
from xianfeng.cases.models import Case
from xianfeng.programmes.rules.procedures import StepSpec, procedure


def procedure_of(case: Case) -> list[StepSpec]:
    """The steps of the case under its pinned definition, levels and turns spelt out."""
    return procedure(case.version.definition, case.kind, case.tier)


def stage_spec(case: Case) -> StepSpec:
    """The procedure's step the case stands at."""
    return next(one for one in procedure_of(case) if one.code == case.stage)


def may_withdraw(case: Case) -> bool:
    """Whether the nominee may take the case back from where it stands."""
    here = stage_spec(case)
    so_far = takewhile(lambda one: one.code != here.code, procedure_of(case))
    return case.state == "open" and rules.may_withdraw(case.kind, [here.kind, *(one.kind for one in so_far)])
