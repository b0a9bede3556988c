"""Importing people: check first, then bring in; a report per row to take away."""

from urllib.parse import quote

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portal import clock, limits
from portal.accounts import letters, services
from portal.admin import people_csv
from portal.admin.area import area
from portal.admin.importing import RowReport, import_people
from portal.admin.inputs import ImportForm
from portal.errors import Invalid
from portal.web.access import system_role
from portal.web.answers import page_or_fragment, sentence
from portal.web.downloads import download
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

people_admin = system_role("people_admin")
REPORT = ("line", "login", "name", "outcome", "changes", "problem")


@area.page("/people/import", access=people_admin)
def import_page() -> BaseResponse:
    """Where a list comes in."""
    return _page(ImportForm())


@area.page("/people/import/template.csv", access=people_admin)
def import_template() -> Response:
    """An empty list with the heading."""
    empty = people_csv.written(people_csv.COLUMNS, [])
    return download(empty, "text/csv; charset=utf-8", "people.csv")


@area.action("/people/import", access=people_admin)
def import_now() -> BaseResponse:
    """Check the list (`do=check`, nothing is written) or bring it in (`do=import`)."""
    form = ImportForm.sent()
    dry_run = request.form.get("do") != "import"
    upload = request.files.get("file")
    if upload and upload.filename:
        form.text.data = people_csv.decoded(upload.read(limits.DEFINITION_BYTES * 2))
    now, viewer = clock.now(), current_viewer()
    try:
        if not form.validate():
            return _page(form, status=422)
        rows = people_csv.rows(form.text.data or "")
        reports = import_people(actor=viewer, rows=rows, now=now, dry_run=dry_run)
    except Invalid as refusal:
        form.show(refusal)
        return _page(form, status=422)
    invited = 0
    if not dry_run and form.invite.data and letters.can_mail():
        for one in reports:
            if one.outcome == "created":
                person = services.the_person(one.person_id)
                token = services.invite(actor=viewer, person_id=person.id, now=now)
                invited += letters.send_invitation(person, token, now=now)
    return _page(form, reports=reports, done=not dry_run, invited=invited)


def _outcomes() -> dict[str, str]:
    return {
        "created": _("new"),
        "changed": _("changed"),
        "same": _("as it is"),
        "refused": _("refused"),
    }


def _columns() -> dict[str, str]:
    """The columns a list may change, in the reader's words."""
    return {
        "name": _("Full name"),
        "email": _("E-mail"),
        "phone": _("Phone"),
        "department": _("Department"),
        "title": _("Position"),
        "language": _("Language"),
        "zone": _("Time zone"),
        "project": _("External, in the project"),
        "roles": _("Role"),
    }


def _line(one: RowReport, columns: dict[str, str]) -> dict[str, str]:
    """A row of the report; what a list may not clear is never said to become empty."""
    changes = (f"{columns[c.column]}: {c.before or '–'} → {c.after}" for c in one.changes)
    return {
        "line": str(one.line),
        "login": one.login,
        "name": one.name,
        "outcome": one.outcome,
        "changes": "; ".join(changes),
        "problem": sentence(one.problem) if one.problem else "",
    }


def _page(
    form: ImportForm,
    *,
    reports: list[RowReport] | None = None,
    done: bool = False,
    invited: int = 0,
    status: int = 200,
) -> Response:
    columns = _columns()
    lines = [_line(one, columns) for one in reports or ()]
    return page_or_fragment(
        "admin/people_import.html",
        status=status,
        form=form,
        lines=lines if reports is not None else None,
        counts={key: sum(one["outcome"] == key for one in lines) for key in _outcomes()},
        outcomes=_outcomes(),
        done=done,
        invited=invited,
        mails=letters.can_mail(),
        columns=people_csv.COLUMNS,
        report_url="data:text/csv;charset=utf-8," + quote(people_csv.written(REPORT, lines))
        if lines
        else "",
    )
