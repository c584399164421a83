"""Passwords an administrator hands over once: random, readable aloud, nothing to mistake for something else."""

import secrets

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without i l o 0 1
GROUPS, LENGTH = 3, 4


def one_time() -> str:
    """Such as ``k7mx-2vqa-hd9e``: 59 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))
