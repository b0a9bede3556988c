"""Several fields of a form at once: moved, copied into this form or another; pure."""

import copy
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from portal.builder import splicing
from portal.builder.design.form import Design, Field
from portal.builder.design.form_edits import (
    free_key,
    opened,
    place_field,
    set_computed,
    set_words,
    the_field,
)
from portal.errors import N_, Invalid
from portal.forms.texts import Text

_NAME = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([A-Za-z_]\w*(?:\.\w+)*)(\s*\()?""")
_COPY = {"en": "{} (copy)", "zh": "{}（副本）"}
_NAMING = ("show", "require", "lock")
Names = Mapping[str, str]


def chosen(design: Design, paths: Collection[str]) -> list[Field]:
    """The fields in the form's order, without columns whose whole table is among them.

    Raises Invalid where one is gone or none is named.
    """
    if not paths:
        raise Invalid(N_("Choose the fields first."))
    for path in paths:
        the_field(design, path)
    found = [one for path, one in design.fields.items() if path in paths]
    return [one for one in found if one.table not in paths or not one.table]


def move_fields(text: str, paths: Collection[str], section: int) -> str:
    """The text with these fields last in a section, in their order; columns stay in their table."""
    fields = chosen(opened(text), paths)
    _demand_no_columns(fields)
    for one in fields:
        text = place_field(text, one.path, section)
    return text


def copy_fields(source: str, paths: Collection[str], target: str, section: int) -> str:
    """The target with copies of the source's fields last in a section.

    What computes them and the rules that concern them alone come along. A key that is taken there
    gets a number, and what the copies say of each other follows.
    """
    design, there = opened(source), opened(target)
    fields = chosen(design, paths)
    _demand_no_columns(fields)
    if not any(one.at == section and one.kind == "section" for one in there.sections):
        raise Invalid(N_("This section is not in the form any more."))
    names: dict[str, str] = {}
    for one in fields:
        names[one.key] = free_key(one.key, {each.key for each in there.header} | {*names.values()})
    for one in fields:
        target = _with_copy(target, one, names, section)
    return _with_rules(design, fields, names, target)


def _with_copy(text: str, one: Field, names: Names, section: int) -> str:
    key, node = names[one.key], copy.deepcopy(dict(one.node))
    _rename_options(node, names)
    for column in (node.get("items") or {}).get("properties", {}).values():
        _rename_options(column, names)
    text = splicing.insert_member(text, ("data", "properties"), key, node)
    text = place_field(text, key, section)
    copies = opened(text)
    label = one.label
    if key != one.key:
        label = Text(*(_COPY[each].format(label.in_language(each)) for each in _COPY))
    text = _with_words(text, copies.fields[key], label, one.hint)
    for before, after in zip(one.columns, copies.fields[key].columns, strict=True):
        text = _with_words(text, after, before.label, before.hint)
    for each in (one, *one.columns):
        if each.computed:
            path = key if each is one else f"{key}[].{each.key}"
            text = set_computed(text, path, renamed(each.computed, names))
    return text


def _with_words(text: str, field: Field, label: Text, hint: Text) -> str:
    """The text with what people read of a field, wherever its form says it."""
    text = set_words(text, field.path, "label", label)
    return set_words(text, field.path, "hint", hint) if hint else text


def _with_rules(design: Design, fields: Iterable[Field], names: Names, text: str) -> str:
    own = {one.path for field in fields for one in (field, *field.columns)}
    for _at, rule in design.rules:
        named = [str(one) for each in _NAMING for one in rule.get(each) or ()]
        named += [str(rule["on"])] if "on" in rule else []
        if named and own.issuperset(named):
            text = _with_rule(text, rule, names)
    return text


def _with_rule(text: str, rule: Mapping[str, Any], names: Names) -> str:
    raw = opened(text).raw
    rules = raw.get("rules")
    taken = {str(one.get("id")) for _at, one in opened(text).rules}
    made = dict(copy.deepcopy(dict(rule)), id=free_key(str(rule.get("id", "rule")), taken))
    for word in ("when", "check"):
        if word in made:
            made[word] = renamed(str(made[word]), names)
    for word in _NAMING:
        if word in made:
            made[word] = [_path(str(one), names) for one in made[word]]
    if "on" in made:
        made["on"] = _path(str(made["on"]), names)
    if isinstance(rules, list):
        return splicing.insert_item(text, ("rules",), made)
    return splicing.insert_member(text, (), "rules", [made])


def renamed(source: str, names: Names) -> str:
    """An expression with the fields it names under their new keys; texts in it stay."""

    def one(found: re.Match[str]) -> str:
        if found[1] or found[3]:
            return found[0]
        root, dot, rest = found[2].partition(".")
        return names.get(root, root) + dot + rest

    return _NAME.sub(one, source)


def _path(path: str, names: Names) -> str:
    root, bracket, rest = path.partition("[")
    return names.get(root, root) + bracket + rest


def _rename_options(node: dict[str, Any], names: Names) -> None:
    own = node.get("x-field")
    if isinstance(own, dict):
        node["x-field"] = {each: _renamed_value(each, own[each], names) for each in own}


def _renamed_value(option: str, value: Any, names: Names) -> Any:
    """An option that names fields of its own form under their new keys; any other as it is."""
    if option in ("filter", "prefill") and isinstance(value, str):
        return renamed(value, names)
    if option == "currency" and isinstance(value, str):
        return names.get(value, value)
    if option in ("fetch", "same") and isinstance(value, dict):
        return {_path(mine, names): theirs for mine, theirs in value.items()}
    if option == "rows_from" and isinstance(value, dict) and isinstance(value.get("link"), str):
        return {**value, "link": names.get(value["link"], value["link"])}
    return value


def _demand_no_columns(fields: Iterable[Field]) -> None:
    for one in fields:
        if one.table:
            raise Invalid(
                N_("“%(label)s” is a column and stays in its table; choose the whole table."),
                label=one.label,
            )
