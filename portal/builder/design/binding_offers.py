"""What the columns of a ledger may be bound to: the fields of a form, and what is always known."""

from collections.abc import Iterator, Mapping

from portal.builder.design.bindings import Offer
from portal.expressions import Type
from portal.expressions.kinds import seen_through
from portal.forms.compiled import CompiledForm
from portal.forms.fieldpaths import column_path
from portal.web.words import gettext as _


def offers(form: CompiledForm, table: str | None, language: str) -> list[Offer]:
    """Fields of the row, of the record, of records they link to, and the record's own facts."""
    names, row = form.scopes[table].names, form.scopes[table].row or {}
    found: list[Offer] = []
    if table is not None:
        holder = form.definition.fields[table].label.in_language(language) or table
        group = str(_("Row of “%(table)s”", table=holder))
        for key, kind in row.items():
            label = _label(form, column_path(table, key), key, language)
            found.append(Offer(f"row.{key}", label, group, kind))
    group = str(_("Record"))
    for one in form.definition.header:
        kind = names.get(one.key, _NOTHING)
        if kind.kind not in ("table", "null"):
            found.append(Offer(one.key, one.label.in_language(language) or one.key, group, kind))
    for offer in list(found):
        found += _behind(form, offer, language)
    return [*found, *_facts(names, form)]


_NOTHING = Type("null")


def _label(form: CompiledForm, path: str, key: str, language: str) -> str:
    field = form.definition.fields.get(path)
    return (field.label.in_language(language) if field else "") or key


def _behind(form: CompiledForm, link: Offer, language: str) -> Iterator[Offer]:
    """The fields of the record a link leads to."""
    other = form.linked.get(link.type.target or "")
    if link.type.kind != "record" or other is None:
        return
    for key, kind in (link.type.fields or {}).items():
        field = other.fields.get(key)
        if field is not None:
            label = field.label.in_language(language) or key
            seen = seen_through(kind, link.path)
            yield Offer(f"{link.path}.{key}", f"{link.label} · {label}", link.label, seen)


def _facts(names: Mapping[str, Type], form: CompiledForm) -> Iterator[Offer]:
    """The record itself, its days, the currency of its project; a field of that name hides them."""
    group, own = str(_("Always known")), form.definition.fields
    record, project = names.get("record"), names.get("project")
    if record is not None and "record" not in own:
        yield Offer("record", str(_("This record itself")), group, record)
        words = {
            "submitted_on": _("Day it was submitted"),
            "approved_on": _("Day it was approved"),
            "number": _("Number of the record"),
        }
        for key, text in words.items():
            yield Offer(f"record.{key}", str(text), group, (record.fields or {})[key])
    if project is not None and "project" not in own:
        currency = (project.fields or {})["currency"]
        yield Offer("project.currency", str(_("Currency of the project")), group, currency)
