"""Rules of health: figures somebody offers, thresholds in order, forms and fields that exist."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from portal.definitions.checking.findings import Notes, Package
from portal.definitions.checking.references import CORRECT, DID_YOU_MEAN, NO_FIELD
from portal.definitions.figure_keys import KEYS
from portal.definitions.json_source import Path
from portal.errors import N_
from portal.expressions.scope import nearest
from portal.forms.fields import FieldDefinition, FormDefinition

Json = Mapping[str, Any]


def check_health(package: Package) -> None:
    """Every file of rules whose shape is sound."""
    for file in package.of_kind("health"):
        raw = file.raw or {}
        counts = [one["id"] for one in raw.get("counts", ())]
        _check_once(file.notes, "counts", counts)
        _check_once(file.notes, "rules", [one["id"] for one in raw["rules"]])
        for at, count in enumerate(raw.get("counts", ())):
            _check_count(package, file.notes, ("counts", at), count)
        figures = {*counts, *KEYS}
        for at, rule in enumerate(raw["rules"]):
            path: Path = ("rules", at)
            if rule["figure"] not in figures:
                _unknown(
                    file.notes,
                    (*path, "figure"),
                    N_("There is no figure “%(name)s”."),
                    rule["figure"],
                    figures,
                )
            _check_order(file.notes, path, rule)
            for place, act in enumerate(rule.get("acts", ())):
                _check_act(package, file.notes, (*path, "acts", place), act)


def _check_once(notes: Notes, member: str, keys: list[str]) -> None:
    for at, key in enumerate(keys):
        if key in keys[:at]:
            notes.add(
                (member, at, "id"),
                N_("“%(key)s” stands there twice."),
                N_("Give each a key of its own."),
                key=key,
            )


def _check_order(notes: Notes, path: Path, rule: Json) -> None:
    if "amber" not in rule and "red" not in rule:
        notes.add(path, N_("This rule has no threshold."), N_("Give it amber, red, or both."))
    if "amber" not in rule or "red" not in rule:
        return
    amber, red = Decimal(str(rule["amber"])), Decimal(str(rule["red"]))
    if (red < amber) if rule["is"] == "above" else (red > amber):
        notes.add(
            (*path, "red"),
            N_("Red begins before amber."),
            N_("Put the threshold of red beyond that of amber."),
        )


def _check_count(package: Package, notes: Notes, path: Path, count: Json) -> None:
    form = _form(package, notes, (*path, "form"), count["form"])
    if form is None:
        return
    filters = {key: form.fields[key] for key in form.list_filters if key in form.fields}
    for key, value in count.get("where", {}).items():
        found = _filter(notes, (*path, "where", key), key, filters)
        choices = found.options.get("choices") if found is not None else None
        if choices and value not in choices:
            _unknown(
                notes,
                (*path, "where", key),
                N_("“%(name)s” is not one of the choices."),
                value,
                choices,
            )
    if older := count.get("older"):
        found = _filter(notes, (*path, "older", "field"), older["field"], filters)
        if found is not None and found.kind.name != "date":
            notes.add(
                (*path, "older", "field"),
                N_("“%(field)s” is no date."),
                N_("Name a field of kind date."),
                field=older["field"],
            )


def _filter(
    notes: Notes, path: Path, key: str, filters: Mapping[str, FieldDefinition]
) -> FieldDefinition | None:
    """A field the list filters by: the figure leads to the list of what it counts."""
    if key not in filters:
        _unknown(notes, path, N_("The list is not filtered by “%(name)s”."), key, filters)
    return filters.get(key)


def _check_act(package: Package, notes: Notes, path: Path, act: Json) -> None:
    if "form" not in act:
        if not {"row", "page"} & act.keys():
            notes.add(path, N_("This act opens nothing."), N_("Name a form or a page."))
        return
    form = _form(package, notes, (*path, "form"), act["form"])
    for key in act.get("values", {}) if form is not None else ():
        if form is not None and key not in form.fields:
            other = nearest(key, list(form.fields))
            notes.add(
                (*path, "values", key),
                NO_FIELD,
                DID_YOU_MEAN if other else CORRECT,
                field=key,
                other=other or "",
            )


def _form(package: Package, notes: Notes, path: Path, key: str) -> FormDefinition | None:
    found = package.form_definition(key)
    if found is None:
        known = {*package.forms, *package.known.forms}
        _unknown(notes, path, N_("There is no form “%(name)s”."), key, known)
    return found


def _unknown(notes: Notes, path: Path, message: str, name: str, known: Iterable[str]) -> None:
    other = nearest(name, list(known))
    remedy = DID_YOU_MEAN if other else CORRECT
    notes.add(path, message, remedy, name=name, other=other or "")
