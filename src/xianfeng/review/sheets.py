"""The review's sheets of the workbook: the expert pool, and where its experts worked; in and out again."""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from xianfeng.directory.models import Organisation, User
from xianfeng.directory.sheets import refer, usernames
from xianfeng.kernel.bulk import Tally
from xianfeng.kernel.sheets import Book, cells
from xianfeng.kernel.sheets.writing import Value
from xianfeng.kernel.workbook import Field, Line, Run, SheetSpec, code, count, day, split, text, word
from xianfeng.review import services
from xianfeng.review.models import Expert, ExpertEmployment

USUAL_LOAD = 20
STATES = {"在库": "in", "停用": "out"}
DETAILS = ("away_since", "away_until", "trained_on", "training", "served")


def _check(lines: Sequence[Line], run: Run) -> None:
    users = run.learn("user", usernames)
    experts = run.learn("expert", _experts)
    for line in lines:
        experts[line["username"]] = line["username"]
        if line["username"] not in users and line["username"] not in run.spoilt:
            run.refuse(line, "用户名", _("没有用户名为“%(name)s”的用户") % {"name": line["username"]})
        if line["employer"]:
            refer(run, line, EXPERTS.fields["employer"], line["employer"], "unit")
        elif not line["employer_name"]:
            run.refuse(line, "工作单位", _("工作单位和工作单位编码至少填一项，回避按工作单位判断"))
        if line["away_since"] and line["away_until"] and line["away_until"] < line["away_since"]:
            run.refuse(line, "不能评审止", _("早于“不能评审起”"))


def _experts() -> dict[str, str]:
    return {name: name for name in Expert.objects.values_list("user__username", flat=True)}


def _save(lines: Sequence[Line], run: Run) -> Tally:
    users = {one.username: one.pk for one in User.objects.filter(username__in=[line["username"] for line in lines])}
    employers = {one.code: one for one in Organisation.objects.filter(code__in=[line["employer"] for line in lines])}
    existing = {one.user_id: one for one in Expert.objects.filter(user_id__in=users.values())}
    total = Tally()
    for line in lines:
        user_id = users[line["username"]]
        total += _save_one(line, existing.get(user_id), user_id, employers.get(line["employer"]), run)
    return total


def _save_one(line: Line, row: Expert | None, user_id: int, employer: Organisation | None, run: Run) -> Tally:
    """What stands in the row; a column that is not in the workbook at all reads as empty."""
    wanted: dict[str, Any] = {
        "employer_id": employer.pk if employer else None,
        "employer_name": employer.name if employer else line["employer_name"],
        "fields": list(line["fields"]),
        "max_load": line["max_load"] or USUAL_LOAD,
    }
    details = {name: line[name] for name in DETAILS}
    active = line["state"] != "out"
    everything = {**wanted, **details, "active": active}
    if row is not None and all(getattr(row, name) == value for name, value in everything.items()):
        return Tally(unchanged=1)
    said: dict[str, Any] = {"actor": run.actor, "now": run.now}
    kept = row or services.expert_register(user_id=user_id, **wanted, **said)
    if row is not None or not active:
        services.expert_change(expert_id=kept.pk, **wanted, active=active, **said)
    if any(getattr(kept, name) != value for name, value in details.items()):
        own: dict[str, Any] = {name: wanted[name] for name in ("fields", "max_load")}
        services.expert_describe(expert_id=kept.pk, **own, **details, **said)
    return Tally(created=1) if row is None else Tally(updated=1)


EXPERTS = SheetSpec(
    name="评审专家",
    note="专家库，每行一人；工作单位用于判断回避。",
    keeper="推进组",
    key=("username",),
    fields={
        "username": text("用户名", required=True, longest=40, note="先在“用户”表或组织目录中登记，如 expert01。"),
        "employer_name": text("工作单位", width=30, note="如 示例水利大学；已填编码的可以不填。"),
        "employer": code("工作单位编码", note="工作单位已在本系统登记时填写，如 HY01。"),
        "fields": Field(
            "领域", lambda cell: tuple(split(cells.text(cell))), note="多个领域用“、”分开，如 工程质量、施工安全。",
            empty=(), width=24,
        ),
        "max_load": count("最多件数", least=1, most=500, note=f"一个批次最多评审几件，不填为{USUAL_LOAD}件。"),
        "state": word("在库", STATES, note="不填为在库；停用的专家不再抽取和指定。"),
        "away_since": day("不能评审起", note="请假、出差等，如 2026年11月22日；没有不填。"),
        "away_until": day("不能评审止", note="不填表示长期；起止都不填表示随时可以评审。"),
        "trained_on": day("最近培训日期"),
        "training": text("培训情况", longest=200, width=30, note="如 2026年评审规则培训，8学时。"),
        "served": text("以往评审经历", longest=300, width=36, note="本系统之外的，如 2018年某创建活动评审。"),
    },
    check=_check,
    save=_save,
)  # fmt: skip


def _check_employments(lines: Sequence[Line], run: Run) -> None:
    experts = run.learn("expert", _experts)
    for line in lines:
        if line["username"] not in experts and line["username"] not in run.spoilt:
            run.refuse(line, "用户名", _("“%(name)s”不在专家库中，请先填写“评审专家”表") % {"name": line["username"]})
        if line["organisation"]:
            refer(run, line, EMPLOYMENTS.fields["organisation"], line["organisation"], "unit")
        elif not line["name"]:
            run.refuse(line, "单位", _("单位和单位编码至少填一项"))
        if line["until"] and line["until"] < line["since"]:
            run.refuse(line, "止", _("早于“起”"))


def _save_employments(lines: Sequence[Line], run: Run) -> Tally:
    experts = dict(Expert.objects.values_list("user__username", "pk"))
    units = {one.code: one for one in Organisation.objects.filter(code__in=[line["organisation"] for line in lines])}
    rows = ExpertEmployment.objects.filter(expert__user__username__in=[line["username"] for line in lines])
    known = {(one.expert_id, one.organisation_id or one.name, one.since): one for one in rows}
    said: dict[str, Any] = {"actor": run.actor, "now": run.now}
    total = Tally()
    for line in lines:
        unit = units.get(line["organisation"])
        expert, place = experts[line["username"]], unit.pk if unit else line["name"]
        row = known.get((expert, place, line["since"]))
        if row is None:
            services.employment_add(
                expert_id=expert, organisation_id=unit.pk if unit else None, name=line["name"], since=line["since"],
                until=line["until"], **said,
            )  # fmt: skip
            total += Tally(created=1)
        elif row.until == line["until"]:
            total += Tally(unchanged=1)
        else:
            services.employment_end(employment_id=row.pk, until=line["until"], **said)
            total += Tally(updated=1)
    return total


EMPLOYMENTS = SheetSpec(
    name="专家任职经历",
    note="每行一段任职，一人可有多行；离开不久的单位仍须回避，年限由创建活动规定。",
    keeper="推进组",
    key=("username", "organisation", "name", "since"),
    fields={
        "username": text("用户名", required=True, longest=40, note="“评审专家”表中的用户名，如 expert01。"),
        "name": text("单位", width=30, note="如 示例设计院；已填编码的可以不填。"),
        "organisation": code("单位编码", note="单位已在本系统登记时填写，如 HY01。"),
        "since": day("起", required=True, note="如 2015年7月1日。"),
        "until": day("止", note="现在仍在任的不填。"),
    },
    check=_check_employments,
    save=_save_employments,
)

GUIDE = (
    "一、本工作簿有两张表：【评审专家】每行一人；【专家任职经历】每行一段任职，一人可有多行。带 * 的列必须填写。",
    "二、填写示例：用户名 expert01，工作单位 示例水利大学，领域 工程质量、施工安全，最多件数 20，在库；"
    "任职经历 expert01，单位 示例设计院，起 2015年7月1日，止 2018年6月30日。",
    "三、“在库”从下拉列表中选择；日期写成 2026年11月22日（也可写 2026-11-22）。",
    "四、再次导入时按用户名更新，没有变化的行不会重复写入；表中没有的专家不受影响。",
    "五、填好后在“导入”页上传：先整本检查，任何一行有误都不会写入，错误逐条列出所在的表、行、列和原因。",
)


def pool_book(experts: Iterable[Expert]) -> bytes:
    """The pool as its own workbook, ready to be changed and imported again; nobody in it gives the template."""
    chosen = list(experts)
    target = io.BytesIO()
    with Book(target) as book:
        book.instructions("专家库填写说明", GUIDE, "说明")
        book.table(EXPERTS.name, EXPERTS.columns(), map(_expert_row, chosen))
        book.table(EMPLOYMENTS.name, EMPLOYMENTS.columns(), _employment_rows(chosen))
    return target.getvalue()


def _expert_row(one: Expert) -> list[Value]:
    employer = one.employer
    return [
        one.user.username, "" if employer else one.employer_name, employer.code if employer else "",
        "、".join(one.fields), one.max_load, "在库" if one.active else "停用", one.away_since, one.away_until,
        one.trained_on, one.training, one.served,
    ]  # fmt: skip


def _employment_rows(experts: Sequence[Expert]) -> Iterator[list[Value]]:
    rows = ExpertEmployment.objects.filter(expert__in=experts).select_related("expert__user", "organisation")
    for one in rows.order_by("expert__user__username", "since", "id"):
        unit = one.organisation
        yield [one.expert.user.username, "" if unit else one.name, unit.code if unit else "", one.since, one.until]
