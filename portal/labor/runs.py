"""The content of an accrual run: the signed hours of a team in a span, priced by dated rules."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.db import db, unscoped
from portal.definitions import queries as definitions
from portal.errors import N_, Invalid
from portal.labor.hours import WHY, Span, works_of
from portal.labor.pricing import HoursMissing, Priced, price
from portal.labor.rules import NoRules, RuleSet, rule_set
from portal.labor.units import Hours
from portal.ledgers.models import LaborEntry
from portal.ledgers.naming import documents_of
from portal.ledgers.pay import RUN
from portal.records import aliases
from portal.records.models import Record

RULES = "pay_rules"
MOST_LINES = 800
NOTHING = N_("There are no signed hours of this team in these days that no run has priced.")
TOO_MANY = N_(
    "These days hold %(count)s lines; a run takes %(most)s. Choose fewer days and make two runs."
)
NO_RULES = N_("The pay rules have no version in force on %(day)s. Add one, or choose other rules.")
NO_HOURS = N_(
    "These rules count hours, but the ticket %(number)s has days or pieces without the hours "
    "they took. Correct the ticket, or choose other rules."
)

Line = Mapping[str, Any]
_SAID = (
    *("ticket", "work_date", "worker", "cost_code", "wbs", "pay_class"),
    *("hours", "qty", "unit", "rate", "amount", "billable"),
)


def rules_of(record_id: str) -> RuleSet:
    """The rule set of a register entry. Raises Invalid for one that says nothing usable."""
    statement = select(Record.data).where(Record.id == record_id, Record.form == RULES)
    data = db.session.scalars(unscoped(statement, WHY)).first()
    versions = [
        {key: value for key, value in row.items() if value is not None}
        for row in (data or {}).get("versions") or ()
    ]
    return rule_set(versions)


def priced_lines(
    *,
    project_id: str,
    team_id: str,
    span: Span,
    rules_id: str,
    run_id: str = "",
    tickets: Collection[str] | None = None,
) -> list[dict[str, Any]]:
    """The lines of a run as its form stores them, without row ids.

    `run_id` is the run itself, whose own tickets are free for it; `tickets` narrows it to those it
    names. Raises Invalid where no version of the rules is in force.
    """
    works = works_of(project_id, team_id, span, run_id=run_id, tickets=tickets)
    try:
        priced = price(works, rules_of(rules_id))
    except NoRules as refused:
        raise Invalid(NO_RULES, day=refused.day) from None
    except HoursMissing as refused:
        raise Invalid(NO_HOURS, number=_number_of(refused.work.key)) from None
    return [_line(one) for one in sorted(priced, key=_order)]


def _order(one: Priced) -> tuple[Any, ...]:
    entry = _entry(one)
    return one.work.worker, entry.work_date, entry.record_id, one.pay_class, entry.id


def _entry(one: Priced) -> LaborEntry:
    assert isinstance(one.work.key, LaborEntry)
    return one.work.key


def _line(one: Priced) -> dict[str, Any]:
    entry = _entry(one)
    return {
        "ticket": entry.record_id,
        "work_date": entry.work_date.isoformat(),
        "worker": one.work.worker,
        "cost_code": entry.cost_code_id,
        "wbs": entry.wbs_id,
        "pay_class": one.pay_class,
        "hours": f"{_worked(one):.2f}",
        "qty": f"{one.quantity.value:.4f}",
        "unit": one.quantity.unit,
        "rate": f"{one.rate.value:.4f}",
        "amount": f"{one.amount:.2f}",
        "billable": entry.billable,
    }


def _worked(one: Priced) -> Decimal:
    """The hours a line stands for; none where it only adds to what other lines pay."""
    if isinstance(one.work.quantity, Hours):
        return one.quantity.value
    return one.work.worked.value if type(one.quantity) is type(one.work.quantity) else Decimal(0)


def _number_of(entry: object) -> str:
    assert isinstance(entry, LaborEntry)
    known = documents_of({entry.record_id}).get(entry.record_id)
    return known.number if known else ""


def content(lines: Sequence[Line]) -> dict[str, Any]:
    """The tables of a run with row ids: its lines, and the workers in them."""
    if len(lines) > MOST_LINES:
        raise Invalid(TOO_MANY, count=len(lines), most=MOST_LINES)
    workers = dict.fromkeys(line["worker"] for line in lines)
    return {
        "lines": [{"_id": f"l{n}", **line} for n, line in enumerate(lines, 1)],
        "workers": [{"_id": f"w{n}", "worker": one} for n, one in enumerate(workers, 1)],
    }


def span_of(data: Mapping[str, Any]) -> Span:
    """The days of a run."""
    return Span(date.fromisoformat(data["period_from"]), date.fromisoformat(data["period_to"]))


def tickets_in(data: Mapping[str, Any]) -> set[str]:
    """The tickets a run names."""
    return {str(line["ticket"]) for line in data.get("lines") or ()}


def lines_now(run: Record, tickets: Collection[str]) -> list[dict[str, Any]]:
    """What the lines of a run would be for these tickets as the ledger stands.

    With the columns its own release knows: earlier ones had hours alone.
    """
    form = definitions.form_of(run.release_id, RUN).form.definition
    known = {one.key for one in form.columns["lines"]}
    lines = priced_lines(
        project_id=str(run.project_id),
        team_id=str(run.data["team"]),
        span=span_of(run.data),
        rules_id=str(run.data["rules"]),
        run_id=run.id,
        tickets=tickets,
    )
    return [{key: value for key, value in line.items() if key in known} for line in lines]


def said(lines: Sequence[Line]) -> list[tuple[str, ...]]:
    """What lines say, whatever their ids and order; of workers that are one now, the same."""
    stays = aliases.merged().stays
    return sorted(tuple(str(stays(line.get(key))) for key in _SAID) for line in lines)


def total(lines: Sequence[Line]) -> Decimal:
    """What lines add up to."""
    return sum((Decimal(line["amount"]) for line in lines), Decimal(0))


def is_run(record: Record) -> bool:
    """Whether a record is an accrual run."""
    return record.form == RUN
