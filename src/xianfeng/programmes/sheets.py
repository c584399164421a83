"""The programmes' sheet of the workbook: which organisation plays which part."""

from collections.abc import Mapping, Sequence

from django.db import DatabaseError
from django.utils.translation import gettext as _

from xianfeng.directory.models import Organisation
from xianfeng.directory.sheets import refer
from xianfeng.kernel.bulk import Tally
from xianfeng.kernel.workbook import Line, Run, SheetSpec, code, word
from xianfeng.programmes import rules, services
from xianfeng.programmes.definitions import SHIPPED, shipped_source
from xianfeng.programmes.models import Body, DefinitionVersion, Programme


def _definitions() -> list[DefinitionVersion]:
    """The newest published version of each programme."""
    found: dict[int, DefinitionVersion] = {}
    for row in DefinitionVersion.objects.filter(state="published").select_related("programme").order_by("number"):
        found[row.programme_id] = row
    return list(found.values())


def part_words() -> Mapping[str, str]:
    """Parts that the loaded programmes name (the shipped ones, while none is loaded): title → code."""
    try:
        loaded = {body.title: body.code for row in _definitions() for body in row.definition.bodies}
    except DatabaseError:  # a template can be had before there is a database
        loaded = {}
    return loaded or shipped_part_words()


def shipped_part_words() -> Mapping[str, str]:
    """Parts that the plan's programme names: title → code (the other shipped ones are for offices to start from)."""
    return {body.title: body.code for body in rules.load(shipped_source(SHIPPED[0])).bodies}


def _check(lines: Sequence[Line], run: Run) -> None:
    if not lines:
        return
    parts = {(row.programme.code, body.code) for row in _definitions() for body in row.definition.bodies}
    codes = {programme for programme, _part in parts}
    if not codes:
        run.refuse(lines[0], "", _("还没有发布任何创建活动，请先用 xianfeng programme load 载入定义"))
        return
    for line in lines:
        refer(run, line, BODIES.fields["organisation"], line["organisation"], "")
        if not line["programme"] and len(codes) > 1:
            said = {"codes": "、".join(sorted(codes))}
            run.refuse(line, "创建活动编码", _("有多个创建活动，请填写编码：%(codes)s") % said)
        elif line["programme"] and line["programme"] not in codes:
            run.refuse(line, "创建活动编码", _("没有编码为“%(code)s”的创建活动") % {"code": line["programme"]})


def _save(lines: Sequence[Line], run: Run) -> Tally:
    programmes = {one.code: one for one in Programme.objects.all()}
    organisations = {
        one.code: one for one in Organisation.objects.filter(code__in=[line["organisation"] for line in lines])
    }
    held = {(one.programme_id, one.kind): one.organisation_id for one in Body.objects.all()}
    titles = {code: title for title, code in part_words().items()}
    total = Tally()
    for line in lines:
        programme = programmes[line["programme"]] if line["programme"] else next(iter(programmes.values()))
        organisation = organisations[line["organisation"]]
        before = held.get((programme.pk, line["kind"]))
        if before == organisation.pk:
            total += Tally(unchanged=1)
            continue
        services.body_assign(
            programme=programme,
            kind=line["kind"],
            organisation=organisation,
            title=titles[line["kind"]],
            actor=run.actor,
            now=run.now,
        )
        total += Tally(updated=1) if before else Tally(created=1)
    return total


BODIES = SheetSpec(
    name="工作机构",
    note="领导小组、办公室、推进组、综合工作组、协会秘书处各由哪个组织承担；须先载入创建活动的定义。",
    keeper="安全管理员、推进组或领导小组办公室",
    key=("programme", "kind"),
    fields={
        "kind": word("机构种类", part_words, required=True),
        "organisation": code("组织编码", required=True),
        "programme": code("创建活动编码", note="只有一个创建活动时不必填写。"),
    },
    check=_check,
    save=_save,
)
