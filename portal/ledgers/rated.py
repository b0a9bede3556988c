"""Money in another currency than the company's is posted only where a rate holds on its day.

A company that keeps no register of currencies is asked for none: its figures then say that they
cannot be told in one currency. Its first entry makes the register binding.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from portal.currencies.queries import binding_rates, title
from portal.currencies.rates import NoRate, Rates
from portal.definitions.posting_lines import PostingLine, PostingRule
from portal.errors import N_, FieldError, Invalid, Message
from portal.forms.fieldpaths import cell_path
from portal.forms.outcome import Facts
from portal.ledgers.planning import attributes_of, facts_of, planned_lines, project_of
from portal.ledgers.rulebook import RuleBook
from portal.records.transitions import APPROVED, EDITABLE, SUBMITTED, Transition

CURRENCY, DAY = "ccy", "effective_on"
NO_RATE = N_("There is no rate for %(currency)s on %(day)s. Enter one in “%(register)s” first.")


def demand_rates(
    book: RuleBook, planned: Sequence[PostingLine], facts: Facts, own: str | None
) -> None:
    """Refuse lines whose currency has no rate on their day. Raises Invalid, by field and row.

    `own` is the company's currency; None before there is a company.
    """
    foreign = [one for one in planned if one.values.get(CURRENCY) not in (None, own)]
    known = binding_rates(own) if foreign else None
    if known is None:
        return
    errors = {one.path: one for one in _errors(book, foreign, known, facts.today)}
    if errors:
        raise Invalid(next(iter(errors.values())).message, list(errors.values()))


def foresee(book: RuleBook, transition: Transition) -> None:
    """Refuse a document when it is sent where its last signature could not be posted.

    What only a later step fills in cannot be foreseen: the posting itself tells it then.
    """
    record = transition.record
    if transition.after != SUBMITTED or transition.before not in EDITABLE:
        return
    if record.project_id is None or not book.on(APPROVED):
        return
    project = project_of(record)
    if project.currency == project.own or binding_rates(project.own) is None:
        return
    facts = facts_of(record, transition.now, approved=True, project=project)
    try:
        planned = planned_lines(book, record.data, APPROVED, facts)
    except Invalid:
        return
    demand_rates(book, planned, facts, project.own)


def _errors(
    book: RuleBook, foreign: Iterable[PostingLine], known: Rates, today: date
) -> Iterable[FieldError]:
    rules = {rule.id: rule for rule in book.rules}
    for line in foreign:
        day = attributes_of(line, today)[DAY]
        try:
            known.on(str(line.values[CURRENCY]), day)
        except NoRate as refused:
            args: dict[str, Any] = {"currency": refused.currency, "day": day, "register": title()}
            path = _place(book, rules[line.rule], line.row)
            yield FieldError(path, "no_rate", Message(NO_RATE, args))


def _place(book: RuleBook, rule: PostingRule, row: str) -> str:
    """The field that says on which day a line counts, or else the amount of the document."""
    bound = rule.columns.get(DAY)
    source = bound.source.strip() if bound is not None else ""
    if source.startswith("row.") and rule.table:
        return cell_path(rule.table, row, source.removeprefix("row."))
    definition = book.form.definition
    return source if source in definition.fields else definition.amount or rule.id
