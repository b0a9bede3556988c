"""A weekly report on paper: what was said, what moved, and the hash it was kept with."""

from decimal import Decimal

from flask import Response, url_for

from portal import clock
from portal.accounts.models import Company
from portal.accounts.queries import person_name
from portal.db import db
from portal.ledgers.models import Snapshot
from portal.printing.figures import to_open
from portal.records.models import Record
from portal.records.standing import standing_word
from portal.reports.sheet import Column, RecordSheet, Section, SheetTable
from portal.web.filters import day, moment, money
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _
from portal.weekly.period import Period
from portal.weekly.shown import Moved, accounts, blocks, deviation


def report_pdf(project: ProjectBrief, record: Record, frozen: Snapshot, period: Period) -> Response:
    """The report as it was sent."""
    viewer, company = current_viewer(), db.session.get(Company, 1)
    names, title = person_name([record.requester_id]), _("Weekly report")
    sheet = RecordSheet(
        language=viewer.language,
        company=company.name if company else "",
        title=f"{project.name} · {title}",
        number=record.number or "",
        subject=f"{record.subject} · {day(period.from_on)} – {day(period.to_on)}",
        project=project.name,
        state=standing_word(record.state, record.form),
        requester=names.get(record.requester_id, ""),
        submitted=moment(record.submitted_at),
        printed_by=viewer.name,
        printed_at=moment(clock.now()),
        url=url_for("records.detail", record_id=record.id, _external=True),
        verification=frozen.sha256[:24],
        sections=(
            *_said(record),
            *_deviation(project, frozen),
            *_money(project, frozen),
            *_blocks(frozen),
        ),
        notes=(
            _(
                "Figures as they stood when the report was sent; SHA-256 %(hash)s",
                hash=frozen.sha256,
            ),
        ),
    )
    return to_open(sheet, f"{record.number or project.code}.pdf")


def _said(record: Record) -> list[Section]:
    """What its author wrote."""
    words = {
        "summary": _("The week in a few sentences"),
        "deviations": _("Deviations, and what is done about them"),
        "next_week": _("Next week"),
        "help_needed": _("What is needed from others"),
    }
    columns = (Column(_("About")), Column(_("Said")))
    rows = tuple((words[key], str(record.data[key])) for key in words if record.data.get(key))
    return [Section(_("In words"), (SheetTable("", columns, rows),))] if rows else []


def _deviation(project: ProjectBrief, frozen: Snapshot) -> list[Section]:
    found = deviation(frozen.body, project)
    if found is None:
        return []
    columns = (
        Column(_("Figure")),
        Column(_("At the start"), "right"),
        Column(_("At the end"), "right"),
    )
    rows = tuple(
        (f"{one.label} · {_('Wages are private')}", "–", "–")
        if one.is_private
        else (one.label, one.before, one.after)
        for one in found.rows
    )
    title = f"{_('Progress against the plan')} ({found.currency})"
    return [Section(title, (SheetTable("", columns, rows),))]


def _money(project: ProjectBrief, frozen: Snapshot) -> list[Section]:
    columns = (
        Column(_("Figure")),
        Column(_("At the start"), "right"),
        Column(_("Moved in the period"), "right"),
        Column(_("At the end"), "right"),
    )
    return [
        Section(
            f"{one.title} ({one.currency})",
            (
                SheetTable(
                    "",
                    columns,
                    tuple(
                        (_label(row), *map(_amount, (row.before, row.moved, row.after)))
                        for row in one.rows
                    ),
                ),
            ),
        )
        for one in accounts(frozen.body, project)
    ]


def _label(row: Moved) -> str:
    return f"{row.label} · {_('Wages are private')}" if row.is_private else row.label


def _amount(value: Decimal | None) -> str:
    return "–" if value is None else money(value)


def _blocks(frozen: Snapshot) -> list[Section]:
    columns = (
        Column(_("Number")),
        Column(_("Subject")),
        Column(_("What")),
        Column(_("Amount"), "right"),
    )
    return [
        Section(
            f"{one.title}{' · ' + one.note if one.note else ''}",
            (
                SheetTable(
                    "",
                    columns,
                    tuple((x.number, x.subject, x.what, x.amount) for x in one.lines)
                    or (("–", "–", "–", "–"),),
                ),
            ),
        )
        for one in blocks(frozen.body)
    ]
