"""The invoices of suppliers, registered by finance: as certified, too high, or missing."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from portal.demo.sites import Contract, Site
from portal.demo.story import Life, Story

FINANCE = "qian.ying"
# what is wrong with one invoice, by contract and month
FAULTS: Mapping[str, str] = {
    "HB-E-06:4": "too high",
    "HB-E-03:5": "missing",
    "HB-E-05:3": "other party",
    "RV-E-04:3": "too high",
    "JB-E-03:2": "missing",
}
TOO_HIGH = Decimal(60000)


def invoice_life(story: Story, site: Site, one: Contract, month: int, application: str) -> Life:
    """The invoice of one certified application."""
    data = story.look(application).data
    fault = FAULTS.get(f"{one.code}:{month}", "")
    total = Decimal(data["total_this"])
    if fault == "missing" or total <= 0:
        return
    party = data["party"]
    if fault == "other party":
        party = story.ids["party:S-004"]
    row = {
        "number": data["invoice_no"],
        "issued_on": data["invoice_date"],
        "total": f"{total + (TOO_HIGH if fault == 'too high' else 0):.2f}",
    }
    invoice = {
        "contract": data["contract"],
        "application": application,
        "party": party,
        "received_on": story.today(site.zone),
        "numbers_match": True,
        "invoices": [row],
    }
    story.file(FINANCE, "supplier_invoice", site.code, invoice)
    yield story.end


def register_soon(story: Story, site: Site, one: Contract, month: int, application: str) -> None:
    """Finance registers the invoice a few days after the application was certified."""
    life = invoice_life(story, site, one, month, application)
    at = story.now + timedelta(days=2, hours=3)
    story.begin(life, at, f"invoice {one.code}:{month}")
