"""The answer to a recalculation: out-of-band pieces, never a control that is being edited.

Fields come whole only if a rule may have shown, hidden or locked them; the page takes such a piece
only if its state differs from what it shows.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from portal.forms.fieldpaths import cell_path, control_name, split_cell
from portal.forms.fields import FieldDefinition
from portal.forms.rendering.look import Look
from portal.forms.rendering.page import field_html
from portal.forms.rendering.parts import Html, join_all
from portal.forms.rendering.pieces import FormPieces, pieces_of
from portal.forms.rendering.reach import Reach, judged
from portal.forms.rendering.tables import (
    cell,
    cell_errors,
    cell_output,
    count_text,
    foot,
    head,
    row_html,
)
from portal.forms.rendering.values import offers_html, shown_values, unit_of

PostedRows = Mapping[str, list[str]]


def fragments_of(
    look: Look,
    reach: Reach,
    touched: Reach,
    shown_rows: PostedRows,
    renewed: Iterable[str] = (),
) -> list[Html]:
    """The pieces to exchange after a change.

    `reach` is what may differ. `touched` is what the person changed since the last answer: only
    there errors are spoken of, nobody is scolded for what is still to come. `shown_rows` are the
    row ids the page shows of each table; `renewed` the paths of fields that offer others now.
    """
    return list(_Answer(look, reach, touched, shown_rows, frozenset(renewed)).pieces())


class _Answer:
    def __init__(
        self,
        look: Look,
        reach: Reach,
        touched: Reach,
        shown_rows: PostedRows,
        renewed: frozenset[str],
    ) -> None:
        self.look, self.reach, self.renewed = look, reach, renewed
        self.form = look.form.definition
        self.shapes: FormPieces = pieces_of(self.form, look.language)
        self.shown_rows = shown_rows
        self.rows = {
            table.key: [str(row["_id"]) for row in look.data.get(table.key) or ()]
            for table in self.form.tables
        }
        self.everything = touched.all
        self.judged = judged(look.form, touched, self.rows)
        self.ruled = _ruled(look)

    def pieces(self) -> Iterator[Html]:
        for known in self.form.header:
            state = self.look.state(known, known.path)
            if state == "none":
                continue
            if known.options.get("offers") and known.path in self.renewed:
                yield self._offers(known)
            if self._may_have_turned(known.path):
                renew = known.path in self.renewed
                yield field_html(self.look, self.shapes, known, swap=True, renew=renew)
            if known.kind.name == "table" and state != "gone":
                yield from self._table(known)
            elif state != "gone":
                yield from self._header(known, state)

    def _may_have_turned(self, path: str) -> bool:
        """Whether a rule that shows, locks or requires it was judged, or its choices changed."""
        known = self.form.fields[path]
        renewed = path in self.renewed and not known.options.get("offers")
        return renewed or any(self.reach.has(node) for node in self.ruled.get(path, ()))

    def _offers(self, known: FieldDefinition) -> Html:
        """The values a plain field offers now."""
        options = offers_html(self.look, self.shapes, known)
        return self.shapes.fields[known.path].offers.join({"offers": options, "swap": True})

    def _header(self, known: FieldDefinition, state: str) -> Iterator[Html]:
        pieces = self.shapes.fields[known.path]
        if state == "read" and known.kind.name not in {"attachment", "reverse"}:
            if self.reach.has(known.path) or self._unit_changed(known):
                values = shown_values(self.look, known, known.path, self.look.data)
                yield pieces.output.join(values | {"swap": True})
        elif self._unit_changed(known):
            unit = unit_of(self.look, known, self.look.data)
            yield pieces.unit.join({"unit": unit, "swap": True})
        if known.path in self.judged:
            error = self.look.errors.get(known.path)
            yield pieces.error.join({"error": error, "swap": True})

    def _unit_changed(self, known: FieldDefinition) -> bool:
        named = [str(known.options.get(part) or "") for part in ("unit", "per", "currency")]
        return any(path in self.form.fields and self.reach.has(path) for path in named)

    def _table(self, table: FieldDefinition) -> Iterator[Html]:
        if not self.reach.table(table.key):
            return
        columns = self.look.columns(table.key)
        first = self._first_other_row(table)
        if first is not None:
            yield from self._rows(table, columns, first)
        else:
            yield from self._cells(table, columns)
        if self.reach.has(table.key) or first is not None:
            count = count_text(len(self.rows[table.key]))
            yield self._shared("count", table=table.key, count=count)
        if table.options.get("totals"):
            yield from (
                self._boxed(foot(self.look, self.shapes, column, swap=True))
                for column in columns
                if column.path in self.look.outcome.totals or self._column_turned(column)
            )
        error = self.look.errors.get(table.path)
        if table.path in self.judged:
            own = self.shapes.fields[table.path].error
            yield own.join({"error": error, "swap": True})
        yield self._errors(table, everything=self.everything or first == 0)

    def _first_other_row(self, table: FieldDefinition) -> int | None:
        """From which row on the page has others: the first new one at the end, else 0 for all."""
        now = self.rows[table.key]
        shown = self.shown_rows.get(table.key, now)
        if shown == now:
            return None
        return len(shown) if now[: len(shown)] == shown else 0

    def _rows(
        self, table: FieldDefinition, columns: list[FieldDefinition], first: int
    ) -> Iterator[Html]:
        """New rows at the end alone if the rest is as the page has it, else the body anew."""
        rows = list(self.look.data.get(table.key) or ())
        made = join_all(
            row_html(self.look, self.shapes, table, columns, row, number)
            for number, row in enumerate(rows[first:], start=first + 1)
        )
        yield self._shared("more_rows" if first else "body", table=table.key, rows=made)
        yield from self._cells(table, columns, rows[:first])

    def _shared(self, name: str, **values: Any) -> Html:
        return self.shapes.shared[name].join(values)

    def _boxed(self, cell: Html) -> Html:
        return self._shared("boxed", cell=cell)

    def _cells(
        self,
        table: FieldDefinition,
        columns: list[FieldDefinition],
        rows: list[Mapping[str, Any]] | None = None,
    ) -> Iterator[Html]:
        rows = list(self.look.data.get(table.key) or ()) if rows is None else rows
        numbers = {str(row["_id"]): number for number, row in enumerate(rows, start=1)}
        by_id = {str(row["_id"]): row for row in rows}
        for column in columns:
            if column.options.get("offers") and column.path in self.renewed:
                yield self._offers(column)
            turned = self._column_turned(column)
            if turned:
                yield self._boxed(head(self.look, self.shapes, column, swap=True))
                renew = column.path in self.renewed
                for row_id, row in by_id.items():
                    place = column, row, numbers[row_id]
                    yield self._boxed(cell(self.look, self.shapes, *place, swap=True, renew=renew))
            for row_id in self.reach.in_rows(column.path, by_id):
                path = cell_path(table.key, row_id, column.key)
                if self.look.state(column, path) == "read":
                    output = cell_output(self.look, self.shapes, column, by_id[row_id])
                    yield self._boxed(output) if turned else output  # boxes come last, in order

    def _column_turned(self, column: FieldDefinition) -> bool:
        return self._may_have_turned(column.path)

    def _errors(self, table: FieldDefinition, *, everything: bool) -> Html:
        names = " ".join(
            control_name(path) for path in self.judged if split_cell(path)[0] == table.key
        )
        return self._shared(
            "cell_errors",
            table=table.key,
            judged=names,
            everything=everything,
            errors=join_all(
                cell_errors(self.look, self.shapes, table, None if everything else self.judged)
            ),
        )


def _ruled(look: Look) -> dict[str, list[str]]:
    """Path → the nodes of rules that show, lock or require it."""
    found: dict[str, list[str]] = {}
    for rule in look.form.definition.rules:
        for path in rule.show:
            found.setdefault(path, []).append(f"{path}?")
        for path in (*rule.lock, *rule.require):
            found.setdefault(path, []).append(f"!{rule.id}")
    return found
