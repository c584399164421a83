"""Accounts are given, not taken; a copy of the database opens none."""

from __future__ import annotations

import pytest
from allauth.mfa.adapter import get_adapter


@pytest.mark.django_db
def test_nobody_can_sign_up_by_themselves(client, django_user_model):
    asked = {"username": "intruder", "password1": "long enough 8", "password2": "long enough 8"}
    client.post("/accounts/signup/", asked)
    assert not django_user_model.objects.filter(username="intruder").exists()


def test_secrets_of_the_second_factor_are_stored_encrypted():
    stored = get_adapter().encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in stored
    assert get_adapter().decrypt(stored) == "JBSWY3DPEHPK3PXP"


@pytest.mark.django_db
def test_a_password_is_not_reset_by_mail(client, django_user_model, mailoutbox):
    django_user_model.objects.create_user("holder", "pass-word-1", name="示例", email="holder@example.org")
    assert client.get("/accounts/password/reset/").status_code == 200
    assert client.post("/accounts/password/reset/", {"email": "holder@example.org"}).status_code == 405
    assert mailoutbox == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "page",
    ["email/", "confirm-email/", "confirm-email/a/", "password/set/", "password/reset/key/1-a/", "login/code/confirm/"],
)
def test_what_allauth_offers_beyond_signing_in_is_closed(client, django_user_model, page):
    client.force_login(django_user_model.objects.create_user("holder", "pass-word-1", name="示例"))
    assert client.get(f"/accounts/{page}").status_code == 404
    assert client.post(f"/accounts/{page}", {"email": "holder@example.org", "action_add": "1"}).status_code == 404
