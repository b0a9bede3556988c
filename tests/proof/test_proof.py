"""The claim of the product, end to end (DOMAIN section 8): a signature moves figures of all four
centers, and taking it back returns them exactly.

Steps 1 to 7 have their tests where their rules live: CPM-1 and the baseline's difference in
tests/progress, BUD-1 to BUD-3 in tests/purchasing, PAY-1 and FUND-1 in tests/funds, EVM-1, ES-1 and
MC-1 in tests/progress. Here stand day labor, the report's differences, the way back, and the void.
"""

import io
import re
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from flask.testing import FlaskClient

from portal.approvals.models import ApprovalEvent
from portal.audit.queries import verify
from portal.errors import Invalid
from portal.ledgers.models import LEDGERS, ProgressEntry
from portal.projects.queries import project_brief
from portal.weekly.ledgers import money_moved
from portal.weekly.period import Period
from tests.labor.yard import Yard
from tests.ledgers.reading import total

WEEK = [date(2026, 3, day) for day in range(2, 7)]
SATURDAY = date(2026, 3, 7)
EXPORTS = {
    "cost": ("cost.xlsx", "cost/commitments.xlsx"),
    "funds": ("funds.xlsx",),
    "labor": ("labor.xlsx?month=2026-03", "labor/summary.xlsx", "labor/wages.xlsx",
              "labor/ledger.xlsx?month=2026-03"),
    "progress": ("progress.xlsx", "progress/earned.xlsx", "progress/schedule.csv"),
    "months": ("books.xlsx",),
}  # fmt: skip
PAGES = ("cost", "funds", "labor?month=2026-03", "progress", "labor/wages", "books")


def exported(browser: FlaskClient, *, center: str) -> dict[str, bytes]:
    """What the exports of a center hold, the time of printing excluded."""
    found: dict[str, bytes] = {}
    for name in EXPORTS[center]:
        answer = browser.get(f"/projects/Y1/{name}")
        assert answer.status_code == 200, name
        if not name.partition("?")[0].endswith(".xlsx"):
            found[name] = answer.data
            continue
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            for member in sorted(book.namelist()):
                if not member.startswith("docProps/"):
                    found[f"{name}/{member}"] = book.read(member)
    return found


def every_export(yard: Yard) -> dict[str, dict[str, bytes]]:
    browser = yard.browser("mark")
    return {center: exported(browser, center=center) for center in EXPORTS}


def counts(yard: Yard) -> dict[str, int]:
    """How many rows each ledger holds."""
    return {name: len(yard.rows(model)) for name, model in LEDGERS.items()}


def reported(yard: Yard, period: Period) -> dict[tuple[str, str], Decimal]:
    """What the weekly report says moved: by center and figure."""
    with yard.looking("mark"), yard.app.test_request_context():
        project = project_brief(yard.projects["Y1"])
        assert project is not None
        return {
            (one["center"], row["key"]): Decimal(row["moved"])
            for one in money_moved(project, period)
            for row in one["rows"]
        }


@pytest.fixture
def works(yard: Yard) -> Yard:
    """A task measured by quantity, and a week of 40 signed hours that an accrual priced."""
    task = {
        "code": "A", "name": "Clear the yard", "type": "task", "duration": "5.00",
        "duration_unit": "d", "measure": "quantity", "planned_qty": "100.00", "unit": "m2",
        "budget": "5000.00",
    }  # fmt: skip
    yard.ids["task"] = yard.entry("mark", "task", "Y1", **task)
    for at, day in enumerate(WEEK, start=1):
        yard.ticket(day, task=yard.ids["task"], installed=f"{at * 10}.00")
    yard.ids["run"] = yard.run()
    return yard


def test_steps_8_to_12_one_more_ticket_moves_all_four_centers_and_void_returns_them(
    works: Yard,
) -> None:
    assert works.figures() == {"hours": 40, "accrued": 240, "cost": 240, "certified": 240}
    prior, rows = every_export(works), counts(works)

    works.now.at += timedelta(days=1)
    works.void(works.ids["run"], "cora")
    extra = works.ticket(
        SATURDAY, hours={"anna": "6.00"}, task=works.ids["task"], installed="65.00"
    )
    second = works.run()
    assert works.figures() == {"hours": 46, "accrued": 294, "cost": 294, "certified": 294}
    after = every_export(works)
    for center in EXPORTS:
        assert after[center] != prior[center], f"{center} tells of the sixth day"

    moved = reported(works, Period(date(2026, 3, 9), date(2026, 3, 10), "America/Chicago"))
    assert moved["cost", "actual"] == moved["funds", "certified"] == 54, "the report of the week"
    assert not any(value for key, value in moved.items() if key[1] in ("revised", "paid"))

    browser = works.browser("mark")
    leads = way_back(browser)
    assert {"cost", "funds", "labor"} <= leads
    with works.system():
        assert verify().whole

    ask = works.browser("lara").get(f"/records/{extra}/void")
    shown = unescape(ask.text)
    assert str(works.record(second).number) in shown, "the run that is worked out anew"
    signed = [(e.seq, e.hash) for e in works.rows(ApprovalEvent, record_id=extra)]
    works.void(extra)
    assert every_export(works) == prior
    assert all(counts(works)[name] >= count for name, count in rows.items())
    assert sum(counts(works).values()) > sum(rows.values()), "nothing is deleted"
    for name, model in LEDGERS.items():
        if name == "progress_entry":
            continue
        measures = ("amount", "hours") if name == "labor_entry" else ("amount",)
        for measure in measures:
            own = [getattr(one, measure) for one in works.rows(model, record_id=extra)]
            assert sum(own) == 0, (name, measure)
    [reading] = works.rows(ProgressEntry, record_id=extra)
    assert reading.qty == 65, "the reading stays on record and counts no more"
    assert [(e.seq, e.hash) for e in works.rows(ApprovalEvent, record_id=extra)] == signed
    with works.system():
        assert verify().whole
    assert works.problems() == {}
    assert "Everything agrees." in browser.get("/projects/Y1/books/check").text


def way_back(browser: FlaskClient) -> set[str]:
    """Every figure leads to entries that add up to it, and each entry to its signed form."""
    centers: set[str] = set()
    for page in PAGES:
        answer = browser.get(f"/projects/Y1/{page}")
        assert answer.status_code == 200, page
        links = re.findall(r'href="(/projects/Y1/entries\?[^"]+)"', answer.text)
        for link in dict.fromkeys(map(unescape, links)):
            entries = browser.get(link)
            assert entries.status_code == 200, link
            total(entries.text)
            centers.add(re.search(r"ledger=(\w+)", link)[1])  # type: ignore[index]
            for record in re.findall(r'href="(/records/[0-9a-f-]{36})"', entries.text)[:3]:
                form = browser.get(record)
                assert form.status_code == 200
                assert "Decisions" in form.text or "on file" in form.text.lower()
    return centers


def test_step_12_a_ticket_whose_run_is_paid_stays_and_the_payment_is_named(works: Yard) -> None:
    extra = works.ticket(SATURDAY, hours={"anna": "6.00"})
    run = works.run()
    paid = works.payment(run)
    before = every_export(works)
    with pytest.raises(Invalid) as refused:
        works.void(extra)
    assert str(works.record(paid).number) in str(refused.value)
    assert every_export(works) == before
