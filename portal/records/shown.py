"""What a record's document is made of: sections of facts, tables, files and lists, as texts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

WIDE = 8  # a table of more columns asks for the width of the page


@dataclass(frozen=True, slots=True)
class Shown:
    """One value as text; `former` is the text before the change being looked at."""

    path: str
    label: str
    text: str
    kind: str
    key: str | None = None
    is_number: bool = False
    is_long: bool = False
    former: str | None = None


@dataclass(frozen=True, slots=True)
class ShownFacts:
    """Single values that stand together."""

    what: ClassVar[str] = "facts"
    values: list[Shown]


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A line table: column labels, rows of values, totals by column (None where there is none).

    A column in which nothing stands is left out.
    """

    what: ClassVar[str] = "table"
    path: str
    label: str
    columns: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[Shown]]
    totals: Sequence[str | None] | None
    removed: int = 0


@dataclass(frozen=True, slots=True)
class ShownFiles:
    """The files of an attachment field, by key."""

    what: ClassVar[str] = "files"
    path: str
    label: str
    keys: Sequence[str]
    images: bool


@dataclass(frozen=True, slots=True)
class ShownReverse:
    """A list of records that point here; the page loads it within the reader's scope."""

    what: ClassVar[str] = "reverse"
    path: str
    label: str
    form: str
    by: str
    columns: Sequence[str]


Part = ShownFacts | ShownTable | ShownFiles | ShownReverse


@dataclass(slots=True)
class ShownSection:
    """A titled part of the document; its parts stand in the order of the layout.

    `is_aside`: the form keeps it folded, so a print leaves it out.
    """

    title: str
    columns: int = 2
    note: str = ""
    is_aside: bool = False
    parts: list[Part] = field(default_factory=list)

    def add(self, one: Shown) -> None:
        """A single value joins the ones right before it."""
        if not self.parts or not isinstance(self.parts[-1], ShownFacts):
            self.parts.append(ShownFacts([]))
        last = self.parts[-1]
        assert isinstance(last, ShownFacts)
        last.values.append(one)

    @property
    def facts(self) -> list[Shown]:
        return [one for part in self.parts if isinstance(part, ShownFacts) for one in part.values]

    @property
    def tables(self) -> list[ShownTable]:
        return [part for part in self.parts if isinstance(part, ShownTable)]

    @property
    def files(self) -> list[ShownFiles]:
        return [part for part in self.parts if isinstance(part, ShownFiles)]

    @property
    def reverses(self) -> list[ShownReverse]:
        return [part for part in self.parts if isinstance(part, ShownReverse)]

    @property
    def is_wide(self) -> bool:
        """Whether a table in it asks for the width of the page."""
        return any(len(table.columns) > WIDE for table in self.tables)

    @property
    def is_empty(self) -> bool:
        return not (self.parts or self.note)
