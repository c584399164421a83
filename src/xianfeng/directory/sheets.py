"""The directory's sheets of the workbook: units, party organisations, users, appointments."""

from collections.abc import Callable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from xianfeng.directory import rules, services, words
from xianfeng.directory.models import Appointment, Organisation, Relation, User
from xianfeng.kernel.bulk import Tally
from xianfeng.kernel.sheets import Cell, CellError, cells
from xianfeng.kernel.workbook import Field, Line, Run, SheetSpec, Words, code, day, text, word, words_of

DUTY_WORDS = words_of(rules.DUTIES)


def unit_words() -> Words:
    """Kinds of unit and body by their words; kinds that programmes add come and go with them."""
    return words_of({**words.UNITS, **words.BODIES})


def party_words() -> Words:
    """Kinds of party organisation by their words."""
    return words_of(words.PARTIES)


def _credit_code(cell: Cell) -> str:
    value = cells.text(cell).upper()
    if fault := rules.credit_code_fault(value):
        raise CellError(fault)
    return value


def _username(cell: Cell) -> str:
    value = cells.text(cell, longest=60)
    if fault := rules.username_fault(value):
        raise CellError(fault)
    return value


def _email(cell: Cell) -> str:
    value = cells.text(cell, longest=120)
    try:
        validate_email(value)
    except ValidationError as error:
        raise CellError(_("“%(value)s”不是电子邮箱地址") % {"value": value}) from error
    return value


def organisation_kinds() -> Mapping[str, str]:
    """Codes of all registered organisations with their kinds."""
    return dict(Organisation.objects.values_list("code", "kind"))


def usernames() -> Mapping[str, str]:
    """All usernames."""
    return {name: name for name in User.objects.values_list("username", flat=True)}


def refer(run: Run, line: Line, field: Field, value: str, sort: str) -> bool:
    """Whether ``value`` is the code of an organisation of a sort (unit, party, body; empty: any); notes why not."""
    kind = run.learn("organisation", organisation_kinds).get(value)
    if kind is None and value in run.spoilt:
        return False
    if kind is None:
        run.refuse(line, field.title, _("没有编码为“%(code)s”的组织") % {"code": value})
        return False
    if sort and words.sort_of(kind) != sort:
        said = {"code": value, "kind": words.kind_word(kind)}
        wanted = {"unit": _("应填单位"), "party": _("应填党组织")}.get(sort, _("应填工作机构"))
        run.refuse(line, field.title, _("“%(code)s”是%(kind)s") % said + "，" + wanted)
        return False
    return True


def _learn_organisations(lines: Sequence[Line], run: Run) -> None:
    kinds = run.learn("organisation", organisation_kinds)
    for line in lines:
        before = kinds.get(line["code"])
        if before is not None and words.sort_of(before) != words.sort_of(line["kind"]):
            reason = _("该编码已登记为%(kind)s，请换一个编码") % {"kind": words.kind_word(before)}
            run.refuse(line, "编码", reason)
        else:
            kinds[line["code"]] = line["kind"]


def _check_units(lines: Sequence[Line], run: Run) -> None:
    _learn_organisations(lines, run)
    kinds = run.known["organisation"]
    for line in lines:
        association = line["association"]
        if association in run.spoilt:
            continue
        if association and kinds.get(association) != "association":
            run.refuse(line, "所属协会编码", _("没有编码为“%(code)s”的行业协会") % {"code": association})
        elif association and words.sort_of(line["kind"]) != "unit":
            run.refuse(line, "所属协会编码", _("工作机构不属于协会"))


def _check_parties(lines: Sequence[Line], run: Run) -> None:
    _learn_organisations(lines, run)
    parents: dict[str, str] = {}
    for line in lines:
        if line["unit"]:
            refer(run, line, PARTIES.fields["unit"], line["unit"], "unit")
        if line["superior"] and refer(run, line, PARTIES.fields["superior"], line["superior"], "party"):
            parents[line["code"]] = line["superior"]
    _check_loops(lines, parents, run)


def _check_loops(lines: Sequence[Line], parents: Mapping[str, str], run: Run) -> None:
    rows = Relation.objects.filter(kind="superior", until__isnull=True)
    links = dict(rows.values_list("organisation__code", "target__code")) | dict(parents)
    by_code = {line["code"]: line for line in lines}
    while loop := rules.loop_in(links):
        path = " → ".join([*loop, loop[0]])
        for one in loop:
            links.pop(one)
            if one in by_code:
                run.refuse(by_code[one], "上级党组织编码", _("上级党组织形成了循环：%(path)s") % {"path": path})


def _save_organisations(lines: Sequence[Line], run: Run, relations: Mapping[str, str]) -> Tally:
    rows = [
        services.OrganisationData(
            code=line["code"],
            kind=line["kind"],
            name=line["name"],
            short_name=line["short_name"],
            credit_code=line.values.get("credit_code", ""),
        )
        for line in lines
    ]
    saved = services.organisations_save(rows=rows, actor=run.actor, now=run.now)
    ties = [
        services.RelationData(kind, line["code"], line[name], since=line.values.get("since"))
        for name, kind in relations.items()
        for line in lines
        if line[name]
    ]
    tied = services.relations_set(rows=ties, actor=run.actor, now=run.now)
    updated = min(len(lines) - saved.created, saved.updated + tied.updated)
    return Tally(saved.created, updated, len(lines) - saved.created - updated)


def _save_units(lines: Sequence[Line], run: Run) -> Tally:
    return _save_organisations(lines, run, {"association": "membership"})


def _save_parties(lines: Sequence[Line], run: Run) -> Tally:
    return _save_organisations(lines, run, {"unit": "unit", "superior": "superior"})


def _check_users(lines: Sequence[Line], run: Run) -> None:
    run.learn("user", usernames).update({line["username"]: line["username"] for line in lines})


def _save_users(lines: Sequence[Line], run: Run) -> Tally:
    rows = [services.UserData(**line.values) for line in lines]
    return services.users_save(rows=rows, actor=run.actor, now=run.now)


def _check_appointments(lines: Sequence[Line], run: Run) -> None:
    known = run.learn("user", usernames)
    held = _held(lines)
    for line in lines:
        if line["username"] not in known and line["username"] not in run.spoilt:
            run.refuse(line, "用户名", _("没有用户名为“%(name)s”的用户") % {"name": line["username"]})
        refer(run, line, APPOINTMENTS.fields["organisation"], line["organisation"], "")
        if line["since"] and line["until"] and line["until"] < line["since"]:
            run.refuse(line, "止", _("截止日期早于起始日期"))
        duties = held.setdefault(line["username"], {})
        clashing = {duty for duty, overlaps in duties.items() if overlaps(line)}
        if rules.duties_clash(clashing, line["duty"]):
            words = "、".join(rules.DUTIES[duty] for duty in sorted(clashing))
            reason = _("“%(name)s”已任%(held)s，管理员职责须由专人单独担任")
            run.refuse(line, "职责", reason % {"name": line["username"], "held": words})
        duties[line["duty"]] = _overlap_with(line)


Overlaps = Callable[[Line], bool]


def _overlap_with(line: Line) -> Overlaps:
    def overlaps(other: Line) -> bool:
        starts_after = line["until"] and other["since"] and other["since"] > line["until"]
        ends_before = other["until"] and line["since"] and other["until"] < line["since"]
        return not (starts_after or ends_before)

    return overlaps


def _held(lines: Sequence[Line]) -> dict[str, dict[str, Overlaps]]:
    """Duties the named users hold already, each with a test of whether a row overlaps it."""
    rows = Appointment.objects.filter(user__username__in={line["username"] for line in lines})
    held: dict[str, dict[str, Overlaps]] = {}
    for name, duty, since, until in rows.values_list("user__username", "duty", "since", "until"):
        line = Line("", 0, {"since": since, "until": until})
        held.setdefault(name, {})[duty] = _overlap_with(line)
    return held


def _save_appointments(lines: Sequence[Line], run: Run) -> Tally:
    rows = [services.AppointmentData(**line.values) for line in lines]
    return services.appointments_give(rows=rows, actor=run.actor, now=run.now)


UNITS = SheetSpec(
    name="单位",
    note="主管部门、安质监站、行业协会、会员单位，以及领导小组、推进组等工作机构，每行一个。",
    keeper="系统管理员",
    key=("code",),
    fields={
        "code": code("编码", required=True, note="本系统内唯一，导入后不变；再次导入按编码更新。"),
        "name": text("名称", required=True, width=36),
        "short_name": text("简称", longest=40),
        "kind": word("类型", unit_words, required=True),
        "credit_code": Field("统一社会信用代码", _credit_code, note="18位，没有可不填。", width=24),
        "association": code("所属协会编码", note="会员单位填所属行业协会的编码。"),
    },
    check=_check_units,
    save=_save_units,
)
PARTIES = SheetSpec(
    name="党组织",
    note="党委、党总支、党支部、党小组，每行一个；党组织和它所在的单位是两回事，请分别登记。",
    keeper="系统管理员",
    key=("code",),
    fields={
        "code": code("编码", required=True, note="与单位编码不能相同。"),
        "name": text("名称", required=True, width=40),
        "short_name": text("简称", longest=40),
        "kind": word("类型", party_words, required=True),
        "unit": code("所属单位编码", note="党组织建在哪个单位。"),
        "superior": code("上级党组织编码", note="自荐申报由上级党组织认定；最上一级可不填。"),
        "since": day("上级关系起", note="调整上级或所属单位时填写新关系的起始日期，不填为当天。"),
    },
    check=_check_parties,
    save=_save_parties,
)
USERS = SheetSpec(
    name="用户",
    note="登录系统的人员，每行一人。权限由“任职”表决定。",
    keeper="系统管理员",
    key=("username",),
    fields={
        "username": Field("用户名", _username, True, "字母、数字和下划线，登录用。", width=18),
        "name": text("姓名", required=True, longest=40),
        "email": Field("邮箱", _email, width=24),
        "password": Field("初始密码", cells.text, note="只对尚无密码的用户有效；不填则由系统管理员另设。", width=18),
    },
    check=_check_users,
    save=_save_users,
)
APPOINTMENTS = SheetSpec(
    name="任职",
    note="谁在哪个组织担任什么职责，每行一项；一人可有多项任职，三类管理员须由专人单独担任。",
    keeper="安全管理员",
    key=("username", "organisation", "duty", "since"),
    fields={
        "username": Field("用户名", _username, True, width=18),
        "organisation": code("组织编码", required=True, note="单位、党组织或工作机构的编码。"),
        "duty": word("职责", DUTY_WORDS, required=True),
        "title": text("职务", longest=40, note="显示在意见栏，如“组织人事科科长”。"),
        "since": day("起"),
        "until": day("止", note="不填为至今。"),
    },
    check=_check_appointments,
    save=_save_appointments,
)
