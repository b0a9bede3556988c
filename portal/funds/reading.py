"""The funds ledger of a project as the rules of the center read it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import or_, select

from portal import clock
from portal.db import db
from portal.funds.money import Key, Money, signed
from portal.funds.netting import PlanLine, Realised
from portal.funds.projection import Moved
from portal.ledgers.models import FundsEntry, Posting
from portal.ledgers.naming import Document, Named, documents_of, names_of
from portal.ledgers.standing import undoing
from portal.web.viewer import ProjectBrief

MOVES: Final = ("cash", "deposit", "transfer")


@dataclass(frozen=True, slots=True)
class Book:
    """Every entry in the order of its day. `money` are those that stand; `canceled` the rest."""

    today: date
    money: Sequence[Money]
    canceled: Sequence[Money]

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
            PlanLine(one.id, one.document, one.key, one.on, one.amount)
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
    undone = undoing()
    gone = or_(Posting.reverses_id.is_not(None), undone.c.id.is_not(None))
    statement = (
        select(FundsEntry, gone)
        .join(Posting, Posting.id == FundsEntry.posting_id)
        .outerjoin(undone, undone.c.reverses_id == Posting.id)
        .where(FundsEntry.project_id == project.id)
        .order_by(FundsEntry.effective_on, FundsEntry.id)
    )
    money: list[Money] = []
    canceled: list[Money] = []
    for entry, is_gone in db.session.execute(statement):
        (canceled if is_gone else money).append(_money(entry))
    return Book(clock.date_in(project.zone, clock.now()), money, canceled)


def _money(entry: Any) -> Money:
    return Money(
        document=entry.record_id,
        stage=entry.stage,
        key=Key(entry.direction, entry.ccy, entry.contract_id, entry.category),
        amount=entry.amount,
        on=entry.effective_on,
        due=entry.due_on,
        settles=entry.settles_id,
        party=entry.party_id or entry.team_id,
        account=entry.account_id,
        id=entry.id,
    )


@dataclass(frozen=True, slots=True)
class Names:
    """What pages call documents, contracts, parties and accounts."""

    documents: Mapping[str, Document]
    named: Mapping[str, Named]

    def label(self, key: str | None) -> str:
        """A contract with its code, a party or an account by name; empty for none."""
        found = self.named.get(key or "")
        return found.label if found else ""

    def document(self, key: str) -> str:
        found = self.documents.get(key)
        return (found.number or found.subject or found.form) if found else ""

    def subject(self, key: str) -> str:
        found = self.documents.get(key)
        return found.subject if found and found.number else ""

    def open_to_viewer(self, key: str) -> str:
        """The id, if the viewer may open the record."""
        found = self.documents.get(key)
        return found.id if found else ""


def names_for(documents: Iterable[str], named: Iterable[str | None]) -> Names:
    """The names of what a page shows."""
    return Names(documents_of(set(documents)), names_of({one for one in named if one}))
