"""Official papers of this app, through the kernel's letter writer."""

from xianfeng.designations import rules
from xianfeng.designations.models import Decision, PublicNotice
from xianfeng.designations.queries import notice_lines
from xianfeng.kernel import clock
from xianfeng.kernel.documents import Letter
from xianfeng.programmes.queries import body_organisation
from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.ui.formats import cn_date

RESULTS = rules.DECISION_RESULTS | rules.CONCLUSIONS


def heading(decision: Decision) -> str:
    """What a decision is called on paper."""
    row = decision.round
    if decision.kind == "annul":
        return f"关于作废{row.title}的决定"
    tier = row.version.definition.tier(decision.tier).title
    about = "审定结果" if decision.kind == "name" else "复评审定结果"
    return f"关于{row.year}年度“{tier}”{about}的决定"


def basis(definition: Definition) -> str:
    """The papers the programme rests on: 《甲》《乙》."""
    return "".join(f"《{one.title}》" for one in definition.basis[:2]) or f"《{definition.title}》"


def decision_letter(decision: Decision) -> bytes:
    """A decision as a letter (.docx): basis, list, issuer and date."""
    definition = decision.round.version.definition
    letter = Letter()
    letter.title(heading(decision))
    letter.number(decision.document_no)
    voted = f"，应到 {decision.members} 人，实到 {decision.present} 人" if decision.present else ""
    letter.body(
        f"根据{basis(definition)}，{decision.organisation.name}于{cn_date(decision.meeting_on)}召开会议{voted}，决定如下："
    )
    items = decision.items.select_related("case__unit")
    if items:
        rows = [
            (
                at,
                one.case.name,
                one.case.unit.name,
                definition.category(one.case.category).title,
                f"{one.votes_for} / {one.votes_against}" if decision.present else "",
                RESULTS.get(one.result, one.result),
            )
            for at, one in enumerate(items, 1)
        ]
        letter.table(["序号", "对象", "单位", "类别", "赞成/反对", "结果"], rows, [1, 4, 4, 2, 2, 2])
    if decision.note:
        letter.body(decision.note)
    letter.signature(decision.organisation.name, decision.meeting_on)
    return letter.to_bytes()


def notice_letter(notice: PublicNotice) -> bytes:
    """A notice as it hangs on the board (.docx): names only with consent."""
    definition = notice.round.version.definition
    letter = Letter()
    letter.title(notice.title)
    if notice.document_no:
        letter.number(notice.document_no)
    letter.body(*[one for one in notice.body.splitlines() if one.strip()])
    letter.body(f"公示期：{cn_date(notice.starts_on)}至{cn_date(notice.ends_on)}（{notice.days} 个工作日）。")
    rows = [(at, one.category, one.name.text, one.name.unit) for at, one in enumerate(notice_lines(notice), 1)]
    letter.table(["序号", "类别", "公示对象", "单位"], rows, [1, 2, 5, 4])
    letter.body(f"受理异议：{notice.contact}。反映情况请署真实姓名或单位，并提供证据。")
    issuer = body_organisation(notice.round.programme, definition.tier(notice.tier).announced_by)
    letter.signature(issuer.name if issuer else definition.issuer, clock.local_day(notice.published_at))
    return letter.to_bytes()
