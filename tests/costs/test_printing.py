"""The pages of the cost center on paper: every figure of the page, in both languages."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from portal.accounts.models import Person
from portal.db import SYSTEM, db, set_context
from tests.ledgers.fixtures import Cast


def words(content: bytes) -> str:
    assert content[:5] == b"%PDF-"
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_sheet_is_printed_as_it_is_shown(cast: Cast, language: str) -> None:
    with cast.site.app.app_context():
        set_context(db.session(), SYSTEM)
        db.session.get_one(Person, cast.ids["member"]).language = language
        db.session.commit()
    browser = cast.browser("member")
    answer = browser.get("/projects/P1/cost.pdf")
    assert answer.mimetype == "application/pdf"
    said = words(answer.data)
    for shown in ("Structural steel", "-90,000.00", "3,340,000.00", "46.2 %", "EUR"):
        assert shown in said
    assert ("Open" if language == "en" else "未完承诺") in said
    assert browser.get("/projects/P1/cost.pdf").data[:5] == b"%PDF-"


def test_the_register_is_printed(cast: Cast) -> None:
    said = words(cast.browser("member").get("/projects/P1/cost/commitments.pdf").data)
    assert "K-002 Steelwork subcontract" in said
    assert "1,840,000.00" in said
    assert "No contract" in said


@pytest.mark.parametrize("page", ["/projects/P1/cost.pdf", "/projects/P1/cost/commitments.pdf"])
def test_paper_is_for_those_who_see_the_figures(cast: Cast, page: str) -> None:
    assert cast.browser("outsider").get(page).status_code == 404
    assert cast.browser("external").get(page).status_code == 404
