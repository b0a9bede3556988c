"""A frozen or live body of a report as pages and prints show it: words, numbers, ways."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for

from portal.definitions import queries as definitions
from portal.health.queries import rules_in_force
from portal.ledgers.pages import Way
from portal.ledgers.pay import may_see_pay, may_see_wages
from portal.quality.words import choice_words
from portal.web.filters import day, money, quantity, text_in
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _
from portal.weekly.deviation import RATIOS
from portal.weekly.period import Period
from portal.weekly.wages import Untold, kept_back

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure: before, what the period did to it, after; each with the way to its entries.

    None of what is not told, as it would tell wages.
    """

    label: str
    before: Decimal | None
    moved: Decimal | None
    after: Decimal | None
    before_url: str
    url: str
    after_url: str

    @property
    def is_private(self) -> bool:
        return None in (self.before, self.moved, self.after)


@dataclass(frozen=True, slots=True)
class Account:
    """The figures of a center in one currency."""

    title: str
    currency: str
    rows: Sequence[Moved]

    @property
    def has_moved(self) -> bool:
        return any(row.moved for row in self.rows)


def accounts(body: Json, project: ProjectBrief, *, is_chosen: bool = False) -> list[Account]:
    """Cost, funds, labor as the period moved them; what labor is worth, for who may see pay.

    `is_chosen`: the reader chose the days, it is no report.
    """
    viewer, days = current_viewer(), body["period"]
    sees_pay = may_see_pay(viewer, project.id)
    sees_wages = may_see_wages(viewer, project.id)
    first, last = (date.fromisoformat(days[key]) for key in ("from", "to"))
    period = Period(first, last, days["zone"])

    def kept(one: Json) -> Mapping[str, Untold]:
        return {} if sees_wages else kept_back(one, project, period, is_chosen=is_chosen)

    return [
        _account(one, days, project, kept(one))
        for one in body["money"]
        if sees_pay or one["center"] != "labor"
    ]


def _account(one: Json, period: Json, project: ProjectBrief, kept: Mapping[str, Untold]) -> Account:
    titles = {
        "cost": _("Cost, excluding tax"),
        "funds": _("Contracts that pay us, including tax")
        if one["direction"] == "in"
        else _("Contracts we pay, including tax"),
        "labor": _("Day labor"),
    }
    choice: dict[str, Any] = {"ccy": one["currency"]}
    if one["direction"]:
        choice["direction"] = one["direction"]

    def way(row: Json, **recorded: str) -> str:
        return Way(project.code, one["center"], row["key"], {**choice, **recorded}).url

    def moved(row: Json) -> Moved:
        hidden = kept.get(row["key"], Untold())
        return Moved(
            text_in(row["label"]),
            None if hidden.before else Decimal(row["before"]),
            None if hidden.moved else Decimal(row["moved"]),
            None if hidden.after else Decimal(row["after"]),
            way(row, recorded=period["from"]),
            way(row, since=period["from"], until=period["to"]),
            way(row, recorded=period["to"]),
        )

    rows = [moved(row) for row in one["rows"]]
    return Account(str(titles[one["center"]]), one["currency"], rows)


@dataclass(frozen=True, slots=True)
class Deviating:
    """A figure of the work against its plan at the start and at the end, in words; the pages where
    the plan of those days tells it. `is_private`: it would tell wages.
    """

    label: str
    before: str
    after: str
    before_url: str
    after_url: str
    is_private: bool = False
    is_worse: bool = False


@dataclass(frozen=True, slots=True)
class Deviation:
    """The work against its plan; `baseline` is what it is measured by at the end."""

    baseline: str
    currency: str
    rows: Sequence[Deviating]


def deviation(body: Json, project: ProjectBrief, *, is_chosen: bool = False) -> Deviation | None:
    """How far the work is off its plan; nothing without a baseline, or in reports before it."""
    found, days = body.get("deviation"), body["period"]
    if not found:
        return None
    words = {
        "pv": _("Planned value (PV)"),
        "ev": _("Earned value (EV)"),
        "spi": _("Schedule performance (SPI)"),
        "pace": _("Schedule performance in time, SPI(t)"),
        "finish": _("End by the plan"),
        "eac": _("Estimate at completion, by the trend (EAC)"),
    }
    keeps_cost = _keeps_cost(body, project, is_chosen=is_chosen)

    def way(key: str, until: str) -> str:
        page = "progress.schedule" if key == "finish" else "progress.earned"
        return url_for(page, code=project.code, until=until)

    rows = [
        Deviating(
            words[one["key"]],
            _deviating(one["key"], one["before"]),
            _deviating(one["key"], one["after"]),
            way(one["key"], days["from"]),
            way(one["key"], days["to"]),
            one["key"] == "eac" and keeps_cost,
            bool(one["key"] == "finish" and one["before"] and (one["after"] or "") > one["before"]),
        )
        for one in found["rows"]
    ]
    return Deviation(found["baseline"], found["currency"], rows)


def _deviating(key: str, value: str | None) -> str:
    if value is None:
        return "–"
    if key == "finish":
        return day(date.fromisoformat(value))
    return quantity(Decimal(value), places=3) if key in RATIOS else money(Decimal(value))


def _keeps_cost(body: Json, project: ProjectBrief, *, is_chosen: bool) -> bool:
    """Whether the estimate would tell pay that the cost of these days does not."""
    if may_see_wages(current_viewer(), project.id):
        return False
    days = body["period"]
    first, last = (date.fromisoformat(days[key]) for key in ("from", "to"))
    period = Period(first, last, days["zone"])
    return any(
        one.before or one.moved or one.after
        for account in body["money"]
        if account["center"] == "cost"
        for one in kept_back(account, project, period, is_chosen=is_chosen).values()
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A record in the report: its number and subject, and what happened with it."""

    record_id: str
    number: str
    subject: str
    what: str
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Records of one kind under a heading."""

    title: str
    lines: Sequence[Line]
    note: str = ""


def blocks(body: Json) -> list[Block]:
    """Milestones, changes and decisions, risks, defects and hazards; empty ones are left out."""
    made = [_progress(body), *_settled(body), _risks(body), *_mended(body), _alerts(body)]
    return [one for one in made if one.lines or one.note]


def _progress(body: Json) -> Block:
    names = {
        "planned": _("Planned"),
        "forecast": _("Forecast"),
        "actual": _("Reached"),
        "shift": _("Days moved"),
        "progress": _("Done to date"),
    }
    lines = [
        Line(
            one["id"],
            one["number"],
            one["name"],
            f"{names.get(one['reading'], one['reading'])}: "
            f"{_reading(one['before'])} → {_reading(one['after'])}",
        )
        for one in body["progress"]
    ]
    return Block(_("Milestones and tasks"), lines)


def _reading(text: str | None) -> str:
    """A date as days are written; days moved, and what is done of a task, as they stand."""
    if text is None:
        return "–"
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return f"{int(text):+d}" if text.lstrip("-").isdigit() else text


def _settled(body: Json) -> Iterator[Block]:
    titles = definitions.form_titles()
    for form, found in body["settled"].items():
        decided = {one["id"] for one in found["decided"]}
        lines = [_record(one, _decided(one["state"])) for one in found["decided"]]
        filed = [one for one in found["filed"] if one["id"] not in decided]
        lines += [_record(one, _("Filed in the period")) for one in filed]
        yield Block(text_in(titles.get(form)) or form, lines)


def _decided(state: str) -> str:
    return str(_("Approved") if state == "approved" else _("Rejected"))


def _record(one: Json, what: str) -> Line:
    amount = money(Decimal(one["amount"]), one["currency"]) if one["amount"] is not None else ""
    return Line(one["id"], one["number"], one["subject"], what, amount)


def _risks(body: Json) -> Block:
    language = current_viewer().language
    levels = choice_words("risk", "level", language)
    standings = choice_words("risk", "status", language)

    def said(one: Json | None) -> str:
        if one is None:
            return str(_("new"))
        level = levels.get(str(one["level"]), "–")
        return f"{level} ({one['score_now'] or '–'}), {standings.get(str(one['status']), '–')}"

    lines = [
        Line(
            one["id"],
            one["number"],
            one["subject"],
            f"{said(one['before'])} → {said(one['after'])}",
        )
        for one in body["risks"]
    ]
    return Block(_("Risks"), lines)


def _mended(body: Json) -> Iterator[Block]:
    titles = definitions.form_titles()
    for form, found in body["mended"].items():
        lines = [_record(one, _("Closed")) for one in found["closed"]]
        closed = {one["id"] for one in found["closed"]}
        lines += [_record(one, _("Opened")) for one in found["opened"] if one["id"] not in closed]
        note = _("%(count)s open at the end", count=found["open_after"])
        yield Block(text_in(titles.get(form)) or form, lines, note if found["open_after"] else "")


def _alerts(body: Json) -> Block:
    book = rules_in_force()

    def title(key: str) -> str:
        rule = book.rule(key)
        return text_in(rule.title) if rule else key

    lines = [
        Line("", "", f"{title(one['rule'])} {one['row']}".strip(), str(word))
        for word, rows in ((_("Raised"), "raised"), (_("Closed"), "closed"))
        for one in body["alerts"][rows]
    ]
    return Block(_("Alerts"), lines)
