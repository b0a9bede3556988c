"""Published choices that a draft has no longer: said at the field, with the records that hold one.

A choice is known by its value; one that is written otherwise is another choice to every record.
"""

from collections.abc import Iterator

from portal.definitions import queries as definitions
from portal.definitions.checking import Finding, Report
from portal.definitions.checking.findings import File
from portal.definitions.checking.notes import Notes
from portal.definitions.moving import is_sound
from portal.definitions.moving_paths import arrivals
from portal.errors import N_
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.records.choices import records_holding

_CHOICE = "choice"

GONE = N_(
    "The choice “%(label)s” is published with the value “%(value)s”, which is gone. Stored records "
    "that hold it: %(count)s."
)
KEEP_IT = N_(
    "Write this value beside its choice again: a choice is renamed by its labels, its value stays. "
    "If it shall go, set another for stored records by a migration step."
)


def with_choices_gone(module: str, report: Report) -> Report:
    """The report, and a warning for every published choice whose value the draft has no longer."""
    package = report.package
    found = [
        finding
        for file in (package.of_kind("form") if package else ())
        if package and file.key in package.forms
        for finding in _in_form(module, file, package.forms[file.key])
    ]
    return Report([*report.findings, *found], report.expanded, package) if found else report


def _in_form(module: str, file: File, form: FormDefinition) -> Iterator[Finding]:
    current = definitions.current_form(form.form)
    if current is None or current.module != module or not is_sound(form):
        return
    old = current.form.definition
    notes = Notes(file.name, file.notes.source)
    for path, now in arrivals(old, form).items():
        before, after = old.fields[path], form.fields[now]
        if {before.kind.name, after.kind.name} == {_CHOICE} and before.is_writable:
            _say(notes, form.form, before, after)
    yield from notes.findings


def _say(notes: Notes, form: str, before: FieldDefinition, after: FieldDefinition) -> None:
    gone = [one for one in before.options["choices"] if one not in after.options["choices"]]
    counts = records_holding(form, before, gone) if gone else {}
    for value in gone:
        label = before.options["choices"][value]
        args = {"value": value, "label": label, "count": counts.get(value, 0)}
        notes.add((*after.place, "x-field", "options"), GONE, KEEP_IT, warn=True, args=args)
