"""The money of one contract: every claim with its invoices and payments."""

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.errors import NotFound
from portal.funds.chain_tables import contract_blocks
from portal.funds.printing import blocks_pdf, table_workbook
from portal.funds.routes.area import area
from portal.funds.routes.frame import funds_page
from portal.funds.tables import Block
from portal.ledgers.naming import Named, names_of
from portal.ledgers.pages import NO_FIGURE, project_for_figures, record_url
from portal.web.access import signed_in
from portal.web.viewer import ProjectBrief


@area.page("/projects/<code>/funds/contracts/<contract_id>", access=signed_in)
def contract(code: str, contract_id: str) -> str:
    """What a contract is worth, and the chain from claim to payment."""
    project = project_for_figures(code)
    blocks, named = _found(project, contract_id)
    return funds_page(
        "funds/contract.html",
        project,
        "",
        blocks=blocks,
        contract=named,
        form=named.form,
        record=record_url(contract_id),
    )


@area.page("/projects/<code>/funds/contracts/<contract_id>.xlsx", access=signed_in)
def contract_export(code: str, contract_id: str) -> BaseResponse:
    """The chain as a spreadsheet."""
    project = project_for_figures(code)
    blocks, _named = _found(project, contract_id)
    return table_workbook(project, blocks, request.args.get("table", ""))


@area.page("/projects/<code>/funds/contracts/<contract_id>.pdf", access=signed_in)
def contract_printed(code: str, contract_id: str) -> Response:
    """The chain on paper."""
    project = project_for_figures(code)
    blocks, named = _found(project, contract_id)
    url = url_for("funds.contract", code=code, contract_id=contract_id, _external=True)
    return blocks_pdf(project, blocks, page="contract", title=named.label, endpoint="", url=url)


def _found(project: ProjectBrief, contract_id: str) -> tuple[list[Block], Named]:
    """The blocks, and the contract's name. Raises NotFound for one without money here."""
    blocks = contract_blocks(project, contract_id)
    named = names_of({contract_id}).get(contract_id)
    if not blocks or named is None:
        raise NotFound(NO_FIGURE)
    return blocks, named
