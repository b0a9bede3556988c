"""What the pages of a record need, gathered once: the document, files, links, history."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.accounts import queries as accounts
from portal.db import db
from portal.definitions import queries as definitions
from portal.definitions.queries import FormInRelease
from portal.forms.access import FieldAccess, field_access
from portal.forms.fields import FieldDefinition
from portal.records import attachments, document, facts, names, transitions
from portal.records.models import Attachment, Record, RecordRevision
from portal.records.pointing import PointingHere, pointing_here
from portal.records.shown import ShownSection
from portal.web.viewer import Viewer
from portal.web.words import gettext as _

FieldRights = Callable[[Record, FormInRelease, Viewer], FieldAccess | None]
_rights: list[FieldRights] = []
_SHORTENED = frozenset({"text", "longtext"})  # other private values are not shown at all


def register_field_rights(rights: FieldRights) -> None:
    """Let approvals say what a step shows, hides and lets edit. Called once, from wiring."""
    if rights not in _rights:
        _rights.append(rights)


def access_to(record: Record, form: FormInRelease, viewer: Viewer) -> FieldAccess:
    """What this viewer may see and write of this record: the one function everything asks."""
    given = next((found for one in _rights if (found := one(record, form, viewer))), None)
    access = given or field_access(
        form.form.definition,
        state=record.state,
        is_requester=record.requester_id == viewer.person_id,
    )
    kept = private_from(viewer, record, form)
    return {**access, **dict.fromkeys(kept, "none")} if kept else access


def private_from(viewer: Viewer, record: Record, form: FormInRelease) -> frozenset[str]:
    """The private fields this viewer may not read in full."""
    is_own = record.requester_id == viewer.person_id
    return withheld(viewer, form, record.project_id, is_own=is_own)


def withheld(
    viewer: Viewer, form: FormInRelease, project_id: str | None, *, is_own: bool
) -> frozenset[str]:
    """The private fields of a form kept from a viewer in a project.

    `is_own`: of the viewer's own record; what they typed there they read, what the portal fills in
    from elsewhere they read by right alone.
    """
    definition = form.form.definition
    private = definition.private
    if is_own:
        private = frozenset(path for path in private if not definition.fields[path].is_writable)
    if not private or definitions.may_see_private(viewer, form, project_id):
        return frozenset()
    return private


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A record ready to be shown."""

    record: Record
    form: FormInRelease
    title: str
    sections: Sequence[ShownSection]
    files: Mapping[str, Attachment]
    people: Mapping[str, str]
    project: Mapping[str, Any] | None
    access: FieldAccess
    reverses: Mapping[str, PointingHere] = field(default_factory=dict)


def hidden_by_rules(form: FormInRelease, record: Record) -> frozenset[str]:
    """Fields a `show` rule keeps away: stored values tell, nothing is evaluated anew."""
    absent = set()
    for path in form.form.conditional:
        known = form.form.definition.fields.get(path)
        if known is not None and known.table is None and record.data.get(known.key) is None:
            absent.add(path)
    return frozenset(absent)


def with_live_rollups(form: FormInRelease, record: Record) -> Mapping[str, Any]:
    """A register's figures as they are now; an approved record keeps those it was filed with."""
    definition = form.form.definition
    rolled = [one for one in definition.header if one.kind.name == "rollup"]
    if not rolled or not record.number:
        return record.data
    found = facts.rolled_up(definition, record.data, facts.subject_of(record))
    live = {one.key: _stored(one, found.get(one.path)) for one in rolled}
    return {**record.data, **{key: value for key, value in live.items() if value is not None}}


def _stored(one: FieldDefinition, value: Any) -> Any:
    """A folded value with the scale of its field."""
    if value is None or one.options["op"] == "latest":
        return value
    return one.kind.store(one.kind.coerce(Decimal(str(value)), one.options), one.options)


def record_page(
    record: Record, viewer: Viewer, former: Mapping[str, Any] | None = None
) -> RecordPage:
    """Gather a record for a viewer who may see it; `former` marks what changed since."""
    form = definitions.form_of(record.release_id, record.form)
    definition = form.form.definition
    access = access_to(record, form, viewer)
    project = facts.project_facts(record.project_id)
    data = record.data if form.has_workflow else with_live_rollups(form, record)
    versions = [data] if former is None else [data, former]
    reading = document.Reading(
        language=viewer.language,
        name_of=names.names_of(definition, versions),
        access=access,
        project_currency=project["currency"] if project else None,
        opens=names.records_to_open(definition, versions),
        masked=frozenset(
            path
            for path in private_from(viewer, record, form)
            if definition.fields[path].kind.name in _SHORTENED
        ),
    )
    has_files = any(one.kind.name == "attachment" for one in definition.header)
    sections = document.document(
        definition, data, reading, former, hidden=hidden_by_rules(form, record)
    )
    return RecordPage(
        record=record,
        form=form,
        title=definition.title.in_language(viewer.language),
        sections=sections,
        files={row.id: row for row in attachments.of_record(record)} if has_files else {},
        people=accounts.person_name([record.requester_id]),
        project=project,
        access=access,
        reverses={
            one.path: pointing_here(record, one, viewer, project)
            for section in sections
            for one in section.reverses
        },
    )


def revisions(record_id: str) -> Sequence[RecordRevision]:
    """The saved versions of a record, oldest first."""
    return db.session.scalars(
        select(RecordRevision)
        .where(RecordRevision.record_id == record_id)
        .order_by(RecordRevision.revision)
    ).all()


def revision_data(record_id: str, revision: int) -> Mapping[str, Any] | None:
    """What a record was at one version."""
    found = db.session.execute(
        select(RecordRevision.data).where(
            RecordRevision.record_id == record_id, RecordRevision.revision == revision
        )
    ).first()
    return found[0] if found else None


def change_lines(page: RecordPage, changes: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """A revision's changes: label, before, after; what the reader may not see is left out."""
    definition = page.form.form.definition
    lines = []
    rows = [c for c in changes if isinstance(c.get("before") or c.get("after"), dict)]
    holder: dict[str, Any] = {}
    for change in changes:
        known = definition.fields.get(change["path"])
        if known is not None and known.table is None:
            holder[known.key] = change["after"]
    name_of = names.names_of(definition, [_flat(changes, "before"), _flat(changes, "after")])
    language = "zh" if _("Yes") == "是" else "en"
    reading = document.Reading(language, name_of, page.access)
    builder = document._Builder(definition, page.record.data, reading, None, frozenset())
    for change in changes:
        known = definition.fields.get(change["path"])
        if known is None or not builder.may_see(known) or change in rows:
            continue
        lines.append(
            {
                "label": known.label.in_language(language),
                "before": builder.text(known, change["before"], page.record.data) or "–",
                "after": builder.text(known, change["after"], page.record.data) or "–",
            }
        )
    came = sum(1 for c in rows if c.get("before") is None)
    went = len(rows) - came
    if came:
        lines.append({"label": _("Rows added"), "before": "", "after": str(came)})
    if went:
        lines.append({"label": _("Rows removed"), "before": str(went), "after": ""})
    return lines


def _flat(changes: Sequence[Mapping[str, Any]], side: str) -> dict[str, Any]:
    """The changed header values of one side, as a record's data."""
    return {
        c["path"]: c[side]
        for c in changes
        if "[]" not in c["path"] and not isinstance(c.get(side), dict)
    }


def is_open(record: Record) -> bool:
    """Whether the record still moves."""
    return record.state in {transitions.DRAFT, transitions.SUBMITTED, transitions.RETURNED}
