"""The language in the words of the office: labels of keys, words of values, what a code may refer to, help."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from xianfeng.directory.rules import PARTY_KINDS, UNIT_KINDS
from xianfeng.programmes.designer.shape import Slot, slots
from xianfeng.programmes.rules.schema.gates import ABOUT
from xianfeng.programmes.rules.schema.procedures import ON_MISSED, STEP_KINDS
from xianfeng.programmes.rules.schema.scoring import SOURCES
from xianfeng.programmes.rules.words import KEYS
from xianfeng.registry import rules as ledger

Choices = list[tuple[str, str]]

# Labels that read better in a form than in a change list; ``Model.key`` before ``key``.
LABELS: Final = {
    "title_en": "英文名称", "approval": "批准", "Approval.body": "批准机关", "approved_on": "批准日期",
    "issued_on": "印发日期", "provenance": "规定出处", "vocabulary": "本活动另用的词", "unit_kinds": "单位类型",
    "party_kinds": "党组织类型", "member_statuses": "党员身份", "fact_kinds": "事实类别",
    "Provenance.at": "位置", "status": "情况", "source": "来源", "played_by": "由谁担任（文件原文）",
    "most_per_superior": "每个上级最多报几个", "most_per_unit": "每个单位最多报几个",
    "categories_per_nominee": "同一对象最多报几个类别", "Intent.items": "内容", "items": "内容",
    "NoneOf.most": "允许的件数", "Band.most": "最多几个", "years": "年数", "in_favour_from": "得分率多少算赞成",
    "Floors.self_total": "自评总分不低于", "exceed": "须超过（不只是达到）", "over_by": "经批准可超出的名额数",
    "times": "重复次数",
    "dimension": "维度", "within": "提出异议的期限", "by_month": "每年几月", "by_day": "几日前",
    "validity_by_grade": "各等次的有效月数", "upgrade_one_grade": "一次只升一等", "on_merged": "单位合并或撤销时",
    "Gate.test": "条件", "AnyOf.tests": "符合其中任一条",
    "Gate.effect": "不符合时", "Gate.unproven": "没有证明时", "Gate.cap": "封顶办法",
    "Gate.message": "给申报人的提示", "FactFilter.kinds": "哪类事实", "FactFilter.about": "关于谁",
    "FactFilter.tags": "限于带这些标签的", "FactFilter.standing": "须达到的程度", "FactFilter.window": "多长时间内",
    "FactFilter.exceptions": "不计入的", "ExampleFact.kind": "事实类别",
    "Exceptions.tags": "带这些标签的不计", "Exceptions.rectified": "已整改的不计",
    "Window.kind": "时间范围", "Indicator.kind": "计分方式", "answers": "逐项作答", "panel_shares": "各专家得分率",
    "Example.panel": "各专家逐项得分", "self_scores": "自评得分", "self_answers": "自评作答", "on": "判断日期",
    "group": "申报单位类别", "members": "党员人数", "staff": "固定人员数", "leader_is_member": "负责人是党员",
    "organisation_kind": "党组织类型", "service_point_kind": "服务点类型", "happened_on": "发生日期",
    "valid_until": "有效期至", "ExampleFact.year": "考核年度", "stars": "星级", "level": "级别",
    "ExampleFact.grade": "事故等级", "ExampleFact.result": "考评结果", "Expected.gates": "否决项状态",
    "vetoed": "被否决", "passed": "合格", "flagged": "提示的否决项", "shortfalls": "未达最低要求的处数",
    "Expected.parts": "各部分得分", "Floors.total": "总分不低于", "each_part": "每部分得分率不低于",
    "each_dimension": "每维度得分率不低于", "Floors.parts": "个别部分的得分率", "Weights.self": "自评（%）",
    "Weights.superior": "上级评分（%）", "Weights.panel": "专家评审（%）", "Weights.survey": "群众测评（%）",
    "Aggregation.kind": "多份评分怎样合成", "Aggregation.of": "以什么为单位合成", "Scoring.panel": "专家评审",
    "share_cap": "占比上限", "result": "结果产生办法", "Category.title": "类别名称", "Due.stage_end": "到某阶段结束",
    "Due.working_days": "工作日数", "Due.calendar_days": "日历日数", "Due.months": "月数", "levels": "档次",
    "Step.levels": "逐级认定的级数", "Step.title": "环节名称", "Objections.evidence": "须附证据",
    "Notice.calendar_days": "公示日历日数", "Notice.working_days": "公示工作日数",
    "Choice.share": "按几成折算", "ScoreAtLeast.share": "得分率不低于", "Measured.otherwise": "不到最低一级时得",
    "Rung.at_least": "实测值不低于", "Rung.points": "得分", "Band.at_least": "起点分（含）",
    "Band.floors": "另有的最低要求",
    "Cap.points": "总分不高于", "Cap.grade": "等次不高于", "AtLeast.count": "至少几项",
    "level_at_least": "级别不低于", "grade_at_least": "事故等级不低于", "result_at_least": "考评结果不低于",
    "stars_at_least": "星级不低于", "staff_at_least": "固定人员不少于", "member_share_at_least": "党员占比不低于",
    "Sanction.code": "处理种类", "Sanction.months": "影响期（月）", "RevocationCause.months": "几个月内不再受理",
    "waiting_by_cause": "按撤销缘由另定的等待", "real_name": "须实名", "written": "须书面",
    "names_need_consent": "公示姓名须本人同意", "take_down_after_days": "期满几天后撤下",
    "drop": "最高、最低各去掉几个",
    "reserve": "递补人选数", "renewal_months_before": "提前几个月续评", "ExampleFact.title": "事由",
    "Example.superior": "上级评分", "Example.survey": "群众测评得分", "optional": "可以略过",
    "most": "最多", "Fault.most": "最多扣", "blind": "盲审（专家看不到申报对象是谁）",
    "second_panel": "送第二评审组的申报", "former_employer_years": "离开原单位几年内仍须回避",
    "rotation_rounds": "几个批次内评过同一对象须轮换", "Recusal.rotation": "近期评过同一对象的专家",
    "same_party_line": "在上级党组织链上或隶属申报对象", "named_in_file": "姓名写在申报材料中",
    "Vote.least_votes": "最少票数", "StandardSource.total": "满分", "StandardSource.note": "分值说明",
    "IndicatorBase.note": "备注", "Step.kind": "环节种类", "TieBreak.by": "依次比较", "VoteRule.of": "赞成票的基数",
}  # fmt: skip

# Words of fixed values, by ``key`` or ``Model.key``.
VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "effect": {"veto": "一票否决", "cap": "封顶", "flag": "提示，不影响结果"},
    "unproven": {"pending": "可提交，初审前须补证明", "failed": "视同不符合", "waived": "视同符合"},
    "nominee": {"organisation": "党组织", "service_point": "服务点", "member": "党员"},
    "GateTest": {
        "none_of": "不得有这样的事实", "at_least": "至少有几项这样的事实", "best_at_least": "最好的一次达到要求",
        "facility": "服务点人员条件", "any_of": "符合其中一条即可", "score_at_least": "得分率达到要求",
    },
    "Indicator": {
        "scored": "酌情给分", "graded": "分档给分", "measured": "按实测值查表", "deduction": "扣分制",
        "bonus": "加分项", "yes_no": "是否项", "vote": "测评票折算",
    },
    "ResultRule": {"quota": "按名额择优", "grades": "按分定等", "pass": "达标即可"},
    "Window.kind": {
        "application_year": "申报年度", "previous_year": "上年度", "calendar_year": "当日所在日历年",
        "years": "连同申报年度的若干年", "months": "若干个月内", "in_force": "当日仍有效", "any": "不限",
    },
    "Aggregation.kind": {
        "mean": "平均", "trimmed_mean": "去掉最高分和最低分后平均", "median": "取中位数", "vote_share": "按赞成比例",
    },
    "Aggregation.of": {"total": "总分", "indicator": "逐项指标"},
    "mode": {"half_up": "四舍五入", "half_even": "四舍六入五成双", "down": "舍去", "up": "进一"},
    "TieBreak.by": {
        "part": "某部分得分", "dimension": "某维度得分", "self_total": "自评分", "superior": "上级评分",
        "survey": "群众测评", "panel_median": "专家评分中位数", "superior_rank": "上级排序", "votes": "得票数",
        "earliest": "提交先后", "lot": "抽签",
    },
    "unused": {"lapse": "作废", "next_round": "结转下一年度", "other_category": "调剂给其他类别"},
    "VoteRule.of": {"present": "到会人数", "members": "应到人数"},
    "on_missed": ON_MISSED,
    "on_source_lost": {"revoke": "一并撤销", "review": "启动复评", "keep": "保留"},
    "on_merged": {"review": "启动复评", "transfer": "由承继单位保留", "end": "终止"},
    "Sanction.code": {
        "warning": "警告", "rectification": "限期整改", "downgrade": "降级", "suspension": "暂停", "revocation": "撤销",
    },
    "source": SOURCES,
    "Recusal.rotation": {"avoid": "尽量避开", "bar": "一律回避"},
    "second_panel": {"replace": "替代第一评审组的评分", "join": "与第一评审组的评分合并计算"},
    "about": ABOUT,
    "Step.kind": STEP_KINDS,
    "Expected.gates": {"met": "符合", "failed": "不符合", "unproven": "尚未证明"},
    "status": {"published": "原文写明", "inferred": "推定，未经原文核实", "example": "示例"},
}  # fmt: skip

# What a code refers to: a list of the definition (its codes and titles) …
REFERENCES: Final = {
    "categories": "categories", "category": "categories", "groups": "applicant_groups", "group": "applicant_groups",
    "decided_by": "bodies", "announced_by": "bodies", "named_by": "bodies", "recommended_by": "bodies",
    "draws_from": "tiers", "tier": "tiers", "applies_to": "tiers", "on_source_lost": "tiers", "numbering": "tiers",
    "stage": "stages", "stage_end": "stages", "Floors.parts": "parts", "Expected.parts": "parts", "part": "parts",
    "Cap.grade": "bands", "Expected.grade": "bands", "validity_by_grade": "bands", "Expected.gates": "gates",
    "Expected.flagged": "gates", "self_scores": "indicators", "dimension": "dimensions",
}  # fmt: skip
# … or a vocabulary of the house, to which the definition may add words of its own.
VOCABULARIES: Final[Mapping[str, tuple[Mapping[str, str], str]]] = {
    "FactFilter.kinds": (ledger.FACT_KINDS, "fact_kinds"), "ExampleFact.kind": (ledger.FACT_KINDS, "fact_kinds"),
    "ExampleFact.about": (ABOUT, ""), "tags": (ledger.TAGS, "tags"), "level_at_least": (ledger.LEVELS, ""),
    "level": (ledger.LEVELS, ""), "grade_at_least": (ledger.ACCIDENT_GRADES, ""),
    "ExampleFact.grade": (ledger.ACCIDENT_GRADES, ""), "result_at_least": (ledger.APPRAISAL_RESULTS, ""),
    "ExampleFact.result": (ledger.APPRAISAL_RESULTS, ""), "periods": (STEP_KINDS, ""),
    "ApplicantGroup.organisation_kinds": (UNIT_KINDS, "unit_kinds"),
    "Eligibility.organisation_kinds": (PARTY_KINDS, "party_kinds"),
    "organisation_kind": (PARTY_KINDS, "party_kinds"),
    "service_point_kinds": (ledger.SERVICE_POINT_KINDS, "service_point_kinds"),
    "service_point_kind": (ledger.SERVICE_POINT_KINDS, "service_point_kinds"),
    "member_status": (ledger.MEMBER_STATUSES, "member_statuses"),
}  # fmt: skip

WORDS_HELP = "每行写一个名称，如“{}”；前面的代码由系统给出，已有的不要改动。"
HELP: Final = {
    **{
        f"Vocabulary.{key}": WORDS_HELP.format(word)
        for key, word in {
            "unit_kinds": "高等学校", "party_kinds": "党工委", "service_point_kinds": "志愿服务站",
            "member_statuses": "入党积极分子", "fact_kinds": "安全鉴定", "tags": "弄虚作假",
        }.items()
    },
    "Survey.shares": "从“非常满意”到“很不满意”共五行，写成小数：1 计满分，0 不计。",
    "allotted": "勾选后，办公室在年度批次页面填写每个上级的推荐名额。表中没有的，按“每个上级最多报几个”；"
    "没有写的，不能推荐。",
    "Category.number_code": "编号里代表本类别的大写字母，如 DZZ。",
    "numbering": "可用 {year} 年度、{category} 类别编号代码、{seq:03d} 三位序号。",
    "Exact.share": "写成小数，如 0.3。", "member_share_at_least": "写成小数，如 0.3 表示 30%。",
    "RevocationCause.months": "不填表示今后不再受理。",
    "waiting_by_cause": "复评审定撤销时从中选择；不属于这些缘由的，按“撤销后等待月数”。",
    "take_down_after_days": "0 表示不撤下。", "over_by": "0 表示不许超出；超出须经批准并说明理由。",
    "each_part": "写成小数，如 0.5 表示一半；0 表示不要求。", "each_dimension": "写成小数，0 表示不要求。",
    "Aggregation.min_panel": "份数达到这个数才去掉最高分和最低分。", "margin": "1 表示等额，1.2 表示候选比名额多两成。",
    "share_cap": "写成小数，如 0.1 表示至多一成。", "VoteRule.quorum": "写成分数，如 2/3。",
    "VoteRule.majority": "写成分数，如 1/2。", "VoteRule.over": "勾选：须超过；不勾：达到即可。",
    "FactFilter.tags": "不勾表示不限；带其中任一标签即可。", "Gate.categories": "不勾表示所有类别。",
    "Gate.groups": "不勾表示所有申报单位。", "Version.groups": "不勾表示通用。", "step": "得分须是它的整数倍。",
    "panel_shares": "每行一位专家，写成小数；各指标按此取分。", "Eligibility.groups": "不勾表示不限。",
    "Procedure.tier": "不选表示各层级。", "may_not_apply": "勾选后可标为“不适用”，按比例折算。",
    "Sanction.code": "",
    "code": "由系统给出，一般不必改动；改动后其他地方对它的引用须一并修改。",
    "Body.code": "决定系统里的权限：working_group 推进组、office 办公室、leading_group 领导小组、comprehensive_group "
    "综合工作组、secretariat 秘书处。没有写这些代码的，按程序中由谁组织评审、复评审定、审定命名确定。",
    "former_employer_years": "0 表示离开后不再回避。", "rotation_rounds": "0 表示不考虑；1 表示只看上一批次。",
    "named_in_file": "两个字的姓名容易与词语相同，只提示慎选，不强制回避。",
    "Provenance.at": "写出规定在定义中的位置，如 title_life.validity_months。",
}  # fmt: skip
QUIET = ("code", "title_en")  # kept out of the way: 更多设置


def _named(table: Mapping[str, Any], slot: Slot) -> Any:
    for model in slot.owner.__mro__:
        if (found := table.get(f"{model.__name__}.{slot.name}")) is not None:
            return found
    return table.get(slot.name)


def label(slot: Slot) -> str:
    """What a key is called on a form."""
    return str(_named(LABELS, slot) or KEYS.get(slot.name, slot.name))


def help_text(slot: Slot) -> str:
    """A sentence under the label, where one helps."""
    return str(_named(HELP, slot) or "")


def about(model: type[BaseModel], title: str = "") -> str:
    """What a piece is for: the language's own sentence, keys in words; its title, where that begins it, left out."""
    text = (model.__doc__ or "").strip().replace("\n", "")
    if not re.match(r"[\u4e00-\u9fff]", text):
        return ""
    named = {one.name: label(one) for one in slots(model)}
    fixed = {code: word for table in VALUES.values() for code, word in table.items()}
    text = re.sub(r"``(\w+)``", lambda found: f"“{named.get(found[1]) or fixed.get(found[1]) or found[1]}”", text)
    text = re.sub(r"“([^”]+)” ?\1", r"\1", text)  # a key whose word is also what the sentence says of it
    return text.removeprefix(f"{title}：")


def values(slot: Slot, codes: Sequence[str]) -> Choices:
    """The fixed values of a key with their words."""
    known = _named(VALUES, slot) or {}
    return [(code, known.get(code, KEYS.get(code, code))) for code in codes]


def union_words(slot_name: str, tags: Sequence[str]) -> Choices:
    """The kinds of a union: ``test`` of a gate, an indicator, ``result``."""
    table = {"test": "GateTest", "tests": "GateTest", "indicators": "Indicator", "result": "ResultRule"}.get(
        slot_name, ""
    )
    known = VALUES.get(table, {})
    return [(tag, known.get(tag, KEYS.get(tag, tag))) for tag in tags]


def references(slot: Slot, document: Mapping[str, Any]) -> Choices | None:
    """What the codes of a key may be; None when anything goes."""
    if slot.owner.__name__ == "Vocabulary":
        return None  # it adds words, it does not use them
    vocabulary = _named(VOCABULARIES, slot)
    if vocabulary is not None:
        words, more = vocabulary
        own = (document.get("vocabulary") or {}).get(more) or {}
        return list({**words, **own}.items())
    if slot.name == "to":
        return [("nominee", "申报对象"), ("superior", "上级党组织"), ("experts", "专家")] + [
            (f"body:{code}", title) for code, title in listed(document, "bodies")
        ]
    target = _named(REFERENCES, slot)
    return listed(document, target) if target else None


def listed(document: Mapping[str, Any], name: str) -> Choices:
    """Codes and titles of a list of the definition."""
    if name == "bands":
        items = (document.get("result") or {}).get("bands") or ()
    elif name in ("parts", "dimensions", "indicators"):
        items = _within_standards(document, name)
    else:
        items = document.get(name) or ()
    return list({str(one.get("code", "")): str(one.get("title", "")) for one in items}.items())


def titles(document: Mapping[str, Any]) -> dict[str, str]:
    """Titles of everything that other places of a definition name by its code."""
    names = ("categories", "tiers", "stages", "applicant_groups", "bodies", "gates", "bands", "parts", "dimensions")
    found = {code: title for name in names for code, title in listed(document, name)}
    for own in (document.get("vocabulary") or {}).values():
        found |= own
    return found | dict(listed(document, "indicators"))


def _within_standards(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    parts = [part for source in document.get("standards") or () for part in source.get("parts") or ()]
    if name == "parts":
        return parts
    dimensions = [one for part in parts for version in part.get("versions") or () for one in version["dimensions"]]
    return dimensions if name == "dimensions" else [one for each in dimensions for one in each["indicators"]]
