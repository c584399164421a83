"""满意度调查: opened by the working group, answered by the public, one answer a browser, only in its window."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from xianfeng import journal
from xianfeng.creation import policies, rules
from xianfeng.creation.events import Event
from xianfeng.creation.models import Survey, SurveyAnswer
from xianfeng.creation.services.access import running_round, said, working_group_ids
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.registry.models import Nominee


def survey_open(
    *,
    round_id: int,
    nominee_id: int,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    actor: Actor,
    now: datetime,
) -> Survey:
    """Ask the public how satisfied they are with a nominee, between two instants (the end exclusive)."""
    row = running_round(round_id)
    require(policies.may_guide, actor, row.programme)
    nominee = Nominee.objects.filter(pk=nominee_id).first()
    if nominee is None:
        raise NotFoundHere("没有找到这个创建对象。", "请重新选择。")
    if closes_at <= opens_at or closes_at <= now:
        raise Invalid("调查的结束时间应晚于开始时间和现在。", "请重新填写起止时间。")
    if nominee.member is not None and nominee.member.publication_consent_on is None:
        raise Invalid("该党员未同意公开姓名，不能开展公开调查。", "请先在党员信息中登记本人同意的日期。")
    survey = Survey.objects.create(
        round=row,
        nominee=nominee,
        title=said(title, "标题")[:160],
        opens_at=opens_at,
        closes_at=closes_at,
    )
    bodies = working_group_ids(row)
    journal.record(
        Event.SURVEY_OPENED,
        subject=survey,
        actor=actor.under(bodies[0] if bodies else None),
        at=now,
        data={
            "opens_on": clock.local_day(opens_at),
            "closes_on": clock.local_day(closes_at),
            "nominee": nominee.public_id,
        },
        personal={"title": survey.title},
    )
    return survey


def survey_answer(
    *, survey_id: int, satisfaction: int, once_key: str, actor: Actor, now: datetime, remark: str = ""
) -> SurveyAnswer:
    """One anonymous answer, 5 (非常满意) to 1; of ``once_key``, the browser's own token, only a salted hash is kept."""
    survey = Survey.objects.select_related("round").filter(pk=survey_id).first()
    if survey is None:
        raise NotFoundHere("没有找到这项调查。", "请从首页进入。")
    if now < survey.opens_at:
        raise Conflict("调查还没有开始。", "请在调查期间参与。")
    if now >= survey.closes_at:
        raise Conflict("调查已经结束。", "感谢您的关注。")
    if satisfaction not in rules.SATISFACTION:
        raise Invalid("请选择满意程度。")
    if not once_key:
        raise Invalid("浏览器没有启用 Cookie，无法参与调查。", "请启用后重新打开本页。")
    try:
        with transaction.atomic():
            answer = SurveyAnswer.objects.create(
                survey=survey,
                satisfaction=satisfaction,
                remark=remark.strip()[:300],
                answered_at=now,
                once_key=_hashed(survey, once_key),
            )
    except IntegrityError as error:
        raise Conflict("您已经参与过这项调查。", "每个浏览器限答一次，感谢您的支持。") from error
    journal.record(Event.SURVEY_ANSWERED, subject=survey, actor=actor, at=now, data={"satisfaction": satisfaction})
    return answer


def has_answered(survey: Survey, token: str) -> bool:
    """Whether this browser has answered already: the page then thanks instead of asking."""
    return bool(token) and survey.answers.filter(once_key=_hashed(survey, token)).exists()


def _hashed(survey: Survey, token: str) -> str:
    # Salted with the survey: the same browser in two surveys cannot be told to be the same.
    return salted_hmac(f"survey:{survey.public_id}", token, algorithm="sha256").hexdigest()
