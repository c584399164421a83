"""The language's keys as people call them, for change lists and the designer."""

from collections.abc import Mapping
from typing import Final

from xianfeng.programmes.rules.schema.gates import ABOUT
from xianfeng.programmes.rules.schema.procedures import ON_MISSED, STEP_KINDS
from xianfeng.programmes.rules.schema.scoring import SOURCES
from xianfeng.registry import rules as ledger

KEYS: Final = {
    "code": "代码", "title": "名称", "short_title": "简称", "full_title": "全称", "issuer": "发布单位",
    "basis": "依据", "doc_no": "文号", "theme": "主题", "purpose": "预期成效", "goal": "目标", "notes": "说明",
    "period": "起止时间", "since": "开始", "until": "结束", "bodies": "机构", "duties": "职责",
    "applicant_groups": "申报单位类别", "organisation_kinds": "组织类型", "categories": "类别", "nominee": "申报对象",
    "number_code": "编号代码", "description": "说明", "eligibility": "申报条件", "groups": "适用单位",
    "service_point_kinds": "服务点类型", "member_status": "党员身份", "in_post": "在职", "tiers": "层级",
    "draws_from": "来源层级", "decided_by": "审定机构", "announced_by": "公示机构", "named_by": "命名机构",
    "recommended_by": "推荐机构", "stages": "阶段", "summary": "概述", "rounds": "年度批次", "year": "年度",
    "quotas": "名额", "group_quotas": "分给各类申报单位的名额",
    "standards": "创建标准", "total": "总分", "parts": "部分", "versions": "版本",
    "dimensions": "维度", "indicators": "指标", "points": "分值", "criteria": "评分细则", "evidence": "佐证材料",
    "clause": "出处", "note": "备注", "step": "步长", "levels": "档次", "table": "分值表", "at_least": "起点",
    "otherwise": "其余", "faults": "扣分点", "each": "每次扣分", "most": "上限", "choices": "选项",
    "share": "比例", "least_votes": "最少票数", "may_not_apply": "可不适用", "unit": "单位", "gates": "否决项",
    "test": "判断", "tests": "各条", "kind": "种类", "facts": "事实", "kinds": "事实类别", "about": "关于",
    "tags": "标签",
    "window": "回溯期", "months": "月数", "standing": "程度", "level_at_least": "最低级别",
    "grade_at_least": "最低事故等级", "result_at_least": "最低考评结果", "stars_at_least": "最低星级",
    "exceptions": "例外", "rectified": "已整改", "count": "件数", "staff_at_least": "最少人数",
    "member_share_at_least": "最低党员占比", "or_leader_is_member": "或负责人是党员", "effect": "效果",
    "cap": "封顶", "grade": "等次", "unproven": "未证明时", "message": "提示", "scoring": "计分",
    "weights": "权重", "self": "自评", "superior": "上级", "panel": "专家评审", "survey": "群众测评",
    "aggregation": "合成办法", "of": "计算对象", "drop": "去掉个数", "min_panel": "去高低分的最少份数",
    "rounding": "取整", "places": "小数位数", "mode": "进位办法", "floors": "最低要求",
    "each_part": "每部分得分率", "each_dimension": "每维度得分率", "bonus_cap": "加分上限",
    "tie_breaks": "同分处理", "by": "比较", "part": "部分", "experts_per_case": "每件专家数",
    "least_sheets": "最少有效评分表", "recusal": "回避", "same_unit": "同单位", "same_party_line": "同一党组织系统",
    "declared": "自行申明", "named_in_file": "材料中写到姓名", "former_employer_years": "曾任职单位回避年数",
    "rotation_rounds": "轮换批次数", "rotation": "近期评过同一对象", "blind": "盲审", "second_panel": "第二评审组评分",
    "shares": "各档计几成", "least_answers": "最少答卷数",
    "result": "结果", "margin": "差额比例", "reserve": "递补人数", "unused": "空余名额",
    "bands": "等次", "share_cap": "占比上限", "vote": "表决", "quorum": "到会要求", "majority": "赞成要求",
    "over": "须超过", "procedures": "程序", "steps": "环节", "to": "办理方", "stage": "阶段", "due": "期限",
    "optional": "可略过", "on_missed": "逾期后果", "working_days": "工作日", "calendar_days": "日历日",
    "stage_end": "阶段结束", "periods": "各环节期限", "tier": "层级", "notice": "公示", "objections": "异议",
    "real_name": "实名", "written": "书面", "answer_working_days": "答复工作日",
    "names_need_consent": "姓名公开须同意", "take_down_after_days": "撤下天数", "title_life": "称号管理",
    "applies_to": "适用层级", "reassessment_months": "复评间隔月数", "validity_months": "有效月数",
    "renewal_months_before": "提前续评月数", "upgrade_after_months": "晋级须满月数", "self_check": "年度自查",
    "every_months": "间隔月数", "sanctions": "处理阶梯", "waiting_months": "撤销后等待月数",
    "waiting_by_cause": "按撤销缘由的等待",
    "on_source_lost": "来源称号失去时", "triggers": "触发复评", "numbering": "编号规则", "examples": "示例",
    "expect": "应得结果", "category": "类别", "schema_version": "语言版本",
    "answers": "逐项所填内容", "approval": "批准", "approved_on": "批准日期", "at": "位置", "body": "机关",
    "by_day": "截止日", "by_month": "截止月", "categories_per_nominee": "同一对象最多申报类别数", "dimension": "维度",
    "exceed": "须超过", "fact_kinds": "事实类别", "flagged": "提示项", "group": "申报单位类别",
    "happened_on": "发生日期",
    "in_favour_from": "赞成所需得分率", "issued_on": "印发日期", "items": "内容", "leader_is_member": "负责人是党员",
    "level": "级别", "member_statuses": "党员身份", "members": "党员人数", "most_per_superior": "每个上级最多推荐数",
    "most_per_unit": "每个单位最多申报数", "allotted": "推荐名额按分配表",
    "on": "判断日期", "on_merged": "单位合并或撤销时",
    "organisation_kind": "组织类型",
    "over_by": "可超出名额数", "panel_shares": "专家得分率", "party_kinds": "党组织类型", "passed": "合格",
    "played_by": "担任者", "provenance": "规定出处", "self_answers": "自评所填内容", "self_scores": "自评得分",
    "self_total": "自评总分", "service_point_kind": "服务点类型",
    "shortfalls": "未达最低要求的项数", "source": "来源",
    "staff": "固定工作人员数", "stars": "星级", "status": "情况", "times": "次数", "title_en": "英文名称",
    "unit_kinds": "单位类型", "upgrade_one_grade": "逐级晋升", "valid_until": "有效期至",
    "validity_by_grade": "各等次有效月数",
    "vetoed": "否决", "vocabulary": "另用的词", "within": "提出期限", "years": "年数",
}  # fmt: skip

# Words of the language's own values, by key; several keys share the table of "kind".
VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "kind": {
        **STEP_KINDS, **ledger.FACT_KINDS, "application_year": "申报年度",
        "previous_year": "上年度", "calendar_year": "当年",
        "years": "若干年度", "months": "若干个月", "in_force": "仍有效", "any": "不限", "none_of": "不得有",
        "at_least": "至少有", "best_at_least": "最好的一次", "facility": "人员条件", "any_of": "符合其中一条",
        "score_at_least": "得分率",
        "scored": "按要求给分", "graded": "分档", "measured": "按实测值", "deduction": "扣分", "bonus": "加分",
        "yes_no": "是否", "vote": "测评", "mean": "平均", "trimmed_mean": "去高低分平均", "median": "中位数",
        "vote_share": "赞成率", "quota": "按名额", "grades": "按等次", "pass": "达标",
    },
    "of": {"total": "总分", "indicator": "逐项指标", "present": "到会人数", "members": "应到人数"},
    "nominee": {"organisation": "党组织或单位", "service_point": "服务点", "member": "党员"},
    "gates": {"met": "符合", "failed": "不符合", "unproven": "尚未证明"},
    "about": ABOUT,
    "effect": {"veto": "一票否决", "cap": "封顶", "flag": "提示"},
    "unproven": {"pending": "初审前须证明", "failed": "视同不符合", "waived": "视同符合"},
    "on_missed": ON_MISSED,
    "status": {"published": "原文公布", "inferred": "推定", "example": "示例"},
    "unused": {"lapse": "作废", "next_round": "结转下一批次", "other_category": "调剂给其他类别"},
    "mode": {"half_up": "四舍五入", "half_even": "四舍六入五成双", "down": "舍去", "up": "进一"},
    "code": {
        "warning": "警告", "rectification": "限期整改", "downgrade": "降级", "suspension": "暂停",
        "revocation": "撤销",
    },
    "source": SOURCES,
    "by": {
        "part": "部分得分", "dimension": "维度得分", "self_total": "自评分", "superior": "上级评分",
        "survey": "群众测评得分",
        "panel_median": "专家评分中位数", "superior_rank": "上级排序", "votes": "得票",
        "earliest": "提交先后", "lot": "抽签",
    },
    "on_source_lost": {"revoke": "随之撤销", "review": "启动复评", "keep": "保留"},
    "rotation": {"avoid": "尽量避开", "bar": "一律回避"},
    "second_panel": {"replace": "替代第一评审组", "join": "与第一评审组合并"},
    "on_merged": {"review": "启动复评", "transfer": "由承继单位保留", "end": "终止"},
}  # fmt: skip


def value_word(key: str, value: str) -> str:
    """One of the language's own values in Chinese; what the office wrote, as it is."""
    return VALUES.get(key, {}).get(value, value)
