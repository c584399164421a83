"""Journal event kinds of stages 1 and 2."""

from xianfeng import journal


@journal.register
class Event(journal.EventKind):
    """Stage ``creation``; free text that may speak of persons goes to the personal side table."""

    PLAN_SAVED = "creation:plan:saved", "编制创建计划，里程碑 {milestones} 项"
    PLAN_SUBMITTED = "creation:plan:submitted", "报送创建计划"
    PLAN_ACCEPTED = "creation:plan:accepted", "创建计划予以备案"
    PLAN_RETURNED = "creation:plan:returned", "创建计划退回完善"
    PLAN_AMENDED = "creation:plan:amended", "修订已备案的创建计划，第 {version} 版留存"
    PLAN_COMMENTED = "creation:plan:commented", "“{organisation}”提出指导意见"
    MILESTONE_UPDATED = "creation:milestone:updated", "里程碑完成度更新为 {percent}%，计划进度 {progress}%"
    ACTIVITY_ADDED = "creation:activity:added", "记录创建活动（{kind_label}）"
    MEETING_CALLED = "creation:meeting:called", "召集联席会议，通知 {invited} 个单位"
    MEETING_HELD = "creation:meeting:held", "记录联席会议纪要"
    MEETING_CANCELLED = "creation:meeting:cancelled", "取消联席会议"
    BULLETIN_PUBLISHED = "creation:bulletin:published", "印发第{number}期通报简报"
    INSPECTION_RECORDED = "creation:inspection:recorded", "督查“{organisation}”：{conclusion}，问题 {problems} 个"
    PROBLEM_RAISED = "creation:problem:raised", "对“{organisation}”提出问题"
    PROBLEM_ANSWERED = "creation:problem:answered", "报送问题整改情况"
    PROBLEM_CLOSED = "creation:problem:closed", "问题销号"
    PROBLEM_REOPENED = "creation:problem:reopened", "整改不到位，退回整改"
    SURVEY_OPENED = "creation:survey:opened", "开展满意度调查，{opens_on}至{closes_on}"
    SURVEY_ANSWERED = "creation:survey:answered", "群众参与满意度调查"
