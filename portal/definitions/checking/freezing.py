"""A form that freezes registers: they exist, with the fields named, and a change can name them."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.definitions.checking.findings import Notes, Package
from portal.definitions.checking.references import CORRECT, DID_YOU_MEAN
from portal.definitions.json_source import Path
from portal.errors import N_
from portal.expressions.scope import nearest
from portal.forms.fields import FormDefinition

Json = Mapping[str, Any]


def check_freezing(package: Package) -> None:
    """Every form of the module that says it freezes something."""
    for file in package.of_kind("form"):
        spec = (file.raw or {}).get("freezes")
        form = package.form_definition(file.key)
        if spec is None or form is None:
            continue
        _check_named_in(file.notes, form, spec)
        through = _known(package, file.notes, ("freezes", "through"), spec["through"])
        for key, own in spec["forms"].items():
            place: Path = ("freezes", "forms", key)
            register = _known(package, file.notes, place, key)
            for at, path in enumerate(own["fields"] if register is not None else ()):
                if register is not None:
                    _field(file.notes, (*place, "fields", at), register, path)
            if through is not None:
                _check_link(file.notes, (*place, "link"), through, own["link"], key)


def _check_named_in(notes: Notes, form: FormDefinition, spec: Json) -> None:
    path: Path = ("freezes", "named_in")
    named = _field(notes, path, form, spec["named_in"])
    if named is None:
        return
    choices = named.options.get("choices") or {}
    if named.kind.name != "choice" or not named.options.get("many"):
        notes.add(
            path,
            N_("“%(field)s” is no choice of several answers."),
            N_("Name the choice whose answers are the registers."),
            field=named.path,
        )
        return
    for key in sorted(choices.keys() - spec["forms"].keys()):
        notes.add(
            path,
            N_("The choice “%(name)s” freezes nothing."),
            N_("Say under “forms” which of its fields freeze."),
            name=key,
        )


def _check_link(
    notes: Notes, path: Path, through: FormDefinition, link: str, register: str
) -> None:
    found = _field(notes, path, through, link)
    if found is not None and found.options.get("target") != register:
        notes.add(
            path,
            N_("“%(field)s” does not name entries of “%(form)s”."),
            N_("Name the field of the change that links to them."),
            field=link,
            form=register,
        )


def _field(notes: Notes, path: Path, form: FormDefinition, key: str) -> Any:
    if key not in form.fields:
        _unknown(notes, path, N_("The form has no field “%(name)s”."), key, form.fields)
    return form.fields.get(key)


def _known(package: Package, notes: Notes, path: Path, key: str) -> FormDefinition | None:
    found = package.form_definition(key)
    if found is None:
        known = {*package.forms, *package.known.forms}
        _unknown(notes, path, N_("There is no form “%(name)s”."), key, known)
    return found


def _unknown(notes: Notes, path: Path, message: str, name: str, known: Iterable[str]) -> None:
    other = nearest(name, list(known))
    remedy = DID_YOU_MEAN if other else CORRECT
    notes.add(path, message, remedy, name=name, other=other or "")
