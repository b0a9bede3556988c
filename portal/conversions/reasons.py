"""Why a record is left as it is: a message kept as JSON, read in the language of whoever looks."""

from collections.abc import Mapping
from typing import Any

from portal.errors import N_, Message
from portal.forms.texts import Text

CARRIED, LOSES, BREAKS = "carried", "loses", "breaks"
CHAIN, SIGNED, EDITING, POSTS, FROZEN = "chain", "signed", "editing", "posts", "frozen"
RESTORED, CHANGED = "restored", "changed"
LEFT = (LOSES, BREAKS, CHAIN, SIGNED, EDITING, POSTS, FROZEN)

WOULD_LOSE = N_("“%(field)s” is filled in, and no step carries the value or says that it goes.")
HIDDEN = N_("“%(field)s” is filled in, and this release would hide and clear it.")
WOULD_BREAK = N_("“%(field)s”: %(fault)s")
OTHER_CHAIN = N_("The release has another approval chain, and this record stays with its own.")
PROTECTED = N_("“%(field)s” is what signatures or the chain rest on, and it would change.")
OTHERWISE = N_("“%(field)s” would come out differently, though no step speaks of it.")
BEING_EDITED = N_("Its requester has it back and is changing it.")
OTHER_POSTINGS = N_("Its entries in the ledgers would come out differently.")
NO_POSTINGS = N_("Its entries in the ledgers could not be made: %(fault)s")
CHANGED_SINCE = N_("It was changed after it had been moved.")
NEW_LINK = N_("A step would link it to a record that nobody chose.")
IS_FROZEN = N_("“%(field)s” is frozen by %(number)s, and it would change.")
TAKEN = N_("Another record has a value of it that no two may share.")


def kept(message: Message | None) -> dict[str, Any] | None:
    """The message as JSON."""
    if message is None:
        return None
    return {"id": message.id, "args": {key: _kept(one) for key, one in message.args.items()}}


def _kept(value: Any) -> Any:
    if isinstance(value, Message):
        return kept(value)
    if isinstance(value, Text):
        return {"en": value.en, "zh": value.zh}
    return value if isinstance(value, int | str) else str(value)


def read(stored: Mapping[str, Any] | None) -> Message | None:
    """The message again, ready for `web.answers.sentence`."""
    if not stored:
        return None
    return Message(stored["id"], {key: _read(one) for key, one in stored["args"].items()})


def _read(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return read(value) if "id" in value else Text(value["en"], value["zh"])
