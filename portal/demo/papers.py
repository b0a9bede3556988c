"""Papers people of the demo attach: a measurement sheet, an invoice, a bank slip; one page each."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

from reportlab.lib.pagesizes import A5, landscape
from reportlab.pdfgen.canvas import Canvas

_LEFT, _TOP, _STEP = 40, 380, 17
_TABS = (0, 60, 330, 400)


def paper(
    title: str, facts: Mapping[str, str], rows: Iterable[Sequence[str]] = (), sign: str = ""
) -> bytes:
    """A PDF with a title, named facts, rows under each other, and a line to sign on."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=landscape(A5), invariant=True)  # the same bytes every time
    canvas.setTitle(title)
    canvas.setFont("Helvetica-Bold", 15)
    canvas.drawString(_LEFT, _TOP, title)
    canvas.setFont("Helvetica", 10)
    y = _TOP - 2 * _STEP
    for name, value in facts.items():
        canvas.drawString(_LEFT, y, f"{name}:")
        canvas.drawString(_LEFT + 110, y, latin(value))
        y -= _STEP
    y -= _STEP
    for row in rows:
        for tab, cell in zip(_TABS, row, strict=False):
            canvas.drawString(_LEFT + tab, y, latin(cell))
        canvas.line(_LEFT, y - 4, _LEFT + 500, y - 4)
        y -= _STEP
    if sign:
        canvas.drawString(_LEFT, _STEP * 2, f"{sign}: ______________________")
    canvas.save()
    return out.getvalue()


def latin(text: str) -> str:
    """The part of a text in two languages that the standard fonts can draw."""
    kept = "".join(sign if ord(sign) < 256 else " " for sign in text)
    return " ".join(kept.split())


def measurement(
    contract: str, until: str, lines: Iterable[tuple[str, str, str, str]]
) -> tuple[str, bytes]:
    """Name and content of the sheet of a period: (item, description, unit, quantity) lines."""
    facts = {"Contract": contract, "Measured up to": until}
    head = ("Item", "Description", "Unit", "This period")
    content = paper("Measurement sheet", facts, [head, *lines], "Site manager")
    return f"Measurement {until}.pdf", content


def invoice(number: str, party: str, day: str, amount: str) -> tuple[str, bytes]:
    """Name and content of a subcontractor's or vendor's invoice."""
    facts = {"Invoice no.": number, "Date": day, "From": party, "Amount incl. tax": amount}
    return f"Invoice {number}.pdf", paper("Invoice", facts)


def bank_slip(payee: str, account: str, day: str, amount: str) -> tuple[str, bytes]:
    """Name and content of what the bank gives for a payment made."""
    facts = {"Payee": payee, "Account": account, "Value date": day, "Amount": amount}
    return f"Bank slip {day}.pdf", paper("Payment advice", facts)
