"""Keys are permanent: a field key never comes back as another kind without a migration."""

from portal.definitions.checking.findings import File, Package
from portal.definitions.checking.moves import Walk
from portal.errors import N_
from portal.forms.fields import FieldDefinition
from portal.forms.reading import read_form


def check_identity(package: Package, file: File) -> None:
    """A form, and the steps it declares, against the form published now."""
    form = package.forms.get(file.key)
    if form is None:
        return
    before = package.known.previous.get(file.key)
    old = read_form(before) if before is not None else None
    if old is not None and form.version < old.version:
        file.notes.add(
            ("version",),
            N_("Version %(old)s is published; this is version %(new)s."),
            N_("Versions only grow."),
            old=old.version,
            new=form.version,
        )
    walk = Walk(file, form, old)
    walk.go()
    for path, field in form.fields.items():
        was = walk.kinds.get(path)
        if was is not None and was != field.kind.name:
            _note(file, field, was, is_renamed=path in walk.renamed)


def _note(file: File, field: FieldDefinition, was: str, *, is_renamed: bool) -> None:
    message = N_("“%(field)s” is published as %(old)s and cannot become %(new)s.")
    if is_renamed:
        message = N_("“%(field)s” gets values of a field that was %(old)s and is %(new)s.")
    file.notes.add(
        (*field.place, "x-field", "kind"),
        message,
        N_('Use a new key, or declare {"retype": "%(field)s"} under “migrations”.'),
        field=field.path,
        old=was,
        new=field.kind.name,
    )
