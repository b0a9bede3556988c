"""The tables of the company's cash, in one currency."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from portal.funds import columns as known
from portal.funds.ageing import BUCKETS, aged
from portal.funds.company.together import Together
from portal.funds.due_tables import AMOUNTS, ageing_cells, ageing_heads, ageing_title
from portal.funds.left_out import left_out_cells, table_of_left_out
from portal.funds.money import NOTHING, Direction
from portal.funds.plan_tables import month_cells, month_heads
from portal.funds.projection import Month
from portal.funds.reading import Names
from portal.funds.tables import Cell, Head, Stat, Table
from portal.funds.words import direction_title
from portal.ledgers.pages import Way
from portal.web.filters import day, month
from portal.web.rendering import url_for
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _


def stats_of(one: Together) -> list[Stat]:
    """Cash now, its lowest point, what is missing then, what is late in both directions."""

    def late(direction: Direction) -> Decimal:
        return sum(
            (
                item.overdue(stand.today)
                for stand in one.stands
                for item in stand.open
                if item.key.direction == direction
            ),
            NOTHING,
        )

    lowest, held = one.lowest, overdue_retention(one)
    found = (
        (_("Cash now"), one.cash, one.cash < 0, "accounts", ""),
        (
            _("Lowest balance ahead"),
            lowest.balance,
            lowest.balance < 0,
            "causes",
            _("on %(day)s", day=day(lowest.on)),
        ),
        (
            _("Peak need"),
            one.peak_need,
            one.peak_need > 0,
            "causes",
            _("What is missing at the lowest point"),
        ),
        (_("Overdue to us"), late("in"), late("in") > 0, "ageing_in", ""),
        (_("Overdue by us"), late("out"), late("out") > 0, "ageing_out", ""),
        (
            _("Retention overdue"),
            held,
            held > 0,
            "retention",
            _("Due and not returned, in both directions"),
        ),
    )
    return [
        Stat(
            label,
            value,
            hint=hint,
            unit=one.currency,
            is_alarming=alarming,
            table=table,
            adds=table != "causes",
        )
        for label, value, alarming, table, hint in found
    ]


def overdue_retention(one: Together) -> Decimal:
    """What is released or due by its contract, and was not returned when due."""
    return sum((each.overdue(stand.today) for stand in one.stands for each in stand.held), NOTHING)


def project_cell(project: ProjectBrief, endpoint: str = "funds.sheet") -> Cell:
    """A project by name, leading to a page of its funds."""
    return Cell(project.name, sub=project.code, address=url_for(endpoint, code=project.code))


def causes_table(one: Together) -> Table:
    """What each project adds to the lowest point, the worst first."""
    low = one.lowest.on
    rows = []
    for stand in sorted(one.stands, key=lambda each: (each.balance_on(low), each.project.code)):
        until = [each for each in stand.expected if each.on <= low]
        into = sum((each.amount for each in until if each.key.direction == "in"), NOTHING)
        out = sum((each.amount for each in until if each.key.direction == "out"), NOTHING)
        ways = stand.ways
        balance = stand.balance_on(low)
        rows.append(
            [
                project_cell(stand.project, "funds.plan"),
                Cell(
                    stand.cash,
                    ways.entries(known.BALANCE, until=stand.today.isoformat()),
                    is_alarming=stand.cash < 0,
                ),
                Cell(into, ways.expected_by(low, "in")),
                Cell(out, ways.expected_by(low, "out")),
                Cell(balance, ways.balance_at(low), is_alarming=balance < 0),
                Cell(
                    stand.lowest[1],
                    ways.balance_at(stand.lowest[0]),
                    is_alarming=stand.lowest[1] < 0,
                ),
                Cell(stand.lowest[0]),
            ]
        )
    heads = [
        Head(_("Project")),
        Head(_("Cash now"), "money"),
        Head(_("Comes in by then"), "money"),
        Head(_("Goes out by then"), "money"),
        Head(_("Balance on %(day)s", day=day(low)), "money"),
        Head(_("Its own lowest balance"), "money"),
        Head(_("Its day"), "day"),
    ]
    total = [Cell(_("Total")), *_sums(rows, (1, 2, 3, 4)), Cell(None), Cell(None)]
    title = _("Which projects cause the lowest point?")
    note = _(
        "Balances on the day on which the cash of all of them is lowest; the worst stands first. "
        "What should have come in by today is in none of them until a plan expects it anew."
    )
    return Table("causes", title, one.currency, heads, rows, total, note=note)


def left_out_table(one: Together) -> Table:
    """What should have come in and counts in no balance ahead, project by project."""
    rows = []
    for stand in one.stands:
        if not stand.left_out:
            continue
        place = url_for("funds.plan", code=stand.project.code)
        address = f"{place}#left_out-{one.currency}"
        amounts = left_out_cells(stand.left_out, one.left_out, address)
        rows.append([project_cell(stand.project, "funds.plan"), *amounts])
    return table_of_left_out(one.left_out, one.currency, [Head(_("Project"))], rows)


def _sums(rows: Sequence[Sequence[Cell]], places: Sequence[int]) -> list[Cell]:
    found = []
    for place in places:
        values = [row[place].value for row in rows]
        whole = sum((each for each in values if isinstance(each, Decimal)), NOTHING)
        found.append(Cell(whole, is_alarming=whole < 0))
    return found


def accounts_table(one: Together, names: Names) -> Table:
    """Every account with something on it, project by project."""
    rows = []
    for stand in one.stands:
        for account, balance in sorted(
            stand.accounts.items(), key=lambda each: names.label(each[0])
        ):
            choice = {"ccy": one.currency, "account": account, "until": stand.today.isoformat()}
            label = names.label(account) or _("Without an account")
            rows.append(
                [
                    Cell(label, sub=names.data(account, "number")),
                    project_cell(stand.project, "funds.accounts"),
                    Cell(
                        balance,
                        Way(stand.project.code, "funds", "balance", choice),
                        is_alarming=balance < 0,
                    ),
                ]
            )
    heads = [Head(_("Account")), Head(_("Project")), Head(_("Balance"), "money")]
    total = [Cell(_("Total")), Cell(""), *_sums(rows, (2,))]
    return Table("accounts", _("Cash on accounts"), one.currency, heads, rows, total)


def ageing_table(one: Together, direction: Direction) -> Table:
    """What is open by project and days since it was due."""
    rows = []
    for stand in one.stands:
        groups = aged((i for i in stand.open if i.key.direction == direction), stand.today)
        amounts = {key: sum((g.amounts[key] for g in groups), NOTHING) for key, _f in BUCKETS}
        if not any(amounts.values()):
            continue
        due = url_for("funds.due", code=stand.project.code)
        place = {"address": f"{due}#ageing_{direction}-{one.currency}"}
        late = sum((group.overdue(stand.today) for group in groups), NOTHING)
        cells = ageing_cells(amounts, late, dict.fromkeys(AMOUNTS, place))
        rows.append([project_cell(stand.project, "funds.due"), *cells])
    heads = ageing_heads(_("Project"))
    return Table(
        f"ageing_{direction}",
        ageing_title(direction),
        one.currency,
        heads,
        rows,
        [Cell(_("Total")), *_sums(rows, range(1, 8))] if rows else None,
        empty=_("Nothing is open."),
        note=_("Days since the due date. The project leads to its contracts and documents."),
    )


def retention_table(one: Together, names: Names) -> Table:
    """Retention that is due and was not returned, the longest overdue first."""
    found = [
        (stand, each)
        for stand in one.stands
        for each in stand.held
        if each.overdue(stand.today) > 0
    ]
    rows = []
    for stand, each in sorted(found, key=lambda pair: str(pair[1].overdue_since(pair[0].today))):
        page = url_for("funds.contract", code=stand.project.code, contract_id=each.contract)
        due, anchor = url_for("funds.due", code=stand.project.code), f"retention-{one.currency}"
        ways, chosen = stand.ways, {"direction": each.direction, "contract": each.contract}
        rows.append(
            [
                Cell(names.label(each.contract), sub=names.label(each.party), address=page),
                project_cell(stand.project, "funds.due"),
                Cell(direction_title(each.direction)),
                Cell(each.held, ways.entries(known.RETENTION_HELD, **chosen)),
                Cell(each.outstanding, ways.entries(known.RETENTION, **chosen)),
                Cell(each.overdue(stand.today), is_alarming=True, address=f"{due}#{anchor}"),
                Cell(each.overdue_since(stand.today)),
            ]
        )
    heads = [
        Head(_("Contract and party")),
        Head(_("Project")),
        Head(_("In or out")),
        Head(str(known.RETENTION_HELD.label), "money"),
        Head(str(known.RETENTION.label), "money"),
        Head(_("Due and not returned"), "money"),
        Head(_("Due"), "day"),
    ]
    whole = overdue_retention(one)
    total = [Cell(_("Total")), *[Cell("")] * 4, Cell(whole, is_alarming=True), Cell("")]
    return Table(
        "retention",
        _("Retention due and not returned"),
        one.currency,
        heads,
        rows,
        total if rows else None,
        empty=_("No retention is overdue."),
    )


def months_table(one: Together) -> Table:
    """Month by month, all projects together."""
    heads = [
        Head(_("Month")),
        Head(_("Opening"), "money"),
        Head(str(known.MOVED_IN.label), "money"),
        Head(_("Still expected in"), "money"),
        Head(str(known.MOVED_OUT.label), "money"),
        Head(_("Still expected out"), "money"),
        Head(_("Closing"), "money"),
    ]
    rows = [_month(one.currency, each) for each in one.months if each.is_busy]
    note = _(
        "Opening balances of accounts count in the closing of their month. Months in which nothing "
        "moves or is expected are left out."
    )
    title = _("Month by month")
    return Table("months", title, one.currency, heads, rows, note=note)


def month_address(currency: str, first: date) -> str:
    """Where a month stands project by project."""
    return url_for("funds.company_month", ccy=currency, month=first.isoformat()[:7])


def _month(currency: str, each: Month) -> list[Cell]:
    page = month_address(currency, each.first)

    def cell(amount: Decimal) -> Cell:
        return Cell(amount, address=page if amount else "")

    return [
        Cell(month(each.first), address=page),
        Cell(each.opening, is_alarming=each.opening < 0, address=page),
        cell(each.actual_in),
        cell(each.expected_in),
        cell(each.actual_out),
        cell(each.expected_out),
        Cell(each.closing, is_alarming=each.closing < 0, address=page),
    ]


def month_table(one: Together, whole: Month) -> Table:
    """A month project by project; adds up to what the company's month says."""
    rows = []
    for stand in one.stands:
        each = stand.month(whole.first)
        if each is not None and (each.is_busy or each.opening):
            cells = month_cells(stand.ways, each, carries=True)
            rows.append([project_cell(stand.project, "funds.plan"), *cells])
    heads = [Head(_("Project")), *month_heads(carries=True)]
    total = [Cell(_("Total")), *_sums(rows, range(1, len(heads)))]
    return Table("month", month(whole.first), one.currency, heads, rows, total)
