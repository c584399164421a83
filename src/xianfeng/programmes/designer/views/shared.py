"""What the designer's pages share: the draft with its sections and check list, and saving with a refusal shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from xianfeng import journal
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict
from xianfeng.kernel.policies import require
from xianfeng.programmes import policies
from xianfeng.programmes.designer import queries, services
from xianfeng.programmes.designer.nodeform import NodeForm
from xianfeng.programmes.designer.paths import Edit, has, look, parse, written
from xianfeng.programmes.designer.sections import SECTIONS, Section, section_of
from xianfeng.programmes.designer.study import Study, problem_path
from xianfeng.programmes.models import DefinitionVersion
from xianfeng.programmes.rules.problems import DefinitionError, Path, Problem
from xianfeng.ui import edge


@dataclass(frozen=True)
class SectionLine:
    """A section in the side list: its address and how many problems its pages mend."""

    section: Section
    url: str
    count: int
    current: bool


@dataclass(frozen=True)
class ProblemLine:
    """One line of the check list and where it is mended."""

    text: str
    url: str
    section: str


@dataclass(frozen=True)
class Desk:
    """A version on the designer's desk."""

    row: DefinitionVersion
    study: Study
    actor: Actor

    @property
    def draft(self) -> bool:
        """Whether it can still be changed."""
        return self.row.state == "draft"

    @property
    def name(self) -> str:
        """第 2 版（草案）."""
        return queries.version_name(self.row)

    def sections(self, current: str = "") -> list[SectionLine]:
        """The side list."""
        counts = self.study.by_section
        return [
            SectionLine(one, section_url(self.row, one), len(counts.get(one.code, ())), one.code == current)
            for one in SECTIONS
        ]

    def problems(self, code: str = "") -> list[ProblemLine]:
        """The check list, of one section or whole."""
        return [
            ProblemLine(one.message, problem_url(self.row, one, self.study.value), section_of(one.path).title)
            for one in self.study.problems
            if not code or section_of(one.path).code == code
        ]


def desk(request: HttpRequest, public_id: str) -> Desk:
    """The version of an address, for those who may design."""
    actor = edge.actor(request)
    row = queries.version_for_page(public_id)
    require(policies.may_design, actor, row.programme)
    return Desk(row, queries.studied(row), actor)


def draft_desk(request: HttpRequest, public_id: str) -> Desk:
    """As ``desk``, for a page that edits: 409 for a published version, and for a draft no page can read."""
    found = desk(request, public_id)
    if not found.draft:
        raise Conflict("这一版已经发布，不能再修改。", "请据此起草新版。")
    if not found.study.shapely:
        raise Conflict("这份草案的写法与现在的定义语言不符，页面无法编辑。", "请在“原文”页面按提示改正。")
    return found


def section_url(row: DefinitionVersion, one: Section) -> str:
    """The address of a section's page."""
    if one.page == "section":
        return reverse("programmes:design_section", args=[row.public_id, one.code])
    return reverse(f"programmes:design_{one.page}", args=[row.public_id])


def node_url(row: DefinitionVersion, path: Path) -> str:
    """The address of the page that edits a piece."""
    return reverse("programmes:design_at", args=[row.public_id, written(path)])


LISTS = ("categories", "gates", "procedures", "steps", "examples", "triggers", "bands")


def problem_url(row: DefinitionVersion, problem: Problem, value: Any) -> str:
    """Where a problem is mended: the page of the nearest item, else of its section."""
    path = problem_path(problem, value)
    if path[:1] == ("standards",) and len(path) > 1:
        category = value["standards"][path[1]].get("category", "")
        base = reverse("programmes:design_standard", args=[row.public_id, category])
        return f"{base}#{written(path)}"
    for length in range(len(path), 1, -1):
        if isinstance(path[length - 1], int) and path[length - 2] in LISTS:
            return node_url(row, path[:length])
    return section_url(row, section_of(path))


def base_context(found: Desk, section: str = "") -> dict[str, Any]:
    """What every page of a draft shows."""
    return {
        "desk": found,
        "row": found.row,
        "draft": found.draft,
        "sections": found.sections(section),
        "problems": found.problems(section),
        "seen": found.row.content_hash,
        "nav": "designer",
    }


def ask_before_removing(request: HttpRequest, found: Desk) -> HttpResponse | None:
    """The question's page when a button asks to delete a piece and nobody has asked yet; None to go on."""
    act, _, where = str(request.POST.get("list", "")).partition(":")
    if act != "remove":
        return None
    path = parse(where)
    piece = look(found.study.value, path) if has(found.study.value, path) else {}
    name = str(piece.get("title") or "") if isinstance(piece, Mapping) else ""
    return edge.confirm(
        request,
        title=f"确认删除{f'“{name}”' if name else '这一项'}？",
        text="它和它下面的内容将从草案中删除，本页已填写的内容一并保存。删除以后还可以撤销。",
        verb="删除",
        back=request.get_full_path(),
    )


def save(request: HttpRequest, found: Desk, form: Any, edits: Sequence[Edit], what: str) -> DefinitionVersion | None:
    """Make the edits; None when refused, the form then says why and keeps what was typed."""
    saved = None
    with edge.attempt(form) as attempt, journal.unit_of_work():
        saved = services.draft_edit(
            draft_id=found.row.pk,
            seen=str(request.POST.get("seen", "")),
            edits=edits,
            what=what,
            actor=found.actor,
            now=clock.now(),
        )
    if isinstance(attempt.error, DefinitionError) and isinstance(form, NodeForm):
        del form.errors["__all__"]
        form.note(list(attempt.error.problems))
    return saved if attempt.ok else None
