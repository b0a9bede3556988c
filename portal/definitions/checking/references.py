"""What one form must keep to beyond the compiler's checks: key words, steps, titles, lists, texts.

That paths lead to fields is the compiler's business (portal.forms.references).
"""

import keyword
from collections.abc import Iterable

from portal.definitions.checking.findings import Notes
from portal.definitions.json_source import Path
from portal.errors import N_
from portal.expressions.scope import nearest
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.standards import is_currency_code

RESERVED = frozenset({"row", "record", "target"})
NO_FIELD = N_("The form has no field “%(field)s”.")
PRIVATE = N_("“%(field)s” is private and stands in no title or list.")
CORRECT = N_("Correct the name.")
DID_YOU_MEAN = N_("Did you mean “%(other)s”?")


def no_field(notes: Notes, path: Path, field: str, known: Iterable[str], message: str = "") -> None:
    """Note an unknown field with the likeliest meant one."""
    other = nearest(field, known)
    remedy = DID_YOU_MEAN if other else CORRECT
    notes.add(path, message or NO_FIELD, remedy, field=field, other=other or "")


def stored_kind(field: FieldDefinition) -> str:
    """The kind of what is stored: a roll-up is money, a number, ..."""
    if field.kind.name != "rollup":
        return field.kind.name
    op = field.options.get("op")
    return str(field.options.get("as") or ("number" if op == "count" else "money"))


class References:
    """One form's inner references; `steps` are those of its workflow, None if it is unread."""

    def __init__(self, form: FormDefinition, notes: Notes, steps: frozenset[str] | None) -> None:
        self.form = form
        self.notes = notes
        self.steps = steps

    def check(self) -> None:
        """Everything but types and other forms."""
        for field in self.form.fields.values():
            self._check_field(field)
        self._check_required()
        self._check_rules()
        self._check_layout()
        self._check_computed()
        self._check_facts()
        self._check_list()
        self._check_private()
        self._check_texts()

    def header_field(self, path: Path, field: str) -> FieldDefinition | None:
        """The field named here; notes it if it is a column. Unknown ones are the compiler's."""
        found = self.form.fields.get(field)
        if found is not None and found.table is not None:
            self.notes.add(
                path,
                N_("“%(field)s” is a column of a table."),
                N_("Name a field of the form itself."),
                field=field,
            )
            return None
        return found

    def _check_field(self, field: FieldDefinition) -> None:
        hides = field.table is None and (
            field.key in RESERVED or (field.key == "parent" and bool(self.form.tables))
        )
        if hides or keyword.iskeyword(field.key):
            self.notes.add(
                field.place,
                N_("“%(field)s” has a meaning of its own in expressions."),
                N_("Choose another key."),
                at_key=True,
                field=field.key,
            )
        options, place = field.options, (*field.place, "x-field")
        currency = str(options.get("currency") or "project")
        if currency != "project" and not is_currency_code(currency):
            self._check_names_text((*place, "currency"), self.sibling(field, currency))
        for name in ("unit", "per"):
            unit = str(options.get(name) or "")
            if "[]." in unit and unit not in self.form.fields:
                no_field(self.notes, (*place, name), unit, self.form.fields)
        for column, aggregate in (options.get("totals") or {}).items():
            found = self.form.fields.get(f"{field.key}[].{column}")
            if found is not None and aggregate != "count" and found.kind.index != "number":
                self.notes.add(
                    (*place, "totals", column),
                    N_("“%(field)s” is no number and has no total."),
                    N_("Write count, or name a column of numbers."),
                    field=column,
                )

    def sibling(self, field: FieldDefinition, named: str) -> str:
        """The path a field names: a column of its own row first, then a field of the header."""
        inside = f"{field.table}[].{named}"
        return inside if field.table is not None and inside in self.form.fields else named

    def _check_names_text(self, path: Path, named: str) -> None:
        found = self.form.fields.get(named)
        if found is not None and found.kind.name not in ("text", "choice"):
            self.notes.add(
                path,
                N_("“%(field)s” does not hold a currency code."),
                N_("Name a text or a choice of currency codes."),
                field=named,
            )

    def _check_required(self) -> None:
        """Names in the `required` of a schema written by hand."""
        for table in (None, *self.form.tables):
            data = self.form.expanded["data"]
            rows = data if table is None else data["properties"][table.key]["items"]
            place: Path = ("data",) if table is None else (*table.place, "items")
            for at, key in enumerate(rows.get("required", ())):
                if key not in rows["properties"]:
                    no_field(self.notes, (*place, "required", at), key, rows["properties"])

    def _check_rules(self) -> None:
        seen: set[str] = set()
        for rule in self.form.rules:
            raw = self.form.expanded["rules"][rule.place[1]]
            if rule.id in seen:
                self.notes.add((*rule.place, "id"), N_("The rule “%(id)s” stands there twice."),
                               N_("Give each rule an id of its own."), id=rule.id)  # fmt: skip
            seen.add(rule.id)
            for at, step in enumerate(raw.get("at", ())):
                if self.steps is not None and step not in self.steps:
                    self.notes.add(
                        (*rule.place, "at", at),
                        N_("The workflow has no step “%(step)s”."),
                        CORRECT,
                        step=step,
                    )

    def _check_layout(self) -> None:
        seen: set[str] = set()
        for number, block in enumerate(self.form.expanded["layout"]):
            for at, path in enumerate(block.get("fields", ())):
                place: Path = ("layout", number, "fields", at)
                self.header_field(place, path)
                if path in seen:
                    self.notes.add(place, N_("“%(field)s” stands in the layout twice."),
                                   N_("Keep one of the two."), field=path)  # fmt: skip
                seen.add(path)

    def _check_computed(self) -> None:
        for path in self.form.expanded.get("computed", ()):
            found = self.form.fields.get(path)
            if found is None:
                continue
            taken = found.fetched_from is not None
            if taken or found.kind.name in ("table", "reverse", "rollup", "attachment"):
                self.notes.add(
                    ("computed", path),
                    N_("“%(field)s” gets its value another way and cannot be computed."),
                    N_("Keep one of the two."),
                    at_key=True,
                    field=path,
                )

    def _check_facts(self) -> None:
        subject = self.form.subject and self.header_field(("subject",), self.form.subject)
        if subject and subject.kind.name in ("table", "reverse", "attachment"):
            self.notes.add(("subject",), N_("“%(field)s” cannot be the title of a record."),
                           N_("Name a simple field."), field=subject.path)  # fmt: skip
        amount = self.form.amount and self.header_field(("amount",), self.form.amount)
        if amount and stored_kind(amount) != "money":
            self.notes.add(
                ("amount",),
                N_("“%(field)s” is no money."),
                N_("Name a field of money."),
                field=amount.path,
            )
        closes = self.form.closes and self.header_field(("closes",), self.form.closes)
        if closes and not (stored_kind(closes) == "date" and closes.required):
            self.notes.add(
                ("closes",),
                N_("“%(field)s” is no date that is always there."),
                N_("Name a required date."),
                field=closes.path,
            )
        if closes and self.form.scope != "project":
            self.notes.add(
                ("closes",),
                N_("Only a form of a project closes months: they are a project's."),
                N_("Take this member out, or make it a form of the project."),
            )
        for at, path in enumerate(self.form.facts):
            self.header_field(("facts", at), path)

    def _check_private(self) -> None:
        """What few may read in full stands in no title, list or number that many read."""
        told: list[tuple[Path, str | None]] = [(("subject",), self.form.subject)]
        told += [(("amount",), self.form.amount)]
        told += [(("facts", at), path) for at, path in enumerate(self.form.facts)]
        for part, paths in (self.form.expanded.get("list") or {}).items():
            told += [(("list", part, at), path) for at, path in enumerate(paths)]
        for place, path in told:
            if path in self.form.private:
                self.notes.add(place, PRIVATE, N_("Name another field."), field=path)
        for path in sorted(self.form.private):
            field = self.form.fields[path]
            if field.options.get("in_list") or field.options.get("in_filter"):
                self.notes.add(field.place, PRIVATE, N_("Leave it out of the list."), field=path)

    def _check_list(self) -> None:
        for part, paths in (self.form.expanded.get("list") or {}).items():
            for at, path in enumerate(paths):
                found = self.header_field(("list", part, at), path)
                if found is not None and found.kind.index is None:
                    self.notes.add(
                        ("list", part, at),
                        N_("“%(field)s” cannot stand in a list."),
                        N_("Name a simple field."),
                        field=path,
                    )

    def _check_texts(self) -> None:
        for language, entries in (self.form.expanded.get("texts") or {}).items():
            for key in entries:
                path = key.partition("=")[0].partition("#")[0]
                if path not in self.form.fields:
                    no_field(self.notes, ("texts", language, key), path, self.form.fields)
