"""公示 and 异议 by the definition: days of either kind, several rounds, another time to object, what one must have."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.factories import designations as made
from tests.factories.base import World, world

from xianfeng.designations import queries, services
from xianfeng.designations.papers import objecting
from xianfeng.kernel import clock
from xianfeng.kernel.actors import public_actor
from xianfeng.kernel.errors import Conflict, Invalid
from xianfeng.publicity.queries import notices as public
from xianfeng.reports.queries.workbench import bench

pytestmark = pytest.mark.django_db

DAYS = "notice:\n  working_days: 5\n"
STEP = 'title: 公示, to: "body:working_group", stage: evaluate'
OWN_DUE = (STEP + ", due: { working_days: 5 }", STEP)  # the step's own period goes before the programme's
OBJECTIONS = "{ real_name: true, written: true, evidence: true, answer_working_days: 10 }"


def on_notice(w: World, count: int = 2):
    cases = [made.case_at(w, one, "decide") for one in made.nominees(w, count)]
    made.decided(w, cases)
    return made.announced(w, cases)


def object_on(w: World, notice, day: date, **more):
    given = {"name": "示例群众甲", "contact": "000-12345678", "evidence_note": "见附件"} | more
    with made.at(made.moment(day)) as now:
        return services.objection_file(
            item_id=notice.items.get(position=1).pk, content="该对象在公示年度有未披露的情况。",
            actor=public_actor("示例"), now=now, **given,
        )  # fmt: skip


def test_a_notice_in_calendar_days_runs_over_the_weekend_and_never_ends_on_a_day_of_rest():
    w = made.changed(OWN_DUE, (DAYS, "notice:\n  calendar_days: 5\n"))
    notice = on_notice(w)  # published on Monday 9 December 2019; the fifth day is a Saturday
    assert (notice.starts_on, notice.ends_on, notice.working) == (date(2019, 12, 10), date(2019, 12, 16), False)
    assert notice.days_in_words == "5 个日历日"
    with clock.frozen(made.moment(date(2019, 12, 14))):
        assert public.notice_rows()[0].left == "还有 3 个日历日"
    made.cleared(w, notice)


def test_a_notice_shorter_than_asked_is_refused_in_the_definitions_own_days():
    w = made.changed(OWN_DUE, (DAYS, "notice:\n  calendar_days: 7\n"))
    case = made.case_at(w, made.nominees(w, 1)[0], "decide")
    made.decided(w, [case])
    with pytest.raises(Invalid, match="不得少于 7 个日历日"), made.at(made.moment()) as now:
        services.notice_publish(
            round_id=w.round.pk, tier="tier1", case_ids=[case.pk], title="示例", days=6,
            actor=w.actor("worker"), now=now,
        )  # fmt: skip


def test_objections_have_a_time_of_their_own_and_the_notice_waits_for_it():
    w = made.changed((OBJECTIONS, OBJECTIONS.replace(" }", ", within: { working_days: 8 } }")))
    notice = on_notice(w)
    assert clock.local_day(notice.objections_until) == date(2019, 12, 20)  # the first instant no longer
    with clock.frozen(made.moment(date(2019, 12, 18))):
        assert public.notice_page(notice.public_id).objectable
    objection = object_on(w, notice, date(2019, 12, 18))
    with pytest.raises(Conflict, match="提出异议的期限已过"):
        object_on(w, notice, date(2019, 12, 20))
    with pytest.raises(Conflict, match="异议提出期限到2019年12月19日 24:00 才结束"):
        made.cleared(w, notice)
    with made.at(made.moment(date(2019, 12, 20))) as now:
        services.objection_refuse(objection_id=objection.pk, refusal="irrelevant", actor=w.actor("worker"), now=now)
        services.notice_close(notice_id=notice.pk, actor=w.actor("worker"), now=now)


def test_a_shorter_time_to_object_ends_before_the_notice():
    w = made.changed((OBJECTIONS, OBJECTIONS.replace(" }", ", within: { calendar_days: 3 } }")))
    notice = on_notice(w)
    object_on(w, notice, date(2019, 12, 12))
    with pytest.raises(Conflict, match="提出异议的期限已过"):
        object_on(w, notice, date(2019, 12, 13))


def test_what_an_objection_must_have_is_the_programmes_to_say():
    open_to_all = "{ real_name: false, written: true, evidence: false, answer_working_days: 3 }"
    w = made.changed((OBJECTIONS, open_to_all))
    notice = on_notice(w)
    objection = object_on(w, notice, date(2019, 12, 11), name="", evidence_note="")
    assert objection.answer_by == date(2019, 12, 16)
    with made.at(made.moment(date(2019, 12, 12))) as now:
        with pytest.raises(Invalid, match="请选择不予受理的理由"):
            services.objection_refuse(objection_id=objection.pk, refusal="anonymous", actor=w.actor("worker"), now=now)
        services.objection_refuse(objection_id=objection.pk, refusal="irrelevant", actor=w.actor("worker"), now=now)
    words = objecting(w.version.definition)
    assert "匿名" not in words
    assert "证据" not in words
    assert "3 个工作日内答复" in words


def test_two_rounds_of_notice_follow_one_another_and_are_never_mixed():
    once = "kind: announce, title: 公示, "
    w = made.changed((once, once + "times: 2, "))
    first = on_notice(w, 2)
    assert first.turn == 1
    late = made.case_at(w, w.nominees["st-member"], "decide")
    made.decided(w, [late])
    made.cleared(w, first)
    cases = [one.case for one in first.items.all()]
    with made.at(made.after_notice(first)) as now:
        given: dict[str, Any] = {
            "round_id": w.round.pk,
            "tier": "tier1",
            "title": "第二次公示（示例）",
            "actor": w.actor("worker"),
        }
        with pytest.raises(Invalid, match="与其他对象的公示次数或期限不同"):
            services.notice_publish(case_ids=[cases[0].pk, late.pk], now=now, **given)
        second = services.notice_publish(case_ids=[one.pk for one in cases], now=now, **given)
    assert second.turn == 2
    made.cleared(w, second)
    assert {one.case.stage for one in second.items.select_related("case")} == {"name"}


def test_the_workbench_waits_with_a_running_notice_and_works_once_it_is_over():
    w = world()
    notice = on_notice(w, 3)
    during, after = made.moment(made.MEETING + timedelta(days=2)), made.after_notice(notice)
    for now, waiting, working in ((during, 1, 0), (after, 0, 1)):
        with clock.frozen(now):
            found = bench(w.actor("worker"), now)
        tasks = [one for group in found.groups for one in group.tasks if one.title.startswith("公示")]
        assert (len(found.waiting), len(tasks)) == (waiting, working)
        if waiting:
            assert found.waiting[0].title == "公示 3 件"
            assert "公示至12月16日 24:00" in found.waiting[0].note
    assert queries.notice_for_page(notice.public_id).over_at == notice.ends_at
