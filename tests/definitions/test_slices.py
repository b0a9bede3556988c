"""Edits as slices: whatever happened, taking all back gives the bytes there were."""

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.definitions.slices import (
    Edit,
    Meets,
    Slice,
    applied,
    as_of,
    between,
    changes,
    settled,
    taking_back,
)

TEXT = st.one_of(st.none(), st.text("ab,\n", max_size=12))


@dataclass
class File:
    """A file, everything done to it, and whose it is."""

    text: str | None
    done: list[Edit] = field(default_factory=list)
    whose: dict[str, str] = field(default_factory=dict)

    def edit(self, after: str | None, who: str) -> None:
        for cut in changes(self.text, after):
            self.text = applied(self.text, cut)
            self._note(cut, who)
        assert self.text == after

    def take_back(self, which: str, who: str) -> None:
        at = [one.id for one in self.done].index(which)
        cut = taking_back(self.done[at:])
        self.text = applied(self.text, cut)
        self._note(cut, who, which)

    def _note(self, cut: Slice, who: str, takes_back: str | None = None) -> None:
        made = Edit(str(len(self.done)), cut, takes_back)
        self.done.append(made)
        self.whose[made.id] = who


@given(TEXT, TEXT)
def test_a_slice_makes_one_text_of_the_other_and_back(
    before: str | None, after: str | None
) -> None:
    cut = between(before, after)
    assert applied(before, cut) == after
    assert applied(after, cut.inverse) == before


@given(TEXT, st.lists(TEXT, max_size=8))
def test_taking_all_back_gives_the_first_bytes_and_doing_all_again_the_last(
    first: str | None, texts: list[str | None]
) -> None:
    file = File(first)
    for text in texts:
        file.edit(text, "nora")
    last, edits = file.text, [one.id for one in file.done]
    for which in reversed(edits):
        file.take_back(which, "nora")
    assert file.text == first
    undos = [one.id for one in file.done[len(edits) :]]
    for which in reversed(undos):
        file.take_back(which, "nora")
    assert file.text == last
    redos = [one.id for one in file.done[2 * len(edits) :]]
    for which in reversed(redos):
        file.take_back(which, "nora")
    assert file.text == first


@given(st.data())
def test_two_authors_at_different_parts_take_back_only_their_own(data: st.DataObject) -> None:
    """Each has a part between fixed marks; taking back and doing again is interleaved at random."""
    parts = {"nora": "one", "ada": "two"}
    file = File("<one|two>")
    standing: dict[str, list[tuple[str, str]]] = {"nora": [], "ada": []}
    for _turn in range(data.draw(st.integers(1, 14))):
        who = data.draw(st.sampled_from(["nora", "ada"]))
        if standing[who] and data.draw(st.booleans()):
            which, before = standing[who].pop()
            file.take_back(which, who)
            parts[who] = before
        else:
            before, parts[who] = parts[who], data.draw(st.text("xyz", max_size=5))
            count = len(file.done)
            file.edit(f"<{parts['nora']}|{parts['ada']}>", who)
            if len(file.done) > count:
                assert len(file.done) == count + 1
                standing[who].append((file.done[-1].id, before))
        assert file.text == f"<{parts['nora']}|{parts['ada']}>"


def test_a_place_changed_since_is_named() -> None:
    file = File("amount")
    file.edit("Amount", "nora")
    file.edit("AMOUNT", "ada")
    with pytest.raises(Meets) as met:
        taking_back(file.done)
    assert met.value.edit is file.done[1]


def test_what_was_changed_and_changed_back_is_not_in_the_way() -> None:
    file = File("amount")
    file.edit("Amount", "nora")
    file.edit("AMOUNT", "ada")
    file.take_back("1", "ada")
    assert settled(file.done) == [file.done[0]]
    file.take_back("0", "nora")
    assert file.text == "amount"


def test_lines_between_two_changes_are_nobodys() -> None:
    file = File("fields\n  a\n  b\nlayout\n  a\n  b\n")
    file.edit("fields\n  a\n  b\n  c\nlayout\n  a\n  b\n  c\n", "nora")
    file.edit("fields\n  a\n  b\n  c\nLAYOUT\n  a\n  b\n  c\n", "ada")
    file.take_back("1", "nora")
    file.take_back("0", "nora")
    assert file.text == "fields\n  a\n  b\nLAYOUT\n  a\n  b\n"


def test_an_item_comes_and_goes_with_its_comma() -> None:
    assert between('[{"a"},{"b"}]', '[{"a"},{"c"},{"b"}]') == Slice(6, "", ',{"c"}')
    assert between('[{"a"},{"c"},{"b"}]', '[{"a"},{"b"}]') == Slice(6, ',{"c"}', "")


@given(st.lists(st.tuples(st.sampled_from("fg"), TEXT), max_size=8))
def test_every_earlier_state_is_found_again(saves: list[tuple[str, str | None]]) -> None:
    files: dict[str, str] = {}
    states, edits = [dict(files)], []
    for name, text in saves:
        edits.append((name, between(files.get(name), text)))
        files = {one: each for one, each in {**files, name: text}.items() if each is not None}
        states.append(files)
    for number, state in enumerate(states):
        assert as_of(files, edits[number:][::-1]) == state


def test_another_text_at_the_place_is_refused() -> None:
    with pytest.raises(ValueError, match="another"):
        applied("abc", Slice(0, "b", "c"))
    with pytest.raises(ValueError, match="another"):
        applied("abc", replace(between(None, "abd"), removed="abd", added=None))
