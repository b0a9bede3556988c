"""No page tells, whole or as a difference of what it tells, what fewer than three workers got."""

import re
from datetime import date
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from tests.conftest import Lending
from tests.labor.yard import Yard

ENTRIES = "/projects/Y1/entries?ccy=USD"
PRIVATE = "Wages are private"
WEEK = [date(2026, 3, day) for day in range(2, 7)]


@pytest.fixture
def few(yard: Yard, lending: Lending) -> Yard:
    """A week of three workers, accrued with 240.00; one of them got 50.00 before."""
    return lending.once(_one_advance, yard)


def _one_advance(yard: Yard) -> Yard:
    for name in ("carl", "dina"):
        yard.ids[name] = yard.worker(name.title())
    hours = [{"anna": "8.00"}] * 4 + [{"anna": "4.00", "carl": "2.00", "dina": "2.00"}]
    for day, worked in zip(WEEK, hours, strict=True):
        yard.ticket(day, hours=worked)
    yard.advance("50.00")
    yard.payment(yard.run())
    return yard


def _cells(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize(
    "column",
    [
        "ledger=labor&column=advances",
        "ledger=labor&column=paid",
        "ledger=labor&column=accrued",
        "ledger=funds&column=advance_paid",
        "ledger=funds&column=paid",
    ],
)
def test_a_choice_of_workers_tells_nothing_whether_something_is_there_or_not(
    few: Yard, column: str
) -> None:
    nora, sam = few.browser("nora"), few.browser("sam")
    for choice in (
        "trade=general",
        "trade=welder",
        f"team={few.ids['team']}",
        "subcontractor=none",
    ):
        url = f"{ENTRIES}&{column}&{choice}"
        for who in (nora, sam):
            shown = who.get(url)
            assert shown.status_code == 200
            assert PRIVATE in shown.text
            assert "0.00" not in shown.text
        assert len(_cells(nora.get(url.replace("entries?", "entries.xlsx?")).data)) == 1
    assert PRIVATE not in few.browser("mark").get(f"{ENTRIES}&{column}&trade=general").text


def test_accruals_of_few_are_not_told_to_who_reads_rates_but_not_wages(yard: Yard) -> None:
    yard.ids["bert"] = yard.worker("Bert")
    yard.ticket(WEEK[0], hours={"anna": "8.00", "bert": "8.00"})
    yard.run()
    accrued = f"{ENTRIES}&ledger=labor&column=accrued"
    for narrowed in ("", "&month=2026-03", f"&cost_code={yard.ids['code']}"):
        assert "96.00" in yard.browser("mark").get(accrued + narrowed).text
        shown = yard.browser("sam").get(accrued + narrowed).text
        assert "96.00" not in shown
        assert PRIVATE in shown


def test_accruals_of_many_are_told_by_whole_months_to_who_reads_rates(few: Yard) -> None:
    sam, accrued = few.browser("sam"), f"{ENTRIES}&ledger=labor&column=accrued"
    assert "240.00" in sam.get(f"{accrued}&until=2030-12-31").text
    assert "240.00" in sam.get(f"{accrued}&from=2026-03-01&to=2026-03-31").text
    for narrow in ("from=2026-03-02&to=2026-03-31", "until=2030-12-30", "wbs=none"):
        assert PRIVATE in sam.get(f"{accrued}&{narrow}").text


@pytest.mark.parametrize(
    "narrow",
    [
        "cost_code={code}&cost_code={other}",
        "until=2030-12-31&booked=2026-03",
        "month=2026-03&booked=2026-03",
    ],
)
def test_several_values_and_several_months_are_narrow(few: Yard, narrow: str) -> None:
    other = few.entry("cora", "cost_code", None, code="01.03", name="More", type="labor")
    url = f"{ENTRIES}&ledger=cost&column=actual&" + narrow.format(code=few.ids["code"], other=other)
    assert "240.00" not in few.browser("nora").get(url).text
    assert "240.00" in few.browser("nora").get(f"{ENTRIES}&ledger=cost&column=actual").text


def test_no_two_figures_differ_by_the_advance_of_one(few: Yard) -> None:
    nora, mark = few.browser("nora"), few.browser("mark")
    told = "ledger=funds&column=paid"
    assert "240.00" in nora.get(f"{ENTRIES}&{told}").text
    kept = {
        "ledger=labor&column=paid": "190.00",
        "ledger=labor&column=advances": "50.00",
        "ledger=funds&column=advance_paid": "50.00",
        "ledger=funds&column=advance_recovered": "50.00",
        "ledger=funds&column=net_due": "240.00",
    }
    for column, amount in kept.items():
        url = f"{ENTRIES}&{column}"
        assert amount in mark.get(url).text, column
        shown = nora.get(url).text
        assert amount not in shown, column
        assert PRIVATE in shown
    for column in ("paid", "unpaid", "advances"):
        url = f"{ENTRIES}&ledger=labor&column={column}&month="
        pages = [nora.get(url + month).text for month in ("2026-03", "2020-01")]
        assert all(PRIVATE in page for page in pages)
    taken_back = few.advance("7.00", "carl"), few.advance("8.00", "dina")
    for one in taken_back:
        few.void(one, "fin")
    assert PRIVATE in nora.get(f"{ENTRIES}&ledger=funds&column=advance_paid").text


def test_what_few_got_without_a_contract_is_a_dash_on_page_sheet_and_paper(few: Yard) -> None:
    seen, kept = (few.browser(who) for who in ("mark", "nora"))
    page = "/projects/Y1/funds"
    assert f'<span class="blank" title="{PRIVATE}">' in kept.get(page).text
    assert PRIVATE not in seen.get(page).text
    open_row, row = (
        next(one for one in _cells(who.get(f"{page}.xlsx").data) if one[0] == "We pay")
        for who in (seen, kept)
    )
    heads = _cells(kept.get(f"{page}.xlsx").data)[0]
    advance, paid = heads.index("Advance paid"), heads.index("Paid")
    assert (open_row[advance], open_row[paid]) == (50, 240)
    assert (row[2], row[advance], row[paid]) == (PRIVATE, "–", 240)
    for who, says in ((seen, False), (kept, True)):
        paper = PdfReader(BytesIO(who.get(f"{page}.pdf").data)).pages
        text = " ".join(" ".join(one.extract_text() for one in paper).split())
        assert (PRIVATE in text) == says


def test_a_period_tells_pay_of_many_by_whole_months_and_no_pay_of_few(few: Yard) -> None:
    nora, mark = few.browser("nora"), few.browser("mark")

    def actual(who: FlaskClient, days: str) -> list[str]:
        page = unescape(who.get(f"/projects/Y1/weekly?{days}").text)
        (row,) = re.findall(r"<tr><td>Actual(?:<span.*?</span>)?</td>(.*?)</tr>", page, re.S)
        cells = re.findall(r"<td.*?>(.*?)</td>", row, re.S)
        return ["–" if PRIVATE in one else re.sub("<[^>]+>", "", one) for one in cells]

    assert actual(nora, "from=2026-02-28&to=2026-03-31") == ["0.00", "240.00", "240.00"]
    assert actual(nora, "from=2026-02-28&to=2026-03-30") == ["–", "–", "–"]
    assert actual(nora, "from=2026-03-20&to=2026-03-25") == ["–", "0.00", "–"]
    assert actual(mark, "from=2026-02-28&to=2026-03-30") == ["0.00", "240.00", "240.00"]
    shown = nora.get("/projects/Y1/weekly?from=2026-02-28&to=2026-03-31").text
    assert PRIVATE in shown, "what is due holds the advance of one"
    assert PRIVATE not in mark.get("/projects/Y1/weekly?from=2026-02-28&to=2026-03-31").text


def test_a_report_that_was_sent_tells_no_pay_of_one_on_page_and_paper(yard: Yard) -> None:
    yard.ticket(WEEK[0])
    yard.run()
    said = {
        "title": "Week 10", "from_on": "2026-02-28", "to_on": "2026-03-09", "standing": "green",
        "summary": "Cleared.", "next_week": "More.",
    }  # fmt: skip
    record = yard.draft("mark", said, "weekly_report", "Y1")
    yard.submit(record, "mark")
    for who, is_told in (("mark", True), ("nora", False)):
        browser = yard.browser(who)
        texts = [browser.get("/projects/Y1/weekly?from=2026-02-28&to=2026-03-31").text]
        paper = browser.get(f"/projects/Y1/weekly/{record}.pdf")
        assert paper.status_code == 200
        texts.append(" ".join(one.extract_text() for one in PdfReader(BytesIO(paper.data)).pages))
        shown = browser.get(f"/records/{record}")
        if shown.status_code == 200:
            texts.append(shown.text)
        for text in texts:
            assert ("48.00" in text) == is_told
            assert ("private" in " ".join(text.split())) != is_told
