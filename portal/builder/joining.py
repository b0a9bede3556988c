"""Naming a new file in module.json without touching the rest of its text; pure."""

from portal.builder.splicing import insert_item, insert_member
from portal.definitions.json_source import SourceError, read_source
from portal.errors import Invalid


def joined(text: str, kind: str, key: str, form: str) -> dict[str, str]:
    """`{"module.json": text}` with the new form, or the form's new chain; empty if not possible.

    A text that cannot be read, or says it already, is the author's own affair: the check tells.
    """
    try:
        if kind == "form":
            return {"module.json": insert_item(text, ("forms",), {"form": key})}
        if kind == "workflow":
            entries = read_source(text).value["forms"]
            at = next(i for i, entry in enumerate(entries) if entry["form"] == form)
            return {"module.json": insert_member(text, ("forms", at), "workflow", key)}
    except (SourceError, Invalid, KeyError, TypeError, StopIteration):
        return {}
    return {}
