"""What a printed record consists of. Every string arrives translated and formatted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]
Tone = Literal["neutral", "waiting", "warning", "good", "bad"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One label with its value; a wide one takes the whole line."""

    label: str
    value: str
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts that stand together."""

    items: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: numbers are aligned right."""

    label: str
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A table with its caption; every row, and the totals, have one string per column.

    `note` stands under it.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[str, ...] | None = None
    note: str = ""


Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class StepChart:
    """A balance by day, in points from the upper left corner: what moved, what is ahead.

    `levels` and `ticks` are lines of amounts and beginnings of months; `low` is the lowest place.
    """

    width: float
    height: float
    left: float
    right: float
    levels: tuple[tuple[float, str], ...]
    ticks: tuple[tuple[float, str], ...]
    zero: float
    past: tuple[Place, ...]
    ahead: tuple[Place, ...]
    today: tuple[float, str]
    low: tuple[Place, str]
    legend: str


@dataclass(frozen=True, slots=True)
class BarLine:
    """A row: its texts by column, and where its bar stands, in days from the axis' beginning."""

    cells: tuple[str, ...]
    depth: int
    kind: Literal["task", "summary", "moment"]
    tone: Tone
    start: float
    finish: float
    done: float = 0
    late: float = 0
    old: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class BarChart:
    """A chart: columns with their widths in points, rows, ticks and marks of the axis in days."""

    columns: Sequence[tuple[str, float]]
    lines: Sequence[BarLine]
    days: float
    ticks: Sequence[tuple[float, str]]
    marks: Sequence[tuple[float, str]]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of the record: its name, size and shortened SHA-256; for images also a picture."""

    name: str
    size: str
    digest: str
    thumbnail: bytes | None = None


@dataclass(frozen=True, slots=True)
class Pictures:
    """The files of a field where the form has them: images as pictures, others by name."""

    caption: str
    files: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the form, its parts in layout order; facts stand in one or two columns."""

    title: str
    parts: tuple[Facts | SheetTable | Pictures | StepChart, ...] = ()
    columns: Literal[1, 2] = 2

    @property
    def tables(self) -> tuple[SheetTable, ...]:
        return tuple(part for part in self.parts if isinstance(part, SheetTable))


@dataclass(frozen=True, slots=True)
class ChainStep:
    """A step of the approval chain, who it was asked of, how it stands, and why."""

    title: str
    status: str
    people: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A signature: who decided what, what that means, when, and on which state of the record.

    `is_reason`: the comment is the reason it had to give. `removed` says why it no longer counts.
    """

    step: str
    name: str
    decision: str
    meaning: str
    time: str
    comment: str = ""
    digest: str = ""
    is_reason: bool = False
    removed: str = ""


@dataclass(frozen=True, slots=True)
class RecordSheet:
    """A whole printed record. `language` (en, zh) chooses the sheet's own fixed words.

    `url` is what the code on the first page leads to; `audit_head` the newest hash of the audit
    chain.
    """

    language: str
    company: str
    title: str
    number: str
    subject: str
    project: str
    state: str
    requester: str
    submitted: str
    printed_by: str
    printed_at: str
    url: str
    verification: str
    audit_head: str = ""
    tone: Tone = "neutral"
    sections: tuple[Section, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    chain: tuple[ChainStep, ...] = ()
    decisions: tuple[Decision, ...] = ()
    notes: tuple[str, ...] = ()
