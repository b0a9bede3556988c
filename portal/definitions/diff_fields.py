"""The fields of two forms made comparable: both written out in full, with their Chinese texts."""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.definitions.diff_words import KINDS, Said, members
from portal.errors import N_, Message
from portal.forms.expand import expand
from portal.forms.texts import Text, read_text

Json = Mapping[str, Any]
Fields = Mapping[str, Json]


def fields(raw: Json) -> Fields:
    """Every field as the full form has it, without its columns, by path.

    `required` is marked, `zh` holds its Chinese texts.
    """
    try:
        full = expand(raw)
        nodes = dict(_walk(full["data"], ""))
    except (AttributeError, KeyError, TypeError, ValueError):  # a draft need not be sound
        return {}
    for key, text in ((full.get("texts") or {}).get("zh") or {}).items():
        path, mark = _split(key)
        if path in nodes:
            nodes[path]["zh"][mark] = text
    return nodes


def _walk(data: Json, prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
    required = data.get("required", ())
    for key, node in data["properties"].items():
        if key == "_id":
            continue
        rows = node.get("items") if isinstance(node.get("items"), Mapping) else None
        is_table = rows is not None and "properties" in rows
        shown = {k: v for k, v in node.items() if not (is_table and k == "items")}
        yield prefix + key, {**shown, "required": key in required, "zh": {}}
        if rows is not None and is_table:
            yield from _walk(rows, f"{prefix}{key}[].")


def _split(key: str) -> tuple[str, str]:
    """The field a text of `texts` belongs to, and which of its texts it is; "" is the label."""
    at = min((key.index(mark) for mark in "=#" if mark in key), default=len(key))
    return key[:at], key[at:]


def kind_of(node: Json) -> str:
    """The kind of a field."""
    return str((node.get("x-field") or {}).get("kind", node.get("type", "?")))


def kind_word(node: Json) -> Message | str:
    """The kind of a field as people call it."""
    kind = kind_of(node)
    return Message(KINDS[kind]) if kind in KINDS else kind


def ruled(old: Json, new: Json, labels: Mapping[str, Text]) -> Mapping[str, Text]:
    """Rules by what they are about: the label of their first field, and their name."""
    found = {}
    for name, rule in {**new, **old}.items():
        about = [one for effect in ("show", "require", "lock") for one in rule.get(effect) or ()]
        label = labels.get(str([*about, rule.get("on")][0]))
        if label is not None:
            en, zh = (label.in_language(one) for one in ("en", "zh"))
            found[name] = Text(f"“{en}” ({name})", f"“{zh}”（{name}）")
    return found


def label_of(path: str, node: Json) -> Text:
    """What a field is called."""
    return read_text(node.get("title") or path, node["zh"].get("", ""))


def changed_fields(before: Fields, after: Fields) -> Iterator[Said]:
    """Fields that came, went, or became something else."""
    for path, node in after.items():
        args = {"field": path, "label": label_of(path, node), "kind": kind_word(node)}
        old = before.get(path)
        if old is None:
            text = N_("Field “%(label)s” (%(field)s, %(kind)s) is new.")
            yield "field_added", Message(text, args)
        elif kind_of(old) != kind_of(node):
            text = N_("Field “%(label)s” (%(field)s) was %(old)s and becomes %(kind)s.")
            yield "field_retyped", Message(text, {**args, "old": kind_word(old)})
        elif old != node:
            text = N_("Field “%(label)s” (%(field)s) changed: %(what)s.")
            yield "field_changed", Message(text, {**args, "what": members(differing(old, node))})
    for path in [path for path in before if path not in after]:
        args = {"field": path, "label": label_of(path, before[path])}
        yield "field_removed", Message(N_("Field “%(label)s” (%(field)s) is gone."), args)


def differing(old: Json, new: Json) -> list[str]:
    """The members that differ, those of `x-field` by their own names."""
    found = []
    for key in sorted({*old, *new}):
        if old.get(key) == new.get(key):
            continue
        if key == "x-field":
            found += differing(old.get(key) or {}, new.get(key) or {})
        else:
            found.append({"title": "label", "description": "hint"}.get(key, key))
    return found
