"""A driver of random lives: it tries acts, right and wrong, through the services, and checks what must always hold."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from tests.factories.base import World, world
from xianfeng import journal
from xianfeng.cases import rules as case_rules
from xianfeng.cases import services as engine
from xianfeng.cases import tasks
from xianfeng.cases.models import Case, Step
from xianfeng.designations import rules as title_rules
from xianfeng.designations import services as titles
from xianfeng.designations.models import Designation, NoticeItem, Objection, PublicNotice
from xianfeng.designations.queries.life import renewal_under_way
from xianfeng.journal import queries as journal_queries
from xianfeng.journal.models import Entry
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor, public_actor
from xianfeng.kernel.errors import UserError
from xianfeng.nominations import services as nominations
from xianfeng.nominations.models import GateCheck
from xianfeng.programmes.definitions import shipped_source
from xianfeng.review import services as review
from xianfeng.review.models import Panel

CATEGORIES = {"organisation": "organisation", "service_point": "service_point", "member": "post"}
# Two places a category for tier 1 and one for tier 2, so that six nominees are enough to press against the quota.
ROOMY = (
    "tier1: { organisation: 5, service_point: 5, post: 5 }\n      tier2: { organisation: 2, service_point: 2, post: 2 }"
)
TIGHT = (
    "tier1: { organisation: 1, service_point: 1, post: 1 }\n      tier2: { organisation: 1, service_point: 1, post: 1 }"
)


# Self-checks and terms short enough to fall due within a life.
LASTING = "  waiting_months: 24\n"
SHORT = LASTING + (
    "  self_check: { every_months: 2, on_missed: failed }\n  validity_months: 5\n  renewal_months_before: 2\n"
)


def tight_source() -> str:
    """The shipped definition with one place everywhere, and titles that ask for something soon."""
    source = shipped_source("zhishui-guanhai-2019")
    assert ROOMY in source
    assert LASTING in source
    return source.replace(ROOMY, TIGHT).replace(LASTING, SHORT)


class Life:
    """One world and a calendar; every act goes through ``attempt``."""

    def __init__(self) -> None:
        self.world: World = world(source=tight_source())
        self.now = clock.instant(date(2019, 10, 9), 10)
        self.done: list[str] = []
        self.refused: list[str] = []
        self.people = [self.world.actor(name) for name in self.world.users]
        system = self.world.actor("worker")
        for number in range(1, 6):
            self.attempt(
                review.expert_register, system, user_id=self.world.users[f"expert{number}"].pk, employer_name="示例大学"
            )
        assert len(self.done) == 5

    def attempt(self, act: Callable[..., Any], actor: Actor, **given: Any) -> Any:
        """Try one act. Done: the journal has grown. Refused: with a sentence, and nothing has changed."""
        before = Entry.objects.count()
        try:
            with clock.frozen(self.now), journal.unit_of_work():
                result = act(actor=actor, now=self.now, **given)
        except UserError as error:
            self._note_refusal(act.__name__, error.message, Entry.objects.count() - before)
            return None
        if act.__name__ not in SILENT:
            assert Entry.objects.count() > before, f"{act.__name__} was done and left no trace"
        self.done.append(act.__name__)
        self.now += timedelta(minutes=3)
        return result

    def _note_refusal(self, act: str, sentence: str, traces: int) -> None:
        assert sentence, f"{act} refuses without a sentence"
        assert traces == 0, f"{act} was refused and left a trace"
        self.refused.append(act)

    # -- whom and what ----------------------------------------------------------------------------------------------

    def rightly(self, step: Step) -> Actor:
        """Somebody who is asked."""
        if step.user is not None:
            return self.world.actor(step.user.username)
        for actor in self.people:
            if step.organisation_id in {a.organisation_id for a in actor.appointments}:
                return actor
        return self.people[0]

    def somebody(self, number: int) -> Actor:
        """Anybody."""
        return self.people[number % len(self.people)]

    # -- acts -------------------------------------------------------------------------------------------------------

    def start(self, who: int, what: int) -> None:
        """Somebody nominates something; rightly or not."""
        nominee = list(self.world.nominees.values())[what % len(self.world.nominees)]
        side = "st_staff" if nominee.party.code.startswith("st") else "co_staff"
        actor = self.somebody(who) if who % 6 == 0 else self.world.actor(side)
        self.attempt(
            nominations.nomination_start, actor, round_id=self.world.round.pk, nominee_id=nominee.pk,
            category=CATEGORIES[nominee.kind] if what % 7 else "post",
        )  # fmt: skip

    def work(self, who: int, what: int, how: int) -> None:
        """Somebody works on some step, mostly an open one, mostly the right person."""
        steps = Step.objects.select_related("user", "organisation", "case__round", "case__version").order_by("-pk")
        pool = list(steps.filter(state="open") if what % 9 else steps)
        if not pool:
            self.start(1 + who, what)
            return
        step = pool[what % len(pool)]
        actor = self.somebody(who) if who % 6 == 0 else self.rightly(step)
        getattr(self, f"_{step.kind}")(step, actor, how)

    def _assess(self, step: Step, actor: Actor, how: int) -> None:
        case = step.case
        standard = case.version.definition.standard(case.category, case.group)
        scores = {one.code: (one.points, "") for one in standard.indicators}
        self.attempt(nominations.assessment_save, actor, case_id=case.pk, scores=scores, statement="示例事迹")
        if not case.evidence_links.exists():
            self.attempt(
                nominations.evidence_add, actor, case_id=case.pk, title="示例材料", url="https://example.org/",
                indicators=[one.code for one in standard.indicators],
            )  # fmt: skip
        self.attempt(nominations.assessment_submit, actor, step_id=step.pk)

    def _endorse(self, step: Step, actor: Actor, how: int) -> None:
        act = nominations.step_return if how % 5 == 0 else nominations.step_endorse
        self.attempt(act, actor, step_id=step.pk, opinion="示例意见")

    def _screen(self, step: Step, actor: Actor, how: int) -> None:
        result = ("returned", "not_accepted", "passed", "passed", "passed", "passed", "nonsense")[how % 7]
        pending = GateCheck.objects.filter(case=step.case, state="unproven").values_list("gate", flat=True)
        self.attempt(
            nominations.step_screen, actor, step_id=step.pk, result=result, opinion="示例意见",
            accepted_gates=dict.fromkeys(pending, "材料可以证明") if how % 3 else {},
        )  # fmt: skip

    def _correct(self, step: Step, actor: Actor, how: int) -> None:
        self.attempt(nominations.correction_submit, actor, step_id=step.pk, note="已补正")

    def _panel(self, step: Step, actor: Actor, how: int) -> None:
        case = step.case
        panel = Panel.objects.filter(round=case.round, category=case.category).first()
        if panel is None:
            self.attempt(review.panel_open, actor, round_id=case.round_id, category=case.category, tier=case.tier)
        elif how % 2:
            self.attempt(review.panel_draw, actor, panel_id=panel.pk)
        else:
            self.attempt(review.panel_rank, actor, panel_id=panel.pk)

    def _score(self, step: Step, actor: Actor, how: int) -> None:
        if how % 6 == 0:
            self.attempt(review.expert_recuse, actor, step_id=step.pk, reason="示例事由")
            return
        standard = step.case.version.definition.standard(step.case.category, step.case.group)
        marks = {one.code: (one.points, "") for one in standard.indicators}
        self.attempt(review.scorecard_save, actor, step_id=step.pk, marks=marks)
        self.attempt(review.scorecard_sign, actor, step_id=step.pk)

    def _decide(self, step: Step, actor: Actor, how: int) -> None:
        result = "rejected" if how % 4 == 0 else "approved"
        votes = (7, 0) if result == "approved" else (0, 7)
        chosen = [step.case_id]
        if how % 3 == 0:  # greedily everything of the tier at once: must break on the quota, not get through
            waiting = Step.objects.filter(kind="decide", state="open", case__tier=step.case.tier)
            chosen = list(waiting.values_list("case_id", flat=True))
        self.attempt(
            titles.decision_record, actor, round_id=step.case.round_id, tier=step.case.tier, present=7, members=7,
            items=[(one, result, *votes, "示例理由") for one in chosen],
            meeting_on=clock.local_day(self.now), document_no=f"示例〔2019〕{len(self.done)}号",
        )  # fmt: skip

    def _announce(self, step: Step, actor: Actor, how: int) -> None:
        item = NoticeItem.objects.filter(step=step).first()
        if item is None:
            self.attempt(
                titles.notice_publish, actor, round_id=step.case.round_id, tier=step.case.tier,
                case_ids=[step.case_id], title="示例公示", document_no="示例〔2019〕1号", contact="示例电话",
            )  # fmt: skip
            return
        if how % 4 == 0:
            self.object(item)
        if how % 2:
            self.now = max(self.now, item.notice.ends_at + timedelta(hours=1))
        self.attempt(titles.notice_close, actor, notice_id=item.notice_id)

    def object(self, item: NoticeItem) -> None:
        """A citizen objects."""
        self.attempt(
            titles.objection_file, public_actor("示例市民"), item_id=item.pk, name="示例市民", contact="示例电话",
            content="示例内容，与公示材料不一致，请予核实。", evidence_note="示例证据两份",
        )  # fmt: skip

    def answer(self, who: int, what: int) -> None:
        """Somebody handles some objection."""
        rows = list(Objection.objects.order_by("pk"))
        if not rows:
            return
        actor = self.somebody(who) if who % 4 == 0 else self.world.actor("worker")
        act = (titles.objection_accept, titles.objection_dismiss, titles.objection_uphold)[what % 3]
        self.attempt(act, actor, objection_id=rows[what % len(rows)].pk, reply="示例处理意见")

    def _name(self, step: Step, actor: Actor, how: int) -> None:
        self.attempt(
            titles.designations_name, actor, round_id=step.case.round_id, tier=step.case.tier, case_ids=[step.case_id],
            named_on=clock.local_day(self.now),
        )  # fmt: skip

    def _recommend(self, step: Step, actor: Actor, how: int) -> None:
        self.attempt(titles.step_recommend, actor, step_id=step.pk, opinion="同意推荐")

    def _opine(self, step: Step, actor: Actor, how: int) -> None:
        suggestion = ("confirmed", "rectify", "revoked", "nonsense")[how % 4]
        self.attempt(titles.step_opine, actor, step_id=step.pk, opinion="示例意见", suggestion=suggestion)

    def _conclude(self, step: Step, actor: Actor, how: int) -> None:
        result = ("confirmed", "rectify", "revoked", "warned", "rectify")[how % 5]
        self.attempt(
            titles.step_conclude, actor, step_id=step.pk, result=result, opinion="示例意见",
            meeting_on=clock.local_day(self.now), document_no=f"示例〔2019〕{len(self.done)}号",
        )  # fmt: skip

    def _rectify(self, step: Step, actor: Actor, how: int) -> None:
        self.attempt(titles.rectification_report, actor, step_id=step.pk, text="示例整改情况")

    def _recheck(self, step: Step, actor: Actor, how: int) -> None:
        self.attempt(titles.step_recheck, actor, step_id=step.pk, passed=bool(how % 2), opinion="示例意见")

    def withdraw(self, who: int, what: int) -> None:
        """Somebody withdraws some case."""
        rows = list(Case.objects.order_by("pk"))
        if rows:
            case = rows[what % len(rows)]
            actor = self.somebody(who) if who % 2 else self.rightly(case.steps.earliest("pk"))
            self.attempt(engine.case_withdraw, actor, case_id=case.pk)

    def title(self, who: int, what: int, how: int) -> None:
        """Something is done about some title."""
        rows = list(Designation.objects.order_by("pk"))
        if not rows:
            return
        title = rows[what % len(rows)]
        actor = self.somebody(who) if who % 5 == 0 else self.world.actor("worker")
        holder = self.world.actor("st_staff" if title.party.code.startswith("st") else "co_staff")
        if how % 6 == 4:
            self.attempt(titles.self_check_hand_in, holder if who % 5 else actor, designation_id=title.pk, text="示例")
        elif how % 6 == 5:
            self.attempt(titles.title_renew, holder if who % 5 else actor, designation_id=title.pk, reason="示例")
        elif how % 4 == 0:
            self.attempt(titles.recommendation_open, actor, designation_id=title.pk, reason="示例理由")
        elif how % 4 == 1:
            self.attempt(
                titles.reassessment_open, actor, designation_id=title.pk, trigger="triggered", reason="示例缘由"
            )
        elif how % 4 == 2:
            self.attempt(titles.title_suspend, actor, designation_id=title.pk, reason="示例缘由")
        else:
            self.attempt(titles.title_restore, actor, designation_id=title.pk, reason="示例缘由")

    def annul(self, who: int) -> None:
        """Somebody annuls the round."""
        actor = self.world.actor("officer") if who % 3 == 0 else self.somebody(who)
        self.attempt(
            titles.round_annul, actor, round_id=self.world.round.pk, reason="示例缘由", document_no="示例〔2019〕99号"
        )

    def wait(self, days: int) -> None:
        """Time passes, and the timer runs."""
        self.now += timedelta(days=days)
        with clock.frozen(self.now):
            tasks.tick(self.now)
            titles.titles_attend(now=self.now)
            self._check_terms()

    def _check_terms(self) -> None:
        """Right after the timer nothing is overdue that it should have dealt with."""
        today = clock.local_day(self.now)
        for title in Designation.objects.filter(state__in=title_rules.LIVE):
            assert title.attend_on is not None
            assert title.attend_on > today
            over = title.valid_until is not None and title.valid_until < today
            assert not over or renewal_under_way(title), f"{title} outlived its term"

    # -- what must always hold --------------------------------------------------------------------------------------

    def check(self) -> None:
        """Every invariant of the house that random lives could break."""
        self._check_quota()
        self._check_cases()
        self._check_titles()
        verified = journal_queries.verify()
        assert verified.ok, verified.reason

    def _check_quota(self) -> None:
        for row in (
            Case.objects.filter(~Q(outcome__in=("withdrawn", "annulled")))
            .values("round", "tier", "category")
            .distinct()
        ):
            cases = Case.objects.filter(**row, kind__in=("nomination", "recommendation"))
            approved = cases.filter(
                Q(outcome="named") | Q(state="open", decision_items__result="approved")
            ).values("pk").distinct().count()  # fmt: skip
            places = self.world.version.definition.quota(row["tier"], row["category"], self.world.round.year)
            assert approved <= places, f"{row}: {approved} for {places} places"

    def _check_cases(self) -> None:
        for step in Step.objects.filter(state__in=("done", "lapsed")):
            assert case_rules.consequence(step.kind, step.outcome) is not None, f"{step.kind} ended in {step.outcome}"
        waiting = dict(Step.objects.open().values_list("case").annotate(n=Count("pk")))
        for case in Case.objects.all():
            if case.state == "ended":
                assert case.pk not in waiting
                assert case.open_key is None
                assert case.outcome in case_rules.CASE_OUTCOMES
            else:
                assert case.pk in waiting, f"{case.kind} at {case.stage} waits for nobody"
                assert case.open_key is not None

    def _check_titles(self) -> None:
        for title in Designation.objects.all():
            assert title.state in title_rules.DESIGNATION_STATES
            live = title.state in title_rules.LIVE
            assert (title.live_key is not None) == live
            if live and title.based_on_id:
                assert Designation.objects.get(pk=title.based_on_id).state in title_rules.LIVE
        for notice in PublicNotice.objects.filter(state="closed"):
            assert not notice.items.filter(result="open").exists()


SILENT = frozenset({"assessment_save", "evidence_add", "scorecard_save"})
