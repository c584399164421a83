"""Journal event kinds of 自荐验收."""

from xianfeng import journal


@journal.register
class Event(journal.EventKind):
    """Stage ``nomination``: what the nominee submits, and what superior and office decide on it."""

    SUBMITTED = "nomination:assessment:submitted", "提交自评，自评得分 {total} 分"
    EVIDENCE_ADDED = "nomination:evidence:added", "补充佐证材料"
    EVIDENCE_LINKED = "nomination:evidence:linked", "将佐证材料用于指标 {indicator}"
    EVIDENCE_UNLINKED = "nomination:evidence:unlinked", "从指标 {indicator} 移除佐证材料"
    ENDORSED = "nomination:step:endorsed", "上级党组织认定同意"
    RETURNED = "nomination:step:returned", "上级党组织退回完善"
    SCREEN_PASSED = "nomination:screening:passed", "初审通过"
    SCREEN_RETURNED = "nomination:screening:returned", "初审退回补正，涉及 {count} 项"
    SCREEN_REFUSED = "nomination:screening:refused", "初审不予受理"
    GATE_ACCEPTED = "nomination:gate:accepted", "认可前置条件“{gate}”的证明"
    CORRECTED = "nomination:correction:submitted", "提交补正材料，自评得分 {total} 分"
