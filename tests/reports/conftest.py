"""A printed record to vary, and what a reader copies out of the PDF."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from portal.reports.record_sheet import record_pdf
from portal.reports.sheet import (
    Attachment,
    ChainStep,
    Column,
    Decision,
    Fact,
    Facts,
    RecordSheet,
    Section,
    SheetTable,
)

PLAIN = RecordSheet(
    language="en",
    company="Hailin Engineering",
    title="Progress payment",
    number="PAY-HQ2-2026-0014",
    subject="Payment 14",
    project="HQ2 Harbour Quay",
    state="Approved",
    requester="Elena Marchetti",
    submitted="2026-03-18 09:42",
    printed_by="Li Na",
    printed_at="2026-03-20 15:04",
    url="https://portal.example.com/records/0195a2c4",
    verification="7F3K-92QD",
    audit_head="5d41402abc4b",
    tone="good",
    sections=(Section("Contract", (Facts((Fact("Contractor", "Baltic Groundworks"),)),)),),
    attachments=(Attachment("joint-measurement.pdf", "1.4 MB", "9f86d081"),),
    chain=(ChainStep("Site manager", "Approved", ("Tomás Keller", "Zhao Min")),),
    decisions=(
        Decision(
            step="Site manager",
            name="Tomás Keller",
            decision="Approved",
            meaning="Quantities verified",
            time="2026-03-18 17:31",
            comment="Measured with the supervisor.",
            digest="a3f19c02",
        ),
    ),
    notes=("Two lines changed after the decision.",),
)
COLUMNS = (Column("Code"), Column("Description"), Column("Amount", "right"))

Pages = Callable[[RecordSheet], list[str]]


def lines_table(count: int) -> SheetTable:
    """A table of so many lines."""
    rows = tuple((f"L{n:04}", f"土方开挖 Excavation {n}", f"{n},000.00") for n in range(count))
    return SheetTable("Priced lines", COLUMNS, rows, ("", "Total", "44,850,000.00"))


@pytest.fixture
def sheet() -> Callable[..., RecordSheet]:
    """The plain sheet with some of its parts replaced; `lines` gives it a table."""

    def make(*, lines: int | None = None, **parts: Any) -> RecordSheet:
        if lines is not None:
            parts["sections"] = (Section("Lines", (lines_table(lines),)),)
        return replace(PLAIN, **parts)

    return make


@pytest.fixture
def pages_of() -> Pages:
    """The text of each page of a printed sheet."""

    def read(sheet: RecordSheet) -> list[str]:
        reader = PdfReader(BytesIO(record_pdf(sheet)), strict=True)
        return [page.extract_text() for page in reader.pages]

    return read
