"""Reads for the designer: versions, drafts, where a draft came from, what it can be compared with."""

import re
from dataclasses import dataclass
from hashlib import sha256

from xianfeng.kernel.errors import NotFoundHere
from xianfeng.programmes.definitions import BLANK, SHIPPED, shipped_source
from xianfeng.programmes.designer.study import Study, study
from xianfeng.programmes.models import DefinitionVersion, Programme, Round

TITLE = re.compile(r"^title:\s*(.+?)\s*$", re.MULTILINE)


def text_hash(source: str) -> str:
    """What a draft's text is known by: two people who edit the same text notice each other."""
    return sha256(source.encode()).hexdigest()


def version_for_page(public_id: str) -> DefinitionVersion:
    """A version by its public id, 404 without."""
    rows = DefinitionVersion.objects.select_related("programme", "edited_by", "published_by")
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere("没有找到这一版定义。", "请从定义列表进入。")
    return row


def studied(version: DefinitionVersion) -> Study:
    """The version's document and what is wrong with it."""
    return study(version.source)


@dataclass(frozen=True)
class ProgrammeLine:
    """One programme of the list with its versions, newest first."""

    programme: Programme
    versions: list[DefinitionVersion]

    @property
    def draft(self) -> DefinitionVersion | None:
        """Its draft, if one is under way."""
        return next((one for one in self.versions if one.state == "draft"), None)

    @property
    def newest(self) -> DefinitionVersion | None:
        """The newest published version."""
        return next((one for one in self.versions if one.state == "published"), None)


def programme_lines() -> list[ProgrammeLine]:
    """Every programme with its versions, texts left out: one query each."""
    rows = DefinitionVersion.objects.defer("source").select_related("edited_by", "published_by").order_by("-number")
    by_programme: dict[int, list[DefinitionVersion]] = {}
    for row in rows:
        by_programme.setdefault(row.programme_id, []).append(row)
    return [ProgrammeLine(one, by_programme.get(one.pk, [])) for one in Programme.objects.order_by("title")]


def shipped_titles() -> list[tuple[str, str]]:
    """Codes and titles of the shipped definitions."""
    found = ((code, TITLE.search(shipped_source(code))) for code in SHIPPED)
    return [(code, match[1].strip("\"'") if match else code) for code, match in found]


def origins() -> list[tuple[str, str]]:
    """What a new programme can begin from: shipped definitions, the newest published of each programme, nothing."""
    shipped = [(f"shipped:{code}", f"{title}（随附）") for code, title in shipped_titles()]
    published = [
        (f"version:{one.newest.public_id}", f"{one.programme.title}（第 {one.newest.number} 版）")
        for one in programme_lines()
        if one.newest is not None
    ]
    return [*published, *shipped, (f"shipped:{BLANK}", "空白（只有最少的内容，自己逐项填写）")]


def texts() -> list[tuple[str, str]]:
    """Everything two sides of a comparison can be: versions and drafts, then the shipped definitions."""
    found = [
        (f"version:{row.public_id}", f"{one.programme.title} · {version_name(row)}")
        for one in programme_lines()
        for row in one.versions
    ]
    return found + [(f"shipped:{code}", f"{title} · 随附") for code, title in shipped_titles()]


def version_name(row: DefinitionVersion) -> str:
    """第 2 版, 草案."""
    return f"第 {row.number} 版" + ("（草案）" if row.state == "draft" else "")


def text_of(key: str) -> str:
    """The text behind a key of ``origins`` or ``texts``; 404 for none."""
    sort, _, name = key.partition(":")
    if sort == "shipped" and name in (*SHIPPED, BLANK):
        return shipped_source(name)
    if sort == "version":
        return version_for_page(name).source
    raise NotFoundHere("没有找到这份定义。", "请重新选择。")


def base_of(draft: DefinitionVersion) -> tuple[str, str] | None:
    """What a draft is compared with on publication: the newest published version, else where it began (key, name)."""
    newest = draft.programme.versions.filter(state="published").exclude(pk=draft.pk).order_by("-number").first()
    if newest is not None:
        return f"version:{newest.public_id}", version_name(newest)
    titles = dict(texts() + origins())
    return (draft.origin, titles[draft.origin]) if draft.origin in titles else None


def draft_of(programme: Programme) -> DefinitionVersion | None:
    """The programme's draft."""
    return programme.versions.filter(state="draft").first()


def open_years(version: DefinitionVersion) -> list[int]:
    """Years the version knows that have no round yet."""
    taken = set(Round.objects.filter(programme=version.programme).values_list("year", flat=True))
    definition = studied(version).definition
    return [one.year for one in definition.rounds if one.year not in taken] if definition else []
