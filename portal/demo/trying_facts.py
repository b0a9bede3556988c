"""What the database says about the story of the Try it card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from portal.accounts.models import LoginSession, Person
from portal.approvals.models import Task
from portal.db import db, unscoped
from portal.definitions import queries as definitions
from portal.demo.cast import CARDS
from portal.records import transitions
from portal.records.models import Record, RecordLink, UniqueValue

PROJECT, CONTRACT, MODULE, FORM = "HB01", "HB-E-07", "payment", "payment"
QUANTITY = Decimal(600)  # of the first line: enough for the director's authority
WHY = "the demo's card tells everybody where its story stands"
OVER = (transitions.REJECTED, transitions.WITHDRAWN, transitions.VOID)


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody the payment waits for."""

    login: str
    name: str
    task_id: str
    step: str


@dataclass(frozen=True, slots=True)
class Payment:
    """The payment of the story."""

    id: str
    number: str
    state: str
    release_id: str
    data: Mapping[str, Any]
    asked: Asked | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Where the story stands: its contract, its payment if filed, the module's release."""

    contract_id: str
    contract: Mapping[str, Any]
    payment: Payment | None
    releases: int


def gather() -> Facts | None:
    """Read where the story stands; None when its contract is not there."""
    found = db.session.execute(
        unscoped(
            select(Record.id, Record.data)
            .join(UniqueValue, UniqueValue.record_id == Record.id)
            .where(
                UniqueValue.form == "contract",
                UniqueValue.field == "code",
                UniqueValue.value == CONTRACT.casefold(),
            ),
            WHY,
        )
    ).first()
    if found is None:
        return None
    return Facts(found.id, found.data, _payment(found.id), len(definitions.history(MODULE)))


def is_story_contract(facts: Facts, contract_id: str) -> bool:
    """Whether a page of entries is about the contract of the story."""
    return contract_id == facts.contract_id


def _payment(contract_id: str) -> Payment | None:
    """The newest payment of the contract that a visitor filed: all before the first sign-in is
    history."""
    first = select(func.min(LoginSession.created_at)).scalar_subquery()
    row = db.session.execute(
        unscoped(
            select(Record.id, Record.number, Record.state, Record.release_id, Record.data)
            .join(RecordLink, RecordLink.record_id == Record.id)
            .where(
                RecordLink.target_id == contract_id,
                RecordLink.form == FORM,
                RecordLink.field == "contract",
                Record.created_at > first,
                Record.number.is_not(None),
                Record.state.not_in(OVER),
            )
            .order_by(Record.created_at.desc(), Record.id.desc())
            .limit(1),
            WHY,
        )
    ).first()
    if row is None:
        return None
    return Payment(row.id, row.number, row.state, row.release_id, row.data, _asked(row.id))


def _asked(record_id: str) -> Asked | None:
    """Who has the payment now; one of the cards where one of them is asked."""
    rows: Sequence[Any] = db.session.execute(
        unscoped(
            select(Person.login, Person.name, Task.id, Task.step)
            .join(Task, Task.person_id == Person.id)
            .where(Task.record_id == record_id, Task.state == "open")
            .order_by(Person.name),
            WHY,
        )
    ).all()
    cards = [login for login, _title in CARDS]
    for row in sorted(rows, key=lambda one: one.login not in cards):
        return Asked(*row)
    return None
