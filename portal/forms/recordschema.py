"""The JSON Schemas of a form's records: full (with the rules a schema can state) and draft."""

from collections.abc import Mapping
from typing import Any

from portal.forms.fieldpaths import split
from portal.forms.fields import FieldDefinition, FormDefinition, RuleDefinition
from portal.forms.stateable import Schema, Stated, state

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SPOKEN = frozenset({"x-field", "title", "description", "default", "examples", "deprecated"})
_DRAFT_DROPS = frozenset({"required", "minItems"})


def draft_schema(form: FormDefinition) -> Schema:
    """What a draft must satisfy: shapes only; nothing is required yet."""
    return {"$schema": DIALECT, **_bare(form.expanded["data"], _SPOKEN | _DRAFT_DROPS)}


def full_schema(form: FormDefinition) -> Schema:
    """What a submitted record satisfies; rules a schema cannot state are the engine's alone."""
    return {"$schema": DIALECT, **_with_rules(form, _bare(form.expanded["data"], _SPOKEN))}


def published_schema(form: FormDefinition) -> Schema:
    """The full schema with titles, and under `x-rules` the ids of rules it does not state."""
    schema = _with_rules(form, _bare(form.expanded["data"], frozenset()))
    unstated = [rule.id for rule in form.rules if not _is_stated(form, rule)]
    title = {"title": form.title.en} if form.title else {}
    return {"$schema": DIALECT, **title, **schema, **({"x-rules": unstated} if unstated else {})}


def _bare(schema: Any, dropped: frozenset[str]) -> Schema:
    """A copy of an object schema without the named keywords, at every level."""
    bare: Schema = {key: value for key, value in schema.items() if key not in dropped}
    if "properties" in bare:
        bare["properties"] = {key: _bare(node, dropped) for key, node in bare["properties"].items()}
    if isinstance(bare.get("items"), Mapping):
        bare["items"] = _bare(bare["items"], dropped)
    if "oneOf" in bare and dropped:
        bare["enum"] = [one["const"] for one in bare.pop("oneOf")]
    return bare


def shown_by(form: FormDefinition) -> dict[str, list[RuleDefinition]]:
    """The rules that show each path."""
    shown: dict[str, list[RuleDefinition]] = {}
    for rule in form.rules:
        for path in rule.show:
            shown.setdefault(path, []).append(rule)
    return shown


def _with_rules(form: FormDefinition, schema: Schema) -> Schema:
    """Move what is required only while shown into conditions; add the stateable rules."""
    conditional = frozenset(shown_by(form))
    objects: dict[str | None, Schema] = {None: schema}
    for table in form.columns:
        objects[table] = schema["properties"][table]["items"]
        node = schema["properties"][table]
        if table in conditional:
            node.pop("minItems", None)
        elif form.fields[table].required:
            node["minItems"] = max(1, node.get("minItems", 0))
    for path, field in form.fields.items():
        if path in conditional or field.table in conditional:
            _unrequire(objects[field.table], field.key)
    for field in form.fields.values():
        if field.table not in conditional:
            _state_field(form, field, conditional, objects)
    return schema


def _unrequire(schema: Schema, key: str) -> None:
    kept = [one for one in schema.get("required") or () if one != key]
    schema.pop("required", None)
    if kept:
        schema["required"] = kept


def _state_field(
    form: FormDefinition,
    field: FieldDefinition,
    conditional: frozenset[str],
    objects: dict[str | None, Schema],
) -> None:
    """When this field must be there, and when it must not."""
    shows = shown_by(form).get(field.path, [])
    shown = _stated(form, shows[0], conditional) if len(shows) == 1 else None
    if shows and shown is None:
        return
    if shown is not None and shown.when_false != {"not": {}} and field.on_hide == "clear":
        _add(objects, field, [shown], {"not": {"required": [field.key]}}, holds=False)
    if shown is not None and field.required:
        _add(objects, field, [shown], _filled(field))
    columns = [
        one.key
        for one in form.columns.get(field.path, ())
        if one.required and one.path not in conditional
    ]
    if shown is not None and columns:
        rows = {"properties": {field.key: {"items": {"required": columns}}}}
        _add(objects, field, [shown], rows)
    for rule in form.rules:
        needed = _stated(form, rule, conditional) if field.path in rule.require else None
        if needed is not None:
            conditions = [needed] if shown is None else [needed, shown]
            _add(objects, field, conditions, _filled(field))


def _filled(field: FieldDefinition) -> Schema:
    """That a field is there; of a table, that it has a row."""
    filled: Schema = {"required": [field.key]}
    if field.kind.name == "table":
        filled["properties"] = {field.key: {"minItems": 1}}
    return filled


def _add(
    objects: dict[str | None, Schema],
    field: FieldDefinition,
    conditions: list[Stated],
    effect: Schema,
    *,
    holds: bool = True,
) -> None:
    """Add if/then to the object the conditions are about: the row if all are, else the record."""
    inner = field.table if all(one.table == field.table for one in conditions) else None
    if field.table is not None and inner is None:
        if any(one.table is not None for one in conditions):
            return  # part about the row, part about the record: left to the engine
        effect = {"properties": {field.table: {"items": effect}}}
    tests = [one.when_true if holds else one.when_false for one in conditions]
    test = tests[0] if len(tests) == 1 else {"allOf": tests}
    objects[inner].setdefault("allOf", []).append({"if": test, "then": effect})


def _stated(
    form: FormDefinition, rule: RuleDefinition, conditional: frozenset[str]
) -> Stated | None:
    return None if rule.at else state(rule.when, form, rule.table, conditional)


def _is_stated(form: FormDefinition, rule: RuleDefinition) -> bool:
    """Whether the schema states all effects of a rule."""
    shown = shown_by(form)
    conditional = frozenset(shown)
    if rule.check or rule.lock or _stated(form, rule, conditional) is None:
        return False
    alone = all(len(shown[path]) == 1 for path in rule.show)
    return alone and all(
        split(path)[0] not in conditional
        and all(_stated(form, one, conditional) for one in shown.get(path, ()))
        for path in (*rule.show, *rule.require)
    )
