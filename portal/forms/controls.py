"""Parsed controls on their way into a record: the result of a submission, one value at a time."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from portal.errors import N_, FieldError, Message
from portal.forms.access import FieldAccess
from portal.forms.fields import FieldDefinition

LOCKED_FIELD = N_("This field cannot be changed now. Its stored value was kept.")


@dataclass(slots=True)
class Submission:
    """A posted page.

    `data`: the stored values with the posted ones over them; a text that could not be read is
    left out of it and stands in `errors` and `raw`. `problems`: controls no page of this person
    holds (unknown, or withheld): answer 400, save nothing. `changed`: paths that now differ from
    the stored record (`lines` when rows came or went). `new_rows`: the ids given to rows posted
    as `new…`. `left_out`: at each table, what was typed for rows of a linked record that are not
    there now; `astray`: those of them the page still held.
    """

    data: dict[str, Any]
    errors: list[FieldError] = field(default_factory=list)
    problems: list[FieldError] = field(default_factory=list)
    raw: dict[str, list[str]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    new_rows: dict[str, str] = field(default_factory=dict)
    left_out: list[FieldError] = field(default_factory=list)
    astray: list[FieldError] = field(default_factory=list)


class PostedControls(dict[str, list[str]]):
    """The part of a posted page that belongs to one form, as WTForms wants it."""

    def getlist(self, name: str) -> list[str]:
        """The texts of one control."""
        return self.get(name, [])


def take_value(
    taken: Submission,
    holder: dict[str, Any],
    known: FieldDefinition,
    path: str,
    control: Any,
    access: FieldAccess,
    locked: AbstractSet[str],
) -> None:
    """Move one parsed control into the record or row `holder`, if the person may write it."""
    wrong = control.process_errors
    typed = None if wrong else control.data
    stored = None if typed is None else known.kind.store(typed, known.options)
    if not wrong and stored == holder.get(known.key):
        return
    if not is_open(known, path, access, locked):
        taken.errors.append(FieldError(path, "locked", Message(LOCKED_FIELD)))
        return
    if wrong:
        taken.errors.append(FieldError(path, "shape", wrong[0]))
        taken.raw[path] = control.raw_data
    if stored is None:
        holder.pop(known.key, None)
    else:
        holder[known.key] = stored
    taken.changed.add(path)


def is_open(
    known: FieldDefinition, path: str, access: FieldAccess, locked: AbstractSet[str]
) -> bool:
    """Whether a value may be written: by right, and not locked by a rule."""
    return (
        known.is_writable
        and access.get(known.path) == "write"
        and not (locked and {path, known.path, known.table} & locked)
    )
