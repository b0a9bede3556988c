"""The legal wage ledger of a month, and the file a bank pays wages by."""

from collections.abc import Iterator
from typing import Any

from flask import Response, render_template
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.audit import services as audit
from portal.errors import N_, Conflict, Forbidden, NotFound
from portal.labor.columns import labor_days
from portal.labor.ledger import (
    WageLedger,
    latest_ledger_month,
    may_see_people,
    payees,
    wage_ledger,
)
from portal.labor.places import places
from portal.labor.printing import printed
from portal.labor.routes.area import area
from portal.labor.routes.month import read_month
from portal.labor.routes.wages import project_for_wages
from portal.labor.services import PAYMENT
from portal.labor.words import pieces_text, standards_text, work_text
from portal.ledgers.pages import around, download, record_url
from portal.projects.queries import project_brief
from portal.records import services as records
from portal.reports.sheet import Column as PrintedColumn
from portal.reports.sheet import Section, SheetTable
from portal.reports.workbook import Column as SheetColumn
from portal.reports.workbook import csv_bytes, workbook_bytes
from portal.web import downloads
from portal.web.access import signed_in
from portal.web.filters import money, month, quantity
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _

NO_ACCOUNT = N_("%(name)s has no wage account on the roster. Enter it there, then make the file.")
NOT_BY_BANK = N_("Only an approved payment through the bank has a bank file.")
LINE = "_" * 16  # to sign on
MAY_NOT = N_("Only whoever keeps the roster of this project makes its bank files.")


@area.page("/projects/<code>/labor/ledger", access=signed_in)
def ledger(code: str) -> str:
    """Name, id number, work, wage standard, due, paid, signature."""
    project = project_for_wages(code)
    found = _asked(project)
    return render_template(
        "labor/ledger.html",
        **around(project),
        places=places(project, "labor.ledger"),
        ledger=found,
        in_full=may_see_people(current_viewer(), project),
        work_text=work_text,
        standards_text=standards_text,
        record_url=record_url,
    )


def _asked(project: ProjectBrief) -> WageLedger:
    today = clock.date_in(project.zone, clock.now())
    asked = read_month() or latest_ledger_month(project, today)
    return wage_ledger(project, asked, in_full=may_see_people(current_viewer(), project))


@area.page("/projects/<code>/labor/ledger.xlsx", access=signed_in)
def ledger_export(code: str) -> Response | BaseResponse:
    """The ledger as a spreadsheet, with a column to sign in."""
    project = project_for_wages(code)
    found = _asked(project)
    columns = [
        SheetColumn(_("No."), "number", 6),
        SheetColumn(_("Worker's name"), width=20),
        SheetColumn(_("ID number"), width=22),
        SheetColumn(_("Team"), width=20),
        SheetColumn(_("Labor-days"), "number"),
        SheetColumn(_("Pieces"), width=18),
        SheetColumn(_("Wage standard"), width=26),
        SheetColumn(_("Wages due"), "money"),
        SheetColumn(_("Advance set off"), "money"),
        SheetColumn(_("Paid"), "money"),
        SheetColumn(_("Unpaid"), "money"),
        SheetColumn(_("Own signature"), width=20),
    ]
    title = _("Wage ledger %(month)s", month=month(found.month.first))
    name = f"{project.code}-wage-ledger-{found.month}"
    return download(name, workbook_bytes(title, columns, _rows(found)))


def _rows(found: WageLedger) -> Iterator[list[Any]]:
    for number, row in enumerate(found.rows, 1):
        yield [
            number,
            row.name,
            row.id_number,
            row.team,
            labor_days(row.hours),
            pieces_text([(row.pieces[unit], unit) for unit in sorted(row.pieces)]),
            standards_text(row.rates),
            row.due,
            row.set_off,
            row.paid,
            row.left,
            "",
        ]
    sums = (found.total(one) for one in ("due", "set_off", "paid", "left"))
    yield [None, _("Total"), "", "", labor_days(found.total("hours")), "", "", *sums, ""]


@area.page("/projects/<code>/labor/ledger.pdf", access=signed_in)
def ledger_printed(code: str) -> Response:
    """The ledger on paper, with a column to sign in."""
    project = project_for_wages(code)
    found = _asked(project)
    left = (_("No."), _("Worker's name"), _("ID number"), _("Team"))
    right = (
        *(
            _("Labor-days"),
            _("Pieces"),
            _("Wage standard"),
            _("Wages due"),
            _("Advance set off"),
            _("Paid"),
            _("Unpaid"),
        ),
    )
    columns = (
        *(PrintedColumn(one) for one in left),
        *(PrintedColumn(one, "right") for one in right),
        PrintedColumn(_("Own signature")),
    )
    rows = tuple(_texts(row) for row in _rows(found))
    table = SheetTable("", columns, rows[:-1], rows[-1])
    title = _("Wage ledger %(month)s", month=month(found.month.first))
    note = _("Keep at least three years after completion. Each worker signs their own line.")
    name = f"wage-ledger-{found.month}"
    return printed(project, name, title, project.currency, [Section("", (table,))], notes=(note,))


def _texts(row: list[Any]) -> tuple[str, ...]:
    number, name, id_number, team, days, pieces, standard, *amounts, _signature = row
    shown = [money(one) for one in amounts]
    first = "" if number is None else str(number)
    return (
        first,
        name,
        id_number,
        team,
        quantity(days),
        pieces,
        standard,
        *shown,
        LINE if first else "",
    )


@area.action("/records/<record_id>/bank-file", access=signed_in)
def bank_file(record_id: str) -> Response:
    """The file a bank pays an approved payment by; making it is a row of the audit trail."""
    record = records.get(record_id)
    project = project_brief(str(record.project_id))
    if record.form != PAYMENT or project is None:
        raise NotFound
    if not may_see_people(current_viewer(), project):
        raise Forbidden(MAY_NOT)
    if record.state != "approved" or record.data.get("method") != "bank":
        raise Conflict(NOT_BY_BANK)
    people = payees(record)
    for one in people:
        if not one.account:
            raise Conflict(NO_ACCOUNT, name=one.name)
    columns = [
        SheetColumn(_("Worker's name")),
        SheetColumn(_("Bank")),
        SheetColumn(_("Account")),
        SheetColumn(_("Amount"), "money"),
        SheetColumn(_("Currency")),
        SheetColumn(_("Reference")),
    ]
    rows = [
        [one.name, one.bank, one.account, one.amount, project.currency, record.number]
        for one in people
    ]
    audit.record(
        actor=current_viewer(),
        action="wages.bank_file",
        object_kind="record",
        object_id=record.id,
        detail={"number": record.number, "payees": len(people)},
        now=clock.now(),
    )
    content = csv_bytes(columns, rows)
    return downloads.download(content, "text/csv; charset=utf-8", f"{record.number}.csv")
