"""Rows of the audit trail in the reader's words: on what, and with which values."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select

from portal.accounts import queries as accounts
from portal.accounts import rolebook
from portal.admin import words
from portal.audit.models import AuditRow
from portal.db import db
from portal.definitions import queries as definitions
from portal.projects import queries as projects
from portal.projects.inputs import STATUS_TITLES
from portal.records.models import Record
from portal.web.filters import text_in
from portal.web.words import gettext as _

_ID_LENGTH: Final = 36
_LONGEST: Final = 400
_HASH: Final = re.compile("[0-9a-f]{64}")
_LISTS: Final = frozenset({"events", "fields", "head_of", "roles"})  # others are [before, after]


class Trail:
    """Some rows of the trail, with the names of everything in them."""

    def __init__(self, rows: Sequence[AuditRow]) -> None:
        self.names = _names({one for row in rows for one in _ids(row)})
        self.modules = {one.key: text_in(one.title) for one in definitions.modules()}
        self.forms = {key: text_in(one) for key, one in definitions.form_titles().items()}
        self.labels, self.events = words.detail_titles(), words.event_titles()
        self.kinds = words.object_kinds()
        self.roles = words.system_role_titles() | {
            role: text_in(title)
            for scope in ("company", "project")
            for role, title in rolebook.titles(scope).items()
        }

    def subject(self, row: AuditRow) -> str:
        """What the act was done on."""
        if row.object_kind == "module":
            release = row.detail.get("number")
            name = self.modules.get(row.object_id, row.object_id)
            return (
                _("%(module)s, release %(number)s", module=name, number=release)
                if release
                else name
            )
        known = self.names.get(row.object_id) or row.detail.get("number")
        kind = self.kinds.get(row.object_kind, row.object_kind)
        is_id = len(row.object_id) == _ID_LENGTH
        return str(known or (f"{kind} {row.object_id[-12:]}" if is_id else kind))

    def details(self, row: AuditRow) -> str:
        """The values of a row on one line, ids and keys replaced by names."""
        held = {key: value for key, value in row.detail.items() if key not in {"number", "kind"}}
        mark = _(": ")
        parts = (
            f"{self._label(row, key)}{mark}{self._value(key, value)}"
            for key, value in sorted(held.items())
        )
        return " · ".join(parts)[:_LONGEST]

    def _label(self, row: AuditRow, key: str) -> str:
        special = f"{row.object_kind}.{key}"
        return self.labels.get(special) or self.labels.get(key, key)

    def _value(self, key: str, value: Any) -> str:
        if isinstance(value, list):
            between: str = _(", ") if key in _LISTS else " → "
            return between.join(self._word(key, one) for one in value) or "–"
        return self._word(key, value)

    def _word(self, key: str, value: Any) -> str:
        """A value for reading; of a hash its beginning, which tells it apart."""
        if isinstance(value, bool):
            return str(_("Yes") if value else _("No"))
        if isinstance(value, Mapping):
            return "…"
        text = str(value) if value not in (None, "") else "–"
        found = str(self._meanings(key).get(text) or self.names.get(text, text))
        return f"{found[:12]}…" if _HASH.fullmatch(found) else found

    def _meanings(self, key: str) -> Mapping[str, Any]:
        """The words of the codes a value of this key may be."""
        known: dict[str, Mapping[str, Any]] = {
            "events": self.events,
            "fields": self.labels,
            "form": self.forms,
            "language": {"en": "English", "zh": "中文"},
            "role": self.roles,
            "roles": self.roles,
            "status": STATUS_TITLES,
        }
        return known.get(key, {})


def _ids(row: AuditRow) -> Iterable[str]:
    """Everything in a row that may be the id of a person, a department, a project or a record."""
    values: list[Any] = [row.actor_id, row.on_behalf_id, row.object_id]
    for value in row.detail.values():
        values += value if isinstance(value, list) else [value]
    return (one for one in values if isinstance(one, str) and len(one) == _ID_LENGTH)


def _names(ids: set[str]) -> dict[str, str]:
    codes = {key: one.code for key, one in projects.project_briefs(ids).items()}
    records = select(Record.id, Record.number, Record.subject).where(Record.id.in_(sorted(ids)))
    named = {key: number or subject for key, number, subject in db.session.execute(records)}
    known = {key: name for key, name in named.items() if name}
    return known | accounts.department_names(ids) | codes | accounts.person_name(ids)
