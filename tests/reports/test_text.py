"""Text on paper: what is shown, what is marked, what stays together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.reports import fonts
from portal.reports.lines import break_lines
from portal.reports.text import MISSING, missing_glyphs, visible


def measure(text: str) -> float:
    """A ruler on which a Chinese character is twice as wide as a Latin one."""
    return sum(1.0 if ord(char) < 0x2E80 else 2.0 for char in text)


@pytest.mark.parametrize(
    "text",
    [
        "a<b & c",
        "<img src='/etc/hostname'/>",
        "&amp;",
        "</para>",
        "土方 C35/45 ≤ 4 m³ €12",
        "赵喆堃",
    ],
)
def test_ordinary_text_is_shown_as_it_is(text: str) -> None:
    assert visible(text) == text
    assert missing_glyphs(text) == ()


def test_controls_and_direction_marks_are_shown_by_their_code() -> None:
    assert visible("a\x00b\u202ec\u2066d\x1be") == "a[U+0000]b[U+202E]c[U+2066]d[U+001B]e"


def test_line_ends_of_every_system_become_one_kind() -> None:
    assert visible("a\r\nb\rc\u2028d\u0085e") == "a\nb\nc\nd\ne"


def test_characters_without_ink_are_left_out() -> None:
    assert visible("soft\u00adhyphen\u200b, 一\ufe00\ufeff") == "softhyphen, 一"


def test_a_loose_accent_joins_its_letter() -> None:
    assert visible("Tomás") == "Tomás"


def test_missing_characters_are_marked_and_listed_once() -> None:
    text = "ok 😀 سلام 😀 \U000e0041"
    assert visible(text) == f"ok {MISSING} {MISSING * 4} {MISSING} [U+E0041]"
    assert missing_glyphs(text) == ("😀", "س", "ل", "ا", "م")


def test_a_lone_surrogate_is_marked() -> None:
    assert visible("a\ud800b") == f"a{MISSING}b"


def test_the_fonts_hold_what_chinese_offices_write() -> None:
    every_pair = (bytes([a, b]) for a in range(0xA1, 0xFF) for b in range(0xA1, 0xFF))
    gb2312 = {text for pair in every_pair if (text := pair.decode("gb2312", "ignore"))}
    assert len(gb2312) > 7000
    assert fonts.covers(fonts.BOLD, "".join(gb2312))
    wanted = "喆堃玥翀昇珺旻嬅赟淼" + "€£¥元㎡m³²‰≤≥±×÷Ø℃“”‘’—…•✓" + "".join(gb2312)
    assert fonts.covers(fonts.REGULAR, wanted)


def test_bold_text_sets_only_its_rare_characters_in_the_regular_face() -> None:
    assert fonts.runs("王建国", bold=True) == [(fonts.BOLD, "王建国")]
    assert fonts.runs("赵喆堃 A", bold=True) == [
        (fonts.BOLD, "赵"),
        (fonts.REGULAR, "喆堃"),
        (fonts.BOLD, " A"),
    ]


def test_a_european_name_is_set_whole_in_a_face_that_has_its_letters() -> None:
    assert fonts.runs("李 Łukasz 3", bold=False) == [
        (fonts.REGULAR, "李 "),
        ("NotoSans", "Łukasz"),
        (fonts.REGULAR, " 3"),
    ]
    for name in ("Şimşek", "Dvořák", "Őry", "Ðorđe", "Żółć", "Дмитрий Їжак", "Ωμέγα", "₹ ₽"):
        assert visible(name) == name
        assert len(fonts.runs(name.split()[0], bold=True)) == 1


def test_width_is_the_same_whether_measured_whole_or_in_pieces() -> None:
    whole = fonts.width("李 Łukasz", bold=False, size=9)
    parts = [fonts.width(part, bold=False, size=9) for part in ("李 ", "Łukasz")]
    assert whole == pytest.approx(sum(parts))


def test_latin_words_are_not_cut_and_chinese_breaks_anywhere() -> None:
    assert break_lines("reinforced concrete slab", 12, measure) == [
        "reinforced",
        "concrete",
        "slab",
    ]
    assert break_lines("一二三四五六七", 6, measure) == ["一二三", "四五六", "七"]
    assert break_lines("第3层 slab 混凝土", 10, measure) == ["第3层 slab", "混凝土"]


def test_punctuation_clings_to_its_text() -> None:
    assert break_lines("一二三四，五六", 8, measure) == ["一二三", "四，五六"]
    assert break_lines("一二三（四五）六", 8, measure) == ["一二三", "（四五）", "六"]


def test_a_word_wider_than_the_line_is_cut() -> None:
    assert break_lines("to " + "x" * 12, 6, measure) == ["to xxx", "xxxxxx", "xxx"]


def test_line_breaks_and_empty_lines_are_kept() -> None:
    assert break_lines("one\n\ntwo", 10, measure) == ["one", "", "two"]


@given(st.text(alphabet="ab ,.(一二，（）“…x\n", max_size=80), st.integers(2, 20))
def test_broken_lines_hold_the_whole_text_within_the_width(text: str, width: int) -> None:
    lines = break_lines(text, width, measure)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(measure(line) <= width for line in lines)
    assert len(lines) >= text.count("\n") + 1


@given(st.text())
def test_whatever_is_typed_can_be_drawn(text: str) -> None:
    assert all(fonts.is_drawable(char) for char in visible(text).replace("\n", ""))
