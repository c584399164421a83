"""How people sign in: accounts are given by an administrator, second-factor secrets are encrypted."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Closes sign-up: who works in the system is decided by appointments, not by a form on the web."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody may register by themselves."""
        return False


class MFAAdapter(DefaultMFAAdapter):
    """Encrypts what allauth would keep in the clear, so that a copy of the database opens no account."""

    def encrypt(self, text: str) -> str:
        """Ciphertext of a secret, under a key derived from the site's secret key."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again; raises InvalidToken when the site's secret key was changed."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


@cache
def _cipher() -> Fernet:
    key = hashlib.scrypt(settings.SECRET_KEY.encode(), salt=b"xianfeng mfa secrets", n=2**14, r=8, p=1, dklen=32)
    return Fernet(base64.urlsafe_b64encode(key))
