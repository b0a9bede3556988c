"""Edits of module.json: only the part that is named changes; no database."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import paths
from portal.builder.module_parts import edits
from portal.builder.module_parts.reading import KINDS, General, Who, read_module
from portal.definitions.folders import module_folders, read_folder
from portal.definitions.metaschema import is_sound
from portal.errors import Invalid
from portal.forms.texts import Text

FOLDERS = module_folders(paths.DEFINITIONS)
TEXT = (paths.DEFINITIONS / "payment" / "module.json").read_text("utf-8")

WORDS = st.text("abz ä名", max_size=8).map(str.strip)
TITLES = st.builds(Text, WORDS, WORDS).filter(bool)
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)
GENERAL = st.builds(
    General,
    TITLES,
    st.sampled_from(["cash", "crane"]),
    st.sampled_from(["money", "site"]),
    st.integers(0, 10_000).map(str),
    st.lists(KEYS, unique=True, max_size=4).map(tuple),
)
WHO: st.SearchStrategy[list[Who]] = st.lists(
    st.one_of(st.just(("requester", "")), st.tuples(st.sampled_from(KINDS[:3]), KEYS)),
    unique=True,
    min_size=1,
    max_size=5,
)


def sound(text: str) -> bool:
    return is_sound("module", read_module(text).raw)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_is_set_as_it_stands_changes_no_byte(folder: Path) -> None:
    text = read_folder(folder)["module.json"]
    found = read_module(text)
    assert edits.set_general(text, found.general) == text
    titles = {(one.scope, one.role): one.title for one in found.roles}
    assert edits.set_role_titles(text, titles) == text
    for one in found.entries:
        assert edits.set_chain(text, one.form, one.workflow) == text
        assert edits.set_access(text, one.form, "file", one.file) == text
        assert edits.set_access(text, one.form, "read", (one.read or ())[::-1] or None) == text


@given(GENERAL, GENERAL)
def test_general_settings_are_read_as_they_were_set(one: General, other: General) -> None:
    text = edits.set_general(edits.set_general(TEXT, one), other)
    found = read_module(text)
    assert sound(text)
    assert (found.general.title, found.general.order) == (other.title, other.order)
    assert set(found.general.requires) == set(other.requires)
    assert found.roles == read_module(TEXT).roles
    assert found.entries == read_module(TEXT).entries
    before = read_module(TEXT).general
    back = read_module(edits.set_general(text, before)).general
    assert (back.title, back.icon, set(back.requires)) == (
        before.title, before.icon, set(before.requires)
    )  # fmt: skip


@given(st.sampled_from(["file", "read"]), WHO, st.one_of(st.none(), WHO))
def test_access_is_read_as_it_was_set(purpose: str, who: list[Who], then: list[Who] | None) -> None:
    text = edits.set_access(TEXT, "payment", purpose, who)
    text = edits.set_access(text, "payment", purpose, then)
    assert sound(text)
    entry = read_module(text).entry("payment")
    assert entry is not None
    got = entry.file if purpose == "file" else entry.read
    assert got is None if then is None else set(got or ()) == set(then)
    assert read_module(text).entries[1:] == read_module(TEXT).entries[1:]


def test_the_first_rule_and_the_last_one_come_and_go() -> None:
    bare = edits.add_form(TEXT, "bare")
    text = edits.set_access(bare, "bare", "file", [("requester", "")])
    text = edits.set_access(text, "bare", "read", [("role", "director")])
    assert read_module(text).raw["forms"][-1]["access"] == {
        "file": [{"requester": True}],
        "read": [{"role": ["director"]}],
    }
    text = edits.set_access(edits.set_access(text, "bare", "file", None), "bare", "read", None)
    assert text == bare
    assert edits.remove_form(bare, "bare") == TEXT


def test_roles_are_added_renamed_and_removed() -> None:
    text = edits.add_role(TEXT, "project", "cost_clerk", Text("Cost clerk", "成本员"))
    assert sound(text)
    role = read_module(text).roles[-1]
    assert (role.scope, role.role, role.title) == (
        "project", "cost_clerk", Text("Cost clerk", "成本员")
    )  # fmt: skip
    renamed = edits.set_role_titles(text, {("project", "cost_clerk"): Text("Clerk")})
    assert read_module(renamed).roles[-1].title == Text("Clerk")
    assert edits.remove_role(text, role) == TEXT
    with pytest.raises(Invalid):
        edits.add_role(text, "project", "cost_clerk", Text("Again"))
    while read_module(text).roles:
        text = edits.remove_role(text, read_module(text).roles[0])
    assert '"roles"' not in text
    assert '"roles"' in edits.add_role(text, "company", "a", Text("A"))


def test_what_is_no_json_or_not_there_is_refused() -> None:
    for text in ("[]", "{", ""):
        with pytest.raises(Invalid):
            read_module(text)
    with pytest.raises(Invalid):
        edits.set_chain(TEXT, "none", "x")
    read_module('{"forms": 3, "roles": {}, "menu": [], "requires": "x"}')
