"""Pure tables of the directory: kinds of organisation, relations between them, duties people hold.

Programmes add kinds of their own: pages, forms and imports ask ``directory.words``, which knows those too.
"""

import re
from collections.abc import Mapping
from typing import Final, TypeVar

T = TypeVar("T")

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


USERNAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{1,39}")


def username_fault(username: str) -> str:
    """What is wrong with a username; empty when nothing is."""
    return "" if USERNAME.fullmatch(username) else "应为2至40个字母、数字或 _ . @ -，以字母或数字开头"


# What each relation ties, by sort: whose relation it is, and what it may point to.
RELATION_ENDS: Final = {
    "superior": ("party", "party"),
    "unit": ("party", "unit"),
    "membership": ("unit", "association"),
}
RELATION_FAULTS: Final = {
    "superior": "上级只能是党组织，单位和工作机构没有上级党组织",
    "unit": "所属单位只能是单位，不能是党组织或工作机构",
    "membership": "所属协会只能是行业协会",
}


def loop_in(parents: Mapping[T, T]) -> list[T]:
    """The first loop found among child → parent links, as its members in order; empty when there is none."""
    cleared: set[T] = set()
    for start in parents:
        path: dict[T, None] = {}
        node: T | None = start
        while node is not None and node not in cleared:
            if node in path:
                order = list(path)
                return order[order.index(node) :]
            path[node] = None
            node = parents.get(node)
        cleared |= path.keys()
    return []


# GB 32100-2015: 18 characters without I, O, S, V, Z; the last one checks the other seventeen.
CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_check_digit(first: str) -> str:
    """The 18th character that belongs to the first seventeen."""
    total = sum(CREDIT_ALPHABET.index(one) * pow(3, place, 31) for place, one in enumerate(first))
    return CREDIT_ALPHABET[-total % 31]


def credit_code_fault(code: str) -> str:
    """What is wrong with a 统一社会信用代码; empty when nothing is."""
    if len(code) != 18:
        return f"应为18位，现为{len(code)}位"
    if strange := [one for one in code if one not in CREDIT_ALPHABET]:
        return f"含有不允许的字符“{strange[0]}”"
    return "" if credit_check_digit(code[:17]) == code[17] else "末位校验码不符"
