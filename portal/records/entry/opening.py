"""Opening a form: a new one, the own draft, a register entry to revise, a record at a step."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from portal.definitions import queries as definitions
from portal.definitions.queries import FormInRelease
from portal.errors import COPY_FIRST, N_, Forbidden, Malformed, NotFound
from portal.forms.access import FieldAccess, field_access
from portal.forms.evaluation import new_record
from portal.forms.kinds import KindError
from portal.forms.rowids import new_row_id
from portal.records import facts, services, transitions, views
from portal.records.entry import choosing, upward
from portal.records.entry.entries import Entry
from portal.records.models import Record
from portal.web.viewer import ProjectBrief, Viewer

MAY_NOT_FILE = N_("You may not file this form in this project.")
INCOMPLETE = N_("This page is incomplete: the form has to be opened anew.")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")


def current_form(viewer: Viewer, form_key: str) -> FormInRelease:
    """The form new records are made under. Raises NotFound, also for whom it does not concern."""
    found = definitions.current_form(form_key)
    if found is None or not definitions.concerns(viewer, found):
        raise NotFound()
    return found


def projects_to_file_in(viewer: Viewer, form: FormInRelease) -> list[ProjectBrief]:
    """The open projects in which the viewer may file a form."""
    return [
        one
        for one in viewer.project_list
        if one.status == "active" and definitions.may_file(viewer, form, one.id)
    ]


def new_entry(
    viewer: Viewer,
    form: FormInRelease,
    project_id: str | None,
    record_id: str,
    now: datetime,
) -> Entry:
    """An entry nobody saved yet, of the form as the project has it. Raises Forbidden, NotFound."""
    where = None if form.scope == "company" else project_id
    if form.scope != "company" and where is None:
        raise NotFound()
    here = definitions.form_in(form.key, where)
    if here is None or not definitions.may_file(viewer, here, where):
        raise Forbidden(MAY_NOT_FILE)
    if where is not None and _status(viewer, where) != "active":
        raise Forbidden(services.CLOSED, hint=services.BY_STATUS)
    entry = Entry(
        record_id=record_id,
        form=here,
        viewer=viewer,
        now=now,
        project=facts.project_facts(where),
        data={},
        revision=0,
        access=everything(viewer, here, where, is_own=True),
    )
    return replace(entry, data=new_record(here.form, entry.facts({})))


def free_id(given: str) -> str:
    """An id an address hands in for the record that is begun; empty unless it is a free one."""
    return given if _ID.match(given) and not services.is_taken(given) else ""


def _status(viewer: Viewer, project_id: str) -> str | None:
    return next((one.status for one in viewer.project_list if one.id == project_id), None)


def everything(
    viewer: Viewer, form: FormInRelease, project_id: str | None, *, is_own: bool
) -> FieldAccess:
    """The rights of whoever writes the whole record; what is private stays with those it is for."""
    access = field_access(form.form.definition, state=transitions.DRAFT, is_requester=True)
    kept = views.withheld(viewer, form, project_id, is_own=is_own)
    return {**access, **dict.fromkeys(kept, "none")} if kept else access


def prefilled(entry: Entry, given: Mapping[str, str]) -> Entry:
    """The entry with what the address handed in, and the first rows of each table to type in."""
    form = entry.definition
    data: dict[str, Any] = {}
    first: dict[str, dict[str, Any]] = {}  # the first row of each table
    for key, text in given.items():
        field = form.fields.get(key)
        if field is None or not field.is_writable:
            continue
        if field.kind.name in {"table", "attachment"}:
            continue
        try:
            typed = field.kind.parse(text[:200], field.options)
        except KindError:
            continue
        if typed is not None and choosing.may_choose(entry, field, str(typed)):
            holder = data if field.table is None else first.setdefault(field.table, {})
            holder[field.key] = field.kind.store(typed, field.options)
    for table in form.tables:
        if table.is_writable and not table.options.get("rows_from"):
            least = max(1, int(table.options.get("min") or 0))
            data[table.key] = [{"_id": new_row_id()} for _ in range(least)]
            data[table.key][0] |= first.get(table.key, {})
    if not data:
        return entry
    return replace(entry, data=new_record(entry.compiled, entry.facts(data), data))


def saved_entry(viewer: Viewer, record_id: str, task_id: str | None, now: datetime) -> Entry:
    """A saved record the viewer may change. Raises NotFound, Forbidden."""
    record = services.get(record_id)
    return entry_of(viewer, record, task_id, record.revision, now)


def entry_of(
    viewer: Viewer, record: Record, task_id: str | None, revision: int, now: datetime
) -> Entry:
    """A record the viewer may see, opened for change. Raises NotFound, Forbidden."""
    form, data = services.in_current_release(record)
    seat = _seat(viewer, record, task_id) if task_id else None
    if seat is None:
        services.demand_edit(viewer, record)
    is_own = record.requester_id == viewer.person_id
    access = (
        views.access_to(record, form, viewer)
        if seat is not None
        else everything(viewer, form, record.project_id, is_own=is_own)
    )
    return Entry(
        record_id=record.id,
        form=form,
        viewer=viewer,
        now=now,
        project=facts.project_facts(record.project_id),
        data=data,
        revision=revision,
        access=access,
        record=record,
        seat=seat,
    )


def _seat(viewer: Viewer, record: Record, task_id: str) -> upward.Seat:
    seat = upward.find_seat(viewer, task_id)
    if seat.record_id != record.id:
        raise NotFound()
    return seat


def posted_entry(
    viewer: Viewer, record_id: str, hidden: Mapping[str, Any], now: datetime, *, lock: bool
) -> Entry:
    """The entry a page was posted for, by its hidden fields. Raises NotFound, Forbidden, Malformed.

    `lock` holds the record until the transaction ends.
    """
    try:
        revision = int(hidden.get("_revision", ""))
    except ValueError:
        raise Malformed(INCOMPLETE, hint=COPY_FIRST) from None
    if not _ID.match(record_id):
        raise NotFound()
    if services.is_taken(record_id):
        record = services.get(record_id)
        record = services.locked(record_id) if lock else record
        return entry_of(viewer, record, hidden.get("_task") or None, revision, now)
    if revision != 0:
        raise NotFound()
    form = current_form(viewer, str(hidden.get("_form", "")))
    return new_entry(viewer, form, hidden.get("_project") or None, record_id, now)
