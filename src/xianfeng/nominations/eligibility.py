"""Whether, when and for what a nominee may be nominated: read by the start pages and by the service that starts."""

from datetime import date

from django.utils.translation import gettext as _

from xianfeng.directory import queries as directory
from xianfeng.directory.models import Organisation
from xianfeng.kernel.errors import Conflict, Invalid
from xianfeng.nominations import facts
from xianfeng.programmes.models import Round, RoundStage
from xianfeng.programmes.rules.gates import check_eligibility
from xianfeng.programmes.rules.schema.definition import Category, Definition
from xianfeng.registry.models import Nominee


def nominated_tier(definition: Definition) -> str:
    """The tier a nomination is for: what the procedure says, else the first that draws from no other."""
    named = definition.procedure("nomination").tier
    return named or next(tier.code for tier in definition.tiers if tier.draws_from is None)


def application_stage(row: Round) -> RoundStage | None:
    """The stage of the round in which nominations are made, if the round dates it."""
    first = row.version.definition.procedure("nomination").steps[0]
    code = first.stage or (first.due.stage_end if first.due else None) or "apply"
    return row.stages.filter(code=code).first()


def window_check(row: Round, today: date) -> None:
    """Refuse outside the application window, with its dates."""
    if row.state != "open":
        raise Conflict(_("“%(round)s”已经办结，不再受理自荐。") % {"round": row.title}, _("请等待下一批次。"))
    stage = application_stage(row)
    if stage is None or stage.starts_on <= today <= stage.ends_on:
        return
    window = _("%(from)s至%(to)s") % {"from": _cn(stage.starts_on), "to": _cn(stage.ends_on)}
    if today < stage.starts_on:
        raise Conflict(
            _("还没有到自荐时间：“%(stage)s”为%(window)s。") % {"stage": stage.title, "window": window},
            _("请先完善创建计划和佐证材料，届时再提交。"),
        )
    raise Conflict(
        _("自荐时间已过：“%(stage)s”为%(window)s。") % {"stage": stage.title, "window": window},
        _("如有特殊情况，请联系推进组；也可参加下一批次。"),
    )


def _cn(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def check(definition: Definition, year: int, category: str, nominee: Nominee, today: date) -> None:
    """Refuse a nominee that cannot apply in this category, with every reason."""
    try:
        chosen = definition.category(category)
    except KeyError:
        raise Invalid(_("没有这个申报类别。"), _("请从“自荐”页面重新选择。")) from None
    faults = ineligible(definition, year, chosen, nominee, group_of(definition, nominee.party, today), today)
    if faults:
        raise Invalid(
            _("“%(name)s”不能申报%(category)s：%(faults)s。")
            % {"name": nominee.name, "category": chosen.title, "faults": "；".join(faults)},
            _("如登记信息有误，请先更正登记。"),
        )


def group_of(definition: Definition, party: Organisation, today: date) -> str | None:
    """The applicant group of a party organisation's unit; None out of the programme's scope."""
    group = definition.group_of(directory.unit_of(party, today).kind)
    return group.code if group else None


def ineligible(
    definition: Definition, year: int, category: Category, nominee: Nominee, group: str | None, today: date
) -> list[str]:
    """Why a nominee cannot apply in this category; empty when it can. No query: lists call it for every row."""
    if category.nominee != nominee.kind:
        return [_("该类别不面向这类对象")]
    if group is None:
        return [_("所在单位不在创建范围内")]
    statuses = definition.vocabulary.member_statuses
    found = check_eligibility(category, group, facts.particulars(nominee), statuses)
    closed = getattr(nominee.subject, "closed_on", None)
    if closed is not None and closed <= today:
        found.append(_("已于%(day)s撤并") % {"day": _cn(closed)})
    if definition.result.kind == "quota":
        pool = definition.pool(nominated_tier(definition), category.code, group, year)
        if not pool.quota:
            found.append(_("本批次该类别没有名额"))
    return found
