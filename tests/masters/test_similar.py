"""Which entries look like one: written the same way once marks, case and legal forms are gone."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.masters.similar import Entry, groups, pair, plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Harbor Estates Ltd.", "HARBOR ESTATES LIMITED"),
        ("Harbor  Estates Co., Ltd.", "Harbor-Estates"),
        ("华建劳务有限公司", "华建劳务有限责任公司"),
        ("华建劳务（上海）有限公司", "华建劳务(上海)有限公司"),
        ("ＡＢＣ　Steel", "abc steel"),
    ],
)
def test_names_written_in_two_ways_are_one(one: str, other: str) -> None:
    assert plain(one, is_name=True) == plain(other, is_name=True) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Harbor Steel Ltd.", "Harbor Estates Ltd."),
        ("华建劳务有限公司", "华建建设有限公司"),
        ("Limited", "Company"),
        ("中国公司", "中华公司"),
    ],
)
def test_other_names_stay_others(one: str, other: str) -> None:
    assert plain(one, is_name=True) != plain(other, is_name=True)


def test_numbers_are_compared_by_letters_and_digits() -> None:
    assert plain("9131 0000-MA1K00001x") == plain("91310000MA1K00001X")
    assert plain("6222 0212") == plain("62220212")


@pytest.mark.parametrize("text", ["", " ", "-", "0", "000-000", "/", "x"])
def test_what_says_nothing_is_no_reason(text: str) -> None:
    assert plain(text) == ""
    entries = [Entry(key, "", {"tax": text}) for key in "ab"]
    assert groups(entries, (), ()) == []


def test_what_looks_like_a_third_stands_with_both_and_says_why() -> None:
    entries = [
        Entry("a", "", {"name": "Harbor Ltd", "tax": "T-1"}),
        Entry("b", "", {"name": "Harbor", "tax": "T-2"}),
        Entry("c", "", {"name": "Port", "tax": "T2"}),
        Entry("d", "", {"name": "Other", "tax": "T-3"}),
    ]
    [found] = groups(entries, {"name"}, ())
    assert list(found.ids) == ["a", "b", "c"]
    assert {key: set(why) for key, why in found.alike.items()} == {
        "a": {"name"},
        "b": {"name", "tax"},
        "c": {"tax"},
    }
    assert groups(entries, {"name"}, {pair("c", "b")})[0].ids == ["a", "b"]
    assert groups(entries, {"name"}, {pair("a", "b"), pair("b", "c")}) == []


def test_entries_of_two_places_are_never_one() -> None:
    entries = [Entry("a", "P1", {"id": "310"}), Entry("b", "P2", {"id": "310"})]
    assert groups(entries, (), ()) == []


@given(st.lists(st.sampled_from(["x1", "x-1", "X 1", "y2", ""]), min_size=1, max_size=60))
def test_groups_are_apart_and_the_same_in_any_order(texts: list[str]) -> None:
    entries = [Entry(f"{n:02}", "", {"code": text}) for n, text in enumerate(texts)]
    found = groups(entries, (), ())
    ids = [one for group in found for one in group.ids]
    assert len(ids) == len(set(ids))
    assert all(len(group.ids) > 1 for group in found)
    again = groups(entries[::-1], (), ())
    assert {frozenset(g.ids) for g in again} == {frozenset(g.ids) for g in found}


def test_pairs_have_one_order() -> None:
    assert {pair(*two) for two in permutations("ab")} == {("a", "b")}
