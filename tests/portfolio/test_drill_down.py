"""Every figure on every page leads to entries that add up to it."""

from decimal import Decimal

import pytest

from tests.ledgers.fixtures import Cast
from tests.ledgers.reading import figures, last_running_total, total

PAGES = (
    "/projects/P1/cost",
    "/projects/P1/funds",
    "/projects/P1/labor?month=2026-03",
    "/portfolio",
    "/projects/P1",
)


def _is_sum(address: str) -> bool:
    """Labor cells link to all hours of the day; readings are dates, not sums."""
    return "ledger=progress" not in address or "column=shift" in address


def test_every_figure_equals_the_total_of_its_entries(cast: Cast) -> None:
    browser = cast.browser("member")
    seen: dict[str, Decimal] = {}
    for page in PAGES:
        answer = browser.get(page)
        assert answer.status_code == 200, page
        found = [pair for pair in figures(answer.text) if _is_sum(pair[0])]
        assert found, page
        for address, value in found:
            assert seen.setdefault(address, value) == value, (page, address)
    for address, value in seen.items():
        entries = browser.get(address)
        assert entries.status_code == 200, address
        assert total(entries.text) == value, address
        assert last_running_total(entries.text) == value, address
        hidden = browser.get(f"{address}&hide=1")
        assert last_running_total(hidden.text) == value, address
    assert len(seen) > 100


def test_the_days_changes_moved_a_milestone_lead_to_their_entries(cast: Cast) -> None:
    browser = cast.browser("member")
    page = browser.get("/projects/P1/progress").text
    moved = {a: v for a, v in figures(page) if "column=shift" in a and "milestone=" in a}
    assert Decimal(14) in moved.values()
    for address, value in moved.items():
        assert total(browser.get(address).text) == value


def test_readings_show_which_one_counts_and_which_was_taken_back(cast: Cast) -> None:
    page = cast.browser("member").get("/projects/P1/entries?ledger=progress&column=readings").text
    assert page.count("counts") >= 5
    assert "taken back" in page


def test_entries_name_document_state_and_dimension(cast: Cast) -> None:
    page = cast.browser("member").get("/projects/P1/entries?ledger=cost&column=actual&ccy=CNY").text
    assert "cost_document-" in page
    assert "Approved" in page
    assert "Void" in page
    assert "01.1 Excavation" in page
    assert "Hide canceled pairs" in page


def test_canceled_pairs_can_be_hidden(cast: Cast) -> None:
    address = "/projects/P1/entries?ledger=cost&column=actual&ccy=CNY"
    browser = cast.browser("member")
    assert "99.00" in browser.get(address).text
    assert "99.00" not in browser.get(f"{address}&hide=1").text


@pytest.mark.parametrize(
    "address",
    [
        "?ledger=cost",
        "?ledger=cost&column=nothing",
        "?ledger=secrets&column=left",
        "?ledger=cost&column=left&worker=x",
        "?ledger=labor&column=days&day=yesterday",
        "?ledger=labor&column=days&from=2026-03-01",
        "?ledger=progress&column=planned&milestone=nobody",
    ],
)
def test_an_address_no_page_links_to_is_not_found(cast: Cast, address: str) -> None:
    assert cast.browser("member").get(f"/projects/P1/entries{address}").status_code == 404


def test_a_page_number_out_of_range_shows_the_nearest_page(cast: Cast) -> None:
    address = "/projects/P1/entries?ledger=cost&column=left&ccy=CNY&page="
    for page in ("999999", "0", "-3", "x", "²"):
        assert cast.browser("member").get(address + page).status_code == 200


def test_entries_are_a_fragment_for_htmx(cast: Cast) -> None:
    answer = cast.browser("member").get(
        "/projects/P1/entries?ledger=cost&column=left&ccy=CNY", headers={"HX-Request": "true"}
    )
    assert answer.text.lstrip().startswith('<div id="_entries"')
    assert "HX-Request" in answer.headers["Vary"]
