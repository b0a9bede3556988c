"""The files of a module under new keys: every other byte stays as its author wrote it; pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.builder.cloning.naming import ClonePlan, FormPlan, with_letters
from portal.builder.splicing import replace_value, set_member
from portal.definitions.checking import file_kind
from portal.definitions.json_source import Path, read_source
from portal.forms.texts import write_text

Keys = Mapping[str, str]


def own_keys(files: Mapping[str, str]) -> set[str]:
    """The keys of the forms, chains and posting files of a module."""
    return {kind[1] for name in files if (kind := file_kind(name)) and kind[1]}


def with_new_keys(files: Mapping[str, str], keys: Keys, plan: ClonePlan) -> dict[str, str]:
    """The files as those of the clone, by their new names.

    Links among the module's own forms follow; links to other modules stay.
    Raises SourceError for a text that is no JSON.
    """
    found: dict[str, str] = {}
    for name, text in files.items():
        kind, key = file_kind(name) or ("", "")
        if kind == "module":
            found[name] = _module(text, keys, plan)
        elif kind:
            changed = _replaced(text, _named(kind, read_source(text).value), keys)
            if kind == "form" and key in plan.forms:
                changed = _titled(changed, plan.forms[key])
            found[f"{keys[key]}.{kind}.json"] = changed
    return found


def _module(text: str, keys: Keys, plan: ClonePlan) -> str:
    raw = read_source(text).value
    text = _replaced(text, _entries(raw), keys)
    text = replace_value(text, ("module",), plan.key)
    return set_member(text, (), "title", write_text(plan.title))


def _entries(raw: Any) -> Iterator[Path]:
    for at, entry in enumerate(raw["forms"]):
        yield from (("forms", at, member) for member in ("form", "workflow") if member in entry)


def _titled(text: str, plan: FormPlan) -> str:
    raw = read_source(text).value
    text = set_member(text, (), "title", write_text(plan.title))
    pattern = raw.get("numbering")
    if pattern and plan.letters:
        text = replace_value(text, ("numbering",), with_letters(str(pattern), plan.letters))
    return text


def _named(kind: str, raw: Any) -> Iterator[Path]:
    """Where a file says the key of a form, of its chain or of itself."""
    if kind not in ("sheet", "health"):
        yield ("form",)
    if kind in ("workflow", "postings"):
        yield (kind,)
    if kind == "form":
        for place, field in fields_of(raw):
            yield from ((*place, "x-field", one) for one in ("target", "form") if one in field)


def fields_of(raw: Any) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """(place, x-field) of every field of a form, columns behind their table."""
    yield from _fields(raw.get("data"), ("data",))


def _fields(holder: Any, place: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    nodes = holder.get("properties") if isinstance(holder, Mapping) else None
    for key, node in nodes.items() if isinstance(nodes, Mapping) else ():
        here = (*place, "properties", key)
        if isinstance(node, Mapping):
            if isinstance(node.get("x-field"), Mapping):
                yield here, node["x-field"]
            yield from _fields(node.get("items"), (*here, "items"))


def _replaced(text: str, places: Iterator[Path], keys: Keys) -> str:
    source = read_source(text).value
    for place in list(places):
        value: Any = source
        for part in place:
            value = value[part]
        if value in keys:
            text = replace_value(text, place, keys[value])
    return text
