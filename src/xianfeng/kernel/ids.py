"""Opaque public ids for addresses and the journal: never a row number."""

import secrets

# Crockford's base 32 without look-alikes: can be read out over the telephone.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id() -> str:
    """Sixteen random characters, 80 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(16))
