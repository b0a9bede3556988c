"""What the bank pays names the account it comes from; the account tells it."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.db import db
from portal.errors import Invalid
from portal.ledgers.models import FundsEntry
from tests.labor.test_pages import DAYS
from tests.labor.yard import Yard


def asked_to_pay(yard: Yard, method: str) -> str:
    """Wages the project manager agreed to; finance is asked."""
    for day in DAYS:
        yard.ticket(day)
    payment = yard.payment(yard.run(), approved=False, method=method)
    yard.sign(payment, "mark")
    return payment


def paid_from(yard: Yard) -> dict[Any, Decimal]:
    with yard.system():
        cash = select(FundsEntry.account_id, func.sum(FundsEntry.amount).label("total"))
        rows = db.session.execute(
            cash.where(FundsEntry.stage == "cash").group_by(FundsEntry.account_id)
        )
        return {one.account_id: one.total for one in rows}


def test_finance_pays_by_bank_from_an_account_only(yard: Yard) -> None:
    payment = asked_to_pay(yard, "bank")
    with pytest.raises(Invalid) as refused:
        yard.decide("approve", "fin", payment)
    assert [(one.path, one.code) for one in refused.value.errors] == [("account", "required")]
    assert paid_from(yard) == {}
    account = yard.account()
    yard.paid_from(payment, account)
    assert paid_from(yard) == {account: 240}


def test_cash_comes_from_no_account_where_nobody_names_one(yard: Yard) -> None:
    yard.decide("approve", "fin", asked_to_pay(yard, "cash"))
    assert paid_from(yard) == {None: 240}
