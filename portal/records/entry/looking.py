"""From an entry and its evaluation to what the page shows: names, choices, files, sentences."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import select

from portal.db import db
from portal.errors import FieldError, Message
from portal.forms.fieldpaths import control_name
from portal.forms.fields import FieldDefinition
from portal.forms.outcome import Outcome
from portal.forms.rendering.look import Choices, FileFace, Look, Option
from portal.forms.texts import Text
from portal.records import facts, names, offering
from portal.records.entry import choosing, link_filters
from portal.records.entry.entries import Entry
from portal.records.models import Attachment
from portal.web.answers import sentence

_MOST_IN_CELLS = 1_500
_ENHANCE_FROM = 12


def worded(message: Message, language: str) -> str:
    """A sentence in the reader's language, texts of the definition in it as well."""
    args = {
        key: worded(value, language)
        if isinstance(value, Message)
        else value.in_language(language)
        if isinstance(value, Text)
        else value
        for key, value in message.args.items()
    }
    return sentence(Message(message.id, args))


def sentences(errors: Iterable[FieldError], language: str) -> dict[str, str]:
    """Errors by path; several at one place follow each other."""
    found: dict[str, str] = {}
    for error in errors:
        text = worded(error.message, language)
        known = found.get(error.path)
        found[error.path] = text if known is None else f"{known} {text}"
    return found


def look_at(
    entry: Entry,
    outcome: Outcome,
    *,
    errors: Sequence[FieldError] = (),
    raw: Mapping[str, list[str]] | None = None,
    locked: Iterable[str] = (),
    sought: tuple[str, str] | None = None,
) -> Look:
    """What a page of this entry shows. `sought` is (control, text) of a look-up without scripts."""
    data = outcome.data
    return Look(
        form=entry.compiled,
        language=entry.viewer.language,
        outcome=outcome,
        access=entry.access,
        errors=sentences(errors, entry.viewer.language),
        raw=raw or {},
        locked=frozenset(locked),
        required=entry.required,
        project_currency=str(entry.project["currency"]) if entry.project else None,
        name_of=names.names_of(entry.definition, [data]),
        choices=_Offers(entry, data, sought).of,
        offers=lambda field: _values(entry, field, data),
        files=files_of(entry, data),
        upload=url_for("records.upload", record_id=entry.record_id),
    )


def _values(entry: Entry, field: FieldDefinition, data: Mapping[str, Any]) -> Sequence[Option]:
    """What a plain field offers, as it is typed there."""
    found = offering.offered(
        entry.definition,
        field,
        data,
        project_id=entry.project_id,
        today=facts.today_for(entry.project, entry.now),
    )
    language = entry.viewer.language
    return [Option(offering.typed(field, one.value, language), one.name) for one in found]


class _Offers:
    """What the references of one page offer; a column is asked once for all its rows."""

    def __init__(
        self, entry: Entry, data: Mapping[str, Any], sought: tuple[str, str] | None
    ) -> None:
        self.entry, self.data, self.sought = entry, data, sought
        self.known: dict[tuple[str, str], Choices] = {}

    def of(self, field: FieldDefinition, row: Mapping[str, Any]) -> Choices:
        """The offer of a field, in a row where its filter reads the row."""
        row_id = str(row.get("_id", "")) if field.table is not None else ""
        name = control_name(f"{field.table}[{row_id}].{field.key}" if row_id else field.path)
        if self.sought is not None and self.sought[0] == name:
            found = self._ask(field, row if row_id else None, self.sought[1])
            return Choices(found, self._address(field, row_id), self.sought[1])
        by_row = any(
            "[]." in path for path in link_filters.depends_on(self.entry.compiled, field.path)
        )
        key = (field.path, row_id if by_row else "")
        if key not in self.known:
            self.known[key] = self._offer(field, row if by_row else None)
        return self.known[key]

    def _offer(self, field: FieldDefinition, row: Mapping[str, Any] | None) -> Choices:
        found = self._ask(field, row, "", choosing.FEW + 1)
        rows = len(self.data.get(str(field.table)) or ()) if field.table is not None else 1
        if len(found) > choosing.FEW or len(found) * rows > _MOST_IN_CELLS:
            return Choices((), self._address(field, str((row or {}).get("_id", ""))))
        few = len(found) <= _ENHANCE_FROM or field.table is not None
        return Choices(found, None if few else "local")

    def _ask(
        self,
        field: FieldDefinition,
        row: Mapping[str, Any] | None,
        text: str,
        most: int = choosing.FEW,
    ) -> Sequence[Option]:
        return choosing.offered(self.entry, field, text=text, most=most, data=self.data, row=row)

    def _address(self, field: FieldDefinition, row_id: str) -> str:
        entry = self.entry
        return url_for(
            "records.options",
            form_key=entry.form.key,
            field=field.path,
            project=entry.project_id,
            record=entry.record_id if entry.record is not None else None,
            row=row_id or None,
        )


def files_of(entry: Entry, data: Mapping[str, Any]) -> dict[str, FileFace]:
    """The files an entry names, by key."""
    keys = {
        str(key)
        for one in entry.definition.header
        if one.kind.name == "attachment"
        for key in data.get(one.key) or ()
    }
    if not keys:
        return {}
    rows = db.session.scalars(select(Attachment).where(Attachment.id.in_(sorted(keys))))
    return {row.id: face_of_file(row) for row in rows}


def face_of_file(row: Attachment) -> FileFace:
    """A file as the form shows it."""
    is_image = row.kind == "image"
    picture = url_for("records.picture", attachment_id=row.id) if is_image else None
    return FileFace(
        key=row.id,
        name=row.name,
        size=size_text(row.size),
        url=picture or url_for("records.file", attachment_id=row.id),
        thumbnail=url_for("records.thumbnail", attachment_id=row.id) if is_image else None,
    )


def size_text(size: int) -> str:
    """A file's size for reading."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, size // 1000)} kB"
