"""Laws of payment certificates, over random contracts and applications, against a plain reckoning."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.funds.certificates import Series, change, claim

CENT = Decimal("0.01")
MONTHS = ("01-31", "02-28", "03-31", "04-30", "05-31", "06-30")
percents = st.integers(0, 40).map(lambda n: f"{n}.00")
RULES: Mapping[str, st.SearchStrategy[dict[str, Any]]] = {
    "proportional": st.builds(
        lambda n, start: {"recovery_percent": f"{n}.00", "start_percent": start},
        st.integers(1, 60),
        percents,
    ),
    "linear": st.builds(
        lambda start, more: {"start_percent": f"{start}.00", "end_percent": f"{start + more}.00"},
        st.integers(0, 60),
        st.integers(1, 40),
    ),
    "threshold": st.integers(50, 90).map(lambda n: {"material_share": f"{n}.00"}),
    "instalments": st.integers(1, 8).map(
        lambda n: {"recovery_from": "2026-02-01", "recovery_parts": n}
    ),
}


@st.composite
def series(draw: st.DrawFn) -> Series:
    rule = draw(st.sampled_from(sorted(RULES)))
    agreed = {
        "advance_rule": rule,
        "advance_amount": f"{draw(st.integers(1, 40)) * 100}.00",
        **draw(RULES[rule]),
        "retention_percent": f"{draw(st.integers(0, 10))}.00",
        "retention_cap_percent": f"{draw(st.integers(0, 6))}.00",
        "stored_retention_percent": f"{draw(st.integers(0, 10))}.00",
        "retention_counts_changes": draw(st.booleans()),
        "retention_counts_claims": draw(st.booleans()),
        "recovery_counts_changes": draw(st.booleans()),
        "recovery_counts_claims": draw(st.booleans()),
        "material_percent": "90.00",
        "material_parts": draw(st.integers(1, 4)),
    }
    form = draw(st.sampled_from(["payment", "income_claim"]))
    found = Series(["7000.00", "3000.00"], agreed, form, {"v1": "2000.00"})
    for month in MONTHS[: draw(st.integers(1, 4))]:
        work = [str(draw(st.integers(0, 1500))), str(Decimal(draw(st.integers(1, 600_000))) / 1000)]
        typed: dict[str, Any] = {"stored": (f"{draw(st.integers(0, 900))}.00",)}
        if draw(st.booleans()):
            typed["additions"] = [change("v1", "333.33"), claim("77.77")]
        if draw(st.booleans()):
            typed["materials_delivered"] = "1000.00"
        found.filed.append(found.look(month, *work, **typed).data)
    return found


def total(found: Series, key: str, until: int | None = None) -> Decimal:
    return sum((Decimal(one[key]) for one in found.filed[:until]), Decimal(0))


@given(series())
def test_each_certificate_goes_on_where_the_last_one_ended(found: Series) -> None:
    before = Decimal(0)
    for one in found.filed:
        value = {
            key: Decimal(one[key]) for key in one if isinstance(one[key], str) and _is(one[key])
        }
        assert value["earned_before"] == before
        assert value["contract_sum"] == value["contract_amount"] + value["changes_approved"]
        assert value["earned"] == value["total_to_date"] - value["retention_to_date"]
        assert value["current_payment"] == value["earned"] - before
        assert value["balance_to_finish"] == value["contract_sum"] - value["earned"]
        assert value["net_due"] == (
            value["total_this"]
            - value["retention_this"]
            + value["material_advance"]
            - value["material_recovery"]
            - value["advance_recovery"]
        )
        before = value["earned"]
    assert total(found, "current_payment") == before


def _is(text: str) -> bool:
    return text.replace(".", "", 1).lstrip("-").isdigit()


@given(series())
def test_retention_to_date_is_its_rates_on_its_bases_up_to_the_cap(found: Series) -> None:
    agreed = found.terms
    cap = (10000 * Decimal(agreed["retention_cap_percent"]) / 100).quantize(CENT)
    for n, one in enumerate(found.filed, 1):
        base = total(found, "work_this", n) - Decimal(one["stored_to_date"])
        base += total(found, "changes_this", n) if agreed["retention_counts_changes"] else 0
        base += total(found, "claims_this", n) if agreed["retention_counts_claims"] else 0
        held = base * Decimal(agreed["retention_percent"])
        held += Decimal(one["stored_to_date"]) * Decimal(agreed["stored_retention_percent"])
        held = (held / 100).quantize(CENT, ROUND_HALF_UP)
        assert Decimal(one["retention_to_date"]) == min(cap, held)


@given(series())
def test_recovery_is_what_the_rule_says_and_never_more_than_is_open(found: Series) -> None:
    agreed, advance = found.terms, Decimal(found.terms["advance_amount"])
    done = recovered = Decimal(0)
    for n, one in enumerate(found.filed, 1):
        base = total(found, "work_this", n)
        base += total(found, "changes_this", n) if agreed["recovery_counts_changes"] else 0
        base += total(found, "claims_this", n) if agreed["recovery_counts_claims"] else 0
        rule = _rule(agreed, advance, done, base, recovered, one["period_to"])
        part = Decimal(one["advance_recovery"])
        if agreed["advance_rule"] == "instalments":
            rule = min(rule, max(Decimal(0), Decimal(one["payable"])))
        assert part == min(rule, advance - recovered)
        recovered, done = recovered + part, base
        assert recovered <= advance
        material = total(found, "material_advance", n - 1)
        assert total(found, "material_recovery", n) <= material
    last = found.look("12-31", "0", "0.001", is_final=True).data
    assert recovered + Decimal(last["advance_recovery"]) == advance
    found.filed.append(last)
    assert total(found, "material_recovery") == total(found, "material_advance", -1)


def _rule(
    agreed: Mapping[str, Any],
    advance: Decimal,
    done: Decimal,
    base: Decimal,
    recovered: Decimal,
    until: str,
) -> Decimal:
    """The same in other words: contract amount 10,000."""
    of = {key: Decimal(one) for key, one in agreed.items() if isinstance(one, str) and _is(one)}
    match agreed["advance_rule"]:
        case "proportional":
            if base <= 100 * of["start_percent"]:
                return Decimal(0)
            return _round((base - done) * of["recovery_percent"] / 100)
        case "linear":
            first, last = 100 * of["start_percent"], 100 * of["end_percent"]
            share = (base - first) / (last - first)
            return _round(advance * min(Decimal(1), max(Decimal(0), share))) - recovered
        case "threshold":
            share = of["material_share"] / 100
            first = 10000 - advance / share
            return _round((max(base, first) - max(done, first)) * share)
        case _:
            months = min(agreed["recovery_parts"], max(0, int(until[5:7]) - 1))
            return _round(advance * months / agreed["recovery_parts"]) - recovered


def _round(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


rates = st.sampled_from(["0.00", "3.00", "6.00", "9.00", "13.00", "17.00"])
cents = st.lists(st.integers(1, 99_999), min_size=1, max_size=6)


def _cents(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02}"


def _net(amount: Decimal, rate: str) -> Decimal:
    return _round(amount / (1 + Decimal(rate) / 100))


@given(rates, cents, cents)
def test_the_cost_of_the_parts_is_the_cost_of_the_whole(
    rate: str, parts: list[int], changed: list[int]
) -> None:
    """After every certificate the cost posted is the net of the gross to date, to the cent."""
    whole = _cents(sum(parts))
    found = Series([whole], {"tax_percent": rate}, changes={"v1": _cents(sum(changed))})
    for n in range(max(len(parts), len(changed))):
        month = MONTHS[n]
        work = _cents(parts[n]) if n < len(parts) else "0"
        typed = [change("v1", _cents(changed[n])), claim("7.77")] if n < len(changed) else []
        found.certify(month, work, additions=typed)
        for table, key, gross, net in (
            ("lines", "item", "this_amount", "this_net"),
            ("additions", "change", "amount", "net"),
        ):
            rows = [r for one in found.filed for r in one[table] if r.get(key)]
            to_date = sum((Decimal(r[gross]) for r in rows), Decimal(0))
            posted = sum((Decimal(r[net]) for r in rows), Decimal(0))
            assert posted == _net(to_date, rate)
        claims = [r for r in found.filed[-1]["additions"] if not r.get("change")]
        assert all(Decimal(r["net"]) == _net(Decimal("7.77"), rate) for r in claims)
    assert sum(Decimal(one["lines"][0]["this_amount"]) for one in found.filed) == Decimal(whole)
    bound = _net(Decimal(whole), rate)  # what signing the contract committed of this line
    assert sum(Decimal(one["lines"][0]["this_net"]) for one in found.filed) == bound


def test_ten_parts_of_one_at_thirteen_percent_cost_what_ten_cost() -> None:
    found = Series(["10.00"], {"tax_percent": "13.00"})
    for n in range(10):
        found.certify(f"{n + 1:02}-28", "1")
    nets = [Decimal(one["lines"][0]["this_net"]) for one in found.filed]
    assert sum(nets) == Decimal("8.85")
    assert set(nets) <= {Decimal("0.88"), Decimal("0.89")}
