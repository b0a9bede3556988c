"""The pages of tables: what is due, what does not match, accounts and sources."""

from collections.abc import Callable
from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portal.errors import N_
from portal.funds.accounts import account_blocks
from portal.funds.checks import check_blocks
from portal.funds.due import due_blocks
from portal.funds.printing import blocks_pdf, table_workbook
from portal.funds.routes.area import area
from portal.funds.routes.frame import funds_page
from portal.ledgers.pages import project_for_figures
from portal.web.access import signed_in
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _


def _declare(name: str, title: str, blocks: Callable[[ProjectBrief], Any]) -> None:
    """The page of these tables, each table as a spreadsheet, and the page on paper."""
    rule, endpoint = f"/projects/<code>/funds/{name}", f"funds.{name}"

    @area.page(rule, access=signed_in, endpoint=name)
    def page(code: str) -> str:
        project = project_for_figures(code)
        return funds_page(
            "funds/tabled.html",
            project,
            endpoint,
            blocks=blocks(project),
            title=_(title),
            export=endpoint,
        )

    @area.page(f"{rule}.xlsx", access=signed_in, endpoint=f"{name}_export")
    def export(code: str) -> BaseResponse:
        project = project_for_figures(code)
        return table_workbook(project, blocks(project), request.args.get("table", ""))

    @area.page(f"{rule}.pdf", access=signed_in, endpoint=f"{name}_printed")
    def printed(code: str) -> Response:
        project = project_for_figures(code)
        return blocks_pdf(
            project, blocks(project), page=f"funds-{name}", title=_(title), endpoint=endpoint
        )


_declare("due", N_("Due and overdue"), due_blocks)
_declare("checks", N_("Three-way match"), check_blocks)
_declare("accounts", N_("Accounts and sources"), account_blocks)
