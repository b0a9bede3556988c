"""The approval sheet: the chain, and every signature with its meaning."""

from collections.abc import Sequence
from dataclasses import replace

from reportlab.platypus import Flowable

from portal.reports import look
from portal.reports.blocks import caption, heading, note
from portal.reports.grid import Cell, Grid
from portal.reports.sheet import ChainStep, Decision, RecordSheet
from portal.reports.text import P
from portal.reports.words import Words


def approval_sheet(sheet: RecordSheet, fixed: Words, room: float) -> list[Flowable]:
    """Chain, signatures and notes; nothing for a record that needs no approval."""
    if not (sheet.chain or sheet.decisions or sheet.notes):
        return []
    story: list[Flowable] = heading(fixed.approval, room_below=110)
    story += [note(text, room) for text in sheet.notes]
    if sheet.chain:
        story += [*caption(fixed.chain), _chain(sheet.chain, fixed, room)]
    story += caption(fixed.signatures)
    if sheet.decisions:
        story.append(_signatures(sheet.decisions, fixed, room))
    else:
        story.append(P(fixed.undecided, replace(look.VALUE, color=look.MUTED, after=10)))
    return story


def _chain(chain: Sequence[ChainStep], fixed: Words, room: float) -> Flowable:
    grid = Grid([room * 0.27, room * 0.35, room * 0.38])
    grid.edge(look.RULE, weight=0.5)
    titles = (fixed.step, fixed.people, fixed.status)
    grid.add([Cell(title, look.LABEL) for title in titles], shade=look.SHADE)
    for step in chain:
        status = f"{step.status}\n{step.why}" if step.why else step.status
        grid.add([Cell(step.title), Cell("\n".join(step.people)), Cell(status)])
    return grid.table(header_rows=1)


def _signatures(decisions: Sequence[Decision], fixed: Words, room: float) -> Flowable:
    parts = (0.16, 0.14, 0.12, 0.23, 0.17, 0.18)
    grid = Grid([room * part for part in parts])
    grid.edge(look.RULE, weight=0.5)
    titles = (fixed.step, fixed.name, fixed.decision, fixed.meaning, fixed.time)
    labels = [Cell(title, look.LABEL) for title in (*titles, fixed.record_hash)]
    grid.add(labels, shade=look.SHADE)
    for one in decisions:
        _signature(grid, one, fixed)
    return grid.table(header_rows=1)


def _signature(grid: Grid, one: Decision, fixed: Words) -> None:
    """A decision and its comment; one that no longer counts is gray and says so."""
    plain = replace(look.VALUE, color=look.MUTED) if one.removed else look.VALUE
    strong = plain if one.removed else look.STRONG
    grid.add(
        [
            Cell(one.step, plain),
            Cell(one.name, plain),
            Cell(one.decision, strong),
            Cell(one.meaning, plain),
            Cell(one.time, plain),
            Cell(one.digest, look.SMALL),
        ],
        rule="" if one.comment or one.removed else look.RULE,
    )
    if one.comment:
        label = fixed.reason if one.is_reason else fixed.comment
        cells = [Cell(label, look.LABEL), Cell(one.comment, plain, span=5)]
        grid.add(cells, rule="" if one.removed else look.RULE, with_previous=True)
    if one.removed:
        cells = [Cell("", look.LABEL), Cell(one.removed, look.STRONG, span=5)]
        grid.add(cells, with_previous=True)
