"""Forecasts as a spreadsheet and on paper, and what of them is not told to everybody."""

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from portal.db import db
from portal.ids import new_id
from portal.ledgers.models import CostEntry, Posting
from portal.progress.adjustments import adjustments_of
from portal.projects.queries import project_brief
from tests.conftest import Lending
from tests.labor.test_pages import DAYS
from tests.labor.yard import Yard, build_yard
from tests.progress.planning import Planning
from tests.progress.test_forecast import PAGE, late

__all__ = ["late"]


@pytest.fixture
def yard(lending: Lending) -> Iterator[Yard]:
    """The site with day labor, on a database of its own."""
    with lending.copy_of(build_yard) as yard:
        yield yard


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_spreadsheet_has_a_sheet_for_each_table_of_the_page(late: Planning) -> None:
    answer = late.browser("rita").get(f"{PAGE}.xlsx")
    assert answer.status_code == 200
    assert "P1-forecast.xlsx" in answer.headers["Content-Disposition"]
    found = sheets(answer.data)
    assert list(found) == [
        "Overview of forecasts", "Tasks by report", "Tasks by lead", "Earned schedule",
        "Cost since", "Tasks",
    ]  # fmt: skip
    plan = found["Overview of forecasts"][1]
    assert plan[0] == "End by the plan (critical path)"
    assert str(plan[2]).startswith("2026-03-31")
    assert plan[4:9] == [2.0, 1.0, 1.0, 2.0, "working days"]
    eac = next(row for row in found["Overview of forecasts"] if "(EAC)" in str(row[0]))
    assert (eac[2], eac[3], eac[8]) == ("", 500.0, "%")
    _, second, first = found["Cost since"]
    assert first[1:] == [100.0, 110.0, 140.0, 27.3, 40.0]
    assert second[1:] == [40.0, 50.0, 50.0, 0.0, 25.0]
    assert [row[1] for row in found["Tasks"][1:]] == ["W2", "W2"]


def test_the_print_is_a_pdf_and_both_are_for_whoever_sees_the_page(late: Planning) -> None:
    browser = late.browser("rita")
    page = browser.get(PAGE).text
    for kind in ("xlsx", "pdf"):
        assert f'href="{PAGE}.{kind}"' in page
        assert f'href="{PAGE}.{kind}"' in browser.get("/projects/P1/exports").text
        for login in ("olga", "eve"):
            assert late.browser(login).get(f"{PAGE}.{kind}").status_code == 404
    answer = browser.get(f"{PAGE}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF")


def test_without_a_plan_there_is_still_a_file_with_its_heads(planning: Planning) -> None:
    browser = planning.browser("rita")
    assert f"{PAGE}.xlsx" not in browser.get(PAGE).text
    assert len(sheets(browser.get(f"{PAGE}.xlsx").data)["Overview of forecasts"]) == 1
    assert browser.get(f"{PAGE}.pdf").status_code == 200


def test_what_was_spent_on_a_code_with_pay_of_workers_is_told_to_who_may_see_wages(
    yard: Yard,
) -> None:
    """A code from one day on is a choice so narrow that its sum would tell a worker's pay."""
    for day in DAYS:
        yard.ticket(day)
    yard.run()
    with yard.system(writing=True):
        ticket = db.session.query(CostEntry).filter_by(bucket="actual").first()
        assert ticket is not None
        facts = {"project_id": ticket.project_id, "record_id": ticket.record_id}
        posting = Posting(
            id=new_id(), transition_seq=990, rule="foreseen", state="approved",
            effective_on=DAYS[0], posted_at=yard.now(), **facts,
        )  # fmt: skip
        db.session.add(posting)
        db.session.flush()
        db.session.add(
            CostEntry(
                posting_id=posting.id, effective_on=DAYS[0].replace(day=1), booked_on=DAYS[0],
                bucket="forecast_adj", cost_code_id=ticket.cost_code_id, amount=Decimal(100),
                ccy="USD", **facts,
            )
        )  # fmt: skip
    told = {}
    for login in ("mark", "nora"):
        with yard.looking(login) as viewer:
            project = project_brief(yard.projects["Y1"])
            assert project is not None
            (told[login],) = adjustments_of(viewer, project)
    assert (told["mark"].spent, told["mark"].off) == (240, 140)
    nora = told["nora"]
    assert (nora.to_come, nora.spent, nora.by_latest, nora.off) == (100, None, None, None)
    assert nora.is_private
    page = "/projects/Y1/progress/forecast.xlsx"
    row = sheets(yard.browser("nora").get(page).data)["Cost codes"][1]
    assert row[2:] == [100.0, "", "", "", "holds pay of workers, which is private"]
    assert sheets(yard.browser("mark").get(page).data)["Cost codes"][1][3] == 240.0
