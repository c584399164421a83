"""典型事迹: on show for everybody; written and put on show by the offices."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from xianfeng import journal
from xianfeng.kernel import clock
from xianfeng.kernel.errors import NotPermitted
from xianfeng.publicity import policies, services
from xianfeng.publicity.forms import StoryForm
from xianfeng.publicity.models import Story
from xianfeng.publicity.queries import stories as queries
from xianfeng.publicity.rules import STORY_STATES
from xianfeng.publicity.views.caching import briefly
from xianfeng.ui import edge


@require_safe
@briefly(60)
def stories(request: HttpRequest) -> HttpResponse:
    """Published stories."""
    page = edge.paginate(request, queries.stories_on_show(), 12)
    return edge.page(
        request, "publicity/stories.html", {"page": page, "rows": [(one, queries.about(one)) for one in page]}
    )


@require_safe
@briefly(60)
def story(request: HttpRequest, public_id: str) -> HttpResponse:
    """One story."""
    row = queries.story_on_show(public_id)
    return edge.page(request, "publicity/story.html", {"story": row, "about": queries.about(row)})


@login_required
@require_safe
def manage(request: HttpRequest) -> HttpResponse:
    """Stories of the titles one may read; ``?state=``."""
    actor = edge.actor(request)
    rows = queries.stories_for_office(actor)
    state = request.GET.get("state", "")
    if state in STORY_STATES:
        rows = rows.filter(state=state)
    context = {
        "page": edge.paginate(request, rows),
        "states": STORY_STATES,
        "state": state,
        "may_write": policies.writable(actor).exists(),
    }
    return edge.page(request, "publicity/manage.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def story_new(request: HttpRequest) -> HttpResponse:
    """Write a story about a title."""
    actor = edge.actor(request)
    if not policies.writable(actor).exists():
        raise NotPermitted("您所在的单位还没有可以撰写事迹的命名。", "命名之后即可撰写；如有疑问，请联系推进组。")
    return _write(request, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def story_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Rewrite it, put it on show, take it down: which of these is the pressed button's name."""
    row = queries.story_for_office(public_id, edge.actor(request))
    return _write(request, row)


def _write(request: HttpRequest, row: Story | None) -> HttpResponse:
    actor = edge.actor(request)
    form = _form(request, row)
    act = request.POST.get("act", "save")
    if request.method == "POST" and form.is_valid():
        saved = row
        with edge.attempt(form) as attempt, journal.unit_of_work():
            saved = _carry_out(act, form, row, request)
        if attempt.ok and saved is not None:
            messages.success(request, {"publish": "已发布。", "withdraw": "已撤下，恢复为草稿。"}.get(act, "已保存。"))
            return redirect("publicity:story_edit", public_id=saved.public_id)
    may_publish = row is not None and bool(policies.may_publish(actor, row.designation))
    may_write = row is None or bool(policies.may_write(actor, row.designation))
    locked = row is not None and row.state == "published" and not may_publish
    context = {
        "form": form,
        "story": row,
        "may_publish": may_publish,
        "may_save": may_write and not locked,
        "publishes": policies.publishes(actor),
    }
    return edge.page(request, "publicity/story_edit.html", context, form=form)


def _form(request: HttpRequest, row: Story | None) -> StoryForm:
    if row is None:
        form = StoryForm(request.POST or None, initial={"designation": request.GET.get("designation", "")})
        form.fields["designation"].queryset = policies.writable(edge.actor(request))  # type: ignore[attr-defined]
        return form
    form = StoryForm(request.POST or None, initial={"title": row.title, "body": row.body})
    del form.fields["designation"]
    return form


def _carry_out(act: str, form: StoryForm, row: Story | None, request: HttpRequest) -> Story:
    actor, now, given = edge.actor(request), clock.now(), form.cleaned_data
    if act == "withdraw" and row is not None:
        return services.story_withdraw(story_id=row.pk, actor=actor, now=now)
    saved = services.story_save(
        designation_id=row.designation_id if row is not None else given["designation"].pk,
        title=given["title"],
        body=given["body"],
        story_id=row.pk if row is not None else None,
        actor=actor,
        now=now,
    )
    if act == "publish":
        return services.story_publish(story_id=saved.pk, actor=actor, now=now)
    return saved
