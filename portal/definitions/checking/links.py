"""What a form says about other forms beyond its links: reverse lists and roll-ups."""

from collections.abc import Callable, Mapping

from portal.definitions.checking.findings import Notes
from portal.definitions.checking.private import MAKE_PRIVATE, WOULD_SHOW
from portal.definitions.checking.references import CORRECT, DID_YOU_MEAN, PRIVATE, stored_kind
from portal.definitions.json_source import Path
from portal.errors import N_
from portal.expressions.scope import nearest
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.references import OWN_ID

NO_FORM = N_("There is no form “%(form)s”.")
PUBLISH_IT = N_("Publish its module first, or correct the name.")
NOT_THERE = N_("The form “%(form)s” has no field “%(field)s”.")


class Links:
    """One form's references to other forms, found through `form_of`.

    `keys` are all known forms; `unread` those of the module whose files have faults of their own.
    """

    def __init__(
        self,
        form: FormDefinition,
        notes: Notes,
        form_of: Callable[[str], FormDefinition | None],
        keys: frozenset[str],
        unread: frozenset[str],
    ) -> None:
        self.form = form
        self.notes = notes
        self.form_of = form_of
        self.keys = keys
        self.unread = unread

    def check(self) -> None:
        """Every field that leads to another form."""
        judges: Mapping[str, Callable[[FieldDefinition, Path], None]] = {
            "reverse": self._check_reverse,
            "rollup": self._check_rollup,
            "record": self._check_left,
        }
        for field in self.form.fields.values():
            judge = judges.get(field.kind.name)
            if judge is not None:
                judge(field, (*field.place, "x-field"))
            if field.options.get("offers"):
                self._check_offers(field, (*field.place, "x-field", "offers"))

    def _other(self, path: Path, key: str, *, warn: bool = False) -> FormDefinition | None:
        """The form of this key; a list of records of a form that is not there is merely empty."""
        found = self.form_of(key)
        if found is None and key not in self.unread:
            other = nearest(key, self.keys)
            remedy = DID_YOU_MEAN if other else PUBLISH_IT
            self.notes.add(path, NO_FORM, remedy, warn=warn, form=key, other=other or "")
        return found

    def _theirs(self, path: Path, form: FormDefinition, field: str) -> FieldDefinition | None:
        found = form.fields.get(field)
        if found is None:
            other = nearest(field, form.fields)
            args = {"form": form.form, "field": field, "other": other or ""}
            self.notes.add(path, NOT_THERE, DID_YOU_MEAN if other else CORRECT, args=args)
        return found

    def _same_kind(
        self, path: Path, mine: FieldDefinition | None, theirs: FieldDefinition | None
    ) -> None:
        if mine is None or theirs is None:
            return
        if theirs.options.get("private") and not mine.options.get("private"):
            self.notes.add(path, WOULD_SHOW, MAKE_PRIVATE, mine=mine.path, theirs=theirs.path)
        if stored_kind(mine) == stored_kind(theirs):
            return
        if {stored_kind(mine), stored_kind(theirs)} <= {"text", "longtext", "choice"}:
            return
        self.notes.add(
            path,
            N_("“%(mine)s” is %(kind)s, but “%(theirs)s” is %(other)s."),
            N_("Give both the same kind."),
            mine=mine.path,
            theirs=theirs.path,
            kind=stored_kind(mine),
            other=stored_kind(theirs),
        )

    def _leads_here(self, path: Path, by: FieldDefinition | None) -> None:
        if by is not None and by.options.get("target") != self.form.form:
            self.notes.add(
                path,
                N_("“%(field)s” does not lead to this form."),
                N_("Name a field that links to “%(form)s”."),
                field=by.path,
                form=self.form.form,
            )

    def _check_reverse(self, field: FieldDefinition, place: Path) -> None:
        other = self._other((*place, "form"), str(field.options["form"]), warn=True)
        if other is None:
            return
        self._leads_here(
            (*place, "by"), self._theirs((*place, "by"), other, str(field.options["by"]))
        )
        for at, column in enumerate(field.options.get("columns") or ()):
            theirs = self._theirs((*place, "columns", at), other, column)
            if theirs is not None and theirs.options.get("private"):
                self.notes.add(
                    (*place, "columns", at), PRIVATE, N_("Name another field."), field=column
                )

    def _check_left(self, field: FieldDefinition, place: Path) -> None:
        """What is left of a link: a number of the target, less one of this form."""
        left = field.options.get("left")
        other = self.form_of(str(field.options["target"])) if left else None
        if not left or other is None:
            return
        for key, form in (("of", other), ("less", self.form)):
            found = self._theirs((*place, "left", key), form, str(left[key]))
            if found is not None and (found.table or found.kind.index != "number"):
                self.notes.add(
                    (*place, "left", key),
                    N_("“%(field)s” is no number of the record."),
                    N_("Name a field of numbers."),
                    field=found.path,
                )

    def _check_offers(self, field: FieldDefinition, place: Path) -> None:
        """Values of a register that a plain field offers; a register not there offers nothing."""
        spec = field.options["offers"]
        other = self._other((*place, "form"), str(spec["form"]), warn=True)
        if other is not None:
            theirs = self._theirs((*place, "value"), other, str(spec["value"]))
            self._same_kind((*place, "value"), field, theirs)
            if theirs is not None and theirs.options.get("private"):
                args = {"mine": field.path, "theirs": theirs.path}
                self.notes.add((*place, "value"), WOULD_SHOW, N_("Name another field."), args=args)
        on = self.form.fields.get(str(spec.get("on") or ""))
        if on is not None and (stored_kind(on) != "date" or on.table not in (None, field.table)):
            self.notes.add(
                (*place, "on"),
                N_("“%(field)s” is no date of this record or row."),
                N_("Name the date of the document: what is in force then is offered."),
                field=on.path,
            )

    def _check_rollup(self, field: FieldDefinition, place: Path) -> None:
        options = field.options
        other = self._other((*place, "form"), str(options["form"]))
        if other is None:
            return
        named = options.get("field")
        if named is None and options["op"] != "count":
            self.notes.add(place, N_("The roll-up does not say which field."), N_("Add “field”."))
        rolled = self._theirs((*place, "field"), other, str(named)) if named else None
        if rolled is not None and options["op"] == "sum" and rolled.kind.index != "number":
            self.notes.add(
                (*place, "field"),
                N_("“%(field)s” is no number and cannot be added up."),
                N_("Name a field of numbers."),
                field=rolled.path,
            )
        told = rolled if options["op"] != "count" and not field.options.get("private") else None
        if told is not None and told.options.get("private"):
            args = {"mine": field.path, "theirs": told.path}
            self.notes.add((*place, "field"), WOULD_SHOW, MAKE_PRIVATE, args=args)
        for mine, theirs in (options.get("same") or {}).items():
            path = (*place, "same", mine)
            if mine == OWN_ID:
                self._leads_here(path, self._theirs(path, other, theirs))
                continue
            own = self.form.fields.get(mine)  # that it is there is the compiler's business
            self._same_kind(path, own, self._theirs(path, other, theirs))
        self._check_match(field, rolled, other, place)

    def _check_match(
        self,
        field: FieldDefinition,
        rolled: FieldDefinition | None,
        other: FormDefinition,
        place: Path,
    ) -> None:
        matched = field.options.get("match") or {}
        if matched and (field.table is None or rolled is None or rolled.table is None):
            self.notes.add(
                (*place, "match"),
                N_("“match” compares rows, but this is no column of a table on both sides."),
                N_("Use “same” for fields of the form itself."),
            )
            return
        for mine, theirs in matched.items():
            path = (*place, "match", mine)
            own = self.form.fields.get(f"{field.table}[].{mine}")
            table = rolled.table if rolled else ""
            self._same_kind(path, own, self._theirs(path, other, f"{table}[].{theirs}"))
