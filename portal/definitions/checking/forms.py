"""Forms of a module: expanded, read, their references and links followed, their types compiled."""

from portal.definitions.checking.compiling import compiled_form
from portal.definitions.checking.findings import File, Package
from portal.definitions.checking.links import Links
from portal.definitions.checking.private import check_private
from portal.definitions.checking.references import References
from portal.forms.expand import expand
from portal.forms.findings import DefinitionErrors
from portal.forms.findings import Finding as FormFinding
from portal.forms.reading import read_form
from portal.workflows.definition import Step


def read_forms(package: Package) -> None:
    """Expand and read every sound form, so that others may refer to it."""
    for file in package.of_kind("form"):
        try:
            expanded = expand(file.raw or {})
            definition = read_form(expanded)
        except DefinitionErrors as error:
            note_all(file, error)
            continue
        package.expanded[file.key] = expanded
        package.forms[file.key] = definition


def check_forms(package: Package) -> None:
    """References, links, and then the types of every expression."""
    keys = frozenset(package.forms) | frozenset(package.known.forms)
    unread = _unread(package)
    for file in package.of_kind("form"):
        definition = package.forms.get(file.key)
        if definition is None:
            continue
        References(definition, file.notes, steps_of(package, file.key)).check()
        Links(definition, file.notes, package.form_definition, keys, unread).check()


def _unread(package: Package) -> frozenset[str]:
    """The forms of the module that have faults of their own: nothing is said of what they offer."""
    named = {file.key for file in package.files.values() if file.kind == "form"}
    return frozenset(named - package.forms.keys())


def compile_forms(package: Package) -> None:
    """Compile every form that could be read: paths, links, types, circles, schema."""
    unread = _unread(package)
    for file in package.of_kind("form"):
        definition = package.forms.get(file.key)
        if definition is None or any(
            one.options.get("target") in unread for one in definition.links
        ):
            continue
        try:
            made = package.compiled[file.key] = compiled_form(file.key, package)
        except DefinitionErrors as error:
            note_all(file, error)
            continue
        check_private(made, file.notes)


def note_all(file: File, error: DefinitionErrors) -> None:
    """Put what reading or compiling found into the file's notes."""
    for one in error.findings:
        note_finding(file, one)


def note_finding(file: File, one: FormFinding) -> None:
    """One finding of the form's compiler, with its place inside an expression."""
    inside = one.column if one.line == 1 and one.column > 1 else 0
    file.notes.add(one.place, one.message, one.remedy, inside=inside)


def steps_of(package: Package, form: str) -> frozenset[str] | None:
    """The steps of the form's workflow; none without one, None if it could not be read."""
    for entry in package.entries:
        if entry["form"] == form and "workflow" in entry:
            workflow = package.workflows.get(entry["workflow"])
            if workflow is None:
                return None
            return frozenset(b.id for b in workflow.all_blocks() if isinstance(b, Step))
    return frozenset() if package.module and package.module.is_sound else None
