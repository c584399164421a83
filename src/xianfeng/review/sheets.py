"""The review's sheet of the workbook: the expert pool."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from xianfeng.directory.models import Organisation, User
from xianfeng.directory.sheets import refer, usernames
from xianfeng.kernel.bulk import Tally
from xianfeng.kernel.sheets import cells
from xianfeng.kernel.workbook import Field, Line, Run, SheetSpec, code, count, split, text
from xianfeng.review import services
from xianfeng.review.models import Expert

USUAL_LOAD = 20


def _check(lines: Sequence[Line], run: Run) -> None:
    users = run.learn("user", usernames)
    for line in lines:
        if line["username"] not in users and line["username"] not in run.spoilt:
            run.refuse(line, "用户名", _("没有用户名为“%(name)s”的用户") % {"name": line["username"]})
        if line["employer"]:
            refer(run, line, EXPERTS.fields["employer"], line["employer"], "unit")
        elif not line["employer_name"]:
            run.refuse(line, "工作单位", _("工作单位和工作单位编码至少填一项，回避按工作单位判断"))


def _save(lines: Sequence[Line], run: Run) -> Tally:
    users = {one.username: one.pk for one in User.objects.filter(username__in=[line["username"] for line in lines])}
    employers = {one.code: one for one in Organisation.objects.filter(code__in=[line["employer"] for line in lines])}
    existing = {one.user_id: one for one in Expert.objects.filter(user_id__in=users.values())}
    total = Tally()
    for line in lines:
        employer = employers.get(line["employer"])
        wanted: dict[str, Any] = {
            "employer_id": employer.pk if employer else None,
            "employer_name": employer.name if employer else line["employer_name"],
            "fields": list(line["fields"]),
            "max_load": line["max_load"] or USUAL_LOAD,
        }
        user_id = users[line["username"]]
        row = existing.get(user_id)
        if row is None:
            services.expert_register(user_id=user_id, **wanted, actor=run.actor, now=run.now)
            total += Tally(created=1)
        elif all(getattr(row, name) == value for name, value in wanted.items()):
            total += Tally(unchanged=1)
        else:
            services.expert_change(expert_id=row.pk, **wanted, active=row.active, actor=run.actor, now=run.now)
            total += Tally(updated=1)
    return total


EXPERTS = SheetSpec(
    name="评审专家",
    note="专家库，每行一人；工作单位用于判断回避。",
    keeper="推进组",
    key=("username",),
    fields={
        "username": text("用户名", required=True, longest=40),
        "employer_name": text("工作单位", width=30),
        "employer": code("工作单位编码", note="工作单位已在本系统登记时填写。"),
        "fields": Field(
            "领域", lambda cell: tuple(split(cells.text(cell))), note="多个领域用“、”分开。", empty=(), width=24
        ),
        "max_load": count("最多件数", least=1, most=500, note=f"不填为{USUAL_LOAD}件。"),
    },
    check=_check,
    save=_save,
)
