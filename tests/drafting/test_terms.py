"""Certificates to come are what the payment application will say once it is filed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given

from portal.dates import last_of
from portal.drafting.spread import Job, amounts, by_nodes, shares
from portal.drafting.terms import Standing, certificates, released, terms_of
from tests.funds.certificates import Series
from tests.funds.test_certificate_laws import series


def plain(found: Series) -> Series:
    """The same contract without what is not known of months to come."""
    agreed: dict[str, Any] = {
        key: value for key, value in found.terms.items() if not key.startswith(("material_p", "st"))
    }
    if "start_percent" in found.terms:
        agreed["start_percent"] = found.terms["start_percent"]
    return Series(found.amounts, agreed, found.form)


@given(series())
def test_retention_and_recovery_are_those_of_the_form(found: Series) -> None:
    own = plain(found)
    works: list[tuple[date, Decimal]] = []
    for one in found.filed:
        month = str(one["period_to"])[5:]
        work = max(Decimal(one["work_this"]), Decimal("0.001")).quantize(Decimal("0.01"))
        own.filed.append(own.look(month, str(work)).data)
        works.append((date.fromisoformat(str(one["period_to"])), work))
    made = certificates(terms_of(own.contract()), Standing(), works)
    for certificate, filed in zip(made, own.filed, strict=True):
        assert certificate.work == Decimal(filed["work_this"])
        assert certificate.retention == Decimal(filed["retention_this"])
        assert certificate.recovery == Decimal(filed["advance_recovery"])
        assert certificate.net == Decimal(filed["net_due"])


def test_what_remains_falls_into_the_months_of_its_tasks() -> None:
    jobs = [
        Job(date(2026, 4, 1), date(2026, 4, 30), Decimal(30)),  # half of it is to come
        Job(date(2026, 5, 1), date(2026, 6, 30), Decimal(61)),
    ]
    found = shares(jobs, date(2026, 4, 16))
    assert [month for month, _share in found] == [
        date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30),
    ]  # fmt: skip
    assert [share * 91 for _month, share in found] == [30, 31, 30]
    late = shares([Job(date(2026, 1, 1), date(2026, 2, 1), Decimal(1))], date(2026, 4, 16))
    assert late == [(date(2026, 4, 30), Decimal(1))], "what should be done already is done now"
    assert shares([], date(2026, 4, 16)) == []


def test_amounts_add_up_to_the_cent() -> None:
    thirds = [(last_of(date(2026, m, 1)), Decimal(1) / 3) for m in (1, 2, 3)]
    parts = [amount for _month, amount in amounts(Decimal("100.00"), thirds)]
    assert parts == [Decimal("33.33"), Decimal("33.34"), Decimal("33.33")]


def test_nodes_are_covered_by_what_is_certified_in_the_order_of_their_days() -> None:
    nodes = [
        (date(2026, 9, 1), Decimal(50), "roof"),
        (date(2026, 5, 1), Decimal(30), "base"),
        (date(2026, 7, 1), Decimal(20), "frame"),
    ]
    assert by_nodes(nodes, Decimal(40)) == [
        (date(2026, 7, 1), Decimal(10), "frame"),
        (date(2026, 9, 1), Decimal(50), "roof"),
    ]
    assert by_nodes(nodes, Decimal(100)) == []


def test_retention_is_released_by_its_shares_less_what_was_released() -> None:
    plan = [(date(2028, 1, 1), Decimal("0.4")), (date(2027, 1, 1), Decimal("0.6"))]
    first, last = date(2027, 1, 1), date(2028, 1, 1)
    assert released(Decimal(250), Decimal(0), plan) == [(first, 150), (last, 100)]
    assert released(Decimal(250), Decimal(150), plan) == [(last, 100)]
    assert released(Decimal(250), Decimal(250), plan) == []


def test_terms_of_a_contract_without_any_are_none() -> None:
    nothing: Mapping[str, Any] = {"amount": "100.00"}
    (made,) = certificates(terms_of(nothing), Standing(), [(date(2026, 1, 31), Decimal(40))])
    assert (made.retention, made.recovery, made.net) == (0, 0, 40)
