"""Journal event kinds of decision, notice, objection and the title's life."""

from xianfeng import journal


@journal.register
class Event(journal.EventKind):
    """Stages ``decision``, ``notice``, ``objection``, ``title`` and ``reassessment``; never a person's name in them."""

    MEETING = "decision:meeting:recorded", "审定会议：{document_no}，{meeting_on}，审定 {count} 件"
    DECIDED = "decision:step:decided", "{body}审定：{result_label}（{document_no}）"
    NOTICE_PUBLISHED = "notice:notice:published", "发布公示，{starts_on}至{ends_on}，{days} 个工作日"
    NOTICE_LISTED = "notice:step:listed", "列入公示，至{ends_on}"
    NOTICE_CLOSED = "notice:notice:closed", "公示结束，无异议 {cleared} 件"
    NOTICE_WITHDRAWN = "notice:notice:withdrawn", "撤回公示"
    NOTICE_CLEARED = "notice:step:cleared", "公示期满，无异议"
    OBJECTION_FILED = "objection:objection:filed", "收到一件异议"
    OBJECTION_ACCEPTED = "objection:objection:accepted", "受理异议"
    OBJECTION_REFUSED = "objection:objection:refused", "异议不予受理：{refusal_label}"
    OBJECTION_UPHELD = "objection:objection:upheld", "异议成立"
    OBJECTION_DISMISSED = "objection:objection:dismissed", "异议不成立"
    NAMED = "title:title:named", "命名：{title}，编号 {number}"
    PLAQUE_ISSUED = "title:plaque:issued", "颁发铭牌"
    RECOMMENDED = "title:step:recommended", "推荐申报{tier_title}"
    RAISED = "title:title:raised", "命名为高一层级：{title}"
    REASSESSMENT_OPENED = "reassessment:title:opened", "启动复评（{trigger_label}）"
    TRIGGER_NOTED = "reassessment:title:trigger_noted", "复评期间又有事实记入台账"
    OPINION_GIVEN = "reassessment:step:opined", "提出复评意见：{suggestion_label}"
    CONCLUDED = "reassessment:step:concluded", "复评审定：{result_label}（{document_no}）"
    RECTIFIED = "reassessment:step:reported", "报送整改情况"
    RECHECKED = "reassessment:step:rechecked", "整改验收：{result_label}"
    CONFIRMED = "title:title:confirmed", "保留命名"
    WARNED = "title:title:warned", "警告"
    RECTIFY = "title:title:rectify", "责令限期整改"
    SUSPENDED = "title:title:suspended", "暂停"
    RESTORED = "title:title:restored", "恢复"
    REVOKED = "title:title:revoked", "撤销命名：{reason}"
    ANNULLED = "title:title:annulled", "命名无效：{reason}"
    SOURCE_LOST = "title:title:source_lost", "所依据的命名已失效，按规定{rule_label}"
