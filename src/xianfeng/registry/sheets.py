"""The registry's sheets of the workbook: service points, members, projects, parts in them, the conduct ledger."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from django.utils.translation import gettext as _

from xianfeng.directory.sheets import refer, usernames
from xianfeng.kernel import clock
from xianfeng.kernel.bulk import Tally
from xianfeng.kernel.workbook import (
    Line,
    Run,
    SheetSpec,
    code,
    count,
    day,
    several,
    text,
    word,
    words_of,
    yes_no,
)
from xianfeng.registry import rules, services, words
from xianfeng.registry.models import Member, Project, ServicePoint

SUBJECT_WORDS = {"单位或党组织": "organisation", "服务点": "service_point", "党员": "member"}
STATE_WORDS = {"已核实": "confirmed", "待核实": "reported"}


def _units_of_points() -> Mapping[str, str]:
    return dict(ServicePoint.objects.values_list("code", "unit__code"))


def _units_of_members() -> Mapping[str, str]:
    return dict(Member.objects.values_list("code", "unit__code"))


def _projects() -> Mapping[str, str]:
    return dict(Project.objects.values_list("code", "name"))


LOADERS: dict[str, Callable[[], Mapping[str, str]]] = {
    "service_point": _units_of_points,
    "member": _units_of_members,
    "project": _projects,
}
NAMES = {"service_point": "服务点", "member": "党员", "project": "工程项目"}


def _exists(run: Run, line: Line, title: str, what: str, value: str) -> bool:
    if value in run.learn(what, LOADERS[what]):
        return True
    if value not in run.spoilt:
        run.refuse(line, title, _("没有编码为“%(code)s”的%(what)s") % {"code": value, "what": NAMES[what]})
    return False


def _check_home(lines: Sequence[Line], run: Run, spec: SheetSpec) -> None:
    for line in lines:
        refer(run, line, spec.fields["unit"], line["unit"], "unit")
        refer(run, line, spec.fields["party_organisation"], line["party_organisation"], "party")


def _check_points(lines: Sequence[Line], run: Run) -> None:
    run.learn("service_point", _units_of_points).update({line["code"]: line["unit"] for line in lines})
    _check_home(lines, run, SERVICE_POINTS)
    for line in lines:
        members = line["member_count"] or 0
        if members > line["staff_count"]:
            said = {"members": members, "staff": line["staff_count"]}
            run.refuse(line, "其中党员数", _("党员数 %(members)s 多于固定工作人员数 %(staff)s") % said)


def _save_points(lines: Sequence[Line], run: Run) -> Tally:
    rows = [services.ServicePointData(**{**line.values, "member_count": line["member_count"] or 0}) for line in lines]
    return services.service_points_save(rows=rows, actor=run.actor, now=run.now)


def _check_members(lines: Sequence[Line], run: Run) -> None:
    run.learn("member", _units_of_members).update({line["code"]: line["unit"] for line in lines})
    _check_home(lines, run, MEMBERS)
    users = run.learn("user", usernames)
    for line in lines:
        if line["username"] and line["username"] not in users and line["username"] not in run.spoilt:
            run.refuse(line, "用户名", _("没有用户名为“%(name)s”的用户") % {"name": line["username"]})


def _save_members(lines: Sequence[Line], run: Run) -> Tally:
    rows = [services.MemberData(**line.values) for line in lines]
    return services.members_save(rows=rows, actor=run.actor, now=run.now)


def _check_projects(lines: Sequence[Line], run: Run) -> None:
    run.learn("project", _projects).update({line["code"]: line["name"] for line in lines})
    for line in lines:
        if line["started_on"] and line["finished_on"] and line["finished_on"] < line["started_on"]:
            run.refuse(line, "完工日期", _("完工日期早于开工日期"))


def _save_projects(lines: Sequence[Line], run: Run) -> Tally:
    rows = [services.ProjectData(**line.values) for line in lines]
    return services.projects_save(rows=rows, actor=run.actor, now=run.now)


def _check_parts(lines: Sequence[Line], run: Run) -> None:
    for line in lines:
        _exists(run, line, "项目编码", "project", line["project"])
        refer(run, line, PROJECT_PARTIES.fields["unit"], line["unit"], "unit")
        for name, title in (("service_point", "服务点编码"), ("member", "党员编码")):
            value = line[name]
            if value and _exists(run, line, title, name, value) and run.known[name][value] != line["unit"]:
                said = {"code": value, "unit": line["unit"]}
                run.refuse(line, title, _("“%(code)s”不属于单位“%(unit)s”") % said)


def _save_parts(lines: Sequence[Line], run: Run) -> Tally:
    rows = [services.ProjectPartyData(**{**line.values, "since": line["since"] or date(2000, 1, 1)}) for line in lines]
    return services.project_parties_set(rows=rows, actor=run.actor, now=run.now)


def _check_conduct(lines: Sequence[Line], run: Run) -> None:
    today = clock.local_day(run.now)
    for line in lines:
        if line["subject_kind"] == "organisation":
            refer(run, line, CONDUCT.fields["subject"], line["subject"], "")
        else:
            _exists(run, line, "对象编码", line["subject_kind"], line["subject"])
        if line["project"]:
            _exists(run, line, "项目编码", "project", line["project"])
        parts = {name: line[name] for name in ("level", "grade", "result", "stars")}
        if fault := rules.conduct_fault(line["kind"], **parts):
            run.refuse(line, "事实类别", fault)
        # A demonstration lives in a past year and brings later facts along; gates see them when their day comes.
        if line["happened_on"] > today and not clock.is_set():
            run.refuse(line, "发生日期", _("发生日期在今天之后"))
        for name, title in (("valid_until", "有效期至"), ("rectified_on", "整改完成日期")):
            if line[name] and line[name] < line["happened_on"]:
                run.refuse(line, title, _("早于发生日期"))


def _save_conduct(lines: Sequence[Line], run: Run) -> Tally:
    rows = [services.ConductData(**{**line.values, "state": line["state"] or "confirmed"}) for line in lines]
    return services.conduct_records_save(rows=rows, actor=run.actor, now=run.now)


TAGS_NOTE = "可填：" + "、".join(rules.TAGS.values()) + "，以及创建活动另用的标签。"
KEEPER = "推进组或领导小组办公室"
SERVICE_POINTS = SheetSpec(
    name="服务点",
    note="报监窗口、党建服务点、活动中心等站点，以及内设部门、监督组、班组、项目管理部等固定团队。",
    keeper=KEEPER,
    key=("code",),
    fields={
        "code": code("编码", required=True),
        "name": text("名称", required=True, width=36),
        "kind": word("类型", partial(words.turned, words.SERVICE_POINTS), required=True),
        "unit": code("所属单位编码", required=True),
        "party_organisation": code("党组织编码", required=True, note="由哪个党组织代为申报。"),
        "staff_count": count("固定工作人员数", required=True, note="不少于3人方可申报。"),
        "member_count": count("其中党员数"),
        "leader_is_member": yes_no("负责人中有党员", empty=False),
        "closed_on": day("撤销日期"),
    },
    check=_check_points,
    save=_save_points,
)
MEMBERS = SheetSpec(
    name="党员",
    note="在职党员，每行一人；只登记姓名、支部、岗位和党员身份，请勿填写身份证号和电话。",
    keeper=KEEPER,
    key=("code",),
    fields={
        "code": code("编码", required=True, note="用工号等内部编号，不要用身份证号。"),
        "name": text("姓名", required=True, longest=40),
        "post": text("岗位", required=True, longest=60, width=20),
        "status": word("党员身份", partial(words.turned, words.STATUSES), required=True),
        "in_post": yes_no("在职", empty=True),
        "unit": code("所属单位编码", required=True),
        "party_organisation": code("党组织编码", required=True),
        "username": text("用户名", longest=40, note="该党员本人是系统用户时填写。"),
        "publication_consent_on": day("同意公开日期", note="本人书面同意公开姓名的日期；没有则公示时不显示姓名。"),
    },
    check=_check_members,
    save=_save_members,
)
PROJECTS = SheetSpec(
    name="工程项目",
    note="受监或参建的水务工程项目。",
    keeper=KEEPER,
    key=("code",),
    fields={
        "code": code("编码", required=True),
        "name": text("名称", required=True, longest=160, width=40),
        "started_on": day("开工日期"),
        "finished_on": day("完工日期"),
    },
    check=_check_projects,
    save=_save_projects,
)
PROJECT_PARTIES = SheetSpec(
    name="项目参与",
    note="哪个单位受监或参建哪个项目；落实到服务点或党员的，填上其编码，该项目的情况就与他们有关。",
    keeper=KEEPER,
    key=("project", "unit", "role", "service_point", "member"),
    fields={
        "project": code("项目编码", required=True),
        "unit": code("单位编码", required=True),
        "role": word("方式", words_of(rules.PROJECT_ROLES), required=True),
        "service_point": code("服务点编码"),
        "member": code("党员编码"),
        "since": day("起"),
        "until": day("止"),
    },
    check=_check_parts,
    save=_save_parts,
)
CONDUCT = SheetSpec(
    name="诚信台账",
    note="荣誉、考核、评价、认证，以及事故、投诉、处罚等有日期的事实，每行一件；否决项和前置条件据此判断。",
    keeper=KEEPER,
    key=("kind", "title", "subject_kind", "subject", "project", "happened_on"),
    fields={
        "kind": word("事实类别", partial(words.turned, words.FACTS), required=True),
        "title": text("事由", required=True, longest=200, width=36),
        "subject_kind": word("对象类型", SUBJECT_WORDS, required=True),
        "subject": code("对象编码", required=True),
        "project": code("项目编码", note="与某个工程项目有关时填写。"),
        "happened_on": day("发生日期", required=True, note="获奖、考核、发生的日期。"),
        "valid_until": day("有效期至"),
        "level": word("级别", words_of(rules.LEVELS), note="荣誉必填。"),
        "grade": word("事故等级", words_of(rules.ACCIDENT_GRADES), note="事故必填。"),
        "result": word("考评结果", words_of(rules.APPRAISAL_RESULTS), note="考核评议必填。"),
        "stars": count("星级", least=1, most=rules.MAX_STARS, note="诚信评价必填，1至5。"),
        "tags": several(
            "标签",
            partial(words.turned, words.TAGS),
            note=TAGS_NOTE,
        ),
        "issuer": text("授予或认定单位"),
        "document_no": text("文号", longest=80),
        "rectified_on": day("整改完成日期"),
        "state": word("核实情况", STATE_WORDS, note="不填为已核实；对已有记录不改变其核实情况。"),
    },
    check=_check_conduct,
    save=_save_conduct,
)
