"""Two releases of a form side by side: what a record of the one is under the other."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from portal.approvals import protection
from portal.conversions.reasons import IS_FROZEN
from portal.definitions.moving import moved
from portal.definitions.moving_losses import at_stake, lost
from portal.definitions.moving_paths import arrivals, dropped, renamed
from portal.definitions.queries import FormInRelease
from portal.errors import Message
from portal.forms.fieldpaths import split
from portal.forms.fields import FormDefinition
from portal.forms.texts import Text
from portal.ledgers.rulebook import RuleBook
from portal.records import freezing
from portal.records.changes import Changed, changes_between
from portal.records.indexing import links_in
from portal.records.models import Record
from portal.records.transitions import APPROVED

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Pair:
    """The release a record is under, and the one it is to move to."""

    old: FormInRelease
    new: FormInRelease

    @cached_property
    def before(self) -> FormDefinition:
        return self.old.form.definition

    @cached_property
    def after(self) -> FormDefinition:
        return self.new.form.definition

    @cached_property
    def is_same_form(self) -> bool:
        """Whether the form itself is the same in both."""
        return self.old.sha256 == self.new.sha256

    @cached_property
    def is_same_chain(self) -> bool:
        """Whether both are approved by the same chain, or by none."""
        return self.old.chain == self.new.chain

    @cached_property
    def books(self) -> tuple[RuleBook, RuleBook]:
        """The posting rules of both."""
        return (
            RuleBook(self.old.form, self.old.postings),
            RuleBook(self.new.form, self.new.postings),
        )

    def posts(self, state: str) -> bool:
        """Whether a record in this state posts, or would once it is approved."""
        return any(book.on(one) for book in self.books for one in {state, APPROVED})

    @cached_property
    def may_lose(self) -> bool:
        """Whether any value may be left behind at all."""
        return not self.is_same_form and bool(at_stake(self.before, self.after))

    @cached_property
    def fetches(self) -> bool:
        """Whether expressions of the new form read fields of linked records."""
        return any(self.new.form.link_fields.values())

    def moved(self, data: Data) -> dict[str, Any]:
        """The data by the declared steps."""
        if self.is_same_form:
            return dict(data)
        return moved(data, self.before.version, self.after)

    def loss(self, data: Data) -> Text | None:
        """The label of a filled field that would be lost without a step that says so."""
        if not self.may_lose:
            return None
        meant = dropped(self.before, self.after)
        gone = [path for path in lost(data, self.before, self.after) if path not in meant]
        return self.before.fields[gone[0]].label if gone else None

    def altered(self, data: Data, made: Data) -> Text | None:
        """The label of a field that what was decided rests on, and that would change."""
        places = arrivals(self.before, self.after)
        for path in sorted(self._guarded):
            if path not in self.before.fields:
                continue
            now = places.get(path)
            was = _values(data, path)
            if now is None and any(one is not None for _row, one in was):
                return self.before.fields[path].label
            if now is not None and was != _values(made, now):
                return self.before.fields[path].label
        return None

    @cached_property
    def _guarded(self) -> frozenset[str]:
        return protection.of(self.old).fields

    def otherwise(self, data: Data, made: Data) -> Text | None:
        """The label of a filled field that no step touches and that is not what it was."""
        for path, now in arrivals(self.before, self.after).items():
            field = self.before.fields[path]
            if field.kind.name in ("table", "reverse"):
                continue
            there = dict(_values(made, now))
            for row, value in _values(data, path):
                if value not in (None, "", []) and there.get(row) != value:
                    return field.label
        return None

    @staticmethod
    def links(form: FormDefinition, data: Data) -> frozenset[tuple[str, str]]:
        """(form, record) of everything a record links to."""
        return frozenset(
            (str(form.fields[path].options.get("target")), target)
            for path, _row, target in links_in(form, data)
        )

    def frozen(self, record: Record, made: Data) -> Message | None:
        """Why the record may not become this: a field of it is frozen, and would change."""
        held = freezing.frozen(record)
        if held is None:
            return None
        places = arrivals(self.before, self.after)
        named = replace(held, fields=tuple(places.get(key) or key for key in held.fields))
        changed = named.changed(renamed(record.data, self.before, self.after), made)
        if not changed:
            return None
        field = self.after.fields.get(changed[0]) or self.before.fields[changed[0]]
        return Message(IS_FROZEN, {"field": field.label, "number": held.number})

    def changes(self, data: Data, made: Data) -> list[Changed]:
        """What differs beside the names of fields."""
        if self.is_same_form:
            return []
        return changes_between(self.after, renamed(data, self.before, self.after), made)


def _values(data: Data, path: str) -> list[tuple[str, Any]]:
    """(row id, value) of a field: once, or in each row."""
    table, key = split(path)
    if table is None:
        return [("", data.get(key))]
    return [(str(row.get("_id")), row.get(key)) for row in data.get(table) or ()]
