"""Journal event kinds of the engine itself; what a step decides is recorded by the app that decides it."""

from xianfeng import journal


@journal.register
class Event(journal.EventKind):
    """Stage ``case``: opening, ending and timing of cases and steps."""

    OPENED = "case:case:opened", "启动{kind_label}：{name}"
    WITHDRAWN = "case:case:withdrawn", "创建单位撤回申报"
    ENDED = "case:case:ended", "办结：{outcome_label}"
    ANNULLED = "case:case:annulled", "所在批次作废，事项终止"
    STEP_LAPSED = "case:step:lapsed", "{kind_label}逾期未办：{outcome_label}"
    STEP_SKIPPED = "case:step:skipped", "{kind_label}：本次不需要"
    WAIT_OVER = "case:step:over", "{kind_label}"
