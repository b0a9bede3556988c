"""The reason somebody gives for an act that stays on record."""

from portal import limits
from portal.errors import N_, FieldError, Invalid, Message

NO_REASON = N_("Say why; the reason stays on record.")


def given(text: str) -> str:
    """The reason, if there is one that fits. Raises Invalid."""
    why = text.strip()
    if not why:
        raise Invalid(errors=[FieldError("reason", "required", Message(NO_REASON))])
    if len(why) > limits.REASON_LENGTH:
        message = Message(N_("At most %(most)s characters."), {"most": limits.REASON_LENGTH})
        raise Invalid(errors=[FieldError("reason", "too_long", message)])
    return why
