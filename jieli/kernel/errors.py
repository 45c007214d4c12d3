"""Domain errors know their code, their HTTP status and what to do next; one handler shows them as problems."""

from collections.abc import Mapping
from typing import Any, ClassVar


class JieliError(Exception):
    """Base of all errors that a caller can do something about.

    `code` is stable and machine-readable, `message` is for people and says what to do.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    message: ClassVar[str] = "The request could not be carried out."

    def __init__(self, message: str = "", **facts: Any) -> None:
        super().__init__(message or self.message)
        self.facts: Mapping[str, Any] = facts


class NotFound(JieliError):
    code = "not_found"
    status = 404
    message = "There is nothing here that you may see."


class Forbidden(JieliError):
    code = "forbidden"
    status = 403
    message = "Your role does not allow this."


class NotSignedIn(JieliError):
    code = "not_signed_in"
    status = 401
    message = "Sign in first."


class Conflict(JieliError):
    code = "conflict"
    status = 409
    message = "Somebody changed this meanwhile; look again and repeat."


class Invalid(JieliError):
    code = "invalid"
    status = 422
    message = "Some of what was sent cannot be used."


class Unavailable(JieliError):
    code = "unavailable"
    status = 503
    message = "This cannot be done right now; try again shortly."


class Permanent(Exception):
    """An outside system refused for good: repeating the same call cannot help."""

    def __init__(self, reason: str, *, code: str = "refused") -> None:
        super().__init__(reason)
        self.code = code


class Transient(Exception):
    """An outside system failed for now: the same call may succeed later."""

    def __init__(self, reason: str, *, code: str = "failed", retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.retry_after_s = retry_after_s
