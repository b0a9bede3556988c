"""What a page says of an entry that is frozen: by which record, which fields, what to do."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from portal.definitions import queries as definitions
from portal.records import freezing
from portal.records.entry.entries import Entry


@dataclass(frozen=True, slots=True)
class FrozenPage:
    """The record that froze it, the labels of its fields, and the change to raise, prefilled.

    `change_url` is empty for whoever may not file one.
    """

    number: str
    record_id: str
    labels: tuple[str, ...]
    change_url: str


def frozen_page(entry: Entry) -> FrozenPage | None:
    """What freezes the entry now; None for everything that is free."""
    record = entry.record
    if record is None or entry.form.has_workflow or entry.project is None:
        return None
    held = freezing.frozen(record)
    if held is None:
        return None
    known = entry.definition.fields
    language = entry.viewer.language
    labels = tuple(known[key].label.in_language(language) for key in held.fields if key in known)
    return FrozenPage(held.number, held.record_id, labels, _change_url(entry, held))


def _change_url(entry: Entry, held: freezing.Frozen) -> str:
    form, project = definitions.current_form(held.through), entry.project
    record = entry.record
    if form is None or project is None or record is None:
        return ""
    if not definitions.may_file(entry.viewer, form, str(project["id"])):
        return ""
    given: dict[str, Any] = {held.link: record.id}
    if form.form.definition.subject:
        given[form.form.definition.subject] = record.subject
    return url_for("records.new", form_key=held.through, project=str(project["code"]), **given)
