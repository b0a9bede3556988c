"""The short form of a field and the plain JSON Schema it stands for.

What `expand` answers is what is stored, hashed, served and printed. A hand-written full form
means the same: `expand(expand(form)) == expand(form)`, and a keyword that already stands in a
node is kept. The form must have passed the meta-schema; nodes of unknown kind stay as they are.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.forms.canonical import canonical_json, content_hash
from portal.forms.fieldpaths import column_path
from portal.forms.kinds import kinds
from portal.forms.kinds.table import ROW_ID_KEY, ROW_ID_SCHEMA
from portal.forms.texts import split_text

__all__ = ["canonical_json", "content_hash", "expand"]

Json = dict[str, Any]
Texts = dict[str, dict[str, str]]

_MOVED = frozenset({"label", "hint", "required", "read_only", "default"})
_WORDS_FIRST = ("type", "title", "description")


def expand(raw: Mapping[str, Any]) -> Json:
    """The full form of a definition; the given one is left untouched."""
    form = dict(raw)
    texts: Texts = {
        language: dict(entries) for language, entries in (raw.get("texts") or {}).items()
    }
    data = raw.get("data")
    derived = _derived_paths(raw)
    form["data"] = _object(data if isinstance(data, Mapping) else {}, "", derived, texts)
    kept = {language: entries for language, entries in texts.items() if entries}
    if kept or "texts" in raw:
        form["texts"] = kept
    return form


def _derived_paths(raw: Mapping[str, Any]) -> frozenset[str]:
    """Paths only the server writes: computed ones and those fetched through a link."""
    derived = set(raw.get("computed") or ())
    for prefix, node in _nodes(raw.get("data"), ""):
        options = node.get("x-field")
        fetch = options.get("fetch") if isinstance(options, Mapping) else None
        if isinstance(fetch, Mapping):
            derived.update(prefix + key if "[]." not in key else key for key in fetch)
    return frozenset(derived)


def _nodes(schema: Any, prefix: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """(prefix of the sibling fields, node) of every field, columns included."""
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    for key, node in (properties or {}).items():
        if isinstance(node, Mapping):
            yield prefix, node
            yield from _nodes(node.get("items"), column_path(key, ""))


def _object(schema: Mapping[str, Any], prefix: str, derived: frozenset[str], texts: Texts) -> Json:
    """A closed object of fields: the record itself, or a row of a table."""
    properties: Json = {}
    required = list(schema.get("required") or ())
    for key, node in (schema.get("properties") or {}).items():
        if key == ROW_ID_KEY or not isinstance(node, Mapping):
            properties[key] = node
            continue
        properties[key] = _field(node, prefix + key, derived, texts)
        options = node.get("x-field")
        if isinstance(options, Mapping) and options.get("required") and key not in required:
            required.append(key)
    if prefix and ROW_ID_KEY not in properties:
        properties = {ROW_ID_KEY: dict(ROW_ID_SCHEMA), **properties}
    order = {key: place for place, key in enumerate(properties)}
    required.sort(key=lambda key: order.get(key, len(order)))
    closed: Json = {"type": "object", "additionalProperties": False}
    if required:
        closed["required"] = required
    return {**closed, "properties": properties, **_rest(schema, closed, "properties", "required")}


def _rest(schema: Mapping[str, Any], known: Mapping[str, Any], *more: str) -> Json:
    return {key: value for key, value in schema.items() if key not in known and key not in more}


def _field(node: Mapping[str, Any], path: str, derived: frozenset[str], texts: Texts) -> Json:
    """One field: generated keywords, overridden by those already written in the node."""
    given = node.get("x-field")
    options = dict(given) if isinstance(given, Mapping) else {"kind": infer_kind(node)}
    kind = kinds().get(str(options.get("kind")))
    if kind is None:
        return dict(node)
    words = _words(options, path, texts)
    schema = {**kind.expand(options), **words}
    if options.get("read_only") or path in derived:
        schema["readOnly"] = True
    if "default" in options:
        schema["default"] = options["default"]
    schema.update((key, value) for key, value in node.items() if key != "x-field")
    if kind.name == "table":
        items = node.get("items")
        rows = items if isinstance(items, Mapping) else {}
        schema["items"] = _object(rows, column_path(path, ""), derived, texts)
    dropped = _MOVED | kind.consumed()
    schema["x-field"] = {key: value for key, value in options.items() if key not in dropped}
    first = {key: schema.pop(key) for key in _WORDS_FIRST if key in schema}
    return first | schema


def _words(options: Mapping[str, Any], path: str, texts: Texts) -> Json:
    """Title and description; every language but the first goes to `texts`."""
    words: Json = {}
    for member, keyword, mark in (("label", "title", ""), ("hint", "description", "#hint")):
        if member in options:
            words[keyword], others = split_text(options[member])
            _note(texts, path + mark, others)
    if options.get("kind") == "choice":
        for choice in options.get("options") or ():
            _note(texts, f"{path}={choice.get('value')}", split_text(choice.get("label"))[1])
    return words


def _note(texts: Texts, key: str, others: Mapping[str, str]) -> None:
    for language, text in others.items():
        texts.setdefault(language, {}).setdefault(key, text)


def infer_kind(node: Mapping[str, Any]) -> str:
    """The kind of a field written as plain JSON Schema, without `x-field`."""
    kind = {"boolean": "yes_no", "integer": "number"}.get(str(node.get("type")))
    if kind is not None:
        return kind
    items = node.get("items")
    if node.get("type") == "array" and isinstance(items, Mapping):
        return "table" if items.get("type") == "object" or "properties" in items else "choice"
    if "oneOf" in node or "enum" in node:
        return "choice"
    return "date" if node.get("format") == "date" else "text"
