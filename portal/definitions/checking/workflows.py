"""Workflows of a module: the engine's own check, with conditions typed against the form."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from portal.definitions.checking.compiling import condition_judge
from portal.definitions.checking.findings import CORRECT_IT, File, Package
from portal.definitions.json_source import Path
from portal.errors import N_
from portal.forms.fields import FormDefinition
from portal.workflows.definition import check_workflow, read_workflow
from portal.workflows.findings import Finding as WorkflowFinding

Judge = Callable[[str, Path], Sequence[WorkflowFinding]]


def read_workflows(package: Package) -> None:
    """Read every workflow that is structurally sound, before forms name its steps."""
    for file in package.of_kind("workflow"):
        found = _check(file, package, _accept)
        if not any(one.severity == "error" for one in found):
            package.workflows[file.key] = read_workflow(file.raw or {})


def check_workflows(package: Package) -> None:
    """Everything the engine finds, conditions included."""
    for file in package.of_kind("workflow"):
        form = str((file.raw or {})["form"])
        compiled = package.compiled.get(form)
        judge: Judge = _accept if compiled is None else condition_judge(compiled)
        if form not in package.forms and form not in _form_files(package):
            file.notes.add(
                ("form",),
                N_("The module has no form “%(form)s”."),
                N_("Correct the name, or add the form."),
                form=form,
            )
            continue
        for one in _check(file, package, judge):
            warn = one.severity == "warning"
            file.notes.add(one.path, one.message, one.remedy or CORRECT_IT, warn=warn)
        if form in package.forms:
            _check_hidden(file, package.forms[form])


def _check_hidden(file: File, form: FormDefinition) -> None:
    """What every list, the inbox, notices and links show of a record cannot be hidden from one."""
    shown = {form.subject, form.amount, *form.facts}
    for path, one in _hidden((file.raw or {}).get("blocks"), ("blocks",)):
        if one in shown:
            file.notes.add(
                path,
                N_("“%(field)s” cannot be hidden: lists, inbox and links show it to everybody."),
                N_("Hide another field, or take this one out of subject, amount and facts."),
                field=one,
            )


def _hidden(raw: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """(where, field) of everything the steps of these blocks hide, at any depth."""
    if isinstance(raw, list):
        for at, one in enumerate(raw):
            yield from _hidden(one, (*path, at))
    elif isinstance(raw, dict):
        for key, one in raw.items():
            if key != "fields":
                yield from _hidden(one, (*path, key))
        fields = raw.get("fields")
        hide = fields.get("hide") if isinstance(fields, dict) else None
        for at, name in enumerate(hide if isinstance(hide, list) else ()):
            yield (*path, "fields", "hide", at), str(name)


def _form_files(package: Package) -> set[str]:
    return {file.key for file in package.files.values() if file.kind == "form"}


def _check(file: File, package: Package, judge: Judge) -> list[WorkflowFinding]:
    form = package.forms.get(str((file.raw or {})["form"]))
    return check_workflow(
        file.raw or {},
        check_expression=judge,
        field_exists=lambda path: form is None or path in form.fields,
        fields=() if form is None else list(form.fields),
        is_person_field=lambda path: form is None or _is_kind(form, path, "user"),
        is_department_field=lambda path: form is None or _is_kind(form, path, "department"),
        role_exists=lambda rule, name: (
            not _knows_roles(package) or (_scope(rule), name) in package.roles
        ),
    )


def _knows_roles(package: Package) -> bool:
    """Whether module.json could be read; otherwise nothing is said of its roles."""
    return package.module is not None and package.module.is_sound


def _is_kind(form: FormDefinition, path: str, kind: str) -> bool:
    field = form.fields.get(path)
    return field is not None and field.kind.name == kind


def _scope(rule: str) -> str:
    return "project" if rule == "project_role" else "company"


def _accept(_source: str, _path: Path) -> Sequence[WorkflowFinding]:
    return ()
