"""A published choice whose value changes or goes is told of where it is changed."""

import html
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from portal.builder.design.options import changes
from portal.db import db
from portal.records.models import Record
from tests.accounts.stage import Browser
from tests.builder.conftest import DRAFT, Desk
from tests.builder.test_form_design import DESIGN, save

RISK = {
    "o-options-value": ["low", "high"],
    "o-options-en": ["Low risk", "High risk"],
    "o-options-zh": ["低风险", "高风险"],
}


def published(desk: Desk, author: Browser, *held: Any, table: str = "") -> None:
    """A release with the choice “risk”, records that hold these, and a new draft."""
    if table:
        author.post(f"{DESIGN}/new-field", kind="table", key=table, label_en="Lines", section="0")
    author.post(
        f"{DESIGN}/new-field", kind="choice", key="risk", label_en="Risk", label_zh="风险",
        section="0", table=table,
    )  # fmt: skip
    address = f"{table}.risk" if table else "risk"
    assert save(author, address, **RISK).status_code == 303
    assert desk.publish(author).status_code == 303
    for value in held:
        desk.add_record()
        with desk.stage.work():
            record = db.session.scalars(select(Record).order_by(Record.id.desc())).first()
            assert record is not None
            record.data = {**record.data, **({table: value} if table else {"risk": value})}
    desk.open_draft(author)


def rename(author: Browser, address: str, **more: Any) -> None:
    assert save(author, address, **{**RISK, **more}).status_code == 303


def told(author: Browser, address: str) -> str:
    return html.unescape(author.get(f"{DESIGN}/fields/{address}").text)


def test_a_choice_with_another_value_is_told_with_the_records_that_hold_it(
    desk: Desk, author: Browser
) -> None:
    published(desk, author, "high", "high", "low")
    assert "is published with the value" not in told(author, "risk")
    rename(author, "risk", **{"o-options-value": ["low", "severe"]})
    said = "“High risk” is published with the value “high”, which is gone."
    for page in (told(author, "risk"), html.unescape(author.get(DESIGN).text)):
        assert said in page
        assert "Stored records that hold it: 2." in page
    assert "“Low risk” is published" not in told(author, "risk")
    assert said in html.unescape(author.get(f"{DRAFT}/publish").text)
    rename(author, "risk")
    assert said not in told(author, "risk")


def test_a_choice_taken_out_is_told_also_where_no_record_holds_it(
    desk: Desk, author: Browser
) -> None:
    published(desk, author)
    rename(author, "risk", **{name: values[:1] for name, values in RISK.items()})
    assert "Stored records that hold it: 0." in told(author, "risk")
    assert desk.publish(author).status_code == 303


def test_choices_of_rows_count_once_a_record(desk: Desk, author: Browser) -> None:
    rows = [{"_id": "1", "risk": "high"}, {"_id": "2", "risk": "high"}]
    published(desk, author, rows, table="lines")
    rename(author, "lines.risk", **{"o-options-value": ["low", "severe"]})
    assert "Stored records that hold it: 1." in told(author, "lines.risk")


def test_a_step_for_stored_values_answers_it(desk: Desk, author: Browser) -> None:
    published(desk, author, "high")
    rename(author, "risk", **{"o-options-value": ["low", "severe"]})
    assert "is published with the value" in told(author, "risk")
    form = f"{DRAFT}/site_visit.form.json"
    page = author.get(f"{form}/migration/step?kind=set").text
    part = page.split('name="part" value="')[1].split('"')[0]
    source = "'severe' if risk == 'high' else risk"
    answer = author.post(
        f"{form}/migration/step", kind="set", first="risk", second=source, part=part
    )
    assert answer.status_code == 303
    assert "is published with the value" not in told(author, "risk")


def test_a_value_cleared_beside_the_same_names_is_the_value_it_was() -> None:
    stored: Mapping[str, Any] = {"options": [{"value": "a", "label": {"en": "Low", "zh": "低"}}]}
    typed = {"options": [("", "Low", "低"), ("", "High", "高")]}
    made = changes("choice", typed, stored)["options"]
    assert [one["value"] for one in made] == ["a", "high"]
