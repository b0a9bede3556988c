"""What a file of a draft means, ready to be shown beside its text; None where it cannot be read."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from portal.builder import words
from portal.builder.checks import Judged
from portal.definitions.checking.findings import Package
from portal.definitions.posting_columns import LEDGERS
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.web.filters import text_in
from portal.workflows.definition import Cc, Choose, Step, explain
from portal.workflows.tree import Block, in_language

Shown = dict[str, Any]

_WIDE = frozenset({"longtext", "table", "attachment", "reverse"})


def preview(judged: Judged, name: str, language: str) -> Shown | None:
    """The preview of one file, by what kind of file it is."""
    package = judged.report.package
    file = package.files.get(name) if package else None
    if package is None or file is None:
        return None
    if file.kind == "form" and file.key in package.forms:
        return _form(package.forms[file.key], language)
    if file.kind == "workflow" and file.key in package.workflows:
        return _workflow(package, file.key, language)
    if file.raw is None:
        return None
    if file.kind == "postings":
        return _postings(file.raw)
    if file.kind == "cases":
        return _cases(judged, name, file.raw)
    return _module(package, file.raw) if file.kind == "module" else None


def _form(form: FormDefinition, language: str) -> Shown:
    placed = {path for section in form.sections for path in section.fields}
    sections = [
        {
            "title": one.title.in_language(language),
            "note": one.note.in_language(language),
            "columns": one.columns,
            "fields": [
                _field(form, form.fields[path], language)
                for path in one.fields
                if path in form.fields
            ],
        }
        for one in form.sections
    ]
    loose = [_field(form, one, language) for one in form.header if one.path not in placed]
    return {
        "kind": "form",
        "title": form.title.in_language(language),
        "scope": form.scope,
        "numbering": form.numbering,
        "sections": sections,
        "loose": loose,
    }


def _field(form: FormDefinition, field: FieldDefinition, language: str) -> Shown:
    return {
        "path": field.path,
        "label": field.label.in_language(language) or field.key,
        "hint": field.hint.in_language(language),
        "kind": field.kind.name,
        "required": field.required,
        "derived": field.is_derived,
        "read_only": field.read_only,
        "computed": field.computed,
        "fetched": ".".join(field.fetched_from) if field.fetched_from else "",
        "wide": field.kind.name in _WIDE,
        "unit": _unit(field),
        "choices": _choices(field, language),
        "many": bool(field.options.get("many")),
        "columns": [_field(form, one, language) for one in form.columns.get(field.key, ())],
        "totals": dict(field.options.get("totals") or {}),
        "is_conditional": any(field.path in rule.show for rule in form.rules),
    }


def _unit(field: FieldDefinition) -> str:
    if field.kind.name == "percent":
        return "%"
    unit = field.options.get("currency") if field.kind.name == "money" else None
    return str(unit or field.options.get("unit") or "")


def _choices(field: FieldDefinition, language: str) -> list[str]:
    choices = field.options.get("choices")
    if not isinstance(choices, Mapping):
        return []
    return [text.in_language(language) or str(value) for value, text in choices.items()]


def _workflow(package: Package, key: str, language: str) -> Shown:
    definition = package.workflows[key]
    titles = words.role_titles(_own_roles(package))
    lines = explain(definition, language)
    return {
        "kind": "workflow",
        "title": in_language(definition.title, language),
        "nodes": list(_nodes(definition.blocks, titles, language)),
        "lines": [{"depth": (len(one) - len(one.lstrip())) // 4, "text": one} for one in lines],
    }


def _nodes(
    blocks: Iterable[Block], titles: Mapping[tuple[str, str], str], language: str
) -> Iterator[Shown]:
    for block in blocks:
        if isinstance(block, Step):
            yield {
                "kind": "step",
                "id": block.id,
                "title": in_language(block.title, language),
                "who": words.people(block.who, titles),
                "need": words.need(block.need),
            }
        elif isinstance(block, Cc):
            yield {"kind": "cc", "id": block.id, "who": words.people(block.who, titles)}
        elif isinstance(block, Choose):
            ways = [
                {"if": case.condition, "nodes": list(_nodes(case.then, titles, language))}
                for case in block.when
            ]
            ways.append({"if": None, "nodes": list(_nodes(block.otherwise, titles, language))})
            yield {"kind": "choose", "id": block.id, "ways": ways}


def _postings(raw: Mapping[str, Any]) -> Shown:
    rules = [
        {
            "id": rule["id"],
            "ledger": rule["ledger"],
            "on": rule["on"],
            "foreach": rule.get("foreach"),
            "when": rule.get("when"),
            "columns": [
                (name, rule["set"][name]) for name in LEDGERS[rule["ledger"]] if name in rule["set"]
            ],
        }
        for rule in raw["rules"]
    ]
    return {"kind": "postings", "form": raw["form"], "rules": rules}


def _cases(judged: Judged, name: str, raw: Mapping[str, Any]) -> Shown:
    examples = judged.examples
    failed = {
        one.path.split("]")[0]: one for one in reversed(judged.in_file(name))
        if one.severity == "error"
    }  # fmt: skip
    cases = [
        {"name": text_in(case["name"]), "failure": failed.get(f"cases[{at}")}
        for at, case in enumerate(raw["cases"])
    ]
    return {"kind": "cases", "form": raw["form"], "cases": cases, "ran": examples.ran}


def _module(package: Package, raw: Mapping[str, Any]) -> Shown:
    titles = words.role_titles(_own_roles(package))
    return {
        "kind": "module",
        "title": text_in(raw["title"]),
        "icon": raw.get("icon", "file-text"),
        "group": raw["menu"]["group"],
        "forms": [access_of(entry, package, titles) for entry in raw["forms"]],
        "roles": [(role["role"], role["scope"], text_in(role["title"])) for role in raw.get("roles", ())],
        "requires": list(raw.get("requires", ())),
    }  # fmt: skip


def access_of(
    entry: Mapping[str, Any], package: Package, titles: Mapping[tuple[str, str], str]
) -> Shown:
    """A form as module.json lists it, and who files and reads it."""
    form = package.forms.get(entry["form"])
    access = entry.get("access") or {}
    scope = form.scope if form else "project"
    return {
        "key": entry["form"],
        "title": text_in({"en": form.title.en, "zh": form.title.zh}) if form else entry["form"],
        "workflow": entry.get("workflow"),
        "file": words.who_may(access.get("file"), scope, titles),
        "read": words.who_may(access.get("read"), scope, titles),
    }


def _own_roles(package: Package) -> list[Mapping[str, Any]]:
    raw = package.module.raw if package.module else None
    return list((raw or {}).get("roles", ()))
