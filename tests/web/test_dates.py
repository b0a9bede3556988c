"""A day reads the same wherever it stands: page, form, document, print and spreadsheet."""

import re
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask, g

from portal.forms.kinds import Reader, kind_named
from portal.reports.workbook import Column, workbook_bytes
from portal.web import filters
from portal.web.viewer import Viewer

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 3, 1)
LATE = datetime(2026, 2, 28, 16, 30, tzinfo=UTC)
READ = {"en": "1 Mar 2026", "zh": "2026-03-01"}
FORMATS = {"en": "[$-409]d mmm yyyy", "zh": "yyyy-mm-dd"}
OWN_WAY = re.compile(r"strftime|format_date\b|format_datetime|:%[YmdbB]|toLocale|Intl\.")
MAY = {
    "portal/labor/queries.py",  # the month of an address
    "portal/demo/story.py",  # made-up names of files
    "portal/demo/trying_steps.py",  # made-up numbers of invoices
    "portal/records/routes/entry_page.py",  # the time of day of a save
    "portal/progress/exchange/ical.py",  # instants as calendars read them
    "portal/reports/workbook.py",  # values written as text, as machines read them
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_day_reads_alike_in_forms_pages_and_sheets(app: Flask, language: str) -> None:
    kind = kind_named("date")
    assert kind.display(DAY, {}, Reader(language)) == READ[language]
    with app.test_request_context("/"):
        g.viewer = Viewer(language=language, zone="Asia/Shanghai")
        assert filters.day(DAY) == READ[language]
        assert filters.day(LATE) == READ[language], "an instant has the day of the reader's zone"
        assert re.sub(r",? 00:30 CST$", "", filters.moment(LATE)) == READ[language]
        assert filters.month(DAY) == {"en": "Mar 2026", "zh": "2026-03"}[language]
    data = workbook_bytes("t", [Column("d", "date")], [[DAY]], language=language)
    styles = zipfile.ZipFile(BytesIO(data)).read("xl/styles.xml").decode()
    assert FORMATS[language] in styles


def test_nothing_else_formats_days_its_own_way() -> None:
    found = {
        str(path.relative_to(ROOT))
        for folder, ending in (("portal", "py"), ("templates", "html"), ("static/js", "js"))
        for path in (ROOT / folder).rglob(f"*.{ending}")
        if OWN_WAY.search(path.read_text("utf-8"))
    }
    assert found <= MAY, sorted(found - MAY)
