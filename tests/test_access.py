"""Who reaches what: every address of the project by every role, from one literal table.

A new address fails until it stands in the table: whoever adds a page says there whom it is for.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from tests.factories.everything import NOW, Everything, everything
from xianfeng.journal.models import Entry
from xianfeng.kernel import clock

pytestmark = pytest.mark.django_db

# The nominee's own people, those above them, the same of another unit; the bodies; the rest.
STAFF, OTHER, SUPERIOR, OTHER_SUPERIOR = "st_staff", "co_staff", "st_superior", "co_superior"
WORKER, OFFICER, LEADER, CITY, SECRETARIAT = "worker", "officer", "leader", "city", "secretariat"
EXPERT, OTHER_EXPERT = "expert assigned", "expert not assigned"
SYSTEM, SECURITY, AUDIT = "system_admin", "security_admin", "audit_admin"

UNITS = {STAFF, OTHER, SUPERIOR, OTHER_SUPERIOR}
BODIES = {WORKER, OFFICER, LEADER, CITY}
ACTING = UNITS | BODIES | {SECRETARIAT}
EXPERTS = {EXPERT, OTHER_EXPERT}
ADMINS = {SYSTEM, SECURITY, AUDIT}
SIGNED_IN = ACTING | EXPERTS | ADMINS
READERS = BODIES | {STAFF, SUPERIOR}  # of the station's cases and all that hangs on them
BOARDS = BODIES | {SUPERIOR, OTHER_SUPERIOR, SECRETARIAT}
RUNNERS = {WORKER, OFFICER}
DESIGNERS = RUNNERS | {SYSTEM}
GUIDES = {WORKER, SECRETARIAT}
ACCOUNTS = {SYSTEM, SECURITY}
NOBODY: set[str] = set()
PUBLIC = {"", *SIGNED_IN}  # "" is whoever has not signed in


class posted(frozenset[str]):
    """Those who may post to an address that shows nothing."""


ACCESS: dict[str, set[str] | posted] = {
    "reports:workbench": SIGNED_IN,
    "reports:case": READERS,
    "reports:overview": BOARDS,
    "reports:overview-export": BOARDS,
    "reports:urge": posted(RUNNERS),
    "reports:merit": BOARDS,
    "reports:audit": {AUDIT},
    "reports:audit-verify": posted({AUDIT}),
    "reports:erase": {AUDIT, SECURITY},
    "reports:sign-ins": {AUDIT},
    "reports:audit-entry": {AUDIT},
    "publicity:home": PUBLIC,
    "publicity:notices": PUBLIC,
    "publicity:feed": PUBLIC,
    "publicity:notice": PUBLIC,
    "publicity:objection_new": PUBLIC,
    "publicity:objections": PUBLIC,
    "publicity:objection": PUBLIC,
    "publicity:register": PUBLIC,
    "publicity:title": PUBLIC,
    "publicity:verify": PUBLIC,
    "publicity:verdict": PUBLIC,
    "publicity:stories": PUBLIC,
    "publicity:manage": SIGNED_IN,
    "publicity:story_new": RUNNERS | {STAFF},
    "publicity:story_edit": READERS,
    "publicity:story": PUBLIC,
    "publicity:bulletins": PUBLIC,
    "publicity:bulletin": PUBLIC,
    "publicity:standards": PUBLIC,
    "publicity:survey": PUBLIC,
    "publicity:survey_thanks": PUBLIC,
    "publicity:robots": PUBLIC,
    "designations:decisions": BODIES,
    "designations:decide_round": {LEADER},
    "designations:fill": {LEADER},
    "designations:decision": BODIES,
    "designations:decision_document": BODIES,
    "designations:notices": BODIES,
    "designations:notice_new": {WORKER},
    "designations:period": BODIES,
    "designations:notice": BODIES,
    "designations:notice_document": BODIES,
    "designations:objections": RUNNERS,
    "designations:objection": RUNNERS,
    "designations:objection_file": RUNNERS,
    "designations:naming": BODIES,
    "designations:drop": RUNNERS,
    "designations:plaques": RUNNERS,
    "designations:titles": SIGNED_IN,
    "designations:reassess_many": RUNNERS,
    "designations:title": READERS,
    "designations:certificate": READERS,
    "designations:sheet": READERS,
    "designations:prints": RUNNERS,
    "designations:print_batch": RUNNERS,
    "designations:print_file": RUNNERS,
    "designations:recommend_open": RUNNERS,
    "designations:reassess_open": RUNNERS,
    "designations:self_check": {STAFF},
    "designations:self_check_file": READERS,
    "designations:renew": {STAFF},
    "designations:suspend": {OFFICER},
    "designations:restore": {OFFICER},
    "designations:annul": {OFFICER},
    "designations:decide": {LEADER},
    "designations:announce": {WORKER},
    "designations:name": {WORKER},
    "designations:recommend": {WORKER},
    "designations:opine": {WORKER},
    "designations:conclude": {OFFICER},
    "designations:rectify": {STAFF},
    "designations:report": {STAFF},
    "cases:skip": {STAFF},
    "cases:file": READERS,
    "designations:recheck": {OFFICER},
    "designations:did": PUBLIC,
    "designations:status_list": PUBLIC,
    "designations:credential": PUBLIC,
    "review:board": {WORKER},
    "review:experts": {WORKER},
    "review:experts_export": {WORKER},
    "review:expert_add": {WORKER},
    "review:expert": {WORKER},
    "review:panel": {WORKER},
    "review:settings": {WORKER},
    "review:replay": posted({WORKER}),
    "review:draws_file": {WORKER},
    "review:discuss": {WORKER},
    "review:second": {WORKER},
    "review:discussion": {WORKER},
    "review:history": {WORKER},
    "review:profile": EXPERTS,
    "review:offline": {EXPERT},
    "review:draw": posted({WORKER}),
    "review:remind": posted({WORKER}),
    "review:rank": posted({WORKER}),
    "review:ranking": BODIES,
    "review:ranking_export": BODIES,
    "review:ranking_reopen": {WORKER},
    "review:packet": BODIES,
    "review:packet_pdf": BODIES,
    "review:packet_file": BODIES,
    "review:lots": posted({WORKER}),
    "review:assignment": {WORKER},
    "review:panel_step": {WORKER},
    "review:queue": EXPERTS,
    "review:score": {EXPERT},
    "review:sign": {EXPERT},
    "review:recuse": {EXPERT},
    "nominations:mine": SIGNED_IN,
    "nominations:start": SIGNED_IN,
    "nominations:start_category": SIGNED_IN,
    "nominations:begin": {STAFF},
    "nominations:assess": {STAFF},
    "nominations:correct": {STAFF},
    "nominations:autosave": posted({STAFF}),
    "nominations:review": {STAFF},
    "nominations:evidence_add": {STAFF},
    "nominations:evidence_unlink": posted({STAFF}),
    "nominations:evidence": READERS,
    "nominations:endorse": {SUPERIOR},
    "nominations:screen": {OFFICER},
    "nominations:withdraw": {STAFF},
    "nominations:list": SIGNED_IN,
    "nominations:export": SIGNED_IN,
    "creation:home": PUBLIC,
    "creation:plans": SIGNED_IN,
    "creation:plans_export": SIGNED_IN,
    "creation:plan_new": SIGNED_IN,
    "creation:plan": READERS,
    "creation:plan_edit": {STAFF},
    "creation:progress": {STAFF},
    "creation:problems": SIGNED_IN,
    "creation:problems_export": SIGNED_IN,
    "creation:problem_new": GUIDES,
    "creation:problem": READERS,
    "creation:inspections": SIGNED_IN,
    "creation:inspection_new": {WORKER},
    "creation:inspection": READERS,
    "creation:meetings": SIGNED_IN,
    "creation:meeting_new": {WORKER},
    "creation:meeting": READERS - {SUPERIOR},
    "creation:bulletins": SIGNED_IN,
    "creation:bulletin_new": {WORKER},
    "creation:bulletin": SIGNED_IN,
    "creation:activities": SIGNED_IN,
    "creation:activities_export": SIGNED_IN,
    "creation:activity_new": ACTING,
    "creation:activity": SIGNED_IN,
    "creation:surveys": SIGNED_IN,
    "creation:survey_new": {WORKER},
    "creation:survey": READERS,
    "programmes:home": PUBLIC,
    "programmes:bodies": SIGNED_IN - EXPERTS,
    "programmes:body_edit": RUNNERS | {SECURITY},
    "programmes:rounds": SIGNED_IN,
    "programmes:round_new": RUNNERS,
    "programmes:round": SIGNED_IN,
    "programmes:round_close": RUNNERS,
    "programmes:stage_edit": RUNNERS,
    "programmes:allotments": NOBODY,  # 404 unless the definition allots places: tests/programmes/test_allotments.py
    "programmes:standards": SIGNED_IN,
    "programmes:definitions": DESIGNERS,
    "programmes:definition_new": DESIGNERS,
    "programmes:definition_compare": DESIGNERS,
    "programmes:definition": DESIGNERS,
    "programmes:definition_draft": DESIGNERS,
    "programmes:design_discard": DESIGNERS,
    "programmes:design_undo": posted(DESIGNERS),
    "programmes:design_publish": DESIGNERS,
    "programmes:design_source": DESIGNERS,
    "programmes:design_round": DESIGNERS,
    "programmes:design_try": DESIGNERS,
    "programmes:design_quotas": DESIGNERS,
    "programmes:design_stages": DESIGNERS,
    "programmes:design_standards": DESIGNERS,
    "programmes:design_standard": DESIGNERS,
    "programmes:standard_export": DESIGNERS,
    "programmes:standard_import": DESIGNERS,
    "programmes:design_section": DESIGNERS,
    "programmes:design_at": DESIGNERS,
    "registry:nominees": ACTING,
    "registry:ensure": posted(ACTING),
    "registry:nominee": READERS,
    "registry:point_add": RUNNERS,
    "registry:point_edit": RUNNERS,
    "registry:member_add": RUNNERS,
    "registry:member_edit": RUNNERS,
    "registry:consent": posted(RUNNERS),
    "registry:conduct": ACTING,
    "registry:conduct_add": ACTING - {CITY, LEADER},
    "registry:confirm": posted(RUNNERS),
    "registry:record": READERS,
    "registry:record_edit": RUNNERS,
    "registry:projects": ACTING,
    "registry:project_add": RUNNERS,
    "registry:project": BODIES,
    "registry:project_edit": RUNNERS,
    "registry:part_add": RUNNERS,
    "messaging:inbox": SIGNED_IN,
    "messaging:read_all": posted(SIGNED_IN),
    "messaging:open": {STAFF},
    "directory:account": SIGNED_IN,
    "directory:organisations": ACTING | ADMINS,
    "directory:organisation_add": {SYSTEM},
    "directory:organisation": ACTING | ADMINS,
    "directory:organisation_edit": {SYSTEM},
    "directory:organisation_close": {SYSTEM},
    "directory:relate": {SYSTEM},
    "directory:unrelate": {SYSTEM},
    "directory:users": ACCOUNTS,
    "directory:user_add": {SYSTEM},
    "directory:user": ACCOUNTS,
    "directory:user_edit": {SYSTEM},
    "directory:user_switch": {SYSTEM},
    "directory:user_reset": {SYSTEM},
    "directory:appointment_give": {SECURITY},
    "directory:appointments": ACCOUNTS,
    "directory:appointment_end": {SECURITY},
    "directory:deputise": {SECURITY},
    "directory:calendar": ACTING | ADMINS,
    "journal:index": PUBLIC,
    "journal:proof": PUBLIC,
    "journal:proof_file": PUBLIC,
    "journal:feed_atom": PUBLIC,
    "journal:feed_json": PUBLIC,
    "journal:checkpoint": PUBLIC,
    "journal:checkpoint_at": PUBLIC,
    "journal:cosignatures": posted(PUBLIC),
    "journal:consistency": PUBLIC,
    "journal:key": PUBLIC,
    "journal:tile": PUBLIC,
    "workbook:upload": RUNNERS | ACCOUNTS,
    "workbook:template": RUNNERS | ACCOUNTS,
    "workbook:preview": {SYSTEM},
    "workbook:errors": {SYSTEM},
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_signup": PUBLIC,
    "account_reauthenticate": SIGNED_IN,
    "account_email": NOBODY,
    "account_email_verification_sent": NOBODY,
    "account_change_password": SIGNED_IN,
    "account_set_password": NOBODY,
    "account_reset_password": PUBLIC,
    "account_confirm_login_code": NOBODY,
    "account_confirm_email": NOBODY,
    "account_reset_password_from_key_done": NOBODY,
    "account_reset_password_from_key": NOBODY,
    "account_reset_password_done": NOBODY,
    "mfa_index": SIGNED_IN,
    "mfa_authenticate": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": NOBODY,
    "mfa_view_recovery_codes": NOBODY,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": NOBODY,
}

# The same address for a case at another step, where the answer differs from the row above.
CASES = {
    "assess": READERS,
    "endorse": READERS,
    "screen": READERS,
    "correct": READERS,
    "panel": READERS | {EXPERT},
    "score": READERS | {EXPERT},
    "announce": READERS,
    "name": READERS,
    "report": READERS,
    "recommend": READERS,
    "opine": READERS,
    "conclude": READERS,
    "rectify": READERS,
    "recheck": READERS,
    "decide": BODIES | {OTHER, OTHER_SUPERIOR, SECRETARIAT} | EXPERTS,  # the company's; all experts signed a sheet
}


def addresses() -> Iterator[str]:
    """The name of every address, as ``reverse`` takes it."""

    def walk(resolver: URLResolver, spaces: tuple[str, ...]) -> Iterator[str]:
        for one in resolver.url_patterns:
            if isinstance(one, URLResolver):
                yield from walk(one, (*spaces, one.namespace) if one.namespace else spaces)
            elif one.name:
                yield ":".join((*spaces, one.name))

    return walk(get_resolver(), ())


def test_every_address_stands_in_the_table():
    known = set(addresses())
    assert known - ACCESS.keys() == set(), "say in ACCESS whom these pages are for"
    assert ACCESS.keys() - known == set(), "no such pages any more"


@pytest.fixture
def made() -> Iterator[Everything]:
    made = everything()
    with clock.frozen(NOW):
        yield made


def clients(made: Everything) -> dict[str, Client]:
    """A browser for every role."""
    usernames = {EXPERT: made.assigned, OTHER_EXPERT: made.unassigned}
    found = {"": Client(raise_request_exception=False)}
    for role in sorted(SIGNED_IN):
        found[role] = Client(raise_request_exception=False)
        found[role].force_login(made.world.users[usernames.get(role, role)])
    return found


def refused(response: Any, role: str) -> bool:
    """Shown the door: to the sign-in page, or told that it is not for them, or that there is no such page."""
    if not role and response.status_code == 302:
        return bool(response.headers["Location"].startswith("/accounts/login/"))
    return response.status_code in (403, 404)


def let_in(response: Any) -> bool:
    """Given something: a page, a file, or the way to the page meant; perhaps that it is too early or too late."""
    if response.status_code == 302:
        return not response.headers["Location"].startswith("/accounts/login/")
    return response.status_code in (200, 409, 422)


def is_public(name: str) -> bool:
    return "" in ACCESS[name]


# Who reviews what is the working group's to know; account pages name everybody, whatever they do.
KNOW = {WORKER}
PEOPLE = {"directory:users", "directory:deputise", "reports:sign-ins"}


def names_a_reviewer(made: Everything, response: Any, role: str) -> bool:
    """Whether another expert's name stands in an answer."""
    own = {EXPERT: made.assigned, OTHER_EXPERT: made.unassigned}.get(role)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return any(f"示例{one}".encode() in content for one in made.world.users if one[:6] == "expert" and one != own)


@pytest.mark.once
@pytest.mark.parametrize("part", range(4))  # so that several workers share it
def test_each_role_sees_what_is_for_it_and_nothing_else(made, part):
    faults = []
    for role, client in list(clients(made).items())[part::4]:
        for name, allowed in ACCESS.items():
            response = client.get(reverse(name, kwargs=made.ids.get(name)))
            status = response.status_code
            if isinstance(allowed, posted):
                good = refused(response, role) or status == 405
            elif role in allowed:
                good = let_in(response) or (name in EMPTY and status == 404)
            else:
                good = refused(response, role)
            if role not in KNOW and name not in PEOPLE and names_a_reviewer(made, response, role):
                faults.append(f"{name} tells {role or 'a stranger'} who reviews")
            kept = "no-store" in response.headers.get("Cache-Control", "")
            if status == 200 and role and not is_public(name) and not kept:
                faults.append(f"{name} may be stored by the browser of {role}")
            if not good:
                faults.append(f"{name} answers {status} to {role or 'a stranger'}")
    assert faults == []


# Programs post here without a browser and its token; what they post is signed, and no sign-in counts for anything.
MACHINES = {"journal:cosignatures"}

# No checkpoint is signed and no worker prints in these tests: what hands those out has nothing yet.
EMPTY = {"designations:print_file", *(name for name in ACCESS if name.startswith("journal:"))}


@pytest.mark.once
@pytest.mark.parametrize("part", range(4))
def test_whom_a_page_is_not_for_changes_nothing_by_posting(made, part):
    before = Entry.objects.count()
    faults = []
    for role, client in list(clients(made).items())[part::4]:
        for name, allowed in ACCESS.items():
            if role in allowed:
                continue
            response = client.post(reverse(name, kwargs=made.ids.get(name)))
            if not refused(response, role) and response.status_code != 405:
                faults.append(f"{name} answers {response.status_code} to a post of {role or 'a stranger'}")
    assert faults == []
    assert Entry.objects.count() == before


def test_a_case_is_read_by_its_own_side_the_bodies_and_whom_a_step_asks(made):
    faults = []
    browsers = clients(made)
    assert made.steps.keys() == CASES.keys()
    for kind, step in made.steps.items():
        for role, client in browsers.items():
            response = client.get(f"/cases/{step.case.public_id}/")
            if (response.status_code == 200) != (role in CASES[kind]):
                faults.append(f"a case at {kind} answers {response.status_code} to {role or 'a stranger'}")
    assert faults == []


def test_nothing_is_taken_from_a_form_of_another_site(made):
    """Every address refuses a post without the token, before it looks at who posts."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(made.world.users[WORKER])
    answers = {name: client.post(reverse(name, kwargs=made.ids.get(name))).status_code for name in ACCESS}
    assert {name for name, status in answers.items() if status != 403} == MACHINES


def test_an_empty_form_is_no_reason_to_fall_over(made):
    """Whoever may post sends nothing at all: refused kindly, or done where nothing is needed."""
    browsers = clients(made)
    faults = []
    for name, allowed in ACCESS.items():
        for role in sorted(allowed)[:2]:
            response = browsers[role].post(reverse(name, kwargs=made.ids.get(name)))
            if response.status_code >= 500:
                faults.append(f"{name} answers {response.status_code} to an empty post of {role or 'a stranger'}")
    assert faults == []
