"""The pages of the cost center against addresses and amounts nobody meant."""

from urllib.parse import quote

import pytest

from portal.db import SYSTEM, db, set_context
from portal.errors import Invalid
from tests.ledgers.fixtures import Cast

PAGES = (
    "cost", "cost.xlsx", "cost.pdf", "cost/parts", "cost/commitments", "cost/commitments.xlsx",
    "cost/commitments.pdf", "cost/requests", "cost/requests.xlsx", "cost/requests.pdf",
    "cost/snapshots", "cost/snapshots/x", "cost/snapshots/x.xlsx", "cost/snapshots/x.json",
    "cost/difference", "cost/months", "cost/months.xlsx", "cost/months.pdf", "entries",
)  # fmt: skip
FORGED = (
    "", "code=P2", "_external=1&_scheme=javascript", "endpoint=x", "rows=wbs", "rows=wbs&columns=all",
    "cost_code=none", "cost_code=", "under=none", "under=" + "9" * 5000, "cost_code=%00", "ccy=%00",
    "contract=%F0%9F%92%A9", "request=none", "request='; drop table record--", "wbs=none",
    "under_wbs=none", "under_wbs=x", "column=used&ccy=CNY", "column=open_commitment&ccy=CNY",
    "column=requested&ccy=CNY&ledger=cost", "column=left&ledger=cost&wbs=x", "from=x&to=now",
    "column=left&ledger=cost&page=-1", "column=left&ledger=cost&page=99999999999999999999",
    "column=left&ledger=cost&under_wbs=x&under=x", "column=contract_open&ledger=cost", "until=x", "until=0001-01", "until=99999-01", "until=2026-13",
    "ccy=" + quote("<script>alert(1)</script>"),
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_no_address_breaks_a_page_or_shows_markup(cast: Cast, page: str) -> None:
    browser = cast.browser("member")
    for args in FORGED:
        answer = browser.get(f"/projects/P1/{page}?{args}")
        assert answer.status_code in {200, 400, 404}, (page, args, answer.status_code)
        assert b"<script>alert(1)" not in answer.data
        assert b"javascript:" not in answer.data


@pytest.mark.parametrize("page", PAGES)
def test_nobody_else_learns_anything(cast: Cast, page: str) -> None:
    for login in ("outsider", "external"):
        assert cast.browser(login).get(f"/projects/P1/{page}").status_code == 404


def test_what_one_record_may_post_breaks_no_page_however_often(cast: Cast) -> None:
    with cast.site.app.app_context():
        set_context(db.session(), SYSTEM)
        code = cast.site.entry("cost_code", "88", "Everything")
        for _ in range(20):
            cast.site.cost(
                ("budget_orig", code, "9999999999999.99"),
            )
            cast.site.cost(("commit_request", code, "4999999999999.99"))
            cast.site.cost(("actual", code, "-4999999999999.99"))
        db.session.commit()
    browser = cast.browser("member")
    pages = (
        "cost",
        "cost?columns=all",
        "cost.xlsx",
        "cost.pdf",
        "cost/commitments",
        "cost/requests",
    )
    for page in pages:
        assert browser.get(f"/projects/P1/{page}").status_code == 200, page
    assert "200,000,004,999,999.80" in browser.get("/projects/P1/cost").text
    assert browser.get("/projects/P1").status_code == 200
    assert browser.get("/portfolio").status_code == 200


@pytest.mark.parametrize("amounts", [["10000000000000"], ["6000000000000", "-6000000000000"]])
def test_more_than_a_ledger_adds_up_is_refused_by_name(cast: Cast, amounts: list[str]) -> None:
    with cast.site.app.app_context():
        set_context(db.session(), SYSTEM)
        code = cast.site.entry("cost_code", "88", "Everything")
        with pytest.raises(Invalid, match="larger than a ledger holds"):
            cast.site.cost(*(("actual", code, one) for one in amounts))
        db.session.rollback()
