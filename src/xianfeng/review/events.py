"""Journal event kinds of the panel. None has a case as its subject that could tell its readers who reviews whom."""

from xianfeng import journal


@journal.register
class Event(journal.EventKind):
    """Stage ``review``: experts, assignments, sheets, ranking."""

    EXPERT_REGISTERED = "review:expert:registered", "评审专家入库"
    EXPERT_CHANGED = "review:expert:changed", "变更评审专家信息"
    PANEL_OPENED = "review:panel:opened", "组建{category_label}评审组，每件{per_case}位专家"
    PANEL_DRAWN = "review:panel:drawn", "随机抽取专家，分派{pairs}件次"
    PANEL_RANKED = "review:panel:ranked", "汇总排名，{places_label}，参评{count}个"
    RANKING_REOPENED = "review:panel:reopened", "撤回汇总排名，参评{count}个退回评审，准备重新汇总"
    PANEL_CHANGED = "review:panel:changed", "调整评审组设置"
    DISCUSSION_OPENED = "review:discussion:opened", "提请{kind_label}"
    DISCUSSION_CLOSED = "review:discussion:closed", "记录{kind_label}纪要"
    DISCUSSION_CALLED_OFF = "review:discussion:called_off", "撤回{kind_label}"
    LOTS_DRAWN = "review:panel:lots_drawn", "同分抽签"
    ASSIGNED = "review:assignment:added", "指定专家评审"
    TOPPED_UP = "review:assignment:topped_up", "专家回避后补派"
    NOBODY_LEFT = "review:assignment:nobody_left", "专家回避后无人可以补派"
    REMOVED = "review:assignment:removed", "撤回分派"
    RECUSED = "review:assignment:recused", "专家申报回避"
    SIGNED = "review:scorecard:signed", "专家签名提交评分表"
    REOPENED = "review:scorecard:reopened", "退回评分表重新评分"
    CASE_RANKED = "review:case:ranked", "专家评审完成"
    CASE_RECALLED = "review:case:recalled", "汇总排名撤回，回到评审"
