"""Which names of an expression go through the rows of which table; pure."""

import re
from collections.abc import Collection

_TEXT = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
# What an aggregate goes through, and how it calls each row: sum(lines, row, …
_BOUND = re.compile(r"\(\s*([A-Za-z_]\w*)\s*,\s*([A-Za-z_]\w*)\s*,")


class RowNames:
    """The names that go through rows in an expression: those of its place, and of aggregates.

    `table` is the one whose rows the place is within, `tables` are those of the form.
    """

    def __init__(self, source: str, table: str, tables: Collection[str]) -> None:
        self._bare = _TEXT.sub(lambda text: " " * len(text[0]), source)
        self._table = table
        self._bound = [
            (found.start(), self._end(found.start()), found[2], found[1])
            for found in _BOUND.finditer(self._bare)
            if found[1] in tables
        ]

    def table_of(self, name: str, at: int) -> str:
        """The table whose rows a name goes through at an offset; the innermost says."""
        around = [one for one in self._bound if one[0] < at < one[1] and one[2] == name]
        return around[-1][3] if around else self._table if name == "row" else ""

    def _end(self, start: int) -> int:
        """The offset of the parenthesis that closes the one here."""
        depth = 0
        for at in range(start, len(self._bare)):
            depth += {"(": 1, ")": -1}.get(self._bare[at], 0)
            if depth == 0:
                return at
        return len(self._bare)
