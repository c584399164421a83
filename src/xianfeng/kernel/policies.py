"""Who may do what: one-line predicates that compose and that say why they refuse.

The shape follows django-rules' composition, but a refusal carries a Chinese reason instead of ``False``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import NotPermitted


@dataclass(frozen=True)
class Allowed:
    """The act is permitted."""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True)
class Refused:
    """The act is refused; ``reason`` is shown to the user, ``hint`` says what to do instead."""

    reason: str
    hint: str = ""

    def __bool__(self) -> bool:
        return False


Verdict = Allowed | Refused
ALLOWED = Allowed()
# Predicates are written with a concrete subject type; a Policy erases it so that predicates compose.
S = TypeVar("S")


class Policy:
    """A predicate over (actor, subject) that composes with ``&`` and ``|``."""

    def __init__(self, test: Callable[[Actor, Any], Verdict]) -> None:
        self.test = test

    def __call__(self, actor: Actor, subject: Any) -> Verdict:
        return self.test(actor, subject)

    def __and__(self, other: "Policy") -> "Policy":
        def both(actor: Actor, subject: Any) -> Verdict:
            first = self(actor, subject)
            return other(actor, subject) if first else first

        return Policy(both)

    def __or__(self, other: "Policy") -> "Policy":
        # The last refusal is reported: policies are written from the most to the least usual way in.
        def either(actor: Actor, subject: Any) -> Verdict:
            first = self(actor, subject)
            return first if first else other(actor, subject)

        return Policy(either)


def policy(test: Callable[[Actor, S], Verdict]) -> Policy:
    """Decorator: make a composable policy of a plain function."""
    return Policy(test)


def require(rule: Policy, actor: Actor, subject: Any) -> None:
    """Raise NotPermitted with the policy's reason when it refuses."""
    verdict = rule(actor, subject)
    if isinstance(verdict, Refused):
        raise NotPermitted(verdict.reason, verdict.hint)
