"""From a record's page to its printed sheet."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from flask import url_for

from portal import limits
from portal.accounts import queries as accounts
from portal.approvals import chains, queries, signatures, steps
from portal.approvals.models import Approval
from portal.audit import services as audit
from portal.records import filekinds, filestore
from portal.records.shown import Part, ShownFacts, ShownFiles, ShownSection, ShownTable
from portal.records.standing import standing_word
from portal.records.views import RecordPage
from portal.reports import sheet
from portal.web.filters import day, moment
from portal.web.viewer import Viewer
from portal.web.words import gettext as _
from portal.workflows.tree import in_language

TONES: dict[str, sheet.Tone] = {
    "submitted": "waiting",
    "returned": "warning",
    "approved": "good",
    "rejected": "bad",
}


def print_record(page: RecordPage, viewer: Viewer, now: datetime) -> bytes:
    """The PDF of a record as this viewer may see it."""
    from portal.reports.record_sheet import record_pdf  # heavy, and most workers never print

    return record_pdf(record_sheet(page, viewer, now))


def record_sheet(page: RecordPage, viewer: Viewer, now: datetime) -> sheet.RecordSheet:
    """Everything the sheet shows, translated and formatted."""
    record, company = page.record, accounts.company()
    approval = queries.approval_of(record) if page.form.has_workflow else None
    seq, head = audit.head()
    files = dict(_attachments(page))
    return sheet.RecordSheet(
        language=viewer.language,
        company=company.name if company else "",
        title=page.title,
        number=record.number or (_("Draft") if record.state == "draft" else "–"),
        subject=record.subject,
        project=f"{page.project['code']} {page.project['name']}" if page.project else "",
        state=standing_word(record.state, record.form),
        tone=TONES.get(record.state, "neutral"),
        requester=page.people.get(record.requester_id, ""),
        submitted=moment(record.submitted_at) if record.submitted_at else "",
        sections=tuple(made for one in page.sections if (made := _section(one, files)).parts),
        attachments=tuple(files[key] for one in page.sections for key in _printed(one, files)),
        chain=tuple(_chain(page, approval, viewer, now)),
        decisions=tuple(_decisions(page, viewer)),
        notes=tuple(_notes(page)),
        printed_by=viewer.name,
        printed_at=moment(now),
        url=url_for("records.detail", record_id=record.id, _external=True),
        verification=record.sha256[:24],
        audit_head=f"{seq}:{head[:24]}",
    )


Files = Mapping[str, sheet.Attachment]


def _section(one: ShownSection, files: Files) -> sheet.Section:
    """A section as it prints, without what the form keeps folded and where nothing stands."""
    parts = () if one.is_aside else tuple(made for p in one.parts if (made := _part(p, files)))
    return sheet.Section(title=one.title, columns=2 if one.columns == 2 else 1, parts=parts)


def _part(part: Part, files: Files) -> sheet.Facts | sheet.SheetTable | sheet.Pictures | None:
    if isinstance(part, ShownFacts):
        if not any(one.text for one in part.values):
            return None
        return sheet.Facts(
            tuple(sheet.Fact(f.label, f.text or "–", f.is_long) for f in part.values)
        )
    if isinstance(part, ShownTable):
        return _table(part)
    if isinstance(part, ShownFiles):
        own = tuple(files[key] for key in part.keys if key in files)
        return sheet.Pictures(part.label, own) if own else None
    return None  # lists of records that point here are for the screen


def _printed(one: ShownSection, files: Files) -> Iterator[str]:
    """The files of a section that there are, in order."""
    for part in one.files:
        yield from (key for key in part.keys if key in files)


def _table(one: ShownTable) -> sheet.SheetTable:
    totals = tuple(cell or "" for cell in one.totals) if one.totals else None
    return sheet.SheetTable(
        caption=one.label,
        columns=tuple(
            sheet.Column(label, "right" if num else "left") for label, num in one.columns
        ),
        rows=tuple(tuple(cell.text for cell in row) for row in one.rows),
        totals=totals,
    )


def _attachments(page: RecordPage) -> Iterator[tuple[str, sheet.Attachment]]:
    """The files the reader may see, by key."""
    shown = {key for section in page.sections for one in section.files for key in one.keys}
    for row in page.files.values():
        if row.id not in shown:
            continue
        thumbnail = None
        if row.kind == "image":
            try:
                thumbnail = filekinds.preview(filestore.read(row.sha256), limits.THUMBNAIL_PIXELS)
            except (OSError, ValueError):
                thumbnail = None
        size = f"{max(1, row.size // 1000):,} kB"
        yield row.id, sheet.Attachment(row.name, size, row.sha256[:16], thumbnail)


def _chain(
    page: RecordPage, approval: Approval | None, viewer: Viewer, now: datetime
) -> Iterator[sheet.ChainStep]:
    if not page.form.has_workflow or (approval is None and page.record.state != "draft"):
        return
    words = {
        "done": _("Done"),
        "now": _("Now"),
        "next": _("Next"),
        "skipped": _("Skipped"),
        "rejected": _("Rejected"),
    }
    happened = queries.events_of(page.record) if approval is not None else ()
    shown = chains.shown_chain(page.record, approval, viewer.language, now, happened, page.access)
    for step in shown:
        people = tuple(
            f"{p['name']} ({p['detail']})" if p["detail"] else p["name"] for p in step["people"]
        )
        status = words.get(step["state"], step["state"])
        yield sheet.ChainStep(step["title"], status, people, step["note"] or "")


def _decisions(page: RecordPage, viewer: Viewer) -> Iterator[sheet.Decision]:
    words = {"approve": _("approved"), "reject": _("rejected"), "returned": _("returned")}
    happened = queries.events_of(page.record)
    removed = signatures.removals(happened)
    for row in happened:
        is_vote = row.kind == "voted"
        if not is_vote and not (row.kind == "returned" and row.data["why"] == "asked"):
            continue
        decision, step = row.data["vote"] if is_vote else "returned", row.data["step"]
        is_approval = decision == "approve"
        yield sheet.Decision(
            step=steps.title_of(page.record.release_id, page.record.form, step, viewer.language),
            name=row.actor_name,
            decision=words[decision],
            meaning=_meaning(page, step, viewer.language) if is_approval else "",
            time=moment(row.at),
            comment=signatures.comment_of(row),
            digest=row.record_sha256[:16],
            is_reason=not is_approval,
            removed=removed.get(signatures.key_of(row), "") if is_vote else "",
        )


def _meaning(page: RecordPage, step_id: str, language: str) -> str:
    step = steps.step_of(page.record, step_id)
    return in_language(step.meaning, language) if step and step.meaning else ""


def _notes(page: RecordPage) -> Iterator[str]:
    removed = [row for row in queries.events_of(page.record) if row.kind == "restarted"]
    if removed:
        last = removed[-1]
        yield _(
            "Protected values were changed on %(day)s by %(who)s; earlier signatures no longer "
            "count.",
            day=day(last.at),
            who=last.actor_name,
        )
