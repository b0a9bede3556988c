"""Search in sections: what is found, in which order, and how it is shown."""

from hypothesis import given
from hypothesis import strategies as st

from portal.handbook.markdown import Section
from portal.handbook.searching import Place, pieces, search, words_of


def place(title: str, text: str, page: str = "users/filing", of: str = "Filing") -> Place:
    return Place(page, "en", of, Section("a", title, 2, text))


def titles(query: str, *places: Place) -> list[str]:
    return [hit.place.section.title for hit in search(query, places, 10)]


def test_a_heading_weighs_more_than_text_and_every_word_has_to_stand_there() -> None:
    text = place("Decide", "who may RETURN a request")
    head = place("Return it instead", "nothing here")
    neither = place("Print", "a sheet")
    assert titles("return", text, neither, head) == ["Return it instead", "Decide"]
    assert titles("return request", text, neither, head) == ["Decide"]
    assert titles("return sheet", text, neither, head) == []


def test_the_title_of_the_page_alone_finds_none_of_its_sections() -> None:
    assert titles("filing", place("Print", "a sheet")) == []
    assert titles("filing sheet", place("Print", "a sheet")) == ["Print"]


def test_chinese_is_found_within_words_and_nothing_asked_finds_nothing() -> None:
    one = place("不直接同意时", "可以退回给申请人", of="审批")
    assert titles("退回", one) == titles("申请", one) == ["不直接同意时"]
    assert titles("  ", one) == titles("", one) == []


def test_what_was_asked_for_is_marked_around_where_it_stands() -> None:
    (hit,) = search("pilot", [place("Then", "x" * 300 + " a Pilot runs " + "y" * 300)], 10)
    marked = [text for text, is_hit in hit.snippet if is_hit]
    shown = "".join(text for text, _is_hit in hit.snippet)
    assert marked == ["Pilot"]
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 200


@given(st.text(max_size=60), st.text(max_size=12))
def test_pieces_are_the_text_and_marked_is_only_what_was_asked(text: str, query: str) -> None:
    words = words_of(query)
    cut = pieces(text, words)
    assert "".join(one for one, _is_hit in cut) == text
    letters = set("".join(words))
    assert all(set(one.lower()) <= letters for one, is_hit in cut if is_hit)
