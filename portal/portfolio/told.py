"""What of the entries behind a figure is told to whom: wages of single workers are private."""

from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from portal.dates import last_of
from portal.errors import NotFound
from portal.ledgers.models import FundsEntry, LaborEntry
from portal.ledgers.pages import NO_FIGURE
from portal.ledgers.pay import (
    FEWEST,
    may_see_pay,
    may_see_wages,
    tells_wages,
    workers_behind,
)
from portal.ledgers.queries import Lines, lines
from portal.portfolio.choice import Choice, read_day
from portal.web.viewer import ProjectBrief, current_viewer

WIDE = frozenset({"ledger", "column", "ccy", "direction", "page", "canceled"})
MONTHS = frozenset({"month", "booked", "until"})
CODES = frozenset({"cost_code", "under"})
DAYS = frozenset({"from", "to"})
PEOPLE = frozenset({"trade", "team", "subcontractor"})
"""Choices of workers: tried one by one, what is told of each would name who was paid."""


@dataclass(frozen=True, slots=True)
class Told:
    """A page of entries as a viewer is told them.

    `only_sum`: without the entries themselves; `nothing`: not even what they add up to;
    `without_pay`: the entries that are no pay of workers, and no sums.
    """

    lines: Lines
    only_sum: bool = False
    nothing: bool = False
    without_pay: bool = False


def told(
    project: ProjectBrief,
    choice: Choice,
    asked: MultiDict[str, str],
    *,
    hide_canceled: bool,
    page: int = 1,
) -> Told:
    """The entries behind a figure; `asked` is the address.

    Who may not see wages is told those of workers as one sum; of a choice so narrow that the sum
    would tell them, the others alone and no sum; of a choice of workers nothing, whether something
    is there or not. Raises NotFound for amounts of one worker.
    """
    viewer, column = current_viewer(), choice.column
    is_money = column.unit == "money" and hasattr(column.entry, "worker_id")
    is_private = not may_see_wages(viewer, project.id)
    if is_private and is_money and "worker" in asked:
        raise NotFound(NO_FIGURE)
    found = lines(
        column,
        [project.id],
        choice.where,
        hide_canceled=hide_canceled,
        page=page,
        together=tells_wages(column) if is_private else None,
    )
    if is_private and is_money and _is_of_workers(choice, asked):
        return _without_entries(found, nothing=True)
    is_wages = is_private and is_money and column.entry is LaborEntry
    if not (is_wages or found.together[1]):
        return Told(found)
    behind = workers_behind([column], [project.id], choice.where)
    is_hidden = _is_narrow(asked) or behind[column.key] < FEWEST
    if is_wages:
        return _without_entries(found, nothing=is_hidden or not may_see_pay(viewer, project.id))
    if is_hidden and found.lines:
        return Told(found, without_pay=True)
    return _without_entries(found, nothing=True) if is_hidden else Told(found)


def _is_of_workers(choice: Choice, asked: MultiDict[str, str]) -> bool:
    """Whether a choice is one of workers, or narrows what the labor center says was paid them:
    beside all that was paid in the same month or on the same code, it would tell an advance.
    """
    chosen = set(asked) - WIDE
    is_paid_labor = choice.center == "labor" and choice.column.entry is FundsEntry
    return bool(chosen & PEOPLE or (is_paid_labor and chosen))


def _is_narrow(asked: MultiDict[str, str]) -> bool:
    """Whether a choice is by more than one whole month or one cost code: sums of many such choices,
    beside the hours that all may see, could be solved for the pay of each worker.
    """
    chosen = set(asked) - WIDE
    if any(len(asked.getlist(one)) > 1 for one in asked):
        return True
    if chosen == DAYS:
        first, last = read_day(asked["from"]), read_day(asked["to"])
        return first.day != 1 or last != last_of(first)
    until = read_day(asked["until"]) if "until" in asked else None
    if until is not None and until != last_of(until):
        return True
    return len(chosen) > 1 or not chosen <= MONTHS | CODES


def _without_entries(found: Lines, *, nothing: bool) -> Told:
    bare = replace(found, lines=(), canceled=0, page=1, pages=1, names={})
    return Told(bare, only_sum=True, nothing=nothing)
