"""Checks on procedures: what they name is there, and a case can walk them to an end."""

from fractions import Fraction
from typing import Final

from xianfeng.programmes.rules.checks.common import Found, codes, known, unique
from xianfeng.programmes.rules.notices import notice_due
from xianfeng.programmes.rules.problems import Path, Problem
from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.programmes.rules.schema.gates import AtLeast, BestAtLeast, Facility, Gate
from xianfeng.programmes.rules.schema.procedures import ON_MISSED, STEP_KINDS, Due, Procedure, Step

# kind of case → what its last step must be: that and nothing else brings it to an end
ENDS: Final = {"nomination": "name", "recommendation": "name", "reassessment": "conclude"}
OPENED: Final = {"correct": "初审退回", "score": "组织评审", "rectify": "复评审定", "recheck": "报送整改情况"}


def check_procedures(d: Definition) -> Found:
    """Steps are addressed to bodies that exist, have an end, and let every gate be dealt with."""
    yield from unique([f"{one.code}·{one.tier or '各层级'}" for one in d.procedures], ("procedures",), "程序")
    for i, procedure in enumerate(d.procedures):
        path: Path = ("procedures", i)
        yield from known([procedure.tier] if procedure.tier else [], codes(d.tiers), (*path, "tier"), "层级")
        yield from _steps(d, procedure, (*path, "steps"))
        yield from _walk(procedure, (*path, "steps"))
        if procedure.code == "nomination":
            yield from _screened(d, procedure)
    yield from known(d.periods, STEP_KINDS, ("periods",), "环节种类")
    for kind, period in d.periods.items():
        yield from _due(d, period.due, ("periods", kind, "due"))


def _steps(d: Definition, procedure: Procedure, path: Path) -> Found:
    for i, step in enumerate(procedure.steps):
        yield from known([step.body] if step.body else [], codes(d.bodies), (*path, i, "to"), "机构")
        yield from known([step.stage] if step.stage else [], codes(d.stages), (*path, i, "stage"), "阶段")
        if step.times > 1 and step.stage and step.due and step.due.stage_end:
            yield Problem("重复的环节不能以阶段结束为期限，请写间隔", (*path, i, "due"))
        if step.due:
            yield from _due(d, step.due, (*path, i, "due"))
        yield from _stands_long_enough(d, step, (*path, i))
        missed = _missed(d, step.kind) if step.on_missed == "remind" else step.on_missed
        if missed == "revoked" and procedure.code != "reassessment":
            yield Problem(f"“{ON_MISSED[missed]}”只用于复评的环节：申报和推荐不改变已有的称号", (*path, i))
        if step.kind == "screen" and procedure.code != "reassessment" and _missed(d, "correct") == "revoked":
            yield Problem(
                f"补正逾期不能是“{ON_MISSED['revoked']}”：“{procedure.title}”也会退回补正", ("periods", "correct")
            )


def _due(d: Definition, due: Due, path: Path) -> Found:
    yield from known([due.stage_end] if due.stage_end else [], codes(d.stages), path, "阶段")


def _missed(d: Definition, kind: str) -> str:
    return d.periods[kind].on_missed if kind in d.periods else "remind"


def _own_due(d: Definition, step: Step) -> Due | None:
    """The period a step has by itself or by its kind."""
    given = d.periods.get(step.kind)
    return step.due or (given.due if given else None)


def _walk(procedure: Procedure, path: Path) -> Found:
    """Nothing waits for ever, nothing stands behind the end, no two steps go by one code."""
    seen: set[str] = set()
    for i, step in enumerate(procedure.steps):
        for code in spelt_out(step):
            if code in seen:
                yield Problem(f"环节代码“{code}”重复（多级、多次的环节依次加 _2、_3）", (*path, i))
            seen.add(code)
        if step.kind == "wait" and step.due is None:
            yield Problem("等待的环节应写期限，否则等不到头", (*path, i))
        if step.kind in OPENED:
            how = f"“{STEP_KINDS[step.kind]}”由“{OPENED[step.kind]}”引出，不写进程序；期限写在 periods 中"
            yield Problem(how, (*path, i))
    last = ENDS.get(procedure.code)
    if last is not None:
        yield from _ends(procedure, last, path)


def _ends(procedure: Procedure, last: str, path: Path) -> Found:
    what = STEP_KINDS[last]
    at = len(procedure.steps) - 1
    for i, step in enumerate(procedure.steps):
        if step.kind in ENDS.values() and (i < at or step.kind != last):
            yield Problem(f"“{step.title or STEP_KINDS[step.kind]}”会使事项办结，只能是“{what}”且放在最后", (*path, i))
    end = procedure.steps[-1]
    if end.kind != last:
        yield Problem(f"最后一个环节应是“{what}”，否则事项办不结", (*path, at))
    elif end.optional or end.times > 1 or end.levels > 1:
        yield Problem(f"“{end.title or what}”使事项办结，只办一次，不能略过", (*path, at))


def spelt_out(step: Step) -> list[str]:
    """The codes of a step's levels or turns, as cases know them."""
    many = max(step.levels, step.times)
    return [step.code, *(f"{step.code}_{nth}" for nth in range(2, many + 1))]


def _stands_long_enough(d: Definition, step: Step, path: Path) -> Found:
    """A notice's step is no shorter than the notice."""
    due = _own_due(d, step)
    if step.kind == "announce" and due is not None:
        given, asked = _days(due), _days(notice_due(d))
        if given is not None and asked is not None and given < asked:
            yield Problem(f"公示环节的期限短于公示期（{told(notice_due(d))}），请写得不少于公示期，或不写", path)


def _days(due: Due) -> Fraction | None:
    """A period in days, five working days taken as a week; None for the end of a stage, which a round dates."""
    if due.working_days is not None:
        return Fraction(7 * due.working_days, 5)
    if due.months is not None:
        return Fraction(30 * due.months)
    return None if due.calendar_days is None else Fraction(due.calendar_days)


def told(due: Due) -> str:
    """A notice's length in words."""
    return f"{due.working_days} 个工作日" if due.working_days else f"{due.calendar_days} 天"


def _screened(d: Definition, procedure: Procedure) -> Found:
    """Proof that the ledger lacks is accepted at the screening: without one nobody can."""
    if any(step.kind == "screen" and not step.optional for step in procedure.steps):
        return
    for i, gate in enumerate(d.gates):
        if _asks_proof(gate):
            sentence = (
                f"“{gate.title}”台账上没有证明时要在初审时认可，而“{procedure.title}”没有必办的初审环节："
                "请加上初审，或把 unproven 写成 failed 或 waived"
            )
            yield Problem(sentence, ("gates", i))


def _asks_proof(gate: Gate) -> bool:
    """Whether it may come to be that somebody must accept another proof."""
    owed = gate.effect == "veto" and gate.unproven == "pending"
    return owed and any(isinstance(test, (AtLeast, BestAtLeast, Facility)) for test in gate.tests)
