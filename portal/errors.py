"""The few errors everything else inherits from; portal.web.errors turns them into pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


def N_(text: str) -> str:  # noqa: N802 - the conventional marker name message extraction looks for
    """Mark a text for translation without translating it here (pure code knows no reader)."""
    return text


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for a person: an English text with named placeholders, and their values.

    Pure code makes messages; the web side translates `id` and fills in `args`.
    """

    id: str
    args: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.id % dict(self.args) if self.args else self.id


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: its path (`lines[r1].qty`), the rule or code, the sentence.

    `see` is the id of a record to look at, where that leads on.
    """

    path: str
    code: str
    message: Message
    see: str = ""


class PortalError(Exception):
    """Something refused, with a sentence that says what, where and what to do.

    `hint` says what to do about it; without one the error page says what helps in general.
    """

    status = 500

    def __init__(self, message: Message | str, *, hint: str = "", **args: Any) -> None:
        self.message = message if isinstance(message, Message) else Message(message, args)
        self.hint = Message(hint) if hint else None
        super().__init__(str(self.message))


class NotFound(PortalError):
    """It does not exist, or the viewer may not know that it does."""

    status = 404

    def __init__(
        self, message: Message | str = N_("This page does not exist."), **args: Any
    ) -> None:
        super().__init__(message, **args)


class Forbidden(PortalError):
    """The viewer is known, and may not do this."""

    status = 403


class Malformed(PortalError):
    """A request no page of the portal would send (unknown or withheld fields, wrong shape)."""

    status = 400


COPY_FIRST = N_("Go back to the page before and copy what you typed before you open it anew.")


class TooLarge(PortalError):
    """More than a limit of portal.limits allows."""

    status = 413


class Conflict(PortalError):
    """As things stand it cannot be done, whoever asks; nothing was changed."""

    status = 409


class ChangedMeanwhile(Conflict):
    """What the person saw is no longer so: somebody else changed the same thing since."""


class Throttled(PortalError):
    """Too many tries; `retry_after` is in seconds."""

    status = 429

    def __init__(self, message: Message | str, *, retry_after: int, **args: Any) -> None:
        super().__init__(message, **args)
        self.retry_after = retry_after


class Invalid(PortalError):
    """Input that cannot be accepted, field by field."""

    status = 422

    def __init__(
        self,
        message: Message | str = N_("Some entries need attention."),
        errors: Sequence[FieldError] = (),
        **args: Any,
    ) -> None:
        super().__init__(message, **args)
        self.errors = list(errors)
