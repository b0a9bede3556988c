"""Types the expressions of a form, and makes the tasks of its evaluation out of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from portal.errors import N_, Message
from portal.expressions import (
    Expression,
    ExpressionError,
    Scope,
    compile_condition,
    compile_expression,
)
from portal.forms.compiled import CompiledRule, LinkFilter, Task
from portal.forms.fieldpaths import column_path, split
from portal.forms.fields import Condition, FieldDefinition, FormDefinition, RuleDefinition
from portal.forms.findings import Finding, Place
from portal.forms.recordschema import shown_by

ROW_RULE = N_("This rule is judged row by row: it can only reach columns of that table.")
SPLIT_RULE = N_("Name columns only, and write a rule of its own for the rest.")


class Expresser:
    """Compiles every expression of one form, collecting what is wrong with them."""

    def __init__(self, form: FormDefinition, scopes: Mapping[str | None, Scope]) -> None:
        self.form = form
        self.scopes = scopes
        self.findings: list[Finding] = []
        self.conditional = frozenset(shown_by(form)) & form.fields.keys()
        self._read: list[tuple[str | None, Expression]] = []

    def tasks(self) -> list[Task]:
        """All tasks of an evaluation, in no particular order yet."""
        rules = [self._rule(rule) for rule in self.form.rules]
        tasks = [task for field in self.form.fields.values() for task in self._field_tasks(field)]
        for path in self.form.fields:
            if path in self.conditional:
                showing = [one for one in rules if path in one.definition.show]
                whens = [one.when for one in showing if one.when is not None]
                tasks.append(self._task(f"{path}?", "show", path, whens, showing, {path}))
        for rule in rules:
            known = rule.definition
            if known.require or known.lock or rule.check is not None:
                read = [one for one in (rule.when, rule.check) if one is not None]
                path = f"{known.table}[]." if rule.per_row else ""
                tasks.append(self._task(f"!{known.id}", "rule", path, read, [rule]))
        return tasks

    def prefill(self) -> dict[str, Expression]:
        """The expressions that fill fields of a new draft."""
        made: dict[str, Expression] = {}
        for field in self.form.fields.values():
            if field.prefill is not None:
                place = (*field.place, "x-field", "prefill")
                expression = self._value(field.prefill, field, place)
                if expression is not None:
                    made[field.path] = expression
        return made

    def filters(self) -> dict[str, LinkFilter]:
        """What narrows the offers of each link: over `target.` and the names of this form."""
        made: dict[str, LinkFilter] = {}
        for link in self.form.links:
            source, around = link.options.get("filter"), self.scopes[link.table]
            kind = (around.names if link.table is None else around.row or {})[link.key]
            if not source or kind.fields is None:  # its target is unknown, which was said
                continue
            scope = replace(around, names={**around.names, "target": kind})
            place = (*link.place, "x-field", "filter")
            condition = self._condition(source, link.table, place, scope)
            if condition is not None:
                parts = (self._field_part(one, link.table) for one in condition.dependencies)
                reads = frozenset(path for path, _rest in parts if path is not None)
                made[link.path] = LinkFilter(condition, reads)
        return made

    def link_fields(self) -> dict[str, frozenset[str]]:
        """What the expressions read of each link: path of the link → keys in the linked form."""
        found: dict[str, set[str]] = {}
        for table, expression in self._read:
            for path in expression.dependencies:
                link, rest = self._field_part(path, table)
                if link is not None and rest and self.form.fields[link].kind.name == "record":
                    found.setdefault(link, set()).add(rest.partition("[")[0])
        return {link: frozenset(keys) for link, keys in found.items()}

    def _field_tasks(self, field: FieldDefinition) -> Iterable[Task]:
        if field.computed is not None:
            expression = self._value(field.computed, field, ("computed", field.path))
            if expression is not None:
                yield self._task(field.path, "compute", field.path, [expression], [])
        elif field.fetched_from is not None:
            yield self._task(field.path, "fetch", field.path, [], [], {field.fetched_from[0]})
        elif field.kind.name == "rollup":
            yield self._task(field.path, "rollup", field.path, [], [], self._rolled_by(field))
        elif field.options.get("rows_from"):
            link = str(field.options["rows_from"].get("link", ""))
            yield self._task(field.path, "rows", field.path, [], [], {link})

    def _rolled_by(self, field: FieldDefinition) -> set[str]:
        """The fields that choose which records are rolled up."""
        options = field.options
        mine = {str(key) for part in ("same", "match") for key in options.get(part) or {}}
        columns = {column_path(field.table, key) for key in mine} if field.table else set()
        return {path for path in mine | columns if path in self.form.fields}

    def _task(
        self,
        node: str,
        kind: Any,
        path: str | None,
        expressions: list[Expression],
        rules: list[CompiledRule],
        more: Iterable[str] = (),
    ) -> Task:
        """A task; what it reads is split into cells of its own row and everything else."""
        table = split(path)[0] if path else None
        reads: set[str] = {one for one in more if split(one)[0] is None or table is None}
        reads_row = set(more) - reads
        for expression in expressions:
            for dependency in expression.dependencies:
                read, _rest = self._field_part(dependency, table)
                if read is not None:
                    (reads_row if dependency.startswith("row.") else reads).add(read)
        if table is not None:
            reads.add(table)
        for read in reads | reads_row:
            holder = split(read)[0]
            masks = {one for one in (read, holder) if one in self.conditional}
            (reads_row if read in reads_row else reads).update(f"{one}?" for one in masks)
            if holder is not None:
                reads.add(holder)
        if kind == "show":  # it reads the value it masks, which is no circle
            reads, reads_row = reads - {node}, reads_row - {node}
        return Task(
            node=node,
            kind=kind,
            table=table,
            field=self.form.fields.get(path) if path else None,
            expression=expressions[0] if kind == "compute" else None,
            rules=tuple(rules),
            reads=frozenset(reads),
            reads_row=frozenset(reads_row),
        )

    def _field_part(self, dependency: str, table: str | None) -> tuple[str | None, str]:
        """(path of the field read, what is read of it); (None, ...) for names of the host."""
        if dependency.startswith("row.") and table is not None:
            key, _dot, rest = dependency[4:].partition(".")
            path = column_path(table, key)
        elif dependency.partition("[].")[0] in self.form.columns:
            head, _mark, tail = dependency.partition("[].")
            key, _dot, rest = tail.partition(".")
            path = column_path(head, key)
        else:
            outer = "" if "parent" in self.form.fields else "parent."  # a field hides the word
            path, _dot, rest = dependency.removeprefix(outer).partition(".")
        return (path, rest) if path in self.form.fields else (None, rest)

    def _rule(self, rule: RuleDefinition) -> CompiledRule:
        when = self._condition(rule.when, rule.table, (*rule.place, "when"))
        check = self._condition(rule.check, rule.table, (*rule.place, "check"))
        per_row = any(
            dependency.startswith("row.")
            for one in (when, check)
            if one is not None
            for dependency in one.dependencies
        )
        targets = (*rule.show, *rule.require, *rule.lock, *([rule.on] if rule.on else ()))
        if per_row and any(split(path)[0] != rule.table for path in targets):
            self.findings.append(Finding(rule.place, Message(ROW_RULE), Message(SPLIT_RULE)))
        return CompiledRule(rule, when, check, per_row)

    def _condition(
        self,
        condition: Condition | None,
        table: str | None,
        place: Place,
        scope: Scope | None = None,
    ) -> Expression | None:
        if condition is None:
            return None
        around = scope or self.scopes.get(table, self.scopes[None])
        try:
            made = compile_condition(condition, around)
        except ExpressionError as error:
            self._refuse(error, place)
            return None
        self._read.append((table, made))
        return made

    def _value(self, source: str, field: FieldDefinition, place: Place) -> Expression | None:
        """An expression whose result goes into a field."""
        scope = self.scopes[field.table]
        names = scope.names if field.table is None else scope.row or {}
        try:
            made = compile_expression(source, scope, expect=names[field.key])
        except ExpressionError as error:
            self._refuse(error, place)
            return None
        self._read.append((field.table, made))
        return made

    def _refuse(self, error: ExpressionError, place: Place) -> None:
        self.findings.append(Finding(place, error.message, error.advice, error.line, error.column))
