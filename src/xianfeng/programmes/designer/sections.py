"""The designer's sections: which keys of a definition are edited together, in the order in which an office thinks."""

from dataclasses import dataclass

from xianfeng.programmes.rules.problems import Path


@dataclass(frozen=True)
class Section:
    """A page of the designer. ``page`` names a page of its own; others are forms over ``keys``."""

    code: str
    title: str
    keys: tuple[str, ...]
    lead: str
    page: str = "section"


BASICS = (
    "title", "title_en", "short_title", "issuer", "approval", "period", "basis", "theme", "purpose", "goal", "notes",
    "provenance", "code",
)  # fmt: skip
SECTIONS = (
    Section("basics", "基本情况", BASICS, "名称、依据文件、起止时间，公开页面会用到。"),
    Section("bodies", "工作机构", ("bodies",), "谁统一组织、谁审定、谁公示；由哪个组织承担另行指定。"),
    Section("applicants", "申报单位类别", ("applicant_groups",), "按单位类型划分，标准和前置条件可以分别规定。"),
    Section(
        "words", "另用的词", ("vocabulary",),
        "系统自带的单位类型、事实类别、标签等不够用时在这里补充；发布以后，登记、台账和导入表都可以选用。",
    ),
    Section("categories", "类别与申报条件", ("categories", "categories_per_nominee"), "评什么、谁能报。"),
    Section("tiers", "层级与编号", ("tiers", "numbering"), "一层从另一层择优产生；证书编号规则。"),
    Section("standards", "创建标准", ("standards",), "部分、维度、指标和分值。", "standards"),
    Section("gates", "否决项与前置条件", ("gates",), "由诚信台账上的事实判断。"),
    Section("quotas", "年度名额", ("rounds",), "各年度、各层级、各类别给多少名额。", "quotas"),
    Section("stages", "阶段与日期", ("stages",), "一年分几个阶段，各年度的起止日期。", "stages"),
    Section(
        "scoring", "计分与结果", ("scoring", "result", "vote"), "怎样合成总分、最低要求、同分怎么办、结果怎样产生。"
    ),
    Section("procedures", "办理程序", ("procedures", "periods"), "每类事项依次经过哪些环节、由谁办理、多长时间。"),
    Section("notice", "公示与异议", ("notice",), "公示多久，怎样受理异议。"),
    Section("life", "称号管理", ("title_life",), "复评、有效期、处理和撤销。"),
    Section("examples", "示例", ("examples",), "每次校验都按规则重算的例子，用来防止改错。"),
)  # fmt: skip


def section(code: str) -> Section | None:
    """A section by its code."""
    return next((one for one in SECTIONS if one.code == code), None)


def section_of(path: Path) -> Section:
    """The section whose page mends what stands at a path."""
    first = str(path[0]) if path else ""
    if first == "rounds" and len(path) > 2 and path[2] == "stages":
        return next(one for one in SECTIONS if one.code == "stages")
    return next((one for one in SECTIONS if first in one.keys), SECTIONS[0])
