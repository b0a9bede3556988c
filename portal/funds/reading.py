"""The funds ledger of a project as the rules of the center read it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from portal import clock
from portal.db import db, unscoped
from portal.definitions import queries as definitions
from portal.funds.invoice_numbers import numbers_of
from portal.funds.money import Key, Money, signed
from portal.funds.netting import PlanLine, Realised
from portal.funds.projection import Moved
from portal.ledgers.models import FundsEntry, Posting
from portal.ledgers.naming import Document, Named, documents_of, names_of
from portal.ledgers.pay import private_pay
from portal.ledgers.standing import is_canceled, undoing
from portal.records import aliases
from portal.records.models import Record
from portal.web.filters import text_in
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _

MOVES: Final = ("cash", "deposit", "transfer")
PAY: Final = "pay"
WHY_PLANS: Final = "what realises a plan is the same for whoever looks"


@dataclass(frozen=True, slots=True)
class Book:
    """Every entry in the order of its day. `money` are those that stand; `canceled` the rest.

    `made` are the days on which plans were sent.
    """

    today: date
    money: Sequence[Money]
    canceled: Sequence[Money]
    made: Mapping[str, date]

    @property
    def currencies(self) -> set[str]:
        return {one.key.currency for one in self.money}

    def of(self, currency: str, *stages: str) -> list[Money]:
        """What stands in a currency, at these stages if any are named."""
        return [
            one
            for one in self.money
            if one.key.currency == currency and (not stages or one.stage in stages)
        ]

    def moved(self, currency: str) -> list[Moved]:
        """All that moved, what was taken back on its own day: balances of the past stay.

        Only standing cash realises a plan.
        """
        standing = [_moved(one, counts=True) for one in self.of(currency, *MOVES)]
        gone = [
            _moved(one, counts=False)
            for one in self.canceled
            if one.key.currency == currency and one.stage in MOVES
        ]
        return [*standing, *gone]

    def plan(self, currency: str) -> list[PlanLine]:
        """The planned money that stands."""
        return [
            PlanLine(
                one.id,
                one.document,
                one.key,
                one.on,
                one.amount,
                made_on=self.made.get(one.document),
            )
            for one in self.of(currency, "plan")
        ]


def _moved(one: Money, *, counts: bool) -> Moved:
    realised = None
    if counts and one.stage != "transfer":
        realised = Realised(one.key, one.on, one.amount, one.settles)
    amount = signed(one.key.direction, one.amount)
    return Moved(one.on, amount, one.key.direction, realised, one.stage == "transfer")


def read_book(project: ProjectBrief) -> Book:
    """The ledger as of today in the project's zone."""
    return read_books([project])[project.id]


def read_books(projects: Sequence[ProjectBrief], now: datetime | None = None) -> dict[str, Book]:
    """The ledgers of several projects as of a moment by id, in a statement for all; another asks
    when their plans were sent.
    """
    undone = undoing()
    gone = is_canceled(undone)
    statement = (
        select(FundsEntry.project_id, *_READ, gone)
        .select_from(FundsEntry)
        .join(Posting, Posting.id == FundsEntry.posting_id)
        .outerjoin(undone, undone.c.reverses_id == Posting.id)
        .where(FundsEntry.project_id.in_(sorted(one.id for one in projects)))
        .order_by(FundsEntry.effective_on, FundsEntry.id)
    )
    known = aliases.merged()
    found: dict[str, tuple[list[Money], list[Money]]] = {one.id: ([], []) for one in projects}
    keys: dict[tuple[Any, ...], Key] = {}
    for project_id, *row in db.session.execute(statement):
        money, canceled = found[project_id]
        (canceled if row[-1] else money).append(_money(row, keys, known))
    at = now or clock.now()
    made = _made(projects)
    return {
        one.id: Book(clock.date_in(one.zone, at), *found[one.id], made[one.id]) for one in projects
    }


def _made(projects: Sequence[ProjectBrief]) -> dict[str, dict[str, date]]:
    """The days on which plans were sent, by project and document."""
    zones = {one.id: one.zone for one in projects}
    planned = select(FundsEntry.record_id).where(
        FundsEntry.project_id.in_(sorted(zones)), FundsEntry.stage == "plan"
    )
    statement = select(Record.project_id, Record.id, Record.submitted_at).where(
        Record.id.in_(planned)
    )
    found: dict[str, dict[str, date]] = {key: {} for key in zones}
    for project_id, record_id, at in db.session.execute(unscoped(statement, WHY_PLANS)):
        if project_id in zones and at is not None:
            found[project_id][record_id] = clock.date_in(zones[project_id], at)
    return found


# columns and no entities: a project has thousands of entries, and its page reads them all
_READ: Final = (
    FundsEntry.direction,
    FundsEntry.ccy,
    FundsEntry.contract_id,
    FundsEntry.category,
    FundsEntry.record_id,
    FundsEntry.stage,
    FundsEntry.amount,
    FundsEntry.effective_on,
    FundsEntry.due_on,
    FundsEntry.settles_id,
    FundsEntry.party_id,
    FundsEntry.team_id,
    FundsEntry.account_id,
    FundsEntry.id,
)


def _money(row: Any, keys: dict[tuple[Any, ...], Key], known: aliases.Aliases) -> Money:
    """`keys` are those met before: entries share them."""
    of = tuple(row[:4])
    key = keys.get(of)
    if key is None:
        key = keys[of] = Key(*of)
    record, stage, amount, on, due, settles, party, team, account, entry, _gone = row[4:]
    whose = known.stays(party or team)
    return Money(record, stage, key, amount, on, due, settles, whose, account, entry)


@dataclass(frozen=True, slots=True)
class Names:
    """What pages call documents, contracts, parties and accounts.

    `pay` are the documents that would tell the viewer what single workers earn: what they come to
    is told as one sum, under the key PAY.
    """

    documents: Mapping[str, Document]
    named: Mapping[str, Named]
    invoices: Mapping[str, str]
    pay: frozenset[str] = frozenset()

    def label(self, key: str | None) -> str:
        """A contract with its code, a party or an account by name; empty for none."""
        if key == PAY:
            return _("Pay of workers, as one sum")
        found = self.named.get(key or "")
        return found.label if found else ""

    def data(self, key: str | None, field: str) -> str:
        """A field of it, as it is stored."""
        found = self.named.get(key or "")
        return str(found.data.get(field) or "") if found else ""

    def document(self, key: str) -> str:
        found = self.documents.get(key)
        if found is None:
            return ""
        return found.number or self.invoices.get(key) or found.subject or found.form

    def invoice(self, key: str) -> str:
        """The numbers on the invoices it enters, where it has another number itself."""
        found = self.documents.get(key)
        return self.invoices.get(key, "") if found and found.number else ""

    def form(self, key: str) -> str:
        """What kind of document it is."""
        found = self.documents.get(key)
        return text_in(definitions.form_titles().get(found.form, found.form)) if found else ""

    def subject(self, key: str) -> str:
        found = self.documents.get(key)
        return found.subject if found and found.number else ""

    def open_to_viewer(self, key: str) -> str:
        """The id, if the viewer may open the record."""
        found = self.documents.get(key)
        return found.id if found else ""


def lapses_of(contracts: Iterable[str | None]) -> dict[str, list[tuple[date, Decimal]]]:
    """When these contracts have retention released, by their plans of release."""
    return {
        key: [
            (date.fromisoformat(row["due_on"]), Decimal(row["share"]) / 100)
            for row in one.data.get("release_plan") or ()
        ]
        for key, one in names_of({one for one in contracts if one}).items()
    }


def names_for(documents: Iterable[str], named: Iterable[str | None]) -> Names:
    """The names of what a page shows."""
    asked = set(documents)
    found = documents_of(asked)
    pay = private_pay(current_viewer(), asked)
    return Names(found, names_of({one for one in named if one}), numbers_of(found), pay)
