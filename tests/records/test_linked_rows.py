"""Rows that follow a linked record: what is typed beside them is for that record alone."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.definitions import services as definitions
from tests.records.pages import FormPage, open_page, read
from tests.stage import Stage

NEW = "/forms/delivery/new?project=P1"
Json = dict[str, Any]


def field(kind: str, label: str, **options: Any) -> Json:
    return {"x-field": {"kind": kind, "label": label, **options}}


def form(key: str, properties: Json, **members: Any) -> Json:
    return {
        "$schema": "../schema/form-1.json",
        "form": key,
        "version": 1,
        "title": key.title(),
        "data": {"properties": properties},
        "layout": [{"type": "section", "title": "All", "fields": list(properties)}],
        **members,
    }


ORDER = form(
    "order",
    {
        "name": field("text", "Name", required=True),
        "lines": {
            **field("table", "Lines"),
            "items": {
                "properties": {"item": field("text", "Item"), "qty": field("quantity", "Quantity")}
            },
        },
    },
    subject="name",
)
DELIVERY = form(
    "delivery",
    {
        "note": field("text", "Note"),
        "order": field("record", "Order", target="order", required=True),
        "closed": field("yes_no", "Closed"),
        "lines": {
            **field(
                "table",
                "Lines",
                totals={"got": "sum"},
                rows_from={
                    "link": "order",
                    "table": "lines",
                    "fixed": True,
                    "columns": {"item": "item"},
                },
            ),
            "items": {
                "properties": {
                    "item": field("text", "Item", read_only=True),
                    "before": {
                        "x-field": {
                            "kind": "rollup", "label": "Before", "form": "delivery", "op": "sum",
                            "field": "lines[].got", "same": {"order": "order"},
                            "match": {"item": "item"}, "as": "quantity",
                        }
                    },
                    "got": field("quantity", "Got"),
                }
            },
        },
    },
    subject="note",
    rules=[{"id": "closed_order", "when": "coalesce(closed, False)", "lock": ["order"]}],
)  # fmt: skip
MODULE = {
    "$schema": "../schema/module-1.json",
    "module": "supply",
    "format": 1,
    "title": "Supply",
    "menu": {"group": "site", "order": 90},
    "forms": [{"form": "order"}, {"form": "delivery"}],
}


@pytest.fixture
def supply(stage: Stage, tmp_path: Path) -> Stage:
    """Two orders whose lines have the same ids, and a form that follows them."""
    folder = tmp_path / "supply"
    folder.mkdir()
    for name, body in (("module", MODULE), ("order.form", ORDER), ("delivery.form", DELIVERY)):
        (folder / f"{name}.json").write_text(json.dumps(body))
    with stage.system(writing=True):
        definitions.publish_folder(path=folder, actor=None, now=stage.now())
    for name, items in (("Steel", ("Beam", "Plate")), ("Wood", ("Board", "Post", "Lath"))):
        lines = [{"_id": f"r{n}", "item": one} for n, one in enumerate(items, start=1)]
        stage.entries[name] = stage.entry("rita", "order", "P1", name=name, lines=lines)
    return stage


def draft(supply: Stage, **got: str) -> FormPage:
    """A saved draft for the steel, opened."""
    lines = [{"_id": row, "got": qty} for row, qty in got.items()]
    data = {"note": "N", "order": supply.entries["Steel"], "lines": lines}
    record_id = supply.draft("rita", data, "delivery")
    return open_page(supply.browser("rita"), f"/records/{record_id}/edit")


def recalculated(page: FormPage, *names: str) -> str:
    answer = page.post("recalculate", htmx=True, _changed=list(names), _n="1")
    assert answer.status_code == 200
    return str(answer.text)


def items(html: str) -> list[str]:
    return re.findall(r'id="c-lines-r\d-item"[^>]*>([^<]*)<', html)


def stored(supply: Stage, page: FormPage) -> list[tuple[str, str | None]]:
    lines = supply.record(page.record_id).data["lines"]
    return [(row["item"], row.get("got")) for row in lines]


def test_the_lines_come_to_a_page_that_chose_their_record(supply: Stage) -> None:
    page = open_page(supply.browser("rita"), NEW).fill(order=supply.entries["Steel"])
    html = recalculated(page, "order")
    assert 'tbody id="b-lines" hx-swap-oob="true"' in html
    assert items(html) == ["Beam", "Plate"]
    assert "2 rows" in html
    assert 'id="c-lines-r1-item" hx-disable hx-swap-oob' not in html, "no piece without a place"


def test_a_page_that_has_the_lines_gets_only_what_changed_in_them(supply: Stage) -> None:
    page = draft(supply, r1="1")
    html = recalculated(page.fill(**{"lines-r1-got": "2"}), "lines-r1-got")
    assert "b-lines" not in html
    assert "<input" not in html


def test_the_whole_table_is_exchanged_with_the_record_it_follows(supply: Stage) -> None:
    page = draft(supply, r1="5").fill(order=supply.entries["Wood"])
    html = recalculated(page, "order")
    assert 'tbody id="b-lines" hx-swap-oob="true"' in html
    assert items(html) == ["Board", "Post", "Lath"]
    assert re.findall(r'name="lines-r\d-got" value="([^"]*)"', html) == ["", "", ""]
    assert "data-judged-all" in html, "errors of the former lines go as well"
    assert "“Order” was changed" in html
    page.fill(order=supply.entries["Steel"])
    back = recalculated(page, "order")
    assert "was changed" not in back, "nothing was saved yet: back again loses nothing"
    assert "b-lines" not in back


def test_a_page_that_still_holds_the_former_lines_cannot_save_them_as_the_new_ones(
    supply: Stage,
) -> None:
    page = draft(supply, r1="5").fill(order=supply.entries["Wood"], **{"lines-r2-got": "7"})
    assert page.post("save", htmx=True).status_code == 200
    assert stored(supply, page) == [("Board", None), ("Post", None), ("Lath", None)]


def test_without_scripts_a_save_says_what_it_left_out(supply: Stage) -> None:
    page = draft(supply, r1="5").fill(order=supply.entries["Wood"])
    answer = page.post("save")
    assert answer.status_code == 303
    assert stored(supply, page) == [("Board", None), ("Post", None), ("Lath", None)]
    shown = open_page(page.client, answer.headers["Location"])
    assert "“Order” was changed, and with it these lines" in shown.html
    again = shown.fill(**{"lines-r3-got": "4"}).post("save")
    assert stored(supply, page)[2] == ("Lath", "4.00")
    assert "was changed" not in open_page(page.client, again.headers["Location"]).html


def test_a_new_page_without_scripts_gets_its_lines_by_saving(supply: Stage) -> None:
    page = open_page(supply.browser("rita"), NEW).fill(order=supply.entries["Steel"], note="N")
    shown = open_page(page.client, page.post("save").headers["Location"])
    assert items(shown.html) == ["Beam", "Plate"]
    assert "was changed" not in shown.html, "nothing was left out"


def test_what_was_typed_for_other_lines_is_never_sent(supply: Stage) -> None:
    page = draft(supply, r1="5").fill(order=supply.entries["Wood"])
    answer = page.post("submit")
    assert answer.status_code == 422
    shown = read(page.client, answer)
    assert any("“Order” was changed" in one for one in shown.problems)
    assert items(shown.html) == ["Board", "Post", "Lath"]
    assert supply.record(page.record_id).state == "draft"
    assert shown.post("submit").status_code == 303, "looked through and sent"
    assert stored(supply, page)[0] == ("Board", None)


def test_the_lines_of_the_new_record_are_typed_into_before_anything_is_saved(
    supply: Stage,
) -> None:
    """As a page with scripts posts: the rows it shows now, and what was typed beside them."""
    page = draft(supply, r1="5").fill(order=supply.entries["Wood"])
    held = re.findall(r'name="_rows-lines" value="([^"]+)"', recalculated(page, "order"))
    assert len(held) == 3
    page.values["_rows-lines"] = held
    page.fill(**{"lines-r1-got": "", "lines-r2-got": "", "lines-r3-got": "9"})
    html = recalculated(page, "lines-r3-got")
    assert "b-lines" not in html
    assert ">9.00<" in html, "the total below the column"
    assert page.post("save", htmx=True).status_code == 200
    assert stored(supply, page) == [("Board", None), ("Post", None), ("Lath", "9.00")]


def test_a_line_the_source_gained_since_can_be_typed_into_at_once(supply: Stage) -> None:
    page = draft(supply, r1="5")
    lines = [{"_id": f"r{n}", "item": one} for n, one in enumerate("ABC", start=1)]
    revised(supply, lines)
    page = open_page(page.client, f"/records/{page.record_id}/edit")
    answer: TestResponse = page.fill(**{"lines-r3-got": "2"}).post("save")
    assert answer.status_code == 303
    assert stored(supply, page) == [("A", "5.00"), ("B", None), ("C", "2.00")]


def test_a_line_the_source_lost_again_is_said_with_what_was_typed_for_it(supply: Stage) -> None:
    page = draft(supply, r1="5")
    revised(supply, [{"_id": f"r{n}", "item": one} for n, one in enumerate("ABC", start=1)])
    page = open_page(page.client, f"/records/{page.record_id}/edit")
    revised(supply, [{"_id": "r1", "item": "A"}])
    html = recalculated(page.fill(**{"lines-r3-got": "7"}), "lines-r3-got", "order")
    assert "Some lines are no longer there" in html
    assert items(html) == ["A"]


def revised(supply: Stage, lines: list[Json]) -> None:
    page = open_page(supply.browser("rita"), f"/records/{supply.entries['Steel']}/edit")
    page.values = {key: page.values[key] for key in page.values if not key.startswith("lines-")}
    page.values["lines-order"] = [row["_id"] for row in lines]
    page.fill(**{f"lines-{row['_id']}-item": row["item"] for row in lines})
    assert page.post("submit").status_code == 303


def test_a_locked_link_is_not_chosen_by_way_of_its_lines(supply: Stage) -> None:
    data = {"note": "N", "closed": True, "order": supply.entries["Steel"]}
    record_id = supply.draft("rita", data, "delivery")
    page = open_page(supply.browser("rita"), f"/records/{record_id}/edit")
    page.values["order"] = [supply.entries["Wood"]]
    assert page.post("save", htmx=True).status_code == 200
    assert supply.record(record_id).data["order"] == supply.entries["Steel"]
    assert [item for item, _got in stored(supply, page)] == ["Beam", "Plate"]


def test_the_last_row_of_a_table_can_be_removed_in_the_page(stage: Stage) -> None:
    record_id = stage.draft("rita")
    page = open_page(stage.browser("rita"), f"/records/{record_id}/edit")
    page.values = {key: page.values[key] for key in page.values if not key.startswith("lines-r")}
    page.values["lines-order"].remove("r1")
    assert page.post("save", htmx=True).status_code == 200
    assert stage.record(record_id).data["lines"] == []
