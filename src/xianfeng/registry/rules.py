"""Vocabulary of the conduct ledger (诚信台账): fact kinds, and the orders their levels and grades have.

Pure: the definition language on the floor above names these codes; pages show the Chinese beside them.
"""

from typing import Final

# code -> on screen; insertion order is the order of drop-downs
FACT_KINDS: Final = {
    "honour": "荣誉",
    "accident": "质量安全事故",
    "complaint": "投诉举报",
    "penalty": "行政处罚",
    "illegal_case": "违法案件",
    "bad_faith": "诚信不良记录",
    "appraisal": "考核评议",
    "rating": "诚信评价",
    "certificate": "认证",
}

# lowest first: a gate says "at least"
LEVELS: Final = {
    "unit": "单位级",
    "district_bureau": "区局级",
    "city": "市级",
    "province_ministry": "省部级",
    "national": "国家级",
}
ACCIDENT_GRADES: Final = {"general": "一般", "larger": "较大", "major": "重大", "extraordinary": "特别重大"}
# best first for people, but ranked by position from the worst for "at least"
APPRAISAL_RESULTS: Final = {
    "incompetent": "不称职（不合格）",
    "basic": "基本称职（基本合格）",
    "competent": "称职（合格）",
    "excellent": "优秀",
}

TAGS: Final = {
    "civilised_unit": "文明单位",
    "civilised_site": "文明工地",
    "civilised_window": "文明窗口",
    "engineering": "工程荣誉",
    "personal": "个人荣誉",
    "team": "团队荣誉",
    "integrity": "企业诚信",
    "occupational_health": "职业健康",
    "environment": "环境管理",
    "leadership": "领导班子",
    "unit_rank": "单位考核名列前茅",
    "democratic": "民主评议",
    "year_end": "年终考核",
    "liability": "责任事故",
}

MAX_STARS: Final = 5


def reaches(order: dict[str, str], value: str, least: str) -> bool:
    """Whether ``value`` stands at or above ``least`` in a vocabulary ordered lowest first."""
    codes = list(order)
    return value in codes and codes.index(value) >= codes.index(least)


SERVICE_POINT_KINDS: Final = {
    "window": "报监窗口",
    "party_service": "党建服务点",
    "activity_centre": "党建活动中心",
    "department": "内设部门",
    "supervision_team": "监督组",
    "crew": "班组",
    "project_team": "项目管理部",
}
MEMBER_STATUSES: Final = {"full": "正式党员", "probationary": "预备党员"}
PROJECT_ROLES: Final = {"supervises": "受监", "takes_part": "参建"}

# Facts that speak against somebody; the others are to somebody's credit.
ADVERSE_KINDS: Final = frozenset({"accident", "complaint", "penalty", "illegal_case", "bad_faith"})


def conduct_fault(kind: str, *, level: str, grade: str, result: str, stars: int | None) -> str:
    """What a fact of this kind still lacks to be of use to the gates; empty when nothing."""
    if kind == "honour" and not level:
        return "荣誉应写明级别"
    if kind == "accident" and not grade:
        return "事故应写明事故等级"
    if kind == "appraisal" and not result:
        return "考核评议应写明考评结果"
    if kind == "rating" and not stars:
        return "诚信评价应写明星级"
    return ""
