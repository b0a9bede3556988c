"""What two sets of posting rules make of the same records: entries, sums and lines that differ.

Pure.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.definitions.posting_lines import PostingLine
from portal.ledgers.catalog import LEDGERS

Head = tuple[tuple[str, Any], ...]

_HEADS: Mapping[str, tuple[str, ...]] = {
    "cost_entry": ("bucket",),
    "funds_entry": ("stage", "direction"),
    "labor_entry": ("kind", "pay_class", "signed"),
    "progress_entry": ("reading",),
}
_PLAIN = (("kind", "booked"), ("kind", None))  # what goes without saying
_UNITS: Mapping[str, str] = {"amount": "ccy", "qty": "unit"}
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a measure of one unit: the currency of amounts, the unit of quantities."""

    measure: str
    unit: str
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class Group:
    """The entries of a ledger that count as the same: `head` names them by (column, word)."""

    ledger: str
    head: Head
    before: int
    after: int
    sums: tuple[Sum, ...]

    @property
    def differs(self) -> bool:
        """Whether there are other entries, or other sums."""
        return self.before != self.after or any(one.before != one.after for one in self.sums)


@dataclass(frozen=True, slots=True)
class LineChange:
    """An entry that would come, go, or have other values."""

    before: PostingLine | None
    after: PostingLine | None

    @property
    def line(self) -> PostingLine:
        """The entry as it would be; as it was where it goes."""
        line = self.after or self.before
        assert line is not None
        return line

    @property
    def columns(self) -> list[str]:
        """The columns whose values differ, in the ledger's order."""
        old = self.before.values if self.before else {}
        new = self.after.values if self.after else {}
        return [
            name for name in LEDGERS[self.line.ledger].columns if old.get(name) != new.get(name)
        ]


def groups(before: Iterable[PostingLine], after: Iterable[PostingLine]) -> list[Group]:
    """Entries and sums before and after, by ledger and by what heads its entries."""
    counts: tuple[Counter[tuple[str, Head]], Counter[tuple[str, Head]]] = (Counter(), Counter())
    sums: dict[tuple[str, Head], dict[tuple[str, str], list[Decimal]]] = {}
    for side, lines in enumerate((before, after)):
        for line in lines:
            key = line.ledger, _head(line)
            counts[side][key] += 1
            for measure, unit, value in _measured(line):
                pair = sums.setdefault(key, {}).setdefault((measure, unit), [_NOTHING, _NOTHING])
                pair[side] += value
    order = list(LEDGERS)
    keys = sorted({*counts[0], *counts[1]}, key=lambda one: (order.index(one[0]), str(one[1])))
    return [
        Group(
            *key,
            counts[0][key],
            counts[1][key],
            tuple(Sum(*one, *pair) for one, pair in sorted(sums.get(key, {}).items())),
        )
        for key in keys
    ]


def line_changes(before: Sequence[PostingLine], after: Sequence[PostingLine]) -> list[LineChange]:
    """The entries of one record that differ. Which rule makes an entry does not matter.

    Entries that say the same cancel; of the others, those of one rule and row are one that changed.
    """
    gone, came = _without_equals(before, after)
    changes = []
    for line in gone:
        match = next((one for one in came if _place(one) == _place(line)), None)
        if match is not None:
            came.remove(match)
        changes.append(LineChange(line, match))
    return [*changes, *(LineChange(None, one) for one in came)]


def _without_equals(
    before: Sequence[PostingLine], after: Sequence[PostingLine]
) -> tuple[list[PostingLine], list[PostingLine]]:
    left = list(after)
    gone = []
    for line in before:
        same = next((one for one in left if _said(one) == _said(line)), None)
        if same is None:
            gone.append(line)
        else:
            left.remove(same)
    return gone, left


def _said(line: PostingLine) -> tuple[str, Mapping[str, Any]]:
    return line.ledger, line.values


def _place(line: PostingLine) -> tuple[str, str, str]:
    return line.ledger, line.rule, line.row


def _head(line: PostingLine) -> Head:
    head = ((name, line.values.get(name)) for name in _HEADS[line.ledger])
    return tuple(one for one in head if one not in _PLAIN)


def _measured(line: PostingLine) -> Iterator[tuple[str, str, Decimal]]:
    for measure in LEDGERS[line.ledger].measures:
        value = line.values.get(measure)
        if value is not None:
            unit = _UNITS.get(measure, "")
            yield measure, str(line.values.get(unit) or "") if unit else "", Decimal(value)
