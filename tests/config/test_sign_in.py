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
