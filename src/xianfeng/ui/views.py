"""The living style page: every component with sample data, to be looked at."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from xianfeng.kernel.errors import Conflict, UserError
from xianfeng.ui import edge, samples


def style(request: HttpRequest) -> HttpResponse:
    """All components in the work layout."""
    if request.GET.get("message"):
        messages.success(request, "已提交自荐，等待上级党组织认定。")
    return edge.page(request, "ui/style.html", samples.everything())


def style_public(request: HttpRequest) -> HttpResponse:
    """The public layout."""
    return edge.page(request, "ui/style_public.html", samples.everything())


def style_form(request: HttpRequest) -> HttpResponse:
    """Forms: fresh, filled in wrongly, refused by a service, confirmed."""
    form = samples.SampleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = "申报将退回创建单位，期限五个工作日。"
        if asked := edge.confirm(request, title="确认退回补正？", text=text, verb="退回补正"):
            return asked
        with edge.attempt(form) as attempt:
            raise Conflict("这份申报刚刚已由他人办理。", "请刷新后查看最新情况。")
        if attempt.ok:
            messages.success(request, "已退回。")
    due = samples.everything()["dues"][1]
    return edge.page(request, "ui/style_form.html", {"form": form, "due": due}, form=form)


def style_error(request: HttpRequest, status: int) -> HttpResponse:
    """A UserError's page."""
    raise UserError("名额已满：本类别本年度还可推荐 0 个。", "请先撤回一个推荐，或与推进组商定调整。", status=status)
