"""Posting rules against the form and the ledgers: nothing reaches a ledger by luck."""

from collections.abc import Iterator, Mapping

from portal.definitions.checking.certainty import Certainty
from portal.definitions.checking.compiling import YES_NO, typed
from portal.definitions.checking.findings import File, Notes, Package
from portal.definitions.checking.references import DID_YOU_MEAN, no_field
from portal.definitions.json_source import Path
from portal.definitions.posting_columns import LEDGERS, OF_A_CONTRACT, Column, is_demanded
from portal.errors import N_
from portal.expressions import Expression, ExpressionError, Scope
from portal.expressions.scope import nearest
from portal.forms.compiled import CompiledForm
from portal.forms.fields import FormDefinition

MAY_BE_EMPTY = N_("“%(column)s” must not be empty, but “%(field)s” may be.")
NEEDS_COLUMN = N_("A reading of this kind needs “%(column)s”.")
OTHER_UNIT = N_("“%(column)s” is paid per %(wanted)s, but the unit of the entry is %(said)s.")
NEEDS_CONTRACT = N_("Money at this stage needs “%(column)s”.")
_SUBJECTS = ("milestone", "task")
_NEEDED: Mapping[str, tuple[str, ...]] = {"shift": ("milestone", "days"), "progress": ("task",)}


def check_postings(package: Package) -> None:
    """Every posting file whose form could be read."""
    seen: set[tuple[str, str]] = set()
    for file in package.of_kind("postings"):
        raw = file.raw or {}
        for at, rule in enumerate(raw["rules"]):
            if (raw["form"], rule["id"]) in seen:
                file.notes.add(
                    ("rules", at, "id"),
                    N_("The posting rule “%(id)s” stands there twice for this form."),
                    N_("Give each rule an id of its own."),
                    id=rule["id"],
                )
            seen.add((raw["form"], rule["id"]))
        compiled = package.compiled.get(raw["form"])
        if compiled is not None:
            _check_file(file, compiled, package)


def _check_file(file: File, compiled: CompiledForm, package: Package) -> None:
    form, scopes = compiled.definition, compiled.scopes
    if form.scope == "company":
        file.notes.add(
            ("form",),
            N_("Records of the form “%(form)s” belong to no project and cannot post."),
            N_("Give the form the scope “project”."),
            form=form.form,
        )
        return
    certainty = Certainty(form, package.form_definition, scopes)
    for at, rule in enumerate((file.raw or {})["rules"]):
        RuleCheck(form, scopes, certainty, file.notes, ("rules", at), rule).check()


class RuleCheck:
    """One rule of a sound file: its table, its condition, and every column it sets."""

    def __init__(
        self,
        form: FormDefinition,
        scopes: Mapping[str | None, Scope],
        certainty: Certainty,
        notes: Notes,
        place: Path,
        rule: Mapping[str, object],
    ) -> None:
        self.form = form
        self.scopes = scopes
        self.certainty = certainty
        self.notes = notes
        self.place = place
        self.rule = rule
        self.condition: Expression | None = None
        self.typed: dict[str, Expression] = {}

    def check(self) -> None:
        """Types first, then what must agree between columns."""
        table = self.rule.get("foreach")
        tables = [one.key for one in self.form.tables]
        if table is not None and table not in tables:
            message = N_("The form has no table “%(field)s”.")
            no_field(self.notes, (*self.place, "foreach"), str(table), tables, message)
            return
        scope = self.scopes[str(table) if table is not None else None]
        if "when" in self.rule:
            self.condition = self._compile(("when",), str(self.rule["when"]), scope, wanted=True)
        columns = self.rule["set"]
        assert isinstance(columns, Mapping)
        for name, source in columns.items():
            self._check_column(name, source, LEDGERS[str(self.rule["ledger"])][name], scope)
        self._check_currency(scope)
        self._check_rate(columns)
        self._check_reading(columns)
        self._check_contract(columns)

    def _compile(
        self, path: Path, source: str, scope: Scope, *, wanted: bool = False
    ) -> Expression | None:
        try:
            return typed(source, scope, YES_NO if wanted else None)
        except ExpressionError as error:
            where = (*self.place, *path)
            self.notes.add(where, error.message, error.advice, inside=error.column)
            return None

    def _check_column(self, name: str, source: str, column: Column, scope: Scope) -> None:
        if source in column.words:
            return
        if column.words and source.isidentifier() and source not in scope.names:
            self._unknown_word(name, source, column)
            return
        expression = self._compile(("set", name), source, scope)
        if expression is None:
            return
        self.typed[name] = expression
        for message, remedy, args in self._objections(expression, column):
            self.notes.add(
                (*self.place, "set", name), message, remedy, args={"column": name, **args}
            )
        if is_demanded(str(self.rule["ledger"]), name, self._stages()):
            self._check_filled(name, expression)

    def _unknown_word(self, name: str, source: str, column: Column) -> None:
        other = nearest(source, column.words)
        self.notes.add(
            (*self.place, "set", name),
            N_("“%(value)s” is not known here."),
            DID_YOU_MEAN if other else N_("Write one of: %(known)s."),
            value=source,
            other=other or "",
            known=", ".join(column.words),
        )

    def _objections(
        self, expression: Expression, column: Column
    ) -> Iterator[tuple[str, str, dict[str, object]]]:
        kind = expression.type
        words = ", ".join(column.words)
        if column.words and not (kind.choices and set(kind.choices) <= set(column.words)):
            yield (
                N_("“%(column)s” takes one of a closed list."),
                N_("Write one of: %(words)s."),
                {"words": words},
            )
        elif kind.kind not in column.kinds:
            yield (
                N_("“%(column)s” needs %(wanted)s; this is %(got)s."),
                N_("Bind it to a field of the right kind."),
                {"wanted": " / ".join(column.kinds), "got": kind.kind},
            )
        elif column.targets and kind.target not in column.targets:
            yield (
                N_("“%(column)s” needs a link to “%(wanted)s”; this leads to “%(got)s”."),
                N_("Bind it to a field of the right kind."),
                {"wanted": "” / “".join(column.targets), "got": kind.target or "?"},
            )
        elif column.unit is not None and kind.unit != column.unit:
            yield (
                N_("“%(column)s” is counted in %(wanted)s; this is in %(got)s."),
                N_("Give the field the unit “%(wanted)s”."),
                {"wanted": column.unit, "got": kind.unit or "?"},
            )

    def _check_filled(self, name: str, expression: Expression) -> None:
        guard = self.condition.dependencies if self.condition is not None else frozenset()
        table = self.rule.get("foreach")
        doubtful = self.certainty.doubtful(
            expression, str(table) if table else None, guard, str(self.rule["on"])
        )
        if doubtful:
            self.notes.add(
                (*self.place, "set", name),
                MAY_BE_EMPTY,
                N_("Make the field required, or post only when it is filled: add “when”."),
                column=name,
                field=doubtful[0],
            )

    def _check_currency(self, scope: Scope) -> None:
        """The amount's currency and the column `ccy` must be the same thing."""
        ccy = self.typed.get("ccy")
        for name in ("amount", "rate"):
            money = self.typed.get(name)
            if money is None or ccy is None or money.type.kind != "money":
                continue
            wanted = scope.canonical(money.type.currency)
            said = scope.canonical(_currency_said(ccy))
            if wanted is not None and wanted != said:
                self.notes.add(
                    (*self.place, "set", "ccy"),
                    N_("“%(column)s” is in %(wanted)s, but ccy says %(said)s."),
                    N_("Bind ccy to the currency of the amount."),
                    column=name,
                    wanted=wanted,
                    said=ccy.source,
                )

    def _check_rate(self, columns: Mapping[str, str]) -> None:
        """A rate is paid for one of the unit the entry names; where it names none, for an hour."""
        rate = self.typed.get("rate")
        if rate is None or rate.type.unit is None:
            return
        said = columns.get("unit", "'h'")
        if said.strip("'\"") != rate.type.unit:
            self.notes.add(
                (*self.place, "set", "rate"),
                OTHER_UNIT,
                N_("Bind “unit” to what one rate is paid for."),
                column="rate",
                wanted=rate.type.unit,
                said=said,
            )

    def _check_reading(self, columns: Mapping[str, str]) -> None:
        if self.rule["ledger"] != "progress_entry" or "reading" not in columns:
            return
        for needed in _NEEDED.get(str(columns["reading"]).strip("'"), ("milestone", "on_date")):
            if needed not in columns:
                self.notes.add(
                    (*self.place, "set"),
                    NEEDS_COLUMN,
                    N_("Add it."),
                    column=needed,
                )
            elif needed in _SUBJECTS and needed in self.typed:
                self._check_filled(needed, self.typed[needed])

    def _stages(self) -> tuple[str, ...]:
        """The stages this rule's money may be at."""
        columns = self.rule["set"]
        assert isinstance(columns, Mapping)
        source = str(columns.get("stage", ""))
        bound = self.typed.get("stage")
        return (source,) if bound is None else tuple(bound.type.choices)

    def _check_contract(self, columns: Mapping[str, str]) -> None:
        if self.rule["ledger"] != "funds_entry" or "contract" in columns:
            return
        if any(stage in OF_A_CONTRACT for stage in self._stages()):
            self.notes.add((*self.place, "set"), NEEDS_CONTRACT, N_("Add it."), column="contract")


def _currency_said(ccy: Expression) -> str:
    """The currency an expression names, as types name it: `project`, a code, or a path."""
    if ccy.source in ("project.currency", "record.project.currency"):
        return "project"
    constants = ccy.type.choices
    if ccy.type.kind == "text" and len(constants) == 1:
        return constants[0]
    return ccy.source.strip()
