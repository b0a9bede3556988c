"""Which entries an address asks for: a column of a center, narrowed to a row of its page."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.books import columns as books
from portal.costs.by_wbs import elements_below
from portal.costs.columns import leading_to_entries
from portal.costs.queries import subtree
from portal.dates import last_of
from portal.errors import NotFound
from portal.funds import columns as funds
from portal.labor import columns as labor
from portal.labor.pivots import teams_of, trade_named, workers_of_trade
from portal.ledgers.columns import Column
from portal.ledgers.naming import Named, names_asked_for, register_entries
from portal.ledgers.pages import NO_FIGURE
from portal.ledgers.queries import Between, Recorded, Where
from portal.progress import columns as progress
from portal.records import aliases
from portal.web.filters import day as day_text
from portal.web.filters import month as month_text
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _
from portal.weekly.period import Period

CENTERS: Mapping[str, Mapping[str, Column]] = {
    "funds": {column.key: column for column in (*funds.EVERY, *funds.SOURCES)},
    "books": {column.key: column for column in books.EVERY},
    "labor": {column.key: column for column in labor.EVERY},
    "progress": {column.key: column for column in progress.EVERY},
}
DIMENSIONS = {
    "cost_code": "cost_code_id",
    "contract": "contract_id",
    "request": "request_id",
    "worker": "worker_id",
    "team": "team_id",
    "milestone": "milestone_id",
    "record": "record_id",
    "settles": "settles_id",
    "wbs": "wbs_id",
    "account": "account_id",
    "party": "party_id",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the page of entries shows: where to look, and the words that say so."""

    center: str
    column: Column
    where: Where
    described: tuple[tuple[str, str], ...]
    currency: str


def column_of(center: str, key: str) -> Column:
    """A column by center and key; those of the cost sheet are a definition. Raises NotFound."""
    known = leading_to_entries() if center == "cost" else CENTERS.get(center, {})
    column = known.get(key)
    if column is None:
        raise NotFound(NO_FIGURE)
    return column


def read_choice(project: ProjectBrief, args: MultiDict[str, str]) -> Choice:
    """The choice an address makes. Raises NotFound for one that no page of the portal links to."""
    center = args.get("ledger", "")
    column = funds.titled(column_of(center, args.get("column", "")), args.get("direction", ""))
    where, words = conditions(project, args)
    if any(not hasattr(column.entry, one) for one in where if one != "posted_at"):
        raise NotFound(NO_FIGURE)
    return Choice(center, column, where, tuple(words), args.get("ccy", ""))


def conditions(
    project: ProjectBrief, args: MultiDict[str, str]
) -> tuple[Where, list[tuple[str, str]]]:
    """(conditions on the entries' attributes, the same in words)."""
    where: dict[str, Collection[Any] | Between | Recorded] = {}
    words: list[tuple[str, str]] = []
    known = aliases.merged()
    chosen = {
        key: list(dict.fromkeys(map(known.stays, args.getlist(key))))
        for key in DIMENSIONS
        if key in args
    }
    asked_for = {value for values in chosen.values() for value in values if value != "none"}
    names = names_asked_for(project.id, asked_for)
    for key, values in chosen.items():
        where[DIMENSIONS[key]] = tuple(None if value == "none" else value for value in values)
        words.append((_dimension_words()[key], ", ".join(_named(names, one) for one in values)))
    if "under" in args:
        where["cost_code_id"] = subtree(project, args["under"])
        found = names_asked_for(project.id, {args["under"]})
        found |= {one.id: one for one in register_entries("cost_code", project.id, retired=True)}
        named = _("%(code)s and below", code=_named(found, args["under"]))
        words.append((_("Cost code"), named))
    if "trade" in args:
        where["worker_id"] = workers_of_trade(project.id, args["trade"])
        words.append((_("Trade"), trade_named(args["trade"])))
    if "subcontractor" in args:
        asked = args["subcontractor"]
        where["team_id"] = teams_of(project.id, asked)
        words.append((_("Subcontractor"), _named(names_asked_for(project.id, {asked}), asked)))
    if "under_wbs" in args:
        where["wbs_id"] = elements_below(project, args["under_wbs"])
        found = names_asked_for(project.id, {args["under_wbs"]})
        named = _("%(code)s and below", code=_named(found, args["under_wbs"]))
        words.append((_("WBS element"), named))
    if "since" in args:
        period = Period(read_day(args["since"]), read_day(args.get("until", "")), project.zone)
        where["posted_at"] = Recorded(period.start, period.end)
        words.append((_("Recorded after"), day_text(period.from_on)))
        words.append((_("Recorded until"), day_text(period.to_on)))
    elif "recorded" in args:
        last = read_day(args["recorded"])
        where["posted_at"] = Recorded(None, Period(last, last, project.zone).end)
        words.append((_("Recorded until"), day_text(last)))
    for key, reader in _PLAIN.items():
        if key in args:
            reader(args, where, words)
    return where, words


def _named(names: Mapping[str, Named], value: str) -> str:
    if value == "none":
        return str(_("none"))
    found = names.get(value)
    return found.label if found else "?"


def _dimension_words() -> dict[str, str]:
    return {
        "cost_code": _("Cost code"),
        "contract": _("Contract"),
        "request": _("Purchase request"),
        "worker": _("Worker"),
        "team": _("Team"),
        "milestone": _("Milestone"),
        "record": _("Record"),
        "settles": _("Settles"),
        "wbs": _("WBS element"),
        "account": _("Account"),
        "party": _("Party"),
    }


Words = list[tuple[str, str]]
Reader = Callable[
    [MultiDict[str, str], dict[str, Collection[Any] | Between | Recorded], Words], None
]


def _currency(args: MultiDict[str, str], where: dict[str, Any], words: Words) -> None:
    where["ccy"] = (args["ccy"],)
    words.append((_("Currency"), args["ccy"]))


def _direction(args: MultiDict[str, str], where: dict[str, Any], words: Words) -> None:
    where["direction"] = (args["direction"],)
    words.append((_("Direction"), _("We pay") if args["direction"] == "out" else _("We receive")))


def _day(args: MultiDict[str, str], where: dict[str, Any], words: Words) -> None:
    day = read_day(args["day"])
    where["work_date"] = (day,)
    words.append((_("Day"), day_text(day)))


def _span(args: MultiDict[str, str], where: dict[str, Any], words: Words) -> None:
    first, last = read_day(args["from"]), read_day(args.get("to", ""))
    where["work_date"] = Between(first, last)
    words.append((_("Days"), f"{day_text(first)} – {day_text(last)}"))


def _booked(args: MultiDict[str, str], where: dict[str, Any], words: Words) -> None:
    first = read_day(f"{args['booked']}-01")
    where["booked_on"] = Between(first, last_of(first))
    words.append((_("Booked in"), month_text(first)))


def _month(args: MultiDict[str, str], where: dict[str, Any], words: Words) -> None:
    first = read_day(f"{args['month']}-01")
    where["effective_on"] = Between(first, last_of(first))
    words.append((_("Month"), month_text(first)))


def _until(args: MultiDict[str, str], where: dict[str, Any], words: Words) -> None:
    if "since" in args:
        return  # the end of what was recorded, not of what counts
    last = read_day(args["until"])
    where["effective_on"] = Between(date.min, last)
    words.append((_("Until"), day_text(last)))


_PLAIN: Mapping[str, Reader] = {
    "month": _month,
    "booked": _booked,
    "direction": _direction,
    "day": _day,
    "from": _span,
    "ccy": _currency,
    "until": _until,
}


def read_day(text: str) -> date:
    """A day of an address. Raises NotFound."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound(NO_FIGURE) from None
