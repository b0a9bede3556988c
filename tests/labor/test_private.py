"""What workers earn is for few: rates and amounts of tickets and cards, wherever they could show."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from tests.conftest import Lending
from tests.labor.yard import Yard

DAY = date(2026, 3, 2)
RATE, AMOUNT = "7.77", "62.16"


@pytest.fixture
def secret(yard: Yard, lending: Lending) -> Yard:
    """A worker whose rate is told nowhere else, on a ticket that waits for its signatures."""
    return lending.once(_secret_rate, yard)


def _secret_rate(yard: Yard) -> Yard:
    yard.ids["zoe"] = yard.worker("Zoe", rate=RATE)
    yard.ids["ticket"] = yard.ticket(DAY, signed=False, hours={"zoe": "8.00"})
    return yard


def tells(text: str) -> bool:
    return RATE in text or AMOUNT in text


def task_url(yard: Yard, login: str, record_id: str) -> str:
    task, _seen = yard.task(login, record_id)
    return f"/inbox/{task}"


def test_a_ticket_tells_amounts_to_few(secret: Yard) -> None:
    url = f"/records/{secret.ids['ticket']}"
    for login, may in (("mark", True), ("sam", True), ("lara", True), ("dora", True)):
        assert tells(secret.browser(login).get(url).text) is may, login
    for login in ("nora", "fred"):  # the requester and the foreman
        seen = secret.browser(login).get(url)
        assert seen.status_code == 200
        assert "Zoe" in seen.text
        assert not tells(seen.text), login
        assert not tells(secret.browser(login).get(f"{url}/history").text)


def test_a_step_and_its_edit_page_tell_no_more(secret: Yard) -> None:
    ticket = secret.ids["ticket"]
    browser = secret.browser("fred")
    task = task_url(secret, "fred", ticket)
    assert not tells(browser.get(task).text)
    assert not tells(browser.get(f"{task}/edit").text)
    secret.decide("approve", "fred", ticket)
    task, _seen = secret.task("sam", ticket)
    edit = secret.browser("sam").get(f"/records/{ticket}/edit?task={task}")
    assert edit.status_code == 200
    assert tells(edit.text), "the site manager reads amounts"


def test_filing_a_ticket_tells_the_requester_no_rates(secret: Yard) -> None:
    browser = secret.browser("nora")
    data = secret.record(secret.ids["ticket"]).data
    draft = secret.draft("nora", {**data, "work": "Once more"}, "day_labor", "Y1")
    page = browser.get(f"/records/{draft}/edit")
    assert page.status_code == 200
    assert "Zoe" in page.text
    assert not tells(page.text)
    again = browser.get(f"/forms/day_labor/new?project=Y1&copy={secret.ids['ticket']}")
    assert not tells(again.text)


def test_lists_exports_and_the_search_tell_no_amounts(secret: Yard) -> None:
    for login in ("nora", "fred"):
        browser = secret.browser(login)
        assert not tells(browser.get("/forms/day_labor").text)
        content = browser.get("/forms/day_labor/export.xlsx").data
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        assert not tells(repr(sheet.to_python()))
        for sought in (RATE, AMOUNT):
            assert secret.ids["ticket"] not in browser.get(f"/search?q={sought}").text


def test_a_card_tells_rates_to_whoever_keeps_the_roster(secret: Yard) -> None:
    url = f"/records/{secret.ids['zoe']}"
    assert tells(secret.browser("lara").get(url).text)
    assert tells(secret.browser("fin").get(url).text)
    for login in ("nora", "fred", "sam", "mark"):
        for page in (url, f"{url}/history"):
            seen = secret.browser(login).get(page)
            assert seen.status_code == 200, (login, page)
            assert not tells(seen.text), (login, page)
        assert secret.browser(login).get(f"{url}/print.pdf").status_code == 200


def test_pages_of_the_center_tell_no_worker_with_an_amount(secret: Yard) -> None:
    for login in ("fred", "sam", "mark", "lara"):
        for step in ("approve",):
            if secret.open_tasks(secret.ids["ticket"]) == {login}:
                secret.decide(step, login, secret.ids["ticket"])
    secret.run()
    browser = secret.browser("nora")
    for column in ("accrued", "unpaid", "unsigned_amount", "signed_amount", "at_risk"):
        page = browser.get(f"/projects/Y1/entries?ledger=labor&column={column}&ccy=USD")
        assert "Zoe" not in page.text, column
    hours = browser.get(
        f"/projects/Y1/entries?ledger=labor&column=hours&worker={secret.ids['zoe']}"
    )
    assert "Zoe" in hours.text
    assert not tells(hours.text)
