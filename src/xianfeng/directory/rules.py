"""Pure tables of the directory: kinds of organisation, relations between them, duties people hold."""

from typing import Final

UNIT_KINDS: Final = {
    "authority": "主管部门",
    "central_station": "市安质监中心站",
    "station": "区安质监站",
    "association": "行业协会",
    "company": "协会会员单位",
}
PARTY_KINDS: Final = {
    "party_committee": "党委",
    "general_branch": "党总支",
    "party_branch": "党支部",
    "party_group": "党小组",
}
# 议事机构: leading groups, their offices, working groups, and the platform's own operations desk
BODY_KINDS: Final = {"body": "工作机构"}
ORGANISATION_KINDS: Final = UNIT_KINDS | PARTY_KINDS | BODY_KINDS

RELATION_KINDS: Final = {
    "superior": "上级党组织",
    "unit": "所属单位",
    "membership": "协会会员",
}

DUTIES: Final = {
    "secretary": "书记",
    "staff": "经办人",
    "member": "成员",
    "expert": "评审专家",
    "system_admin": "系统管理员",
    "security_admin": "安全管理员",
    "audit_admin": "审计管理员",
}
ADMIN_DUTIES: Final = frozenset({"system_admin", "security_admin", "audit_admin"})

# 等保 2.0: the three administrators are separate people, and none of them takes part in a case.
ACTING_DUTIES: Final = frozenset({"secretary", "staff", "member"})


def duties_clash(held: set[str], wanted: str) -> bool:
    """Whether giving ``wanted`` to somebody who holds ``held`` breaks the separation of administrators."""
    if wanted in ADMIN_DUTIES:
        return bool(held - {wanted})
    return bool(held & ADMIN_DUTIES)
