"""Texts of a module in both languages: found, counted, set; no database."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import paths
from portal.builder.wording import Wording, lacking, with_wording, wordings
from portal.definitions.folders import module_folders, read_folder
from portal.forms.texts import Text

FOLDERS = module_folders(paths.DEFINITIONS)
FILES = [
    (folder.name, name, text)
    for folder in FOLDERS
    for name, text in read_folder(folder).items()
    if not name.endswith(".postings.json")
]
FULL = json.dumps(
    {
        "form": "x",
        "title": {"en": "Visit", "zh": "巡查"},
        "data": {
            "type": "object",
            "properties": {
                "title": {"type": "string", "title": "Title", "description": "As known"},
                "label": {"x-field": {"kind": "text", "label": "Mark"}},
                "state": {
                    "type": "string",
                    "title": "State",
                    "oneOf": [{"const": "a", "title": "Open"}, {"const": "b", "title": "Done"}],
                },
                "rows": {
                    "type": "array",
                    "title": "Rows",
                    "items": {"properties": {"qty": {"type": "string", "title": "Quantity"}}},
                },
            },
        },
        "texts": {"zh": {"title": "标题", "state=a": "未办"}},
        "rules": [{"id": "r", "check": "a", "message": {"zh": "不对"}, "on": "title"}],
    },
    ensure_ascii=False,
    indent=1,
)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_shipped_modules_lack_nothing_and_one_taken_out_is_counted(folder: Path) -> None:
    files = read_folder(folder)
    assert lacking(files) == 0
    for name, text in files.items():
        for one in wordings(name, text):
            if one.text.zh:
                changed = with_wording(text, one, Text(one.text.en))
                assert lacking({**files, name: changed}) in (0, 1)
                assert [x.text for x in wordings(name, changed) if x.place == one.place] == [
                    Text(one.text.en)
                ]
                break


@pytest.mark.parametrize(("module", "name", "text"), FILES, ids=lambda one: str(one)[:40])
def test_texts_set_as_they_stand_change_no_byte(module: str, name: str, text: str) -> None:
    found = wordings(name, text)
    assert found, module
    assert len({one.address for one in found}) == len(found)
    for one in found:
        assert with_wording(text, one, one.text) == text


def by_address(text: str) -> dict[str, Wording]:
    return {one.address: one for one in wordings("x.form.json", text)}


def test_a_form_in_full_keeps_its_chinese_apart() -> None:
    found = by_address(FULL)
    at = "data/properties"
    assert {address: (one.text.en, one.text.zh) for address, one in found.items()} == {
        "title": ("Visit", "巡查"),
        f"{at}/title/title": ("Title", "标题"),
        f"{at}/title/description": ("As known", ""),
        f"{at}/label/x-field/label": ("Mark", ""),
        f"{at}/state/title": ("State", ""),
        f"{at}/state/oneOf/0/title": ("Open", "未办"),
        f"{at}/state/oneOf/1/title": ("Done", ""),
        f"{at}/rows/title": ("Rows", ""),
        f"{at}/rows/items/properties/qty/title": ("Quantity", ""),
        "rules/0/message": ("", "不对"),
    }
    assert lacking({"x.form.json": FULL}) == 7
    text = FULL
    for address, one in found.items():
        text = with_wording(text, one, Text(one.text.en or "Wrong", f"中{address}"))
    now = by_address(text)
    assert {one.text.zh for one in now.values()} == {f"中{address}" for address in found}
    zh = json.loads(text)["texts"]["zh"]
    assert zh["rows[].qty"] == f"中{at}/rows/items/properties/qty/title"
    assert zh["state=b"] == f"中{at}/state/oneOf/1/title"
    assert zh["title#hint"] == f"中{at}/title/description"


WORDS = st.text('abc 中文\n"\\', max_size=12)


@given(st.sampled_from(sorted(by_address(FULL))), WORDS, WORDS)
def test_what_is_set_is_read_back_and_nothing_else_changes(address: str, en: str, zh: str) -> None:
    one, given_text = by_address(FULL)[address], Text(en, zh)
    if not given_text:
        given_text = Text("x")
    text = with_wording(FULL, one, given_text)
    now, before = by_address(text), by_address(FULL)
    got = now.pop(address).text
    assert got == given_text or (one.apart and got == Text(zh, "") and not en)
    before.pop(address)
    assert now == before


def test_codes_and_figures_are_not_missed_and_what_is_no_json_has_none() -> None:
    text = (
        '{"module": "x", "title": "PVC", "roles": [{"role": "a", "title": "12 %"}, {"title": "b"}]}'
    )
    assert [one.is_lacking for one in wordings("module.json", text)] == [False, False, True]
    assert [one.within for one in wordings("module.json", text)] == ["", "a", "2"]
    assert wordings("module.json", "{") == wordings("module.json", "[]") == []
    assert wordings("x.postings.json", '{"title": "x"}') == []
    assert lacking({"x.cases.json": '{"cases": [{"name": "One", "given": {"title": "x"}}]}'}) == 1
