"""The pages of tables: what is due, what does not match, accounts and sources."""

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portal.funds.accounts import account_blocks
from portal.funds.checks import check_blocks
from portal.funds.due import due_blocks
from portal.funds.printing import blocks_pdf, table_workbook
from portal.funds.routes.area import area
from portal.funds.routes.frame import funds_page
from portal.ledgers.pages import project_for_figures
from portal.web.access import signed_in
from portal.web.words import gettext as _

TABLED = "funds/tabled.html"


@area.page("/projects/<code>/funds/due", access=signed_in)
def due(code: str) -> str:
    """Ageing, open items, retention, advances, deposits."""
    project = project_for_figures(code)
    title = _("Due and overdue")
    return funds_page(
        TABLED, project, "funds.due", blocks=due_blocks(project), title=title, export="funds.due"
    )


@area.page("/projects/<code>/funds/due.xlsx", access=signed_in)
def due_export(code: str) -> BaseResponse:
    """A table of the page as a spreadsheet."""
    project = project_for_figures(code)
    return table_workbook(project, due_blocks(project), request.args.get("table", ""))


@area.page("/projects/<code>/funds/due.pdf", access=signed_in)
def due_printed(code: str) -> Response:
    """The page on paper."""
    project = project_for_figures(code)
    title = _("Due and overdue")
    return blocks_pdf(
        project, due_blocks(project), page="funds-due", title=title, endpoint="funds.due"
    )


@area.page("/projects/<code>/funds/checks", access=signed_in)
def checks(code: str) -> str:
    """Where contract, invoice and cash do not match; payments that look alike."""
    project = project_for_figures(code)
    title, blocks = _("Three-way match"), check_blocks(project)
    return funds_page(
        TABLED, project, "funds.checks", blocks=blocks, title=title, export="funds.checks"
    )


@area.page("/projects/<code>/funds/checks.xlsx", access=signed_in)
def checks_export(code: str) -> BaseResponse:
    """A table of the page as a spreadsheet."""
    project = project_for_figures(code)
    return table_workbook(project, check_blocks(project), request.args.get("table", ""))


@area.page("/projects/<code>/funds/checks.pdf", access=signed_in)
def checks_printed(code: str) -> Response:
    """The page on paper."""
    project = project_for_figures(code)
    title, blocks = _("Three-way match"), check_blocks(project)
    return blocks_pdf(project, blocks, page="funds-checks", title=title, endpoint="funds.checks")


@area.page("/projects/<code>/funds/accounts", access=signed_in)
def accounts(code: str) -> str:
    """Balances of accounts, and the funding sheet."""
    project = project_for_figures(code)
    title, blocks = _("Accounts and sources"), account_blocks(project)
    return funds_page(
        TABLED, project, "funds.accounts", blocks=blocks, title=title, export="funds.accounts"
    )


@area.page("/projects/<code>/funds/accounts.xlsx", access=signed_in)
def accounts_export(code: str) -> BaseResponse:
    """A table of the page as a spreadsheet."""
    project = project_for_figures(code)
    return table_workbook(project, account_blocks(project), request.args.get("table", ""))


@area.page("/projects/<code>/funds/accounts.pdf", access=signed_in)
def accounts_printed(code: str) -> Response:
    """The page on paper."""
    project = project_for_figures(code)
    title, blocks = _("Accounts and sources"), account_blocks(project)
    return blocks_pdf(
        project, blocks, page="funds-accounts", title=title, endpoint="funds.accounts"
    )
