"""Who runs programmes and rounds, and who acts for a body."""

from collections.abc import Iterable

from xianfeng.directory.rules import ACTING_DUTIES
from xianfeng.kernel.actors import Actor, ActorKind
from xianfeng.kernel.policies import ALLOWED, Policy, Refused, Verdict, policy
from xianfeng.programmes.models import Body, Programme


def seats(actor: Actor) -> tuple[Body, ...]:
    """The bodies the actor acts for, in every programme; one query a request, however often menus and policies ask."""
    if "seats" not in actor.memo:
        ids = {one.organisation_id for one in actor.appointments if one.duty in ACTING_DUTIES}
        rows = Body.objects.filter(organisation_id__in=ids).select_related("organisation", "programme") if ids else ()
        actor.memo["seats"] = tuple(rows)
    found: tuple[Body, ...] = actor.memo["seats"]
    return found


def acts_for(actor: Actor, programme: Programme | None, *kinds: str) -> Body | None:
    """The body of these kinds the actor acts for, in this programme (or in any when None)."""
    for body in seats(actor):
        if body.kind in kinds and (programme is None or body.programme_id == programme.pk):
            return body
    return None


def sits_in(*kinds: str) -> Policy:
    """A policy: the actor acts for one of these bodies of the programme."""

    @policy
    def seated(actor: Actor, programme: Programme | None) -> Verdict:
        if actor.kind is ActorKind.SYSTEM or acts_for(actor, programme, *kinds):
            return ALLOWED
        return Refused("这项工作由创建工作机构办理，您不在其中。", "请联系推进组。")

    return seated


@policy
def is_system_admin(actor: Actor, subject: object) -> Verdict:
    """Accounts and settings."""
    return ALLOWED if actor.has_duty("system_admin") else Refused("这项工作由系统管理员办理。", "请联系系统管理员。")


@policy
def is_security_admin(actor: Actor, subject: object) -> Verdict:
    """Powers: who is given which."""
    if actor.has_duty("security_admin"):
        return ALLOWED
    return Refused("工作机构由安全管理员或推进组、领导小组办公室指定，您没有这项权限。", "请联系安全管理员。")


RUNNERS = ("working_group", "office")
may_run_rounds = sits_in(*RUNNERS)
may_run_programmes = is_system_admin | may_run_rounds  # the refusal of whoever is neither speaks of the bodies


@policy
def may_see_rounds(actor: Actor, subject: object) -> Verdict:
    """Rounds and bodies: whoever holds any duty; who is nobody here has no business with them."""
    return ALLOWED if actor.appointments else Refused("您暂无任职，不能查看。", "请联系安全管理员登记任职。")


@policy
def may_seat(actor: Actor, programme: Programme | None) -> Verdict:
    """Say which organisation plays which part: this gives its people powers, so it is the security administrator's,
    as appointments are (三员分立), and that of the office in its own programme; never the system administrator's."""
    if is_security_admin(actor, programme) or may_run_rounds(actor, _tried(programme)):
        return ALLOWED
    return is_security_admin(actor, programme)


def _tried(programme: Programme | None) -> Programme | None:
    """While nobody runs a programme yet, whoever runs any may begin it."""
    run = programme is not None and programme.bodies.filter(kind__in=RUNNERS).exists()
    return programme if run else None


@policy
def may_design(actor: Actor, programme: Programme | None) -> Verdict:
    """Drafts: whoever runs the programme; while nobody plays a part in it yet, whoever runs any."""
    return may_run_programmes(actor, _tried(programme))


def designed_by(actor: Actor, programmes: Iterable[Programme]) -> list[Programme]:
    """Of these programmes those for which ``may_design`` holds; one query for all."""
    run = set(Body.objects.filter(kind__in=RUNNERS).values_list("programme_id", flat=True))
    return [one for one in programmes if may_run_programmes(actor, one if one.pk in run else None)]
