"""Dragging: fields, columns and sections at a place, new kinds where they were dropped."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.builder.design.form_edits import opened
from portal.builder.design.form_places import put_field, put_section
from portal.errors import Invalid
from tests.accounts.stage import Browser
from tests.builder.conftest import EDITOR, Desk

ROOT = Path(__file__).parents[2]
FORMS = sorted((ROOT / "form_definitions").glob("*/*.form.json"))
DESIGN = f"{EDITOR}/design"


def order(text: str) -> list[list[str]]:
    return [[one.path for one in each.fields] for each in opened(text).sections]


@given(st.data())
def test_a_field_stands_where_it_was_put_and_nothing_else_moves(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(FORMS)).read_text("utf-8")
    design = opened(text)
    sections = [one for one in design.sections if one.kind != "note"]
    section = data.draw(st.sampled_from([one for one in sections if one.fields]))
    path = data.draw(st.sampled_from(section.fields)).path
    target = data.draw(st.sampled_from(sections))
    index = data.draw(st.integers(0, 12))
    wanted = {
        one.at: [each.path for each in one.fields if each.path != path] for one in design.sections
    }
    wanted[target.at].insert(index, path)
    made = put_field(text, path, target.at, index)
    assert order(made) == [wanted[one.at] for one in design.sections]
    before, after = json.loads(text), json.loads(made)
    assert {**before, "layout": 0} == {**after, "layout": 0}
    back = [each.path for each in section.fields].index(path)
    again = put_field(made, path, section.at, back)
    assert json.loads(again) == before


@given(st.data())
def test_columns_and_sections_stand_where_they_were_put(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(FORMS)).read_text("utf-8")
    design = opened(text)
    at = data.draw(st.sampled_from([one.at for one in design.sections]))
    index = data.draw(st.integers(0, len(design.sections)))
    wanted: list[Any] = [one.raw for one in design.sections if one.at != at]
    wanted.insert(index, next(one.raw for one in design.sections if one.at == at))
    assert [one.raw for one in opened(put_section(text, at, index)).sections] == wanted
    columns = [one for one in design.fields.values() if one.table]
    if columns:
        column = data.draw(st.sampled_from(columns))
        keys = [one.key for one in columns if one.table == column.table and one is not column]
        keys.insert(index, column.key)
        made = opened(put_field(text, column.path, None, index))
        assert [one.key for one in made.fields[column.table].columns] == keys


def test_no_such_section_is_refused(desk: Desk, author: Browser) -> None:
    with pytest.raises(Invalid):
        put_field(desk.text(), "title", 7, 0)
    with pytest.raises(Invalid):
        put_field(desk.text(), "title", None, 0)


def part(author: Browser) -> str:
    found = re.search(r'data-section-at="0" data-part="([^"]+)"', author.get(DESIGN).text)
    assert found is not None
    return found[1]


def test_a_field_is_dragged_within_its_section(desk: Desk, author: Browser) -> None:
    url, mark = f"{DESIGN}/fields/title/place", part(author)
    answer = author.post(url, section="0", index="1", part=mark, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="_canvas"')
    assert 'id="undo"' in answer.text
    assert order(desk.text()) == [["amount", "title"]]
    assert author.post(url, section="0", index="0", part=mark).status_code == 303
    assert order(desk.text()) == [["title", "amount"]]


def test_a_section_changed_meanwhile_or_bad_input_moves_nothing(
    desk: Desk, author: Browser
) -> None:
    before, mark = desk.text(), part(author)
    url = f"{DESIGN}/fields/title/place"
    for values, status in (
        ({"section": "0", "index": "1", "part": "old"}, 409),
        ({"section": "9", "index": "1", "part": mark}, 409),
        ({"index": "1"}, 422),
        ({"section": "0", "part": mark}, 422),
        ({"section": "0", "index": "-1", "part": mark}, 422),
        ({"section": "0", "index": "x", "part": mark}, 422),
    ):
        answer = author.post(url, headers={"HX-Request": "true"}, **values)
        assert answer.status_code == status, values
        assert 'id="_canvas"' in answer.text
        assert 'role="alert"' in answer.text
    assert author.post(f"{DESIGN}/fields/nothing/place", index="0").status_code == 404
    assert desk.text() == before


def test_a_section_is_dragged(desk: Desk, author: Browser) -> None:
    author.post(f"{DESIGN}/sections", title_en="Second")
    url = f"{DESIGN}/sections/0/place"
    assert author.post(url, index="1", part=part(author)).status_code == 303
    assert [one.title.en for one in opened(desk.text()).sections] == ["Second", "General"]
    assert (
        author.post(url, index="1", part="old", headers={"HX-Request": "true"}).status_code == 409
    )


def test_a_kind_dropped_is_a_field_there_and_open_beside(desk: Desk, author: Browser) -> None:
    values = {"section": "0", "index": "1", "part": part(author)}
    answer = author.post(f"{DESIGN}/dropped", kind="date", headers={"HX-Request": "true"}, **values)
    assert answer.status_code == 200
    assert order(desk.text()) == [["title", "field", "amount"]]
    assert 'id="_side"' in answer.text
    assert 'name="label_en" value="New field"' in answer.text
    author.post(f"{DESIGN}/dropped", kind="text", **values)
    assert order(desk.text()) == [["title", "field_2", "field", "amount"]]
    asked = author.post(f"{DESIGN}/dropped", kind="record", **values)
    assert asked.status_code == 303
    assert f"{DESIGN}/new-field?kind=record" in asked.location
    before = desk.text()
    for wrong in ({"kind": "unheard_of"}, {"kind": "text", "table": "no_table"}):
        answer = author.post(
            f"{DESIGN}/dropped", headers={"HX-Request": "true"}, **{**values, **wrong}
        )
        assert answer.status_code == 422
    assert desk.text() == before


def test_a_kind_dropped_into_a_table_is_a_column(desk: Desk, author: Browser) -> None:
    author.post(f"{DESIGN}/new-field", kind="table", key="lines", label_en="Lines", section="0")
    author.post(f"{DESIGN}/dropped", kind="number", table="lines", index="0")
    columns = opened(desk.text()).fields["lines"].columns
    assert [one.key for one in columns] == ["field", "item"]
    author.post(f"{DESIGN}/fields/lines.field/place", index="1", table="lines")
    assert [one.key for one in opened(desk.text()).fields["lines"].columns] == ["item", "field"]


def test_a_field_saved_beside_the_form_answers_with_both(desk: Desk, author: Browser) -> None:
    htmx = {"HX-Request": "true"}
    shown = author.get(f"{DESIGN}/fields/title", headers=htmx).text
    assert shown.lstrip().startswith('<div id="_field"')
    mark = re.search(r'name="part" value="([^"]+)"', shown)
    assert mark is not None
    values = {"part": mark[1], "label_zh": "", "section": "0"}
    url = f"{DESIGN}/fields/title"
    saved = author.post(url, label_en="Subject", headers=htmx, **values)
    assert saved.status_code == 200
    assert 'id="_field"' in saved.text
    assert 'id="_canvas" class="design-form" hx-swap-oob="true"' in saved.text
    assert "“Subject” is saved in the draft." in saved.text
    stale = author.post(url, label_en="Mine", headers=htmx, **values)
    assert stale.status_code == 409
    assert 'value="Mine"' in stale.text
    assert "<html" not in stale.text


def test_who_may_not_drag(desk: Desk, author: Browser) -> None:
    auditor = desk.browser("vera")
    page = auditor.get(DESIGN).text
    assert "Sortable.min.js" not in page
    assert "design-handle" not in page
    for login in ("vera", "rick"):
        browser = desk.browser(login)
        for url in ("fields/title/place", "sections/0/place", "dropped"):
            assert browser.post(f"{DESIGN}/{url}", index="0").status_code == 403
