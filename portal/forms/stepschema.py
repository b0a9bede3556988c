"""The JSON Schema of what one step of a workflow may change: those fields, and no others."""

from collections.abc import Mapping
from typing import Any

from portal.forms.access import FieldAccess, StepFields, field_access
from portal.forms.fieldpaths import split
from portal.forms.fields import FieldDefinition, FormDefinition, RuleDefinition
from portal.forms.kinds.table import ROW_ID_KEY
from portal.forms.recordschema import DIALECT
from portal.forms.stateable import Schema


def step_schema(form: FormDefinition, step: str, fields: StepFields) -> Schema:
    """What the people of a step may send: closed, and requiring what the step asks them to fill in.

    Rules that reach these fields are listed under `x-rules`; they read the whole record, so the
    engine alone judges them.
    """
    access = field_access(form, state="submitted", is_requester=False, step=fields)
    data: Mapping[str, Any] = form.expanded["data"]
    nodes = {
        key: node
        for key, written in data["properties"].items()
        if (node := _node(form, form.fields[key], written, access, fields)) is not None
    }
    required = [key for key in nodes if key in fields.require]
    rules = [one.id for one in form.rules if _reaches(one, step, set(nodes))]
    return {
        "$schema": DIALECT,
        **({"title": form.title.en} if form.title else {}),
        "type": "object",
        "additionalProperties": False,
        "properties": nodes,
        **({"required": required} if required else {}),
        **({"x-rules": rules} if rules else {}),
    }


def _node(
    form: FormDefinition,
    field: FieldDefinition,
    written: Mapping[str, Any],
    access: FieldAccess,
    fields: StepFields,
) -> Schema | None:
    """The schema of a field the step may change; of a table, with the columns it may change."""
    if field.kind.name != "table":
        return dict(written) if access.get(field.path) == "write" else None
    open_columns = [one.key for one in form.columns[field.key] if access.get(one.path) == "write"]
    if not open_columns:
        return None
    items: Mapping[str, Any] = written["items"]
    kept = [ROW_ID_KEY, *open_columns]
    asked = {split(path)[1] for path in fields.require if split(path)[0] == field.key}
    needed = {*items.get("required", ()), *asked}
    if access.get(field.path) != "write":
        needed.add(ROW_ID_KEY)  # cells of rows that are there; none come or go
    required = [key for key in kept if key in needed]
    rows = {key: value for key, value in items.items() if key not in {"properties", "required"}}
    properties = {key: node for key, node in items["properties"].items() if key in kept}
    return {
        **written,
        "items": {**rows, "properties": properties, **({"required": required} if required else {})},
    }


def _reaches(rule: RuleDefinition, step: str, open_fields: set[str]) -> bool:
    """Whether a rule is judged at this step and touches a field it may change."""
    if rule.at and step not in rule.at:
        return False
    touched = {*rule.show, *rule.require, *rule.lock, *([rule.on] if rule.on else ())}
    return not open_fields.isdisjoint(split(path)[0] or split(path)[1] for path in touched)
