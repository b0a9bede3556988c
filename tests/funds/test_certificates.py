"""Payment certificates, advances and retention against worked cases of the trade, on both sides."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest

from tests.funds.certificates import Refused, Series, change, claim

BOTH = pytest.mark.parametrize("form", ["payment", "income_claim"])
NO_RETENTION: Mapping[str, Any] = {"retention_percent": "0.00", "retention_cap_percent": "0.00"}


def column(found: Sequence[Mapping[str, Any]], key: str) -> list[Decimal]:
    return [Decimal(one[key]) for one in found]


def terms(rule: str, amount: str, **more: Any) -> dict[str, Any]:
    return {"advance_rule": rule, "advance_amount": amount, **NO_RETENTION, **more}


@BOTH
def test_pay_1_by_the_forms(form: str) -> None:
    """PAY-1 (10,000): 720, 1140, 1790, 910; what is open at each step; 5310 in the end."""
    agreed = terms("linear", "500.00", start_percent="20.00", end_percent="70.00")
    agreed |= {"retention_percent": "10.00", "retention_cap_percent": "5.00"}
    agreed |= {"material_percent": "90.00", "material_parts": 3}
    series = Series(["5000.00"], agreed, form, {"v1": "100.00", "v2": "200.00"})
    series.certify("01-31", "500", materials_delivered="300.00")
    series.certify("02-28", "1500", additions=[change("v1", "100.00"), claim("10.00")])
    series.certify("03-31", "2000", additions=[change("v2", "200.00")])
    series.certify("04-30", "1000")
    found = series.filed
    assert column(found, "net_due") == [720, 1140, 1790, 910]
    assert column(found, "advance_recovery") == [0, 220, 280, 0]
    assert column(found, "retention_this") == [50, 160, 40, 0]
    assert column(found, "material_recovery") == [0, 90, 90, 90]
    assert sum(column(found, "net_due")) + 500 + 250 == 5310
    assert (found[-1]["contract_sum"], found[-1]["balance_to_finish"]) == ("5310.00", "250.00")


@BOTH
def test_the_nine_lines_with_material_stored(form: str) -> None:
    """The standard American sheet: 10 % of work, 5 % of material stored; line 7 is net of both."""
    agreed = {"retention_percent": "10.00", "retention_cap_percent": "20.00"}
    agreed |= {"stored_retention_percent": "5.00"}
    series = Series(["60000.00", "40000.00"], agreed, form, {"co1": "5000.00"})
    first = series.certify("01-31", "18000", "2000", stored=("6000.00", "0.00"))
    lines = ("contract_amount", "changes_approved", "contract_sum", "total_to_date")
    lines += ("retention_to_date", "earned", "earned_before", "current_payment")
    lines += ("balance_to_finish",)
    assert [Decimal(first[key]) for key in lines] == [
        100000, 5000, 105000, 26000, 2300, 23700, 0, 23700, 81300,
    ]  # fmt: skip
    row = first["lines"][0]
    assert [Decimal(row[key]) for key in ("scheduled_amount", "prev_amount", "to_date_amount")] == [
        60000, 0, 24000,
    ]  # fmt: skip
    assert (row["percent_done"], row["left_amount"]) == ("40.00", "36000.00")
    # 4,000 of the material is built in, 12,000 of work besides; a change is half done
    half = change("co1", "2500.00")
    second = series.certify("02-28", "12000", "8000", stored=("2000.00", "0.00"), additions=[half])
    assert [Decimal(second[key]) for key in lines] == [
        100000, 5000, 105000, 44500, 4350, 40150, 23700, 16450, 64850,
    ]  # fmt: skip
    assert second["work_this"] == "16000.00"  # the material of the first sheet is no longer stored
    assert second["lines"][0]["prev_amount"] == first["lines"][0]["to_date_amount"]


@BOTH
def test_threshold_by_the_share_of_materials(form: str) -> None:
    """An examination case (10,000): 6.6 m, a fifth advanced, 60 % materials: T = 440."""
    agreed = terms("threshold", "132.00", material_share="60.00")
    series = Series(["660.00"], agreed, form)
    assert series.contract()["recovery_threshold"] == "440.00"
    for month, work in (("02-28", "55"), ("03-31", "110"), ("04-30", "165"), ("05-31", "220")):
        series.certify(month, work)
    last = series.certify("06-30", "110", is_final=True)
    assert column(series.filed, "advance_recovery") == [0, 0, 0, 66, 66]
    assert column(series.filed, "net_due") == [55, 110, 165, 154, 44]
    assert last["advance_left"] == "66.00"


@BOTH
def test_the_crossing_month_counts_only_beyond_the_threshold(form: str) -> None:
    """Advance 240 of 800, 60 %: T = 400; the month from 300 to 500 recovers (500 − 400) × 60 %."""
    series = Series(["800.00"], terms("threshold", "240.00", material_share="60.00"), form)
    for month, work in (("01-31", "300"), ("02-28", "200"), ("03-31", "200"), ("04-30", "100")):
        series.certify(month, work)
    assert column(series.filed, "advance_recovery") == [0, 60, 120, 60]


@BOTH
def test_a_quarter_of_each_certificate_once_ten_percent_is_passed(form: str) -> None:
    """The international form of contract: 25 % of each certificate from 10 % on, until repaid."""
    agreed = terms("proportional", "1000.00", recovery_percent="25.00", start_percent="10.00")
    series = Series(["10000.00"], agreed, form)
    for month, work in (("01-31", "800"), ("02-28", "1200"), ("03-31", "1600"), ("04-30", "2000")):
        series.certify(month, work)
    assert column(series.filed, "advance_recovery") == [0, 300, 400, 300]


@BOTH
def test_equal_instalments_by_the_month_of_the_work(form: str) -> None:
    """100 in three parts from March on; a month without an application is caught up."""
    agreed = terms("instalments", "100.00", recovery_from="2026-03-15", recovery_parts=3)
    series = Series(["1000.00"], agreed, form)
    for month, work in (("02-28", "100"), ("03-31", "100"), ("05-31", "200")):
        series.certify(month, work)
    assert column(series.filed, "advance_recovery") == [
        0, Decimal("33.33"), Decimal("66.67"),
    ]  # fmt: skip


@BOTH
def test_shares_by_month(form: str) -> None:
    plan = [{"month": n, "share": share} for n, share in ((1, "20.00"), (2, "30.00"), (4, "50.00"))]
    agreed = terms("schedule", "200.00", recovery_from="2026-03-01", recovery_plan=plan)
    series = Series(["1000.00"], agreed, form)
    for month, work in (("03-31", "200"), ("04-30", "200"), ("05-31", "200"), ("06-30", "200")):
        series.certify(month, work)
    assert column(series.filed, "advance_recovery") == [40, 60, 0, 100]


@BOTH
def test_a_month_too_small_for_its_instalment_recovers_what_there_is(form: str) -> None:
    agreed = terms("instalments", "300.00", recovery_from="2026-01-01", recovery_parts=3)
    series = Series(["1000.00"], agreed, form)
    for month, work in (("01-31", "40"), ("02-28", "300"), ("03-31", "300")):
        series.certify(month, work)
    assert column(series.filed, "advance_recovery") == [40, 160, 100]
    assert column(series.filed, "net_due") == [0, 140, 200]


@BOTH
def test_the_last_application_recovers_the_rest(form: str) -> None:
    series = Series(["1000.00"], terms("proportional", "300.00", recovery_percent="20.00"), form)
    series.certify("01-31", "400")
    last = series.certify("02-28", "500", is_final=True)
    assert column(series.filed, "advance_recovery") == [80, 220]
    assert last["net_due"] == "280.00"


@BOTH
@pytest.mark.parametrize(
    ("base", "recovered"),
    [
        ({}, "120.00"),  # 400 of work and 200 of changes
        ({"recovery_counts_changes": False}, "80.00"),
        ({"recovery_counts_claims": True}, "140.00"),
        ({"recovery_after_retention": True}, "108.00"),
    ],
)
def test_the_base_of_recovery(form: str, base: Mapping[str, Any], recovered: str) -> None:
    agreed = {**terms("proportional", "300.00", recovery_percent="20.00"), **base}
    agreed |= {"retention_percent": "10.00", "retention_cap_percent": "10.00"}
    series = Series(["1000.00"], agreed, form, {"v1": "200.00"})
    made = series.certify("01-31", "400", additions=[change("v1", "200.00"), claim("100.00")])
    assert made["advance_recovery"] == recovered


@BOTH
@pytest.mark.parametrize(
    ("base", "held"),
    [
        ({}, "60.00"),
        ({"retention_counts_changes": False}, "40.00"),
        ({"retention_counts_claims": True}, "70.00"),
    ],
)
def test_the_base_of_retention(form: str, base: Mapping[str, Any], held: str) -> None:
    agreed = {"retention_percent": "10.00", "retention_cap_percent": "10.00", **base}
    series = Series(["1000.00"], agreed, form, {"v1": "200.00"})
    made = series.certify("01-31", "400", additions=[change("v1", "200.00"), claim("100.00")])
    assert made["retention_this"] == held


@BOTH
def test_retention_stops_at_its_cap_and_falls_with_a_correction(form: str) -> None:
    agreed = {"retention_percent": "10.00", "retention_cap_percent": "5.00"}
    series = Series(["1000.00"], agreed, form)
    for month, work in (("01-31", "300"), ("02-28", "400"), ("03-31", "-300")):
        made = series.look(month, work).data
        series.filed.append(made)
    assert column(series.filed, "retention_this") == [30, 20, -10]  # 40 on the 400 that are left


@BOTH
def test_retention_that_was_released_is_not_given_back_again(form: str) -> None:
    agreed = {"retention_percent": "10.00", "retention_cap_percent": "10.00"}
    series = Series(["1000.00"], agreed, form)
    series.certify("01-31", "600")
    series.released = "55.00"
    corrected = series.look("02-28", "-300").data
    assert corrected["retention_this"] == "-5.00"


@BOTH
def test_what_is_refused(form: str) -> None:
    series = Series(["1000.00"], {}, form, {"v1": "200.00"})

    def codes(*work: str, **typed: Any) -> set[str]:
        return {one.code for one in series.look("01-31", *work, **typed).errors}

    assert "within_change" in codes("100", additions=[change("v1", "200.01")])
    assert "change_stands_once" in codes("100", additions=[change("v1", "1.00")] * 2)
    bare = {"kind": "change", "description": "Extra", "amount": "5.00"}
    assert "change_is_approved" in codes("100", additions=[bare])
    assert "claim_above_zero" in codes("100", additions=[claim("-5.00")])
    assert "stored_within_schedule" in codes("900", stored=("100.01",))
    assert codes("900", stored=("100.00",)) == set()
    series.certify("01-31", "100", additions=[change("v1", "150.00")])
    more = series.look("02-28", "100", additions=[change("v1", "50.01")])
    assert {one.code for one in more.errors} == {"within_change"}


@pytest.mark.parametrize(
    ("agreed", "code"),
    [
        (terms("threshold", "700.00", material_share="60.00"), "threshold_reached"),
        (
            terms(
                "schedule",
                "100.00",
                recovery_from="2026-01-01",
                recovery_plan=[{"month": 1, "share": "99.99"}],
            ),
            "recovery_totals_100",
        ),
        (
            {"release_plan": [{"upon": "handover", "due_on": "2027-01-01", "share": "60.00"}]},
            "release_totals_100",
        ),
        (
            {"payment_nodes": [{"node": "a", "planned_on": "2026-05-01", "share": "100.01"}]},
            "nodes_within_amount",
        ),
        ({"payment_nodes": [{"node": "a", "share": "10.00"}]}, "node_has_a_day"),
    ],
)
def test_a_contract_with_terms_that_cannot_be_is_refused(
    agreed: Mapping[str, Any], code: str
) -> None:
    with pytest.raises(Refused, match=code):
        Series(["1000.00"], agreed).contract()
