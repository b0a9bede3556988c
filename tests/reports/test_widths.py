"""Columns of a printed table: numbers never break, the room is used up."""

import pytest

from portal.reports import fonts, widths
from portal.reports.lines import break_lines
from portal.reports.sheet import Column, SheetTable

WORDS = "Excavation in soil, depth to 4 m, including disposal within 10 km"
TABLE = SheetTable(
    "Lines",
    (
        Column("清单编码"),
        Column("Description"),
        Column("本期数量", "right"),
        Column("Amount", "right"),
    ),
    (("010100001", WORDS, "480.000", "616,560.00"), ("2", "Łukasz", "−1.000", "−17.50")),
    ("", "合计", "", "7,412,860.00"),
)


def room_for(table: SheetTable) -> float:
    return sum(claim.least for claim in widths.claims(table, 8.5))


@pytest.mark.parametrize("spare", [0, 1, 40, 400])
def test_numbers_and_headings_stay_on_one_line(spare: int) -> None:
    shared = widths.share(widths.claims(TABLE, 8.5), room_for(TABLE) + spare)
    for place in (0, 2, 3):
        inner = shared[place] - 2 * widths.side(8.5)
        for text in (TABLE.columns[place].label, TABLE.rows[0][place], (TABLE.totals or ())[place]):
            lines = break_lines(text, inner, lambda t: fonts.width(t, bold=True, size=8.5))
            assert lines == [text]


@pytest.mark.parametrize("room", [60.0, 300.0, 480.0, 2000.0])
def test_the_columns_fill_the_room(room: float) -> None:
    shared = widths.share(widths.claims(TABLE, 8.5), room)
    assert sum(shared) == pytest.approx(room)
    assert min(shared) > 0


def test_long_text_gets_what_the_numbers_leave() -> None:
    shared = widths.share(widths.claims(TABLE, 8.5), 480)
    assert shared[1] == max(shared)
