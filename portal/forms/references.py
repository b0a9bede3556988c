"""Paths a definition names: that they exist and fit, and where each field is used."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from portal.errors import N_, Message
from portal.expressions.errors import did_you_mean
from portal.expressions.scope import listed
from portal.forms.compiled import LinkFilter, Task, Use
from portal.forms.fieldpaths import column_path
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.findings import Finding, Place
from portal.forms.numbering import check_pattern
from portal.forms.starting import check_start
from portal.standards import is_currency_code

NO_FIELD = N_("This form has no field “%(path)s”.")
NO_FORM = N_("There is no form “%(form)s”.")
NO_FIELD_THERE = N_("The form “%(form)s” has no field “%(path)s”.")
OWN_ID = "id"  # in `same` of a roll-up: the records that link to this one
OTHER_KIND = N_("“%(mine)s” and “%(theirs)s” are not of the same kind.")
NOT_A_LINK = N_("“%(path)s” is not a link to a record.")
NO_TOTAL = N_("A column of this kind has no total.")

KNOWN = N_("Known here: %(known)s.")
PUBLISH_IT = N_("Publish its module first, or correct the name.")
SAME_KIND = N_("Give both the same kind.")
NAME_A_LINK = N_("Name a link; this form has: %(known)s.")
COLUMN_OF_NUMBERS = N_("Name a column of numbers.")

_ADDED = frozenset({"number", "quantity", "money", "percent", "rollup"})
Forms = Mapping[str, FormDefinition]


def check_references(form: FormDefinition, linked: Forms) -> list[Finding]:
    """Every path that leads nowhere, and every link whose other end does not fit."""
    findings = [
        _missing(place, path, form.fields)
        for _by, _name, path, place in _mentions(form)
        if path not in form.fields
    ]
    for field in form.fields.values():
        findings += _check_field(form, field, linked)
    if form.numbering is not None:
        findings += check_pattern(form.numbering)
    return findings


def _missing(place: Place, path: str, known: Collection[str]) -> Finding:
    near = get_close_matches(path[:80], list(known), n=1)
    advice = did_you_mean(near[0]) if near else Message(KNOWN, {"known": listed(known)})
    return Finding(place, Message(NO_FIELD, {"path": path}), advice)


def _missing_there(place: Place, path: str, there: FormDefinition) -> Finding:
    near = get_close_matches(path[:80], list(there.fields), n=1)
    advice = did_you_mean(near[0]) if near else Message(KNOWN, {"known": listed(there.fields)})
    return Finding(place, Message(NO_FIELD_THERE, {"form": there.form, "path": path}), advice)


def _other_kind(place: Place, mine: str, theirs: str) -> Finding:
    message = Message(OTHER_KIND, {"mine": mine, "theirs": theirs})
    return Finding(place, message, Message(SAME_KIND))


def _mentions(form: FormDefinition) -> Iterator[tuple[str, str, str, Place]]:
    """(by, name, path, place) of every path the definition names outside expressions."""
    raw = form.expanded
    for path in raw.get("computed") or {}:
        yield "computed", path, path, ("computed", path)
    for rule in form.rules:
        for effect in ("show", "require", "lock"):
            for number, path in enumerate(getattr(rule, effect)):
                yield effect, rule.id, path, (*rule.place, effect, number)
        if rule.on is not None:
            yield "check", rule.id, rule.on, (*rule.place, "on")
    for number, block in enumerate(raw.get("layout") or ()):
        for index, path in enumerate(block.get("fields") or ()):
            yield "layout", str(number), path, ("layout", number, "fields", index)
    for part in ("columns", "filters"):
        for index, path in enumerate((raw.get("list") or {}).get(part) or ()):
            yield "list", part, path, ("list", part, index)
    for member in ("subject", "amount", "closes"):
        if raw.get(member):
            yield member, member, raw[member], (member,)
    for field in form.fields.values():
        on = (field.options.get("offers") or {}).get("on")
        if on:
            yield "offers", field.path, on, (*field.place, "x-field", "offers", "on")
    for member in ("facts", "duplicates"):
        for index, path in enumerate(raw.get(member) or ()):
            yield member, str(index), path, (member, index)


def _check_field(form: FormDefinition, field: FieldDefinition, linked: Forms) -> Iterator[Finding]:
    options, place = field.options, (*field.place, "x-field")
    yield from check_start(field, place)
    if field.kind.name == "record":
        yield from _check_fetch(form, field, linked, place)
    if field.kind.name == "table":
        yield from _check_totals(form, field, place)
        yield from _check_rows_from(form, field, linked, place)
    currency = str(options.get("currency", "project"))
    if currency != "project" and not is_currency_code(currency) and currency not in form.fields:
        yield _missing((*place, "currency"), currency, form.fields)
    if field.kind.name == "rollup":
        for part in ("same", "match"):
            for key in options.get(part) or {}:
                in_row = part == "match" and field.table is not None
                path = column_path(str(field.table), key) if in_row else key
                if path not in form.fields and path != OWN_ID:
                    yield _missing((*place, part, key), path, form.fields)


def _check_fetch(
    form: FormDefinition, field: FieldDefinition, linked: Forms, place: Place
) -> Iterator[Finding]:
    target = linked.get(str(field.options.get("target")))
    if target is None:
        message = Message(NO_FORM, {"form": field.options.get("target")})
        yield Finding((*place, "target"), message, Message(PUBLISH_IT))
        return
    prefix = "" if field.table is None else column_path(field.table, "")
    for mine, theirs in (field.options.get("fetch") or {}).items():
        path = mine if "[]." in mine else prefix + mine
        here, there = form.fields.get(path), target.fields.get(theirs)
        where = (*place, "fetch", mine)
        if here is None:
            yield _missing(where, path, form.fields)
        elif theirs == "number":
            continue
        elif there is None:
            yield _missing_there(where, theirs, target)
        elif not _alike(here, there):
            yield _other_kind(where, path, theirs)


def _alike(here: FieldDefinition, there: FieldDefinition) -> bool:
    """Whether a stored value of one may be copied into the other."""
    kinds = [one.kind.expression_type(one.options).kind for one in (here, there)]
    texts = {"text", "choice"}
    return kinds[0] == kinds[1] or (kinds[0] == "text" and set(kinds) <= texts)


def _check_totals(form: FormDefinition, field: FieldDefinition, place: Place) -> Iterator[Finding]:
    for key in field.options.get("totals") or {}:
        column = form.fields.get(column_path(field.key, key))
        if column is None:
            yield _missing((*place, "totals", key), column_path(field.key, key), form.fields)
        elif column.kind.name not in _ADDED:
            advice = Message(COLUMN_OF_NUMBERS)
            yield Finding((*place, "totals", key), Message(NO_TOTAL), advice)


def _check_rows_from(
    form: FormDefinition, field: FieldDefinition, linked: Forms, place: Place
) -> Iterator[Finding]:
    source: Mapping[str, Any] = field.options.get("rows_from") or {}
    if not source:
        return
    link = form.fields.get(str(source.get("link")))
    if link is None or link.kind.name != "record":
        links = listed(one.path for one in form.links) or "-"
        message = Message(NOT_A_LINK, {"path": source.get("link")})
        yield Finding((*place, "rows_from"), message, Message(NAME_A_LINK, {"known": links}))
        return
    target = linked.get(str(link.options.get("target")))
    for mine, theirs in (source.get("columns") or {}).items():
        here = form.fields.get(column_path(field.key, mine))
        path = column_path(str(source.get("table")), theirs)
        there = target.fields.get(path) if target is not None else None
        if here is None:
            yield _missing((*place, "rows_from"), column_path(field.key, mine), form.fields)
        elif target is not None and there is None:
            yield _missing_there((*place, "rows_from"), path, target)
        elif there is not None and not _alike(here, there):
            yield _other_kind((*place, "rows_from"), mine, path)


def where_used(
    form: FormDefinition, tasks: Iterable[Task], filters: Mapping[str, LinkFilter]
) -> dict[str, tuple[Use, ...]]:
    """For each field what mentions or reads it; a field in use cannot be deleted."""
    uses: dict[str, dict[Use, None]] = {path: {} for path in form.fields}
    for by, name, path, _place in _mentions(form):
        if by != "computed" and path in uses:
            uses[path][Use(by, name)] = None
    for task in tasks:
        by = {"show": "rule", "compute": "computed"}.get(task.kind, task.kind)
        names = [rule.definition.id for rule in task.rules] or [task.node]
        for path in task.reads | task.reads_row:
            if path in uses and not (task.kind == "show" and path == task.node.rstrip("?")):
                uses[path].update((Use(by, name), None) for name in names)
    for link, one in filters.items():
        for path in one.reads:
            uses[path][Use("filter", link)] = None
    return {path: tuple(found) for path, found in uses.items()}
