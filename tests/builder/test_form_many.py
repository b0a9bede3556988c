"""Several fields at once: removed, moved, copied here, to another form, to another draft."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.builder import queries
from portal.builder.design.form_edits import opened
from portal.builder.design.form_many import copy_fields, move_fields, renamed
from portal.builder.design.removal import remove_fields
from portal.errors import Invalid
from tests.accounts.stage import Browser
from tests.builder.conftest import DRAFT, EDITOR, FORM, Desk

ROOT = Path(__file__).parents[2]
FORMS = sorted((ROOT / "form_definitions").glob("*/*.form.json"))
DESIGN = f"{EDITOR}/design"
CHOSEN = f"{DESIGN}/chosen"


@given(st.data())
def test_moving_and_removing_touch_the_chosen_alone(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(FORMS)).read_text("utf-8")
    design = opened(text)
    sections = [one for one in design.sections if one.kind == "section"]
    placed = [each.path for one in sections for each in one.fields]
    paths = data.draw(st.lists(st.sampled_from(placed), min_size=1, max_size=6, unique=True))
    section = data.draw(st.sampled_from(sections)).at
    moved = opened(move_fields(text, paths, section))
    assert {each.path for each in next(o for o in moved.sections if o.at == section).fields} >= {
        *paths
    }
    for one in design.sections:
        left = [each.path for each in one.fields if each.path not in paths]
        now = [each.path for each in next(o for o in moved.sections if o.at == one.at).fields]
        assert [each for each in now if each not in paths] == left
    gone = opened(remove_fields(text, paths))
    assert [one for one in gone.fields if one.split("[")[0] not in paths] == list(gone.fields)
    assert set(design.fields) - set(gone.fields) == {
        one for one in design.fields if one.split("[")[0] in paths
    }


@given(st.data())
def test_a_copy_within_the_form_leaves_the_rest_and_stays_json(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(FORMS)).read_text("utf-8")
    design = opened(text)
    sections = [one for one in design.sections if one.kind == "section"]
    paths = data.draw(
        st.lists(
            st.sampled_from([one.path for one in design.header]),
            min_size=1,
            max_size=5,
            unique=True,
        )
    )
    made = opened(copy_fields(text, paths, text, sections[-1].at))
    assert [made.fields[one].node for one in design.fields] == [
        one.node for one in design.fields.values()
    ]
    new = [one for one in made.header if one.path not in design.fields]
    assert len(new) == len(paths)
    assert [one.kind for one in new] == [one.kind for one in design.header if one.path in paths]
    assert [len(one.columns) for one in new] == [
        len(one.columns) for one in design.header if one.path in paths
    ]


def test_what_copies_say_of_each_other_follows_their_keys() -> None:
    assert renamed(
        'sum(lines.amount) + rate * max(1, 2) + row.rate + "rate"',
        {"rate": "r2", "max": "m2", "lines": "l2"},
    ) == ('sum(l2.amount) + r2 * max(1, 2) + row.rate + "rate"')


SOURCE = json.dumps({
    "form": "a", "data": {"properties": {
        "qty": {"x-field": {"kind": "number", "label": {"en": "Quantity", "zh": "数量"}}},
        "price": {"x-field": {"kind": "number", "label": "Price"}},
        "total": {"x-field": {"kind": "number", "label": "Total"}},
    }},
    "computed": {"total": "qty * price"},
    "rules": [{"id": "positive", "check": "qty > 0", "on": "qty", "message": "No."},
              {"id": "dear", "when": "price > 9", "require": ["total", "price"]}],
    "layout": [{"type": "section", "title": "One", "fields": ["qty", "price", "total"]}],
}, indent=2)  # fmt: skip


def test_a_copy_brings_what_computes_it_and_its_own_rules() -> None:
    made = opened(copy_fields(SOURCE, ["qty", "total"], SOURCE, 0))
    assert made.fields["total_2"].computed == "qty_2 * price"
    assert made.fields["qty_2"].label.zh == "数量（副本）"
    assert [rule["id"] for _at, rule in made.rules] == ["positive", "dear", "positive_2"]
    assert dict(made.rules)[2] == {
        "id": "positive_2", "check": "qty_2 > 0", "on": "qty_2", "message": "No.",
    }  # fmt: skip


def test_columns_stay_in_their_table() -> None:
    text = next(one for one in FORMS if one.name == "payment.form.json").read_text("utf-8")
    column = next(one.path for one in opened(text).fields.values() if one.table)
    section = opened(text).sections[0].at
    for act in (
        lambda: move_fields(text, [column], section),
        lambda: copy_fields(text, [column], text, section),
    ):
        with pytest.raises(Invalid, match="column"):
            act()
    with pytest.raises(Invalid, match="Choose the fields"):
        remove_fields(text, [])


def section_mark(desk: Desk) -> list[list[str]]:
    return [[one.path for one in each.fields] for each in opened(desk.text()).sections]


def test_chosen_fields_are_moved_and_copied_and_taken_back(desk: Desk, author: Browser) -> None:
    author.post(f"{DESIGN}/sections", title_en="Second")
    before = desk.text()
    moved = author.post(CHOSEN, pick=["amount", "title"], act="move", section="1")
    assert moved.status_code == 303
    assert section_mark(desk) == [[], ["title", "amount"]]
    copied = author.post(CHOSEN, pick="title", act="copy", section="0", target=f"site_visit/{FORM}")
    assert copied.status_code == 303, copied.text
    assert section_mark(desk) == [["title_2"], ["title", "amount"]]
    for _act in range(2):
        found = re.search(r'name="act" value="([^"]+)"', author.get(DESIGN).text)
        assert found is not None
        author.post(f"{DRAFT}/undo", act=found[1])
    assert desk.text() == before


def test_fields_in_use_stay_and_those_free_go_together(desk: Desk, author: Browser) -> None:
    before = desk.text()
    refused = author.post(CHOSEN, pick=["title", "amount"], act="remove")
    assert refused.status_code == 422
    assert "These fields are used and stay" in refused.text
    assert refused.text.count(" checked>") >= 2
    assert desk.text() == before
    for key in ("one", "two"):
        author.post(f"{DESIGN}/new-field", kind="text", key=key, label_en=key, section="0")
    assert author.post(CHOSEN, pick=["one", "two"], act="remove").status_code == 303
    assert section_mark(desk) == [["title", "amount"]]


def test_fields_are_copied_to_another_draft_or_said_what_they_lack(
    desk: Desk, author: Browser
) -> None:
    author.post("/modules", title_en="Walk", key="walk", group="site", prefix="WK")
    author.post(f"{DESIGN}/new-field", kind="number", key="height", label_en="Height", section="0")
    author.post(f"{DESIGN}/new-field", kind="number", key="rest", label_en="Rest", section="0")
    page = author.get(f"{DESIGN}/fields/rest").text
    mark = re.search(r'name="part" value="([^"]+)"', page)
    assert mark is not None
    author.post(f"{DESIGN}/fields/rest", part=mark[1], label_en="Rest", section="0",
                computed="height * 2")  # fmt: skip
    assert opened(desk.text()).fields["rest"].computed == "height * 2"
    assert "walk/walk.form.json" in author.get(DESIGN).text
    target = "walk/walk.form.json"
    fine = author.post(CHOSEN, pick=["title", "amount"], act="copy", target=target)
    assert fine.status_code == 303, fine.text
    assert fine.location.startswith("/modules/walk/draft/walk.form.json/design")
    with desk.stage.look():
        walk = opened(queries.the_draft("walk").files["walk.form.json"])
    assert {"title_2", "amount_2"} <= set(walk.fields)
    author.post(f"{DRAFT}/files", kind="form", key="bare")
    before = desk.text("bare.form.json")
    values = {"pick": "rest", "act": "copy", "target": "site_visit/bare.form.json"}
    lacking = author.post(CHOSEN, **values)
    assert lacking.status_code == 422
    assert "The copies would not be sound there" in lacking.text
    assert "height" in lacking.text
    assert desk.text("bare.form.json") == before
    assert author.post(f"{CHOSEN}?anyway=yes", **values).status_code == 303
    assert opened(desk.text("bare.form.json")).fields["rest"].computed == "height * 2"


def test_bad_choices(desk: Desk, author: Browser) -> None:
    before = desk.text()
    for values, status in (
        ({"act": "remove"}, 422),
        ({"act": "remove", "pick": "gone"}, 422),
        ({"act": "move", "pick": "title"}, 422),
        ({"act": "move", "pick": "title", "section": "9"}, 422),
        ({"act": "copy", "pick": "title", "target": "nowhere/x.form.json"}, 422),
        ({"act": "copy", "pick": "title", "target": f"site_visit/{FORM}x"}, 422),
        ({"act": "dance", "pick": "title"}, 404),
    ):
        assert author.post(CHOSEN, **values).status_code == status, values
    assert desk.text() == before
    for login in ("vera", "rick"):
        assert desk.browser(login).post(CHOSEN, act="remove", pick="title").status_code == 403
    assert "design-pick" not in desk.browser("vera").get(DESIGN).text
