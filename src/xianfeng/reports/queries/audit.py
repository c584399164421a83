"""留痕 for the audit administrator: the record searched, one entry with its proof, the access log."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from xianfeng import journal
from xianfeng.directory.models import SignIn, User
from xianfeng.journal import queries
from xianfeng.journal.kinds import kind
from xianfeng.journal.models import Entry, EntryQuerySet
from xianfeng.kernel import clock
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.registry.models import Member
from xianfeng.ui.formats import cn_date

STAGES = {
    "case": "事项",
    "creation": "创建推进",
    "nomination": "自荐验收",
    "review": "评审",
    "decision": "审定",
    "notice": "公示",
    "objection": "异议",
    "title": "命名",
    "reassessment": "复评",
    "registry": "登记",
    "directory": "组织与人员",
    "programme": "创建活动",
    "report": "督办",
    "file": "文件",
    "credential": "数字凭证",
    "journal": "留痕",
    "message": "消息",
    "nurture": "培育",
    "publicity": "对外公开",
}


@dataclass(frozen=True)
class Filters:
    """What the search form asks for; ``until`` is the last day, inclusive."""

    q: str = ""
    person: str = ""
    event: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None


def entries(asked: Filters) -> EntryQuerySet:
    """Entries that fit, newest first."""
    found = queries.search(
        text=asked.q,
        event=asked.event,
        subject_id=asked.subject,
        since=clock.instant(asked.since) if asked.since else None,
        until=clock.instant(date.fromordinal(asked.until.toordinal() + 1)) if asked.until else None,
    )
    if asked.person:
        people = User.objects.filter(Q(name__icontains=asked.person) | Q(username=asked.person))
        found = found.filter(
            Q(actor_label__icontains=asked.person) | Q(actor_id__in=list(people.values_list("public_id", flat=True)))
        )
    return found


def kind_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Event kinds for the search form: each stage as a whole, then its kinds."""
    stages: dict[str, list[tuple[str, str]]] = {}
    for one in journal.kinds():
        code = one.value.split(":")[0]
        stages.setdefault(code, [(code, f"{STAGES.get(code, code)}：全部")]).append((one.value, words_of(one.sentence)))
    return [(STAGES.get(code, code), rows) for code, rows in sorted(stages.items())]


def words_of(sentence: str) -> str:
    """A kind's sentence without the places that an entry fills: 命名：{title}，编号 {number} is 命名."""
    bare = re.sub(r"（[^（）]*\{[^（）]*）|[：，][^：，]*\{.*$", "", sentence)
    return re.sub(r" ?“?\{\w+\}”? ?", "…", bare).strip("… ")


# Words for the keys that recorded data commonly bears; another key shows itself.
DATA_WORDS = {
    "cleared": "无异议件数",
    "closes_on": "截止日期",
    "conclusion": "结论",
    "days_in_words": "公示期",
    "employer": "工作单位",
    "held_on": "开展日期",
    "inspected_on": "督查日期",
    "late": "是否逾期",
    "max_load": "最多评审件数",
    "members": "应到人数",
    "opens_on": "起始日期",
    "pairs": "分派件次",
    "per_case": "每件专家",
    "percent": "完成百分比",
    "places_label": "名额",
    "problems": "问题数",
    "public": "是否公开",
    "relation": "关系",
    "role": "角色",
    "satisfaction": "满意度（5 分制）",
    "target": "所属组织",
    "working_days": "整改期限（工作日）",
    "addressee": "对象",
    "body": "审定机构",
    "cases": "件数",
    "category_label": "类别",
    "content_hash": "定义摘要",
    "count": "件数",
    "days": "工作日数",
    "decision": "审定记录",
    "deputy_for": "代理",
    "designation": "命名",
    "document_no": "文号",
    "duty": "职责",
    "entries": "条目",
    "evidence": "佐证材料",
    "fields": "改动的项目",
    "grade": "等次",
    "ground": "依据",
    "happened_on": "发生日期",
    "head": "链摘要",
    "indicators": "指标",
    "invited": "邀请人数",
    "key": "密钥",
    "kind": "类型",
    "level": "层级",
    "milestones": "节点数",
    "ends_on": "截止日期",
    "kind_label": "类型",
    "meeting_on": "会议日期",
    "name": "名称",
    "notice": "公示",
    "number": "编号",
    "opinion": "意见",
    "organisation": "组织",
    "outcome_label": "结果",
    "passed": "是否合格",
    "places": "名额",
    "plaque": "收回铭牌",
    "present": "到会人数",
    "progress": "进度",
    "reason": "事由",
    "result_label": "结果",
    "seed": "抽取种子",
    "sha256": "文件摘要",
    "since": "起始日期",
    "size_words": "大小",
    "source": "择优自",
    "state": "状态",
    "suggestion_label": "建议",
    "tier_title": "层级",
    "trigger_label": "启动方式",
    "unit": "单位",
    "until": "截止日期",
    "verdict": "结论",
    "votes_against": "反对票",
    "votes_for": "赞成票",
    "starts_on": "起始日期",
    "title": "名称",
    "total": "得分",
    "year": "年度",
}


CODE = re.compile(r"[a-z0-9_]*[a-z][a-z0-9_]*", re.ASCII)
DIGEST = 40  # characters from which a code is a digest, which auditors do compare


def _shown(value: Any) -> str:
    """A value in words; empty for codes and tables, which stand in the raw data below."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str) or (CODE.fullmatch(value) and len(value) < DIGEST):
        return ""
    day = day_of(value)
    return cn_date(day) if day else value


def _data(leaf: dict[str, Any]) -> list[tuple[str, str]]:
    """What an entry says beside its sentence, as far as it can be said in words."""
    said = [(word, _shown(leaf["data"][key])) for key, word in DATA_WORDS.items() if key in leaf["data"]]
    return [(word, value) for word, value in said if value]


@dataclass(frozen=True)
class EntryView:
    """One entry as the audit administrator reads it, with its neighbours in the record and about its subject."""

    entry: Entry
    sentence: str
    what: str  # the kind of event, without its values
    data: list[tuple[str, str]]
    before: int | None
    after: int | None
    earlier: queries.Line | None  # about the same subject
    later: queries.Line | None
    who: User | None


def entry_view(seq: int) -> EntryView:
    """An entry by its number; 404 without."""
    near = {one.seq: one for one in Entry.objects.filter(seq__in=(seq - 1, seq, seq + 1))}
    if seq not in near:
        raise NotFoundHere("没有这一条留痕。", "请从留痕列表进入。")
    entry = near[seq]
    leaf = queries.leaf_of(entry)
    return EntryView(
        entry=entry,
        sentence=queries.sentence(entry),
        what=words_of(str(known.sentence)) if (known := kind(entry.event)) else entry.event,
        data=_data(leaf),
        before=seq - 1 if seq - 1 in near else None,
        after=seq + 1 if seq + 1 in near else None,
        **{name: queries.lines([one])[0] if one else None for name, one in queries.around(entry).items()},
        who=User.objects.filter(public_id=entry.actor_id).first() if entry.actor_kind == "user" else None,
    )


def elsewhere(text: str) -> list[tuple[str, int]]:
    """Where else a text stands, outside the record: kept by those who keep it."""
    users = User.objects.filter(Q(name__icontains=text) | Q(username__icontains=text) | Q(email__icontains=text))
    found = [("用户", users.count()), ("党员名册", Member.objects.filter(name__icontains=text).count())]
    return [(word, count) for word, count in found if count]


def people_of(rows: list[Entry]) -> dict[str, str]:
    """Names of the users behind some entries, by public id; one query. For the audit administrator's eyes only."""
    ids = {one.actor_id for one in rows if one.actor_kind == "user"}
    return dict(User.objects.filter(public_id__in=ids).values_list("public_id", "name"))


def sign_ins(username: str = "", outcome: str = "", since: date | None = None, until: date | None = None) -> Any:
    """The access log, newest first."""
    rows: QuerySet[SignIn] = SignIn.objects.select_related("user").order_by("-at", "-id")
    if username:
        rows = rows.filter(Q(username__icontains=username) | Q(user__name__icontains=username))
    if outcome:
        rows = rows.filter(outcome=outcome)
    if since:
        rows = rows.filter(at__gte=clock.instant(since))
    if until:
        rows = rows.filter(at__lt=clock.instant(date.fromordinal(until.toordinal() + 1)))
    return rows


def day_of(text: str) -> date | None:
    """A day from an address; nonsense is no day, nor is one at the very ends of the calendar."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date.min.year < day.year < date.max.year else None


def filters_from(asked: Any) -> Filters:
    """The search form's values from an address."""
    return Filters(
        q=asked.get("q", "").strip(),
        person=asked.get("person", "").strip(),
        event=asked.get("event", "").strip(),
        subject=asked.get("subject", "").strip(),
        since=day_of(asked.get("since", "")),
        until=day_of(asked.get("until", "")),
    )
