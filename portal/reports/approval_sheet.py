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
        grid.add([Cell(step.title), Cell("\n".join(step.people)), Cell(step.status)])
    return grid.table(header_rows=1)


def _signatures(decisions: Sequence[Decision], fixed: Words, room: float) -> Flowable:
    parts = (0.16, 0.14, 0.12, 0.23, 0.17, 0.18)
    grid = Grid([room * part for part in parts])
    grid.edge(look.RULE, weight=0.5)
    titles = (fixed.step, fixed.name, fixed.decision, fixed.meaning, fixed.time)
    labels = [Cell(title, look.LABEL) for title in (*titles, fixed.record_hash)]
    grid.add(labels, shade=look.SHADE)
    for one in decisions:
        grid.add(
            [
                Cell(one.step),
                Cell(one.name),
                Cell(one.decision, look.STRONG),
                Cell(one.meaning),
                Cell(one.time),
                Cell(one.digest, look.SMALL),
            ],
            rule="" if one.comment else look.RULE,
        )
        if one.comment:
            grid.add(
                [Cell(fixed.comment, look.LABEL), Cell(one.comment, span=5)], with_previous=True
            )
    return grid.table(header_rows=1)
