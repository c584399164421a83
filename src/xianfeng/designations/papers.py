"""Official papers of this app, through the kernel's letter writer."""

from xianfeng.designations import rules
from xianfeng.designations.models import Decision, DecisionItem, PublicNotice
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
    about = {"name": "审定结果", "fill": "递补"}.get(decision.kind, "复评审定结果")
    return f"关于{row.year}年度“{tier}”{about}的决定"


def basis(definition: Definition) -> str:
    """The papers the programme rests on: 《甲》《乙》."""
    return "".join(f"《{one.title}》" for one in definition.basis[:2]) or f"《{definition.title}》"


def objecting(definition: Definition) -> str:
    """How to object, by what the programme asks of an objection."""
    asked = definition.notice.objections
    how = [word for word, wanted in (("以书面形式", asked.written), ("署真实姓名或单位", asked.real_name)) if wanted]
    proof = "，并提供证据" if asked.evidence else ""
    refused = [word for word, wanted in (("匿名", asked.real_name), ("没有证据", asked.evidence)) if wanted]
    return (
        f"对公示对象有异议的，请{''.join(how)}反映{proof}；{'、'.join([*refused, '与公示内容无关'])}的不予受理。"
        f"收到异议后 {asked.answer_working_days} 个工作日内答复。"
    )


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
    items = decision.items.select_related("case__unit", "decision__round__version")
    if items:
        rows = [
            (
                at,
                one.case.name,
                one.case.unit.name,
                definition.category(one.case.category).title,
                f"{one.votes_for} / {one.votes_against}" if decision.present else "",
                _result(one),
            )
            for at, one in enumerate(items, 1)
        ]
        letter.table(["序号", "对象", "单位", "类别", "赞成/反对", "结果"], rows, [1, 4, 4, 2, 2, 2])
    if decision.over_reason:
        letter.body(f"超出名额部分经{decision.over_approval}批准，理由：{decision.over_reason}")
    if decision.note:
        letter.body(decision.note)
    letter.signature(decision.organisation.name, decision.meeting_on)
    return letter.to_bytes()


def _result(item: DecisionItem) -> str:
    """The result as the letter says it: with the place in the reserve, or the grade."""
    word = RESULTS.get(item.result, item.result)
    if item.reserve:
        return f"{word}第 {item.reserve} 位"
    return f"{word}，{item.grade_title}" if item.grade else word


def notice_letter(notice: PublicNotice) -> bytes:
    """A notice as it hangs on the board (.docx): names only with consent."""
    definition = notice.round.version.definition
    letter = Letter()
    letter.title(notice.title)
    if notice.document_no:
        letter.number(notice.document_no)
    letter.body(*[one for one in notice.body.splitlines() if one.strip()])
    letter.body(f"公示期：{cn_date(notice.starts_on)}至{cn_date(notice.ends_on)}（{notice.days_in_words}）。")
    rows = [(at, one.category, one.name.text, one.name.unit) for at, one in enumerate(notice_lines(notice), 1)]
    letter.table(["序号", "类别", "公示对象", "单位"], rows, [1, 2, 5, 4])
    letter.body(f"受理异议：{notice.contact}。{objecting(definition)}")
    issuer = body_organisation(notice.round.programme, definition.tier(notice.tier).announced_by)
    letter.signature(issuer.name if issuer else definition.issuer, clock.local_day(notice.published_at))
    return letter.to_bytes()
