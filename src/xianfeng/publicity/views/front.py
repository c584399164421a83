"""首页、标准、简报, and what machines read: robots.txt and the feed."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from xianfeng.publicity.queries import home as queries
from xianfeng.publicity.queries import notices, standards
from xianfeng.publicity.views.caching import briefly
from xianfeng.ui import edge
from xianfeng.ui.formats import cn_date

CLOSED = ("/accounts/", "/work/", "/objections/", "/notices/*/objections/", "/surveys/", "/stories/manage/", "/api/")
FEED_LENGTH = 30


@require_safe
@briefly(30)
def home(request: HttpRequest) -> HttpResponse:
    """首页."""
    return edge.page(request, "publicity/home.html", {"home": queries.home(request.GET.get("round", ""))})


@require_safe
@briefly(300)
def standard(request: HttpRequest) -> HttpResponse:
    """创建标准 of ``?category=&group=``."""
    asked = (request.GET.get(one, "") for one in ("category", "group", "round"))
    found = standards.standard_page(*asked)
    return edge.page(request, "publicity/standard.html", {"found": found})


@require_safe
@briefly(60)
def bulletins(request: HttpRequest) -> HttpResponse:
    """简报 on show."""
    return edge.page(
        request, "publicity/bulletins.html", {"page": edge.paginate(request, queries.bulletins_on_show(), 20)}
    )


@require_safe
@briefly(60)
def bulletin(request: HttpRequest, public_id: str) -> HttpResponse:
    """One bulletin."""
    return edge.page(request, "publicity/bulletin.html", {"bulletin": queries.bulletin_on_show(public_id)})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Crawlers may read what is public, and nothing that is somebody's own."""
    lines = ["User-agent: *", *(f"Disallow: {one}" for one in CLOSED)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@briefly(300)
def feed(request: HttpRequest) -> HttpResponse:
    """Atom feed of notices: titles and dates only, for a feed reader never forgets a name."""
    base = settings.BASE_URL.rstrip("/")
    atom = Atom1Feed(
        title=f"公示 · {settings.SITE_TITLE}",
        link=base + reverse("publicity:notices"),
        description="创建活动公示",
        language="zh-Hans",
        feed_url=base + reverse("publicity:feed"),
    )
    for row in notices.notice_rows()[:FEED_LENGTH]:
        notice = row.notice
        address = base + reverse("publicity:notice", args=[notice.public_id])
        said = f"公示期：{cn_date(notice.starts_on)}至{cn_date(notice.ends_on)}，{notice.days_in_words}。"
        changed = notice.closed_at or notice.published_at
        atom.add_item(notice.title, address, said, pubdate=notice.published_at, updateddate=changed, unique_id=address)
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
