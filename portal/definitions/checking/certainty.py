"""Whether a value can be empty in a submitted record."""

from collections.abc import Callable, Mapping

from portal.expressions import Expression, ExpressionError, Scope, compile_expression
from portal.forms.fieldpaths import column_path
from portal.forms.fields import FieldDefinition, FormDefinition

_FILLS = frozenset({"coalesce", "count", "is_empty", "len"})


class Certainty:
    """Knows which fields of a form are filled in every submitted record."""

    def __init__(
        self,
        form: FormDefinition,
        form_of: Callable[[str], FormDefinition | None],
        scopes: Mapping[str | None, Scope],
    ) -> None:
        self.form = form
        self.form_of = form_of
        self.scopes = scopes
        self.always = {p for r in form.rules if r.when is None and not r.at for p in r.require}
        self.sometimes = {p for rule in form.rules for p in rule.require}
        self._hidden = {p for rule in form.rules for p in rule.show}

    def doubtful(
        self,
        expression: Expression,
        table: str | None,
        guard: frozenset[str] = frozenset(),
        state: str = "approved",
    ) -> list[str]:
        """What the expression reads that may be empty; `guard` are paths a condition has tested."""
        if expression.functions & _FILLS:
            return []
        found = []
        for path in sorted(expression.dependencies - guard):
            too_early = path == "record.approved_on" and state != "approved"
            if too_early or not self._is_certain(path, table, bool(guard)):
                found.append(path)
        return found

    def _is_certain(self, path: str, table: str | None, guarded: bool) -> bool:
        first, _, rest = path.partition(".")
        if first in ("record", "project", "requester") or "[]" in path or path.endswith("()"):
            return True  # columns outside their row are only read by aggregates, which skip empty
        if first == "row" or (first == "parent" and first not in self.form.fields):
            path = column_path(table or "", rest.partition(".")[0]) if first == "row" else rest
            rest = rest.partition(".")[2]
        field = self.form.fields.get(path) or self.form.fields.get(path.partition(".")[0])
        if field is None:
            return True
        if guarded and field.path in self.sometimes:
            return True
        if not self._is_filled(field, set()):
            return False
        return not rest or field.kind.name != "record" or self._is_filled_there(field, rest)

    def _is_filled_there(self, link: FieldDefinition, key: str) -> bool:
        other = self.form_of(str(link.options.get("target", "")))
        field = other.fields.get(key) if other else None
        if other is None or field is None:
            return True
        return Certainty(other, self.form_of, {})._is_filled(field, set())

    def _is_filled(self, field: FieldDefinition, under: set[str]) -> bool:
        """Required and always shown; fetched from a filled field; computed from filled ones."""
        if field.path in under:
            return True
        under = {*under, field.path}
        if field.required or field.path in self.always:
            return field.path not in self._hidden or field.required
        if field.kind.name == "rollup":
            return field.options.get("op") != "latest"
        if field.fetched_from is not None:
            link, theirs = field.fetched_from
            holder = self.form.fields[link]
            return self._is_filled(holder, under) and self._is_filled_there(holder, theirs)
        if field.computed is None or not self.scopes:
            return field.computed is not None or (field.read_only and field.default is not None)
        try:
            expression = compile_expression(field.computed, self.scopes[field.table])
        except ExpressionError:
            return True
        if expression.functions & _FILLS:
            return True
        return all(self._is_certain(p, field.table, False) for p in expression.dependencies)
