"""Journal event kinds of programmes, bodies and rounds."""

from xianfeng import journal


@journal.register
class Event(journal.EventKind):
    """Stage ``programme``."""

    LOADED = "programme:programme:loaded", "载入创建活动“{title}”"
    PUBLISHED = "programme:definition:published", "发布定义第{number}版"
    DRAFT_STARTED = "programme:draft:started", "起草定义第{number}版"
    DRAFT_EDITED = "programme:draft:edited", "修改定义草案：{what}"
    DRAFT_DISCARDED = "programme:draft:discarded", "放弃定义第{number}版草案"
    BODY_ASSIGNED = "programme:body:assigned", "由“{organisation}”承担“{title}”"
    ROUND_OPENED = "programme:round:opened", "启动{year}年度批次"
    ROUND_STAGE_MOVED = "programme:round:rescheduled", "调整阶段“{stage}”的起止日期：{starts_on}至{ends_on}"
    ROUND_ALLOTTED = "programme:round:allotted", "分配推荐名额：{summary}"
    ROUND_CLOSED = "programme:round:closed", "办结{year}年度批次"
    ROUND_ANNULLED = "programme:round:annulled", "作废{year}年度批次（{document_no}）"
