"""A programme's own words and bodies: offered, taken, filtered, exported and imported, without a migration."""

import io
from datetime import date

import openpyxl
import pytest
from django.test import Client
from tests.factories import workbook as make
from tests.factories.base import world

from xianfeng import journal
from xianfeng.config.workbook import importing
from xianfeng.directory import words as kinds
from xianfeng.directory.models import Organisation, Relation
from xianfeng.directory.queries import actor_for
from xianfeng.journal.models import Entry
from xianfeng.kernel import clock, vocabulary
from xianfeng.kernel.actors import SYSTEM
from xianfeng.kernel.errors import Invalid, NotPermitted
from xianfeng.programmes import services
from xianfeng.programmes.definitions import SHIPPED, shipped_source
from xianfeng.programmes.models import Body, Programme
from xianfeng.programmes.queries import bodies
from xianfeng.registry import services as registry
from xianfeng.registry.models import ConductRecord

pytestmark = pytest.mark.django_db
SCHEMES = SHIPPED[1:]
NOW = clock.instant(date(2021, 12, 1), 9)


def publish(code):
    with journal.unit_of_work():
        return services.definition_publish(source=shipped_source(code), actor=SYSTEM, now=NOW)


def enter(made, username):
    client = Client()
    client.force_login(made.users[username])
    return client


@pytest.mark.parametrize("code", SCHEMES)
def test_every_kind_a_scheme_asks_for_can_be_registered(code):
    """Units of every applicant group, nominees of every category, facts of every kind its gates ask about."""
    version = publish(code)
    vocabulary.forget()  # as in another process
    definition = version.definition
    asked = {kind for group in definition.applicant_groups for kind in group.organisation_kinds}
    asked |= {kind for one in definition.categories for kind in one.eligibility.organisation_kinds}
    assert asked
    assert all(kinds.known(kind) and kinds.kind_word(kind) != kind for kind in asked)
    with journal.unit_of_work():
        for number, kind in enumerate(sorted(asked)):
            row = _organisation(f"{code[:8]}-{number}", kind)
            assert row.is_party == (kinds.sort_of(kind) == "party")
        unit = _organisation("unit", next(iter(definition.applicant_groups[0].organisation_kinds)))
        for kind in definition.vocabulary.fact_kinds:
            data = registry.ConductData(
                kind=kind, title="示例", subject_kind="organisation", subject=unit.code, happened_on=date(2021, 5, 1),
                tags=tuple(definition.vocabulary.tags),
            )  # fmt: skip
            row = registry.conduct_record_add(data=data, actor=SYSTEM, now=NOW)
            assert row.get_kind_display() == definition.vocabulary.fact_kinds[kind]


def _organisation(code, kind):
    from xianfeng.directory.services import organisation_save

    return organisation_save(code=code, kind=kind, name=f"示例{code}", actor=SYSTEM, now=NOW)


def test_pages_offer_filter_and_show_them():
    made = world()
    publish("mwr-sgkh-2019")
    admin, worker = enter(made, "system_admin"), enter(made, "worker")
    assert "水管单位" in admin.get("/directory/organisations/add/").content.decode()
    given = {"kind": "water_manager", "code": "WM1", "name": "示例水库管理处", "short_name": "", "credit_code": ""}
    assert admin.post("/directory/organisations/add/", given).status_code == 302
    listed = admin.get("/directory/organisations/?view=list&kind=water_manager").content.decode()
    assert "示例水库管理处" in listed
    assert "共 1 个" in listed.replace("条", "个")
    unit = Organisation.objects.get(code="WM1")
    form = f"/registry/conduct/add/?of={unit.public_id}"
    page = worker.get(form).content.decode()
    assert "安全鉴定" in page
    assert "三类及以下" in page
    fact = {
        "subject": "organisation:WM1", "kind": "safety_appraisal", "title": "示例大坝安全鉴定", "stars": "",
        "happened_on": "2019-05-01", "tags": ["class_three"], "confirmed": "on", "level": "city", "project": "",
    }  # fmt: skip
    with clock.frozen(NOW):
        assert worker.post(form, fact).status_code == 302
    row = ConductRecord.objects.get(title="示例大坝安全鉴定")
    assert (row.kind, row.level, row.tags) == ("safety_appraisal", "city", ["class_three"])
    assert "安全鉴定" in worker.get("/registry/conduct/?kind=safety_appraisal").content.decode()
    assert "三类及以下" in worker.get(f"/registry/conduct/{row.public_id}/").content.decode()
    book = openpyxl.load_workbook(io.BytesIO(worker.get("/registry/conduct/?export=1&kind=safety_appraisal").content))
    cells = {cell.value for line in book.worksheets[0] for cell in line}
    assert {"安全鉴定", "三类及以下", "示例水库管理处"} <= cells


def test_the_workbook_takes_them():
    world()
    publish("mwr-sgkh-2019")
    sheets = {
        "单位": [{"编码": "WM2", "名称": "示例河道管理处", "类型": "水管单位"}],
        "诚信台账": [
            {
                "事实类别": "体制改革验收", "事由": "示例验收", "对象类型": "单位或党组织", "对象编码": "WM2",
                "发生日期": "2019-05-01", "标签": "通过、不可抗力",
            }
        ],
    }  # fmt: skip
    report = importing.bring_in(make.workbook(sheets), "示例.xlsx", actor=SYSTEM, now=NOW)
    assert report.ok, report.problems
    assert ConductRecord.objects.get(title="示例验收").tags == ["passed", "force_majeure"]
    strange = {"单位": [{"编码": "WM3", "名称": "示例某处", "类型": "没有这种"}]}
    (problem,) = importing.bring_in(make.workbook(strange), "示例.xlsx", actor=SYSTEM, now=NOW).problems
    assert "水管单位" in problem.reason


def test_a_unit_of_an_added_kind_is_tied_like_any_other():
    made = world()
    publish("mwr-sgkh-2019")
    with journal.unit_of_work():
        _organisation("WM4", "water_manager")
        _organisation("WM4P", "party_branch")
        from xianfeng.directory.services import relation_set

        relation_set(kind="unit", organisation="WM4P", target="WM4", since=None, actor=SYSTEM, now=NOW)
        with pytest.raises(Invalid, match="上级只能是党组织"):
            relation_set(kind="superior", organisation="WM4P", target="WM4", since=None, actor=SYSTEM, now=NOW)
    assert Relation.objects.filter(organisation__code="WM4P", target__code="WM4").exists()
    assert made.programme.versions.count() == 1


# --- bodies --------------------------------------------------------------------------------------------------------


def assign(made, actor, kind, organisation, **more):
    with journal.unit_of_work():
        return services.body_assign(
            programme=made.programme,
            kind=kind,
            organisation=organisation,
            title="领导小组",
            actor=actor,
            now=NOW,
            **more,
        )


def test_the_office_and_the_security_administrator_say_who_plays_what_and_nobody_else():
    made = world()
    other = made.organisations["CO"] if "CO" in made.organisations else next(iter(made.organisations.values()))
    for username, may in (
        ("officer", True), ("worker", True), ("security_admin", True), ("system_admin", False), ("st_staff", False),
        ("leader", False), ("audit_admin", False),
    ):  # fmt: skip
        client = enter(made, username)
        address = f"/programmes/bodies/{made.programme.public_id}/leading_group/"
        assert client.get(address).status_code == (200 if may else 403), username
        assert ("调整" in client.get("/programmes/bodies/").content.decode()) == may, username
    with pytest.raises(NotPermitted, match="安全管理员"):
        assign(made, actor_for(made.users["system_admin"], NOW.date()), "leading_group", other)


def test_a_change_has_its_day_its_predecessor_and_its_entry():
    made = world()
    first = made.bodies["leading_group"].organisation
    second = next(one for one in made.organisations.values() if one.kind == "body" and one != first)
    office = actor_for(made.users["officer"], NOW.date())
    with clock.frozen(NOW):
        assign(made, office, "leading_group", second, since=date(2022, 1, 1), document_no="示例〔2021〕9号")
        assert Body.objects.get(programme=made.programme, kind="leading_group").organisation == first
        entry = Entry.objects.filter(event="programme:body:assigned").latest("seq")
    with clock.frozen(clock.instant(date(2022, 1, 1), 9)):
        assert Body.objects.get(programme=made.programme, kind="leading_group").organisation == second
        (seat,) = [one for one in bodies(made.programme) if one.code == "leading_group"]
        assert [one.organisation for one in seat.terms] == [second, first]
        assert [one.until for one in seat.others] == [date(2021, 12, 31)]
    assert "示例〔2021〕9号" in entry.leaf
    assert second.public_id in entry.leaf
    with clock.frozen(NOW), pytest.raises(Invalid, match="不能早于"):
        assign(made, office, "leading_group", first, since=date(2021, 6, 1))


def test_the_house_parts_go_with_the_body_that_plays_them():
    made = world()
    version = publish("mwr-sgkh-2019")
    ministry = next(one for one in made.organisations.values() if one.kind == "body")
    security = actor_for(made.users["security_admin"], NOW.date())
    for code in ("ministry", "basin", "province", "experts"):
        with journal.unit_of_work():
            services.body_assign(
                programme=version.programme, kind=code, organisation=ministry, title=code, actor=security, now=NOW
            )
    kinds_of = set(Programme.objects.get(pk=version.programme_id).bodies.values_list("kind", flat=True))
    assert {"ministry", "basin", "province", "working_group", "office"} <= kinds_of
    page = enter(made, "officer").get("/programmes/bodies/").content.decode()
    assert "启动批次" in page
    assert "水利部" in page
