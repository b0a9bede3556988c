"""The declared steps between the published version of a form and this one: is their way sound?

The steps are walked through with the kinds of fields instead of values. `kinds` says which fields
there are at each step, and of what kind.
"""

from collections.abc import Mapping
from typing import Any

from portal import limits
from portal.definitions.checking.compiling import LESS, TOO_LONG
from portal.definitions.checking.findings import File
from portal.definitions.checking.notes import CORRECT_IT
from portal.definitions.json_source import Path
from portal.definitions.moving_steps import named_paths
from portal.definitions.moving_values import Values
from portal.errors import N_
from portal.expressions import ExpressionError
from portal.expressions.scope import nearest
from portal.forms.fieldpaths import column_path, split
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.findings import DefinitionErrors
from portal.forms.kinds import KindError
from portal.forms.steps import Steps

NOT_THERE = N_("There is no field “%(field)s” at this point of the migration.")
NOT_THERE_NOW = N_("This version has no field “%(field)s”.")
SAY_WHAT_IT_WAS = N_("Name another field, or say under “was” of this migration what it was.")
ONE_HOLDER = N_("A value stays in the record or in its row.")
SAME_HOLDER = N_("Name fields of one and the same place; “into_table” moves fields into a row.")
PATH_FIRST = N_("The first of the two names a field.")
TEXTS = ("text", "longtext")


class Walk:
    """Goes through the steps of a form's migrations; `kinds` is what is left at the end.

    `renamed` are the fields that a value of another kind was renamed to.
    """

    def __init__(self, file: File, form: FormDefinition, old: FormDefinition | None) -> None:
        self.file, self.form, self.old = file, form, old
        self.kinds = {path: one.kind.name for path, one in (old.fields if old else {}).items()}
        self.renamed: set[str] = set()

    def go(self) -> None:
        """Every migration; those of versions before the published one were walked already."""
        declared = list(enumerate(self.form.expanded.get("migrations", ())))
        versions: set[int] = set()
        for at, migration in sorted(declared, key=lambda one: int(one[1]["from"])):
            place: Path = ("migrations", at)
            self._version((*place, "from"), int(migration["from"]), versions)
            values = self._values(place, migration)
            if values is None:
                continue
            is_new = self.old is not None and migration["from"] >= self.old.version
            if is_new:
                self._was(place, migration)
            for number, step in enumerate(migration["steps"]):
                ((name, given),) = step.items()
                self._step((*place, "steps", number, name), name, given, values, is_new=is_new)

    def _version(self, place: Path, version: int, seen: set[int]) -> None:
        if version >= self.form.version:
            self.file.notes.add(
                place,
                N_("This is version %(now)s; a migration leads to it from an earlier one."),
                N_("Name the version whose records are carried."),
                now=self.form.version,
            )
        if version in seen:
            self.file.notes.add(
                place,
                N_("There is a migration from version %(version)s already."),
                N_("Put the steps of both into one."),
                version=version,
            )
        seen.add(version)

    def _values(self, place: Path, migration: Mapping[str, Any]) -> Values | None:
        values = Values(self.form, migration.get("was") or {})
        try:
            _ = values.before
        except DefinitionErrors as error:
            first = error.findings[0]
            self.file.notes.add((*place, "was"), first.message, first.remedy)
            return None
        return values

    def _was(self, place: Path, migration: Mapping[str, Any]) -> None:
        """What it says of earlier fields is what is published."""
        for path, node in (migration.get("was") or {}).items():
            published = self.old.fields.get(path) if self.old else None
            kind = (node.get("x-field") or {}).get("kind")
            if published is None:
                self._note((*place, "was", path), N_("“%(field)s” was no field."),
                           N_("Name fields of the published version."), field=path)  # fmt: skip
            elif kind is not None and kind != published.kind.name:
                self._note(
                    (*place, "was", path),
                    N_("“%(field)s” is published as %(old)s, not as %(new)s."),
                    CORRECT_IT,
                    field=path, old=published.kind.name, new=kind,
                )  # fmt: skip

    def _step(self, place: Path, name: str, given: Any, values: Values, *, is_new: bool) -> None:
        if name == "set_default" and not isinstance(given[0], str):
            self._note((*place, 0), PATH_FIRST, CORRECT_IT)
            return
        taken, written = named_paths({name: given})
        if is_new:
            for path in sorted(taken - self.kinds.keys()):
                self._missing(place, path)
        if name == "rename":
            self._rename(place, given, is_new=is_new)
        elif name == "drop":
            for path in [one for one in self.kinds if given in (one, split(one)[0])]:
                del self.kinds[path]
        else:
            self._writes(place, name, given, values, sorted(written))
            if name in ("split", "into_table", "out_of_table"):
                self._leave(place, name, given, is_new=is_new)
            for path in written:
                field = values.field(path)
                if field is not None and name != "set_default":
                    self.kinds[path] = field.kind.name

    def _rename(self, place: Path, pair: list[str], *, is_new: bool) -> None:
        old, new = pair
        if split(old)[0] != split(new)[0]:
            self._note(place, ONE_HOLDER, SAME_HOLDER)
        if is_new and new in self.kinds:
            self._note((*place, 1), N_("“%(field)s” has values of its own already."),
                       N_("Drop or rename it first, or take another key."), field=new)  # fmt: skip
        kind = self.kinds.pop(old, None)
        now = self.form.fields.get(new)
        if kind is None:
            return
        self.kinds[new] = kind
        for path in [one for one in self.kinds if split(one)[0] == old]:
            self.kinds[column_path(new, split(path)[1])] = self.kinds.pop(path)
        if now is not None and now.kind.name != kind:
            self.renamed.add(new)

    def _writes(
        self, place: Path, name: str, given: Any, values: Values, written: list[str]
    ) -> None:
        """Each field a step writes is known, and takes what it is given."""
        for path in written:
            field = values.field(path)
            if field is None:
                self._missing(place, path, NOT_THERE_NOW)
            elif path in self.form.fields and (field.is_derived or field.kind.name == "reverse"):
                self._note(place, N_("“%(field)s” is filled in by the portal itself."),
                           N_("Leave it out: it is worked out anew."), field=path)  # fmt: skip
            elif name == "set_default":
                self._fits((*place, 1), field, given[1])
            elif name == "set":
                self._typed((*place, 1), values, path, given[1])

    def _fits(self, place: Path, field: FieldDefinition, value: Any) -> None:
        try:
            typed = field.kind.load(value, field.options)
            wrong = field.kind.check(typed, field.options) if typed is not None else None
        except KindError as error:
            wrong = error.message
        if wrong is not None:
            self._note(place, wrong, N_("Write a value as the field “%(field)s” keeps it."),
                       field=field.path)  # fmt: skip

    def _typed(self, place: Path, values: Values, path: str, source: str) -> None:
        try:
            made = values.compiled(path, source)
            needed = Steps(values.before).of(made)
            if needed > limits.EXPRESSION_STEPS:
                self._note(place, TOO_LONG, LESS, steps=f"{needed:,}",
                           most=f"{limits.EXPRESSION_STEPS:,}")  # fmt: skip
        except ExpressionError as error:
            inside = error.column if error.line == 1 and error.column > 1 else 0
            self.file.notes.add(place, error.message, error.advice, inside=inside)

    def _leave(self, place: Path, name: str, given: Any, *, is_new: bool) -> None:
        """What a step takes away, and whether it is of the kind it is put in as."""
        if name == "split":
            holders = {split(path)[0] for path in (given["field"], *given["into"])}
            if len(holders) > 1:
                self._note(place, ONE_HOLDER, SAME_HOLDER)
            kind = self.kinds.pop(given["field"], None)
            if is_new and kind is not None and kind not in TEXTS:
                self._note((*place, "field"), N_("“%(field)s” is no text that could be cut."),
                           N_("Use “set” with an expression for each part."),
                           field=given["field"])  # fmt: skip
            return
        table = given["table"]
        pairs = given["columns"] if name == "into_table" else given["fields"]
        for target, source in pairs.items():
            column = name == "into_table"
            old = source if column else column_path(table, source)
            new = column_path(table, target) if column else target
            kind, field = self.kinds.pop(old, None), self.form.fields.get(new)
            if field is not None and kind is not None and kind != field.kind.name:
                self._note(
                    place,
                    N_("“%(old)s” is %(kind)s and “%(new)s” is %(other)s."),
                    N_("Move it to a field of its own kind, or use “set”."),
                    old=old, kind=kind, new=new, other=field.kind.name,
                )  # fmt: skip

    def _missing(self, place: Path, path: str, message: str = NOT_THERE) -> None:
        guess = nearest(path, {*self.kinds, *self.form.fields})
        remedy = N_("Did you mean “%(other)s”?") if guess else SAY_WHAT_IT_WAS
        self._note(place, message, remedy, field=path, other=guess or "")

    def _note(self, place: Path, message: Any, remedy: str, **args: Any) -> None:
        self.file.notes.add(place, message, remedy, args=args)
