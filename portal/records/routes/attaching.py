"""Files: uploaded by requests of their own, tied to their record when it is saved."""

from collections.abc import Sequence

from flask import Response, flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.errors import FieldError, Invalid, Malformed, TooLarge
from portal.forms.fields import FieldDefinition
from portal.forms.rendering.page import file_html
from portal.forms.rendering.parts import Html
from portal.forms.rendering.pieces import pieces_of
from portal.forms.submission import no_such_field
from portal.records import attachments
from portal.records.entry import opening, outdated, posting, refused
from portal.records.entry.entries import Entry
from portal.records.entry.looking import face_of_file, sentences
from portal.records.entry.outdated import Carried
from portal.records.models import Attachment
from portal.records.routes import shown_again
from portal.records.routes.area import area
from portal.records.routes.entry_page import entry_page
from portal.records.routes.shown_again import say_left_out
from portal.web.access import signed_in
from portal.web.answers import see_other, wants_fragment
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _


@area.action("/records/<record_id>/upload", access=signed_in)
def upload(record_id: str) -> BaseResponse:
    """Take files for one field. With scripts alone; without them along with the whole page."""
    entry = opening.posted_entry(current_viewer(), record_id, request.form, clock.now(), lock=True)
    older = outdated.carried(entry, request.form)
    if older is not None:
        return _too_old(entry, older)
    field = _field(entry, request.form.get("_upload", ""))
    try:
        rows = _stored(entry, field)
    except Invalid as error:
        return _not_taken(entry, error.errors, 422)
    except TooLarge as error:
        return _not_taken(entry, [FieldError(field.path, "size", error.message)], 413)
    if wants_fragment():
        return _items(entry, field, rows)
    return _with_page(entry, field, rows)


def _not_taken(entry: Entry, errors: Sequence[FieldError], status: int) -> Response:
    """Why not, in words; without scripts the page again, with everything typed in it."""
    if wants_fragment():
        return _words(" ".join(sentences(errors, entry.viewer.language).values()), status)
    taken = posting.read(entry, request.form)
    outcome = entry.evaluated(taken.data)
    return entry_page(entry, outcome, status=status, errors=[*taken.errors, *errors], raw=taken.raw)


def _words(text: str, status: int = 422) -> Response:
    """Why it was refused, for the page to show at the field."""
    return make_response(text, status, {"Content-Type": "text/plain; charset=utf-8"})


def _too_old(entry: Entry, older: Carried) -> Response:
    """The page was made from an earlier release, in which the field may have been another one."""
    text = _("A new release of this form was published. Save the page, then add the file again.")
    if wants_fragment():
        return _words(text)
    flash(text, "warning")
    return shown_again.outdated(entry, older)


def _field(entry: Entry, path: str) -> FieldDefinition:
    """The field files are for. Raises UnknownFields, Malformed: then nothing is taken."""
    found = entry.definition.fields.get(path)
    access = entry.access.get(path, "none")
    if found is not None and found.kind.name == "attachment" and access == "write":
        return found
    problem = no_such_field(path)
    refused.note(entry, [problem])
    if found is None or access == "none":
        raise posting.UnknownFields([problem])
    raise Malformed(_("Files cannot be added to this field."))


def _stored(entry: Entry, field: FieldDefinition) -> list[Attachment]:
    sent = [one for one in request.files.getlist(f"_file-{field.key}") if one.filename]
    return [
        attachments.store(
            actor=entry.viewer,
            name=one.filename or "",
            content=one.read(),
            accept=tuple(field.options.get("accept") or ()),
            field=field.path,
            now=entry.now,
        )
        for one in sent[: field.options["max_files"]]
    ]


def _items(entry: Entry, field: FieldDefinition, rows: list[Attachment]) -> Response:
    pieces = pieces_of(entry.definition, entry.viewer.language)
    made: list[Html] = [file_html(pieces, field, face_of_file(row), True) for row in rows]
    return make_response(render_template("records/answers/files.html", items=made))


def _with_page(entry: Entry, field: FieldDefinition, rows: list[Attachment]) -> BaseResponse:
    """The page came along: it is saved with the new files in it."""
    taken = posting.read(entry, request.form)
    say_left_out(entry, taken)
    taken.data[field.key] = [*(taken.data.get(field.key) or ()), *(row.id for row in rows)]
    if taken.errors or entry.is_stale or not entry.keeps:
        outcome = entry.evaluated(taken.data)
        status = 422 if taken.errors else 200
        return entry_page(entry, outcome, status=status, errors=taken.errors, raw=taken.raw)
    record = posting.keep(entry, taken)
    return see_other(url_for("records.edit", record_id=record.id, _anchor=f"w-{field.key}"))
