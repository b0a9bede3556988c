"""How far entries reach into budgets: what each rule judges, before and after them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from portal.costs import months
from portal.costs.commitments import openings
from portal.costs.queries import Amounts, cost_nodes, read_amounts
from portal.costs.rules import Control, Rule, Target, targets
from portal.costs.sheet import Sheet
from portal.db import db, unscoped
from portal.ledgers.models import CostEntry
from portal.projects.models import Project

Line = Mapping[str, Any]
NOTHING = Decimal(0)
WHY = "the control of a budget reads what it controls"
NAMES = (
    "cost_code_id",
    "contract_id",
    "request_id",
    "bucket",
    "ccy",
    "amount",
    "effective_on",
    "spread_from",
    "spread_until",
)
"""The attributes of a cost entry that rules look at."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What is available to what a rule judges, before and after some entries, by which `column`,
    and what that calls for. `month`: by the end of that month, the first in which it fails, else
    the last one touched; None: over the whole budget.
    """

    rule: Rule
    target: Target
    column: str
    currency: str
    before: Decimal
    after: Decimal
    action: str
    month: date | None = None

    @property
    def is_beyond(self) -> bool:
        """Below zero, and lower than before: what does not make it worse is never refused."""
        return self.after < 0 and self.after < self.before


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule and what of it entries in one currency touch."""

    rule: Rule
    target: Target
    currency: str
    action: str


def asked(rules: Iterable[Rule], project_id: str, lines: Sequence[Line]) -> list[Asked]:
    """The rules that have something to say of entries of one project."""
    concerned = [one for one in rules if any(line["bucket"] in one.stages for line in lines)]
    touched = {line["cost_code_id"] for line in lines}
    plain = all(one.is_plain for one in concerned)
    nodes = [] if plain else cost_nodes(project_id, _codes_in_use(project_id) | touched)
    found = []
    for rule in concerned:
        for target in targets(rule, nodes, touched):
            own = [line for line in lines if line["cost_code_id"] in target.codes]
            for currency in sorted({line["ccy"] for line in own}):
                moved = _moved(rule, [line for line in own if line["ccy"] == currency])
                action = rule.action_for(moved)
                if action is not None:
                    found.append(Asked(rule, target, currency, action))
    return found


def _moved(rule: Rule, lines: Sequence[Line]) -> set[str]:
    """The kinds of entries of which more or less is there than before, in any month if asked so."""
    sums: dict[tuple[str, date | None], Decimal] = {}
    for line in lines:
        month = line["effective_on"].replace(day=1) if rule.horizon == "to_period" else None
        key = (line["bucket"], month)
        sums[key] = sums.get(key, NOTHING) + line["amount"]
    return {bucket for (bucket, _), amount in sums.items() if amount}


def _codes_in_use(project_id: str) -> set[str]:
    statement = select(CostEntry.cost_code_id).where(CostEntry.project_id == project_id).distinct()
    return set(db.session.scalars(unscoped(statement, WHY)))


def reaches(
    sheet: Sheet,
    project_id: str,
    lines: Sequence[Line],
    *,
    are_posted: bool,
    rules: Iterable[Rule] | None = None,
) -> list[Reach]:
    """How far entries of one project reach into the budgets that rules hold; None: all rules.

    `lines` are attributes of cost entries; `are_posted`: the ledger has them already. A budget is
    read whole, whoever signs: who decides need not be a member of the project.
    """
    control = sheet.control
    if control is None:
        return []
    wanted = asked(control.rules if rules is None else rules, project_id, lines)
    if not wanted:
        return []
    own = [{name: line.get(name) for name in NAMES} for line in lines]
    ledger = Ledger.of(sheet, control, project_id, wanted)
    return [one for each in wanted for one in ledger.reach(each, own, are_posted=are_posted)]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a project goes by the rules: its column, and the months it takes."""

    available: str
    undated: months.Span | None


def settings_of(control: Control, project_id: str) -> Settings:
    """What a project chose, and its dates."""
    statement = select(Project.budget_basis, Project.starts_on, Project.ends_on).where(
        Project.id == project_id
    )
    chosen, first, last = db.session.execute(unscoped(statement, WHY)).one()
    span = months.span(first, last) if control.undated == "project" else None
    return Settings(control.chosen(chosen or ""), span)


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the ledger says of the cost codes that rules judge."""

    sheet: Sheet
    project_id: str
    settings: Settings
    amounts: Amounts | None
    dated: Sequence[Line]

    @classmethod
    def of(
        cls, sheet: Sheet, control: Control, project_id: str, wanted: Sequence[Asked]
    ) -> "Ledger":
        """Read once for all of them."""
        whole, timed = (
            [one for one in wanted if one.rule.horizon == horizon]
            for horizon in ("whole", "to_period")
        )
        amounts = read_amounts(sheet, [project_id], _codes_of(whole), why=WHY) if whole else None
        dated = dated_lines(project_id, _codes_of(timed), why=WHY) if timed else []
        return cls(sheet, project_id, settings_of(control, project_id), amounts, dated)

    def reach(self, one: Asked, lines: Sequence[Line], *, are_posted: bool) -> list[Reach]:
        """What entries do to what a rule judges; nothing where no month is touched."""
        column = one.rule.available or self.settings.available
        own = [line for line in lines if _is_of(line, one)]
        if one.rule.horizon == "to_period":
            return self._by_month(one, column, own, are_posted=are_posted)
        extra = [
            {**line, "project_id": self.project_id}
            | ({"amount": -line["amount"]} if are_posted else {})
            for line in own
        ]
        stands, other = (self._whole(one, column, more) for more in ((), extra))
        before, after = (other, stands) if are_posted else (stands, other)
        return [Reach(one.rule, one.target, column, one.currency, before, after, one.action)]

    def _whole(self, one: Asked, column: str, extra: Sequence[Line]) -> Decimal:
        assert self.amounts is not None
        found = self.amounts.values(extra).get((self.project_id, one.currency), {})
        return sum((found[code][column] for code in one.target.codes if code in found), NOTHING)

    def _by_month(
        self, one: Asked, column: str, own: Sequence[Line], *, are_posted: bool
    ) -> list[Reach]:
        stands = [line for line in self.dated if _is_of(line, one)]
        signed = [{**line, "amount": -line["amount"]} for line in own] if are_posted else own
        with_them, without = stands, [*stands, *signed]
        if not are_posted:
            with_them, without = without, with_them
        after, before = (self._series(some, column) for some in (with_them, without))
        found = [
            Reach(
                one.rule, one.target, column, one.currency,
                months.at(before, month, column), months.at(after, month, column),
                one.action, month,
            )
            for month in _judged(before.keys() | after.keys())
        ]  # fmt: skip
        failing = [reach for reach in found if reach.is_beyond]
        moved = [reach for reach in found if reach.before != reach.after]
        return (failing or moved[-1:])[:1]

    def _series(self, lines: Sequence[Line], column: str) -> Mapping[date, Mapping[str, Decimal]]:
        return months.accumulated(
            self.sheet, openings(self.sheet), lines, (column,), self.settings.undated
        )


def _judged(known: Iterable[date]) -> list[date]:
    """The months in which anything moves; what counts at any time is judged within them."""
    found = sorted(set(known))
    return [one for one in found if one != months.ALWAYS] or found


def _codes_of(wanted: Iterable[Asked]) -> list[str]:
    return sorted({code for one in wanted for code in one.target.codes})


def _is_of(line: Line, one: Asked) -> bool:
    return line["ccy"] == one.currency and line["cost_code_id"] in one.target.codes


def dated_lines(
    project_id: str, codes: Sequence[str] | None = None, *, why: str = ""
) -> list[dict[str, Any]]:
    """The entries of some cost codes (None: all) with the days they count from, alike ones summed;
    `why`, a reason, reads them whoever the viewer is.
    """
    keys = [getattr(CostEntry, name) for name in NAMES if name != "amount"]
    amount = func.sum(CostEntry.amount, type_=CostEntry.amount.type)
    statement = select(*keys, amount.label("amount")).where(CostEntry.project_id == project_id)
    if codes is not None:
        statement = statement.where(CostEntry.cost_code_id.in_(codes))
    statement = statement.group_by(*keys).order_by(*keys)
    rows = db.session.execute(unscoped(statement, why) if why else statement)
    return [dict(row._mapping) for row in rows]
