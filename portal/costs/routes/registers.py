"""The registers of what is open: commitments by contract or order, requests not yet ordered."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from flask import Response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from portal.costs.columns import COMMITMENTS, REQUESTS, Book
from portal.costs.commitments import Register, registers
from portal.costs.printing import register_pdf
from portal.costs.routes.area import area
from portal.costs.routes.sheet import cells, chosen_codes, kinds
from portal.ledgers.pages import around, download, project_for_figures, record_url
from portal.reports.workbook import Column as SheetColumn
from portal.reports.workbook import workbook_bytes
from portal.web.access import signed_in
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _


@area.page("/projects/<code>/cost/commitments", access=signed_in)
def commitments(code: str) -> str:
    """The register of commitments: what of each contract or order is still open."""
    return _page(COMMITMENTS, code)


@area.page("/projects/<code>/cost/commitments.xlsx", access=signed_in)
def commitments_export(code: str) -> Response | BaseResponse:
    """The register of commitments as a spreadsheet."""
    return _workbook(COMMITMENTS, code)


@area.page("/projects/<code>/cost/commitments.pdf", access=signed_in)
def commitments_printed(code: str) -> Response:
    """The register of commitments as a PDF."""
    return _pdf(COMMITMENTS, code)


@area.page("/projects/<code>/cost/requests", access=signed_in)
def requests(code: str) -> str:
    """The register of purchase requests: what of each is not yet ordered."""
    return _page(REQUESTS, code)


@area.page("/projects/<code>/cost/requests.xlsx", access=signed_in)
def requests_export(code: str) -> Response | BaseResponse:
    """The register of purchase requests as a spreadsheet."""
    return _workbook(REQUESTS, code)


@area.page("/projects/<code>/cost/requests.pdf", access=signed_in)
def requests_printed(code: str) -> Response:
    """The register of purchase requests as a PDF."""
    return _pdf(REQUESTS, code)


def _page(book: Book, code: str) -> str:
    project = project_for_figures(code)
    where, choice, words = _narrowed(book, project)
    return render_template(
        "costs/register.html",
        book=book,
        registers=registers(book, project, where, choice),
        words=words,
        narrowed={key: request.args[key] for key in NARROWING if key in request.args},
        record_url=record_url,
        **around(project),
    )


def _workbook(book: Book, code: str) -> Response | BaseResponse:
    project = project_for_figures(code)
    where, _choice, _words = _narrowed(book, project)
    columns = [
        SheetColumn(str(book.owner), width=36),
        SheetColumn(_("Cost code"), width=32),
        SheetColumn(_("Currency"), width=10),
        *kinds(book.columns),
    ]
    title = f"{book.title} {project.code}"
    rows = _rows(book, registers(book, project, where))
    return download(f"{project.code}-{book.key}", workbook_bytes(title, columns, rows))


def _pdf(book: Book, code: str) -> Response:
    project = project_for_figures(code)
    where, choice, words = _narrowed(book, project)
    return register_pdf(book, project, registers(book, project, where, choice), words)


Narrowed = tuple[Mapping[str, Collection[Any]], Mapping[str, Any], str]
NARROWING = ("under", "cost_code", "contract", "request", "ccy")


def _narrowed(book: Book, project: ProjectBrief) -> Narrowed:
    """(conditions on entries, the choice they stand for, the same in words) of an address."""
    chosen = chosen_codes(project)
    where: dict[str, Collection[Any]] = {}
    choice: dict[str, Any] = dict(chosen.choice)
    if chosen.codes is not None:
        where["cost_code_id"] = chosen.codes
    if owner := request.args.get(book.by):
        choice[book.by] = None if owner == "none" else owner
        where[f"{book.by}_id"] = (choice[book.by],)
    if currency := request.args.get("ccy"):
        where["ccy"] = (currency,)
    return where, choice, chosen.words


def _rows(book: Book, found: Sequence[Register]) -> Iterator[list[Any]]:
    for one in found:
        for row in one.rows:
            owner = row.owner.label if row.owner else str(book.nobody)
            code = row.code.label if row.code else ""
            yield [owner, code, one.currency, *cells(row.figures, book.columns)]
        yield [_("Total"), "", one.currency, *cells(one.total, book.columns)]
