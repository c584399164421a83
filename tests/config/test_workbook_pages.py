"""The import pages: who may come in, what they see, and that confirming is asked once."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories import workbook as make

from xianfeng import journal
from xianfeng.directory import services
from xianfeng.directory.models import Organisation, User
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM
from xianfeng.registry.models import WorkbookImport

pytestmark = pytest.mark.django_db
NOW = clock.instant(date(2021, 12, 1), 9)
ACCOUNTS = {name: rows for name, rows in make.small().items() if name in {"单位", "党组织", "用户"}}


def signed_in(duty: str, kind: str = "body") -> Client:
    with journal.unit_of_work():
        row = services.organisation_save(code="OPS", kind=kind, name="示例组", actor=SYSTEM, now=NOW)
        user = services.user_create(username="me", name="示例甲", actor=SYSTEM, now=NOW)
        services.appointment_give(
            user_id=user.pk, organisation_id=row.pk, duty=duty, since=date(2019, 1, 1), actor=SYSTEM, now=NOW
        )
    client = Client()
    client.force_login(User.objects.get(username="me"))
    return client


def send(client: Client, sheets: dict[str, make.Rows]) -> str:
    """Upload a workbook; returns where the browser is sent."""
    file = SimpleUploadedFile("示例.xlsx", make.workbook(sheets))
    response = client.post("/registry/import/", {"file": file})
    assert response.status_code == 302
    return str(response.headers["Location"])


def test_a_stranger_signs_in_first():
    response = Client().get("/registry/import/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/")


def test_a_unit_s_staff_has_no_business_here():
    client = signed_in("staff", kind="party_branch")
    assert client.get("/registry/import/").status_code == 403
    assert client.get("/registry/import/template.xlsx").status_code == 403


def test_the_template_is_downloaded():
    response = signed_in("system_admin").get("/registry/import/template.xlsx")
    assert response.status_code == 200
    assert response.content[:2] == b"PK"


def test_upload_shows_what_will_happen_and_confirming_does_it():
    client = signed_in("system_admin")
    page = send(client, ACCOUNTS)
    shown = client.get(page).content.decode()
    assert "确认导入" in shown
    assert not Organisation.objects.filter(code="U1").exists()
    response = client.post(page, {"act": "import"}, follow=True)
    assert "导入完成：新增 6 条" in response.content.decode()
    assert Organisation.objects.filter(code="U1").exists()
    assert WorkbookImport.objects.get().content is None


def test_confirming_twice_imports_once():
    client = signed_in("system_admin")
    page = send(client, ACCOUNTS)
    client.post(page, {"act": "import"})
    assert client.post(page, {"act": "import"}).status_code == 404
    assert WorkbookImport.objects.count() == 1


def test_bad_rows_are_listed_and_handed_back():
    client = signed_in("system_admin")
    page = send(client, {**ACCOUNTS, "任职": [{**make.CLERK_POST, "职责": "主任"}]})
    shown = client.get(page).content.decode()
    assert "没有写入任何内容" in shown
    assert "“主任”不在可选项之内" in shown
    assert "确认导入" not in shown
    assert client.get(f"{page}errors.xlsx").content[:2] == b"PK"


def test_appointments_are_the_security_administrators(django_user_model):
    """三员分立: who makes accounts gives no powers, in a workbook as little as on a page."""
    with_posts = {**ACCOUNTS, "任职": [make.CLERK_POST]}
    client = signed_in("system_admin")
    shown = client.get(send(client, with_posts)).content.decode()
    assert "任职由安全管理员维护" in shown
    assert "确认导入" not in shown
    client.post(send(client, ACCOUNTS), {"act": "import"})
    with journal.unit_of_work():
        other = services.user_create(username="other", name="示例乙", actor=SYSTEM, now=NOW)
        ops = Organisation.objects.get(code="OPS")
        services.appointment_give(
            user_id=other.pk, organisation_id=ops.pk, duty="security_admin", since=NOW.date(), actor=SYSTEM, now=NOW
        )
    client = Client()
    client.force_login(other)
    response = client.post(send(client, with_posts), {"act": "import"}, follow=True)
    assert "导入完成：新增 1 条" in response.content.decode()


def test_a_bad_workbook_is_not_imported_by_confirming_it_anyway():
    client = signed_in("system_admin")
    page = send(client, {**ACCOUNTS, "任职": [{**make.CLERK_POST, "职责": "主任"}]})
    response = client.post(page, {"act": "import"})
    assert response.status_code == 409
    assert "现在不能导入" in response.content.decode()
    assert not Organisation.objects.filter(code="U1").exists()


def test_a_workbook_can_be_given_up():
    client = signed_in("system_admin")
    page = send(client, ACCOUNTS)
    assert client.post(page, {"act": "give_up"}).status_code == 302
    assert client.get(page).status_code == 404


def test_what_is_no_workbook_comes_back_with_a_reason():
    client = signed_in("system_admin")
    response = client.post("/registry/import/", {"file": SimpleUploadedFile("a.xlsx", b"hello")})
    assert response.status_code == 422
    assert "不是可读的 Excel 工作簿" in response.content.decode()
    assert client.post("/registry/import/").status_code == 422


def test_nobody_sees_another_s_workbook():
    page = send(signed_in("system_admin"), ACCOUNTS)
    with journal.unit_of_work():
        other = services.user_create(username="other", name="示例乙", actor=SYSTEM, now=NOW)
        ops = Organisation.objects.get(code="OPS")
        services.appointment_give(
            user_id=other.pk,
            organisation_id=ops.pk,
            duty="system_admin",
            since=date(2019, 1, 1),
            actor=SYSTEM,
            now=NOW,
        )
    client = Client()
    client.force_login(other)
    assert client.get(page).status_code == 404
