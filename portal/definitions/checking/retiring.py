"""Registers whose entries can be taken out of use, or told by their fields to be duplicates."""

from portal.definitions.checking.findings import File, Package
from portal.definitions.posting_columns import LEDGERS, MERGED
from portal.errors import N_
from portal.forms.fields import FormDefinition

TOLD_BY = ("text", "longtext")


def check_retiring(package: Package) -> None:
    """Every form of the module that says its entries retire or may be duplicates."""
    for file in package.of_kind("form"):
        form = package.form_definition(file.key)
        if form is None or not form.retires:
            continue
        member = "duplicates" if form.duplicates else "retires"
        if any(one["form"] == file.key and one.get("workflow") for one in package.entries):
            file.notes.add(
                (member,),
                N_("Records of this form are approved; only entries of registers retire."),
                N_("Void them instead: take this member out."),
            )
        if file.key in _posting(package):
            file.notes.add(
                (member,),
                N_("Records of this form move figures; taken out of use they would still count."),
                N_("Void them instead: take this member out."),
            )
        if form.duplicates:
            _check_duplicates(file, form)


def _posting(package: Package) -> set[str]:
    return {str((one.raw or {}).get("form")) for one in package.of_kind("postings")}


def _check_duplicates(file: File, form: FormDefinition) -> None:
    if file.key in _places():
        file.notes.add(
            ("duplicates",),
            N_("Figures stand at each entry of this form by itself; two never become one."),
            N_("Write “retires” instead: the entry too many is taken out of use."),
        )
    for at, path in enumerate(form.duplicates):
        one = form.fields.get(path)
        if one is not None and (one.table is not None or one.kind.name not in TOLD_BY):
            file.notes.add(
                ("duplicates", at),
                N_("“%(field)s” is no text; two entries are compared by texts."),
                N_("Name fields such as the name, the tax number or the account."),
                field=path,
            )


def _places() -> set[str]:
    """Forms that ledgers name in a column of which two entries are never read as one."""
    return {
        target
        for columns in LEDGERS.values()
        for name, column in columns.items()
        if name not in MERGED
        for target in column.targets
    }
