"""Any programme at all, played through the services: bodies, units, people and experts are made up from its definition,
and whatever step is open is done by whom it is addressed to. Nothing here knows one programme from another.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

from django.db.models import Q

from xianfeng import journal
from xianfeng.cases import tasks
from xianfeng.cases.models import Case, Step
from xianfeng.creation import services as creation
from xianfeng.designations import services as titles
from xianfeng.designations.models import Designation, PublicNotice
from xianfeng.directory.models import Appointment, Organisation, Relation, User
from xianfeng.directory.queries import actor_for
from xianfeng.directory.rules import PARTY_KINDS
from xianfeng.files.services import file_store
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM, Actor, public_actor
from xianfeng.nominations import queries as nomination_queries
from xianfeng.nominations import services as nominations
from xianfeng.nominations.models import GateCheck
from xianfeng.nominations.rules import asks_evidence
from xianfeng.programmes import services as programmes
from xianfeng.programmes.models import Round
from xianfeng.programmes.rules.schema.definition import Category, Definition
from xianfeng.programmes.rules.schema.scoring import GradesResult
from xianfeng.registry.models import Member, Nominee, ServicePoint
from xianfeng.review import services as review
from xianfeng.review.models import Panel

SINCE = date(2001, 1, 1)
PEOPLE = 5  # in every body: enough for any quorum and majority
MOST_STEPS = 40


def day_of(definition: Definition, year: int) -> date:
    """A day on which nominations are made: within the first step's stage where the round dates it."""
    first = definition.procedure("nomination").steps[0]
    code = first.stage or (first.due.stage_end if first.due else None) or "apply"
    window = definition.round(year).stages.get(code)
    return window.since + timedelta(days=7) if window else date(year, 6, 14)


@dataclass
class Play:
    """One programme under way; ``now`` moves on with what is done."""

    definition: Definition
    source: str
    year: int
    now: datetime = field(init=False)
    round: Round = field(init=False)
    walked: dict[int, list[str]] = field(default_factory=dict)  # by case: codes of the steps done
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.now = clock.instant(day_of(self.definition, self.year), 10)
        with clock.frozen(self.now), journal.unit_of_work():
            version = programmes.definition_publish(source=self.source, actor=SYSTEM, now=self.now)
            for body in self.definition.bodies:
                seated = self.organisation("body", body.title)
                programmes.body_assign(
                    programme=version.programme, kind=body.code, organisation=seated, title=body.title,
                    actor=SYSTEM, now=self.now,
                )  # fmt: skip
                self.people(seated, PEOPLE)
            self.round = programmes.round_open(version=version, year=self.year, actor=SYSTEM, now=self.now)
        for _ in range(self.definition.scoring.panel.experts_per_case):
            with clock.frozen(self.now), journal.unit_of_work():
                review.expert_register(
                    user_id=self.user().pk, employer_name="示例大学", actor=self.runner, now=self.now
                )

    # -- who and what there is --------------------------------------------------------------------------------------

    def organisation(self, kind: str, name: str, **relations: Organisation) -> Organisation:
        """An organisation with its relations."""
        number = next(self.numbers)
        row = Organisation.objects.create(code=f"o{number}", kind=kind, name=f"示例{name}{number}")
        for relation, target in relations.items():
            Relation.objects.create(kind=relation, organisation=row, target=target, since=SINCE)
        return row

    def user(self) -> User:
        """A person without an appointment."""
        number = next(self.numbers)
        return User.objects.create(username=f"u{number}", name=f"示例人员{number}")

    def people(self, organisation: Organisation, number: int) -> None:
        """So many people who act for an organisation."""
        for _ in range(number):
            Appointment.objects.create(user=self.user(), organisation=organisation, duty="member", since=SINCE)

    def nominee(self, category: Category) -> Nominee:
        """Somebody whom the definition lets apply in a category, with two superiors above."""
        who = category.eligibility
        groups = [one for one in self.definition.applicant_groups if not who.groups or one.code in who.groups]
        unit = self.organisation(groups[0].organisation_kinds[0], "单位")
        top = self.organisation("party_committee", "上级党委")
        above = self.organisation("party_committee", "党委", superior=top)
        kinds = [one for one in who.organisation_kinds if one in PARTY_KINDS] or ["party_branch"]
        party = self.organisation(kinds[0], "党组织", superior=above, unit=unit)
        for one in (party, above, top):
            self.people(one, 1)
        if category.nominee == "organisation":
            return Nominee.objects.create(kind="organisation", organisation=party)
        if category.nominee == "service_point":
            point = ServicePoint.objects.create(
                code=f"s{next(self.numbers)}", name="示例服务点", unit=unit, party_organisation=party,
                kind=(who.service_point_kinds or ("window",))[0], staff_count=9, member_count=9, leader_is_member=True,
            )  # fmt: skip
            return Nominee.objects.create(kind="service_point", service_point=point)
        member = Member.objects.create(
            code=f"m{next(self.numbers)}", name="示例党员", unit=unit, party_organisation=party, in_post=True,
            status=(who.member_status or ("full",))[0], publication_consent_on=SINCE,
        )  # fmt: skip
        return Nominee.objects.create(kind="member", member=member)

    def of(self, organisation: Organisation | None) -> Actor:
        """Somebody who acts for an organisation."""
        row = Appointment.objects.filter(organisation=organisation).select_related("user").earliest("pk")
        return actor_for(row.user, clock.local_day(self.now))

    def body(self, code: str) -> Actor:
        """Somebody of a body of the definition, or of one of the house's parts."""
        return self.of(self.round.programme.bodies.select_related("organisation").get(kind=code).organisation)

    @property
    def runner(self) -> Actor:
        """Who runs rounds and panels."""
        return self.body("working_group")

    # -- how a case goes --------------------------------------------------------------------------------------------

    def nominate(self, nominee: Nominee, category: str) -> Case:
        """A nomination begun by the nominee's own party organisation."""
        with clock.frozen(self.now), journal.unit_of_work():
            return nominations.nomination_start(
                round_id=self.round.pk, nominee_id=nominee.pk, category=category, actor=self.of(nominee.party),
                now=self.now,
            )  # fmt: skip

    def recommend(self, title: Designation) -> Case:
        """A recommendation by whoever recommends for the tier above."""
        tier = next(one for one in self.definition.tiers if one.draws_from == title.tier)
        with clock.frozen(self.now), journal.unit_of_work():
            return titles.recommendation_open(
                designation_id=title.pk, reason="成效突出。", actor=self.body(tier.recommended_by or "working_group"),
                now=self.now,
            )  # fmt: skip

    def reassess(self, title: Designation) -> Case:
        """A periodic reassessment."""
        with clock.frozen(self.now), journal.unit_of_work():
            return titles.reassessment_open(
                designation_id=title.pk, trigger="periodic", reason="", actor=self.runner, now=self.now
            )

    def play(self, *cases: Case) -> None:
        """Do whatever is asked in each case, in turn, by whom it is asked of, until all have ended."""
        self.walked = {case.pk: [] for case in cases}
        for _ in range(MOST_STEPS):
            under_way = [case for case in cases if case.state == "open"]
            if not under_way:
                return
            for case in under_way:
                self.turn(case)
                case.refresh_from_db()
        raise AssertionError(f"never ends: {self.walked}")

    def turn(self, case: Case) -> None:
        """The one step a case stands at, done."""
        steps = case.steps.filter(~Q(kind="score"), state="open").select_related("organisation", "case__version")
        step = steps.get()
        self.walked[case.pk].append(step.code)
        if step.kind == "wait":
            assert step.due_at is not None
            self.now = max(self.now, step.due_at)
            tasks.tick(self.now)
            return
        self.now += timedelta(minutes=5)
        with clock.frozen(self.now):
            getattr(self, f"do_{step.kind}")(step, self.of(step.organisation))

    def do_assess(self, step: Step, actor: Actor) -> None:
        """Full points everywhere, proven by one link, and submitted."""
        case = step.case
        standard = nomination_queries.standard_of(case)
        scores = {one.code: (one.points, "") for one in standard.indicators}
        proven = [one.code for one in standard.indicators if asks_evidence(one, Decimal(1))]
        with journal.unit_of_work():
            nominations.assessment_save(
                case_id=case.pk, scores=scores, statement="示例事迹。", actor=actor, now=self.now
            )
            if proven and not case.evidence_links.exists():
                nominations.evidence_add(
                    case_id=case.pk, indicators=proven, title="示例材料", url="https://example.org/", actor=actor,
                    now=self.now,
                )  # fmt: skip
            nominations.assessment_submit(step_id=step.pk, actor=actor, now=self.now)

    def do_endorse(self, step: Step, actor: Actor) -> None:
        """The superior consents, with points where they count."""
        with journal.unit_of_work():
            most = nomination_queries.standard_of(step.case).total
            nominations.step_endorse(step_id=step.pk, opinion="同意推荐。", score=most, actor=actor, now=self.now)

    def do_screen(self, step: Step, actor: Actor) -> None:
        """The screening passes it and accepts what the ledger does not know."""
        unproven = GateCheck.objects.filter(case=step.case, state="unproven").values_list("gate", flat=True)
        with journal.unit_of_work():
            nominations.step_screen(
                step_id=step.pk, result="passed", accepted_gates=dict.fromkeys(unproven, "已核验原件"), actor=actor,
                now=self.now,
            )  # fmt: skip

    def do_panel(self, step: Step, actor: Actor) -> None:
        """Experts are drawn, score in full and sign; the panel is ranked."""
        case = step.case
        self._survey(case)
        with journal.unit_of_work():
            panel: Panel = review.panel_open(
                round_id=case.round_id, category=case.category, tier=case.tier, actor=actor, now=self.now
            )
            review.panel_draw(panel_id=panel.pk, actor=actor, now=self.now)
        standard = nomination_queries.standard_of(case)
        marks = {one.code: (one.points, "") for one in standard.indicators}
        for sheet in Step.objects.filter(case=case, kind="score", state="open").select_related("user"):
            assert sheet.user is not None
            expert = actor_for(sheet.user, clock.local_day(self.now))
            with journal.unit_of_work():
                review.scorecard_save(step_id=sheet.pk, marks=marks, actor=expert, now=self.now)
                review.scorecard_sign(step_id=sheet.pk, actor=expert, now=self.now)
        with journal.unit_of_work():
            review.panel_rank(panel_id=panel.pk, actor=actor, now=self.now)

    def _survey(self, case: Case) -> None:
        """The public is asked where its word counts, and all are very satisfied."""
        if not self.definition.scoring.weights.survey:
            return
        with journal.unit_of_work():
            survey = creation.survey_open(
                round_id=case.round_id, nominee_id=case.nominee_id, title="示例满意度调查", opens_at=self.now,
                closes_at=self.now + timedelta(days=1), actor=self.runner, now=self.now,
            )  # fmt: skip
        for number in range(5):
            with journal.unit_of_work():
                creation.survey_answer(
                    survey_id=survey.pk, satisfaction=5, once_key=f"k{number}", actor=public_actor(""), now=self.now
                )
        self.now += timedelta(days=1)

    def do_decide(self, step: Step, actor: Actor) -> None:
        """The meeting approves with every vote, in the best grade where there are grades."""
        result = self.definition.result
        grade = result.bands[0].code if isinstance(result, GradesResult) else ""
        line = titles.Line(step.case_id, "approved", PEOPLE, reason="经集体研究。", grade=grade)
        with journal.unit_of_work():
            titles.decision_record(
                round_id=step.case.round_id, tier=step.case.tier, items=[line],
                meeting_on=clock.local_day(self.now), document_no=f"示例〔{self.year}〕{next(self.numbers)}号",
                present=PEOPLE, actor=actor, now=self.now,
            )  # fmt: skip

    def do_announce(self, step: Step, actor: Actor) -> None:
        """A notice is published, stands its days, and is closed."""
        with journal.unit_of_work():
            notice: PublicNotice = titles.notice_publish(
                round_id=step.case.round_id, tier=step.case.tier, case_ids=[step.case_id], title="示例公示",
                actor=actor, now=self.now,
            )  # fmt: skip
        self.now = notice.ends_at + timedelta(days=20)
        with clock.frozen(self.now), journal.unit_of_work():
            titles.notice_close(notice_id=notice.pk, actor=self.of(step.organisation), now=self.now)

    def do_name(self, step: Step, actor: Actor) -> None:
        """The title is named."""
        with journal.unit_of_work():
            titles.designations_name(
                round_id=step.case.round_id, tier=step.case.tier, case_ids=[step.case_id], actor=actor, now=self.now
            )

    def do_report(self, step: Step, actor: Actor) -> None:
        """The nominee reports how it is getting on."""
        with journal.unit_of_work():
            proof = file_store(content=b"%PDF-1.4 ", name="示例.pdf", actor=actor, now=self.now)
            titles.progress_report(step_id=step.pk, text="按计划推进。", files=[proof], actor=actor, now=self.now)
        assert step.files.get() == proof

    def do_recommend(self, step: Step, actor: Actor) -> None:
        """The body that recommends says why."""
        with journal.unit_of_work():
            titles.step_recommend(step_id=step.pk, opinion="同意推荐。", actor=actor, now=self.now)

    def do_opine(self, step: Step, actor: Actor) -> None:
        """The opinion is to keep the title."""
        with journal.unit_of_work():
            titles.step_opine(step_id=step.pk, opinion="保持较好。", suggestion="confirmed", actor=actor, now=self.now)

    def do_conclude(self, step: Step, actor: Actor) -> None:
        """The title is confirmed."""
        with journal.unit_of_work():
            titles.step_conclude(
                step_id=step.pk, result="confirmed", opinion="同意保留。", meeting_on=clock.local_day(self.now),
                document_no=f"示例〔{self.year}〕{next(self.numbers)}号", actor=actor, now=self.now,
            )  # fmt: skip
