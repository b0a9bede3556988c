"""Fields taken out: what is set for them alone goes with them, what others say of them stays."""

import json
from typing import Any

from portal.builder.design import rules
from portal.builder.design.form_edits import opened
from portal.builder.design.removal import remove_field, remove_fields
from portal.forms.texts import Text
from tests.accounts.stage import Browser
from tests.builder.conftest import EDITOR, Desk

DESIGN = f"{EDITOR}/design"


def pour() -> str:
    fields: dict[str, Any] = {
        key: {"x-field": {"kind": "number", "label": key}} for key in ("volume", "reason")
    }
    columns = {key: {"x-field": {"kind": "number", "label": key}} for key in ("qty", "price")}
    fields["trucks"] = {
        "x-field": {"kind": "table", "label": "Trucks", "totals": {"qty": "sum"}},
        "items": {"properties": columns},
    }
    layout = [{"type": "section", "title": "All", "fields": list(fields)}]
    return json.dumps({"form": "pour", "data": {"properties": fields}, "layout": layout}, indent=2)


def ruled() -> str:
    """The reason is shown and required for large pours, with volume locked in the same rule."""
    text = rules.set_reaction(pour(), "reason", "show", "volume > 300")
    text = rules.set_reaction(text, "reason", "require", "volume > 300")
    text = rules.add_check(text, "reason", "reason != 13", Text("Not 13.", "不可填 13。"))
    return rules.add_check(text, "volume", "volume < 500", Text("At most 500.", "最多 500。"))


def raw(text: str) -> Any:
    return json.loads(text)


def test_the_conditions_and_checks_of_a_field_go_with_it() -> None:
    left = raw(remove_field(ruled(), "reason"))
    assert [one["id"] for one in left["rules"]] == ["volume_check"]
    assert "rules" not in raw(remove_fields(ruled(), ["reason", "volume"]))


def test_a_rule_about_several_fields_stays_theirs() -> None:
    shared = raw(pour())
    shared["rules"] = [
        {"id": "both", "when": "volume > 1", "show": ["reason", "trucks"], "require": ["reason"]}
    ]
    left = raw(remove_field(json.dumps(shared), "reason"))
    assert left["rules"] == [{"id": "both", "when": "volume > 1", "show": ["trucks"]}]


def test_what_others_ask_of_a_field_stays_in_the_way() -> None:
    left = raw(remove_field(ruled(), "volume"))
    assert [one["id"] for one in left["rules"]] == [
        "reason_show", "reason_require", "reason_check",
    ]  # fmt: skip


def test_the_total_of_a_column_and_the_rules_of_its_columns_go() -> None:
    text = rules.set_reaction(pour(), "trucks[].price", "lock", "volume > 1")
    without = raw(remove_field(text, "trucks[].qty"))
    assert "totals" not in without["data"]["properties"]["trucks"]["x-field"]
    assert "rules" in without
    assert "rules" not in raw(remove_field(text, "trucks"))
    kept = remove_field(text, "trucks[].price")
    assert opened(kept).fields["trucks"].options["totals"] == {"qty": "sum"}


def test_a_field_with_its_own_condition_is_removed_on_its_page(desk: Desk, author: Browser) -> None:
    author.post(f"{DESIGN}/new-field", kind="text", label_en="Reason", then="form")
    made = rules.set_reaction(desk.text(), "reason", "require", "amount > 100")
    desk.save(author, made)
    assert "Remove the field" in author.get(f"{DESIGN}/fields/reason/remove").text
    assert author.post(f"{DESIGN}/fields/reason/remove").status_code == 303
    assert "reason" not in desk.text()
