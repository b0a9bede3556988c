"""The cash of the company: all projects the viewer may see, currencies apart."""

from flask import Response, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.errors import NotFound
from portal.funds.company.blocks import (
    blocks_of,
    chart_of,
    company_cash,
    curves_of,
    empty_company,
    printed_curve,
)
from portal.funds.company.tables import month_table
from portal.funds.converted import in_one
from portal.funds.left_out import left_out_words
from portal.funds.printing import blocks_pdf, table_workbook
from portal.funds.routes.area import area
from portal.funds.tables import Block, Table
from portal.ledgers.pages import NO_FIGURE, asked_month, record_url
from portal.web.access import signed_in
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _


@area.page("/cash", access=signed_in)
def company() -> str:
    """Cash now, the curve with its lowest point and what causes it, accounts, ageing, retention."""
    _demand_staff()
    now = clock.now()
    found = company_cash(now)
    blocks = blocks_of(found)
    drawn = {one.currency: curves_of(one) for one in found}
    return render_template(
        "funds/company.html",
        blocks=blocks,
        converted=in_one(blocks, now),
        curves=drawn,
        charts={one.currency: chart_of(one, drawn[one.currency][0]) for one in found},
        left_out={one.currency: left_out_words(one.left_out, one.currency) for one in found},
        record_url=record_url,
    )


@area.page("/cash/month", access=signed_in)
def company_month() -> str:
    """What each project adds to a month of the company."""
    return render_template("funds/company_month.html", table=_month(), record_url=record_url)


@area.page("/cash/month.xlsx", access=signed_in)
def company_month_export() -> BaseResponse:
    """The same as a spreadsheet."""
    table = _month()
    return table_workbook(None, [Block(table.currency, (), (table,))], table.key)


@area.page("/cash/month.pdf", access=signed_in)
def company_month_printed() -> Response:
    """The same on paper."""
    table = _month()
    url = url_for(
        "funds.company_month", ccy=table.currency, month=request.args.get("month"), _external=True
    )
    block = Block(table.currency, (), (table,))
    return blocks_pdf(None, [block], page="cash-month", title=table.title, endpoint="", url=url)


def _month() -> Table:
    """The month an address asks for, project by project. Raises NotFound."""
    _demand_staff()
    first, currency = asked_month(), request.args.get("ccy")
    one = next((each for each in company_cash(clock.now()) if each.currency == currency), None)
    whole = next((each for each in one.months if each.first == first), None) if one else None
    if one is None or whole is None:
        raise NotFound(NO_FIGURE)
    return month_table(one, whole)


@area.page("/cash.xlsx", access=signed_in)
def company_export() -> BaseResponse:
    """A table of the page as a spreadsheet; without money its heads alone."""
    _demand_staff()
    now = clock.now()
    found = company_cash(now) or [empty_company(now)]
    return table_workbook(None, blocks_of(found), request.args.get("table", "causes"))


@area.page("/cash.pdf", access=signed_in)
def company_printed() -> Response:
    """The page on paper."""
    _demand_staff()
    found = company_cash(clock.now())
    return blocks_pdf(
        None,
        blocks_of(found),
        page="cash",
        title=_("Cash of the company"),
        endpoint="funds.company",
        curves={one.currency: printed_curve(one) for one in found},
    )


def _demand_staff() -> None:
    """People from outside see the records that await them, never figures."""
    if current_viewer().is_external:
        raise NotFound
