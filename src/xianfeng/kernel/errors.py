"""Errors a user can cause: each carries a Chinese sentence, the next step, and a status code."""


class UserError(Exception):
    """Something the user asked for cannot be done; ``message`` says why, ``hint`` what to do next."""

    status = 422

    def __init__(self, message: str, hint: str = "", *, status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if status is not None:
            self.status = status

    def __str__(self) -> str:
        return f"{self.message}{self.hint}" if self.hint else self.message


class Invalid(UserError):
    """What was entered breaks a rule (422)."""


class NotPermitted(UserError):
    """The actor may not do this (403)."""

    status = 403


class NotFoundHere(UserError):
    """The thing does not exist or may not be seen (404)."""

    status = 404


class Conflict(UserError):
    """Somebody else was faster, or the act is out of turn (409)."""

    status = 409
