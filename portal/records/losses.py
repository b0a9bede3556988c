"""What a new release of a form would drop of the values that are filled in now."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.db import db, unscoped
from portal.definitions import queries as definitions
from portal.definitions.moving import moved
from portal.definitions.moving_losses import at_stake, lost
from portal.definitions.queries import FormInRelease
from portal.forms.fields import FormDefinition
from portal.forms.texts import Text
from portal.records.models import Record
from portal.records.transitions import APPROVED, DRAFT

_WHY = "authors are told how many values a release drops, and see none of them"


@dataclass(frozen=True, slots=True)
class Loss:
    """A field whose values are dropped: how many drafts and register entries hold one."""

    path: str
    label: Text
    drafts: int
    entries: int


def losses(current: FormInRelease, following: FormDefinition) -> list[Loss]:
    """The fields whose values would be dropped, with how many there are, in the form's order.

    Counted are the records that move along: drafts, and the entries of a register.
    """
    now = current.form.definition
    if not at_stake(now, following):
        return []
    statement = select(Record.release_id, Record.state, Record.data).where(
        Record.form == current.key, Record.state.in_((DRAFT, APPROVED))
    )
    counts: dict[str, Counter[str]] = {DRAFT: Counter(), APPROVED: Counter()}
    for release_id, state, data in db.session.execute(unscoped(statement, _WHY)):
        pinned = definitions.form_of(release_id, current.key)
        if state == DRAFT or not pinned.has_workflow:
            counts[state].update(lost(_as_now(data, pinned, current), now, following))
    return [
        Loss(path, one.label, counts[DRAFT][path], counts[APPROVED][path])
        for path, one in now.fields.items()
        if counts[DRAFT][path] or counts[APPROVED][path]
    ]


def _as_now(
    data: Mapping[str, Any], pinned: FormInRelease, current: FormInRelease
) -> Mapping[str, Any]:
    """A record as the current release has it; what that dropped already is not counted again."""
    if pinned.sha256 == current.sha256:
        return data
    return moved(data, pinned.form.definition.version, current.form.definition)
