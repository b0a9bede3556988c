"""Small pieces every part of a sheet uses: headings, captions, a note."""

from reportlab.platypus import CondPageBreak, Flowable, Spacer

from portal.reports import look
from portal.reports.grid import Cell, Grid
from portal.reports.text import P


def heading(title: str, *, room_below: float = 80) -> list[Flowable]:
    """The title of a section, on a page with at least `room_below` points for what follows."""
    return [CondPageBreak(room_below + 24), Spacer(1, 4), P(title, look.SECTION)]


def caption(text: str) -> list[Flowable]:
    """The title of a table, on the page of its first rows."""
    return [CondPageBreak(80), P(text, look.CAPTION)]


def note(text: str, room: float) -> Flowable:
    """A sentence the reader must not miss."""
    grid = Grid([room], side=8)
    grid.add([Cell(text)], shade=look.NOTE_SHADE, rule="")
    grid.edge(look.NOTE_EDGE, where="LINEBEFORE", weight=2.5)
    return grid.table(after=8)
