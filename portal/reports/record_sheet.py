"""The PDF of a record: title block, sections of the form, attachments, approval sheet."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace

from reportlab.platypus import Flowable

from portal.reports import look, pages, widths
from portal.reports.approval_sheet import approval_sheet
from portal.reports.attachments import attachment_list, pictures
from portal.reports.blocks import caption, heading
from portal.reports.grid import Cell, Grid
from portal.reports.sheet import Fact, Facts, Pictures, RecordSheet, Section, SheetTable, StepChart
from portal.reports.steps import Steps
from portal.reports.text import P, measure, missing_glyphs
from portal.reports.title_block import title_block, verification
from portal.reports.words import Words, words

_LABEL_LEAST, _LABEL_MOST = 66.0, 120.0  # points for the labels of a section
_BEGIN, _SHORT, _ROW = 80.0, 10, 18.0
_LINES = 2  # a value of more lines takes the whole width
_SIZES = (8.5, 7.5, 6.5, 5.5)  # font sizes tried for a table, in points
_UPRIGHT = 7.5  # points: before a table gets smaller, the paper is turned


def record_pdf(sheet: RecordSheet) -> bytes:
    """The printed record as PDF bytes; equal sheets give equal bytes."""
    fixed = words(sheet.language)
    paper = paper_for(sheet)
    room = paper[0] - 2 * look.MARGIN
    story: list[Flowable] = title_block(sheet, fixed, room)
    story += verification(sheet, fixed, room, _missing(sheet))
    for section in sheet.sections:
        story += section_story(section, fixed, room)
    story += attachment_list(sheet.attachments, fixed, room)
    story += approval_sheet(sheet, fixed, room)
    return pages.build(sheet, story, paper)


def paper_for(sheet: RecordSheet) -> tuple[float, float]:
    """Portrait while every table's columns fit at a readable size; otherwise landscape."""
    room = look.PORTRAIT[0] - 2 * look.MARGIN
    tables = [table for section in sheet.sections for table in section.tables]
    upright = all(_needs(table, _UPRIGHT) <= room for table in tables)
    return look.PORTRAIT if upright else look.LANDSCAPE


def _size(table: SheetTable, room: float) -> float:
    """The largest size at which the columns fit."""
    return next((size for size in _SIZES if _needs(table, size) <= room), _SIZES[-1])


def _needs(table: SheetTable, size: float) -> float:
    return sum(claim.least for claim in widths.claims(table, size))


def section_story(section: Section, fixed: Words, room: float) -> list[Flowable]:
    """The title of a section with its parts."""
    needed = max(map(_stays_whole, section.parts[:1]), default=_BEGIN)
    story: list[Flowable] = heading(section.title, room_below=needed) if section.title else []
    for part in section.parts:
        if isinstance(part, Facts):
            story.append(_facts(part, section.columns, room))
        elif isinstance(part, SheetTable):
            story += table_story(part, fixed, room, under=section.title)
        elif isinstance(part, StepChart):
            story += [Steps(part), P(part.legend, look.SMALL)]
        else:
            story += pictures(part, room, under=section.title)
    return story


def _stays_whole(part: Facts | SheetTable | Pictures | StepChart) -> float:
    """The room below a title without which it goes to the next page: a chart and a short table are
    not torn apart, of all else a beginning suffices.
    """
    if isinstance(part, StepChart):
        return part.height
    if isinstance(part, SheetTable) and len(part.rows) <= _SHORT:
        return max(_BEGIN, _ROW * (len(part.rows) + 2))
    return _BEGIN


def _facts(facts: Facts, columns: int, room: float) -> Flowable:
    pairs = 1 if columns == 1 else 2
    label = _label_width(facts)
    value = room / pairs - label
    grid = Grid([label, value] * pairs)
    grid.edge(look.RULE, weight=0.5)
    waiting: list[Fact] = []
    for fact in facts.items:
        if pairs == 1 or fact.wide or _is_long(fact.value, value):
            _flush(grid, waiting, pairs)
            grid.add([Cell(fact.label, look.LABEL), Cell(fact.value, span=2 * pairs - 1)])
            continue
        waiting.append(fact)
        if len(waiting) == pairs:
            _flush(grid, waiting, pairs)
    _flush(grid, waiting, pairs)
    return grid.table()


def _label_width(facts: Facts) -> float:
    widest = max(measure(fact.label, look.LABEL) for fact in facts.items)
    return min(max(widest + 12, _LABEL_LEAST), _LABEL_MOST)


def _is_long(value: str, room: float) -> bool:
    return "\n" in value or measure(value, look.VALUE) > _LINES * room


def _flush(grid: Grid, waiting: list[Fact], pairs: int) -> None:
    """Write the facts collected for one line; a lone one leaves the rest of the line empty."""
    if waiting:
        cells = [c for f in waiting for c in (Cell(f.label, look.LABEL), Cell(f.value))]
        grid.add(cells)
        waiting.clear()


def table_story(table: SheetTable, fixed: Words, room: float, under: str) -> list[Flowable]:
    """The table with its caption, unless the section `under` which it stands is called the same."""
    size = _size(table, room)
    style = replace(look.VALUE, size=size, leading=round(size * 1.4, 1))
    bold = replace(style, bold=True)
    grid = Grid(widths.share(widths.claims(table, size), room), side=widths.side(size), above=2)
    grid.edge(look.INK)
    aligned = [column.align for column in table.columns]
    grid.add(
        [Cell(c.label, replace(bold, align=c.align)) for c in table.columns],
        shade=look.SHADE,
        rule=look.INK,
    )
    columns = [replace(style, align=align) for align in aligned]
    for row in table.rows:
        grid.add([Cell(text, styled) for text, styled in zip(row, columns, strict=True)])
    if not table.rows:
        grid.add([Cell(fixed.empty_table, replace(style, color=look.MUTED), span=len(columns))])
    if table.totals:
        totals = zip(table.totals, aligned, strict=True)
        grid.add(
            [Cell(text, replace(bold, align=align)) for text, align in totals],
            shade=look.SHADE,
            rule=look.INK,
            with_previous=True,
        )
    made = grid.table(header_rows=1)
    above = caption(table.caption) if table.caption not in ("", under) else []
    return [*above, made, *([P(table.note, replace(look.SMALL, after=6))] if table.note else [])]


def _missing(sheet: RecordSheet) -> tuple[str, ...]:
    return missing_glyphs("\n".join(_texts(sheet)))


def _texts(part: object) -> Iterator[str]:
    """Every string of a sheet, in reading order."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Sequence) and not isinstance(part, bytes):
        for one in part:
            yield from _texts(one)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _texts(getattr(part, field.name))
