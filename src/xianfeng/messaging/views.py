"""消息: the inbox; opening a message leads to where one acts on it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from xianfeng.kernel import clock
from xianfeng.messaging import queries, services
from xianfeng.ui import edge


@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """One's own messages, unread first."""
    actor = edge.actor(request)
    state = request.GET.get("state", "")
    page = edge.paginate(request, queries.by_state(actor, state))
    context = {"page": page, "state": state, "unread": queries.unread(actor)}
    return edge.page(request, "messaging/inbox.html", context)


@login_required
def open_message(request: HttpRequest, public_id: str) -> HttpResponse:
    """Mark it read and go where it leads; one that leads nowhere is shown."""
    actor = edge.actor(request)
    row = queries.message_for_page(public_id, actor)
    services.message_read(user_id=row.recipient_id, public_id=public_id, now=clock.now())
    if row.link and url_has_allowed_host_and_scheme(row.link, allowed_hosts=None):
        return redirect(row.link)
    return edge.page(request, "messaging/message.html", {"message": row})


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every message read."""
    count = services.messages_read_all(user_id=edge.actor(request).user_id or 0, now=clock.now())
    messages.success(request, f"已将 {count} 条消息标为已读。" if count else "没有未读消息。")
    return redirect("messaging:inbox")
