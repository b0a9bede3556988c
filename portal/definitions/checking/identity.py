"""Keys are permanent: a field key never comes back as another kind without a migration."""

from portal.definitions.checking.findings import File, Package
from portal.errors import N_
from portal.forms.reading import read_form


def check_identity(package: Package, file: File) -> None:
    """A form against the form published now."""
    before = package.known.previous.get(file.key)
    form = package.forms.get(file.key)
    if before is None or form is None:
        return
    old = read_form(before)
    if form.version < old.version:
        file.notes.add(
            ("version",),
            N_("Version %(old)s is published; this is version %(new)s."),
            N_("Versions only grow."),
            old=old.version,
            new=form.version,
        )
    steps = [
        step
        for migration in form.expanded.get("migrations", ())
        if migration["from"] >= old.version
        for step in migration["steps"]
    ]
    handled = {step["retype"] for step in steps if "retype" in step}
    handled |= {step["drop"] for step in steps if "drop" in step}
    handled |= {step["rename"][0] for step in steps if "rename" in step}
    for path, field in form.fields.items():
        was = old.fields.get(path)
        if was is not None and was.kind.name != field.kind.name and path not in handled:
            file.notes.add(
                (*field.place, "x-field", "kind"),
                N_("“%(field)s” is published as %(old)s and cannot become %(new)s."),
                N_('Use a new key, or declare {"retype": "%(field)s"} under “migrations”.'),
                field=path,
                old=was.kind.name,
                new=field.kind.name,
            )
