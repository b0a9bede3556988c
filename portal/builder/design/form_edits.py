"""Edits of a form's text, part by part: what is not named stays byte by byte; pure.

Every function takes the text and answers the new one. Raises Invalid where the part is not there.
"""

import copy
from collections.abc import Mapping
from typing import Any

from portal.builder import splicing
from portal.builder.design.form import Design, Field, read_design
from portal.builder.snippets import NewField, insert_field
from portal.definitions.json_source import Path
from portal.errors import N_, Invalid
from portal.forms.texts import Text, write_text

_COPY = {"en": "{} (copy)", "zh": "{}（副本）"}


def opened(text: str) -> Design:
    """The form's parts; raises Invalid where the text is no JSON object."""
    design = read_design(text)
    if design is None:
        raise Invalid(N_("This text cannot be read as JSON. Mend it in the text first."))
    return design


def the_field(design: Design, path: str) -> Field:
    """A field by its path; raises Invalid if it is gone."""
    found = design.fields.get(path)
    if found is None:
        raise Invalid(N_("The field “%(path)s” is not in the form any more."), path=path)
    return found


def add_field(text: str, new: NewField, *, section: int | None = None) -> str:
    """The text with a new field: in a table, or last in a section."""
    made = insert_field(text, new)
    if new.table or section is None:
        return made
    return _put(made, new.key, section)


def set_options(text: str, path: str, changes: Mapping[str, Any]) -> str:
    """The text with options of a field's `x-field` set; None takes one out."""
    for name, value in changes.items():
        place = the_field(opened(text), path).place
        text = splicing.set_member(text, (*place, "x-field"), name, value)
    return text


def set_words(text: str, path: str, member: str, words: Text) -> str:
    """The text with a field's label or hint in both languages.

    A full form says it beside its `x-field` (`title`, `description`) and in `texts`.
    """
    design = opened(text)
    field = the_field(design, path)
    now = field.label if member == "label" else field.hint
    if words == now:
        return text
    keyword = "title" if member == "label" else "description"
    if keyword not in field.node:
        return splicing.set_member(text, (*field.place, "x-field"), member, write_text(words))
    text = splicing.set_member(text, field.place, keyword, words.en or words.zh or None)
    return set_translation(text, path + ("" if member == "label" else "#hint"), words.zh)


def set_computed(text: str, path: str, source: str) -> str:
    """The text with what computes a field; an empty source lets people fill it in again."""
    design = opened(text)
    if source == the_field(design, path).computed:
        return text
    if not isinstance(design.raw.get("computed"), Mapping):
        return splicing.insert_member(text, (), "computed", {path: source})
    return splicing.set_member(text, ("computed",), path, source or None)


def duplicate_field(text: str, path: str) -> tuple[str, str]:
    """(the text with a copy of a field behind it, the copy's path)."""
    design = opened(text)
    field = the_field(design, path)
    siblings = {one.key for one in design.fields.values() if one.table == field.table}
    key = free_key(field.key, siblings)
    node = copy.deepcopy(dict(field.node))
    label = Text(*(_COPY[language].format(field.label.in_language(language)) for language in _COPY))
    if "title" in node:
        node["title"] = label.en
    else:
        node["x-field"] = {**node.get("x-field", {}), "label": write_text(label)}
    around = field.place[:-1]
    at = list(_at(design, around)).index(field.key) + 1
    text = splicing.insert_member(text, around, key, node, at=at)
    if field.table:
        return text, f"{field.table}[].{key}"
    section = design.section_of(path)
    return (text if section is None else _put(text, key, section.at, behind=path)), key


def free_key(key: str, taken: set[str]) -> str:
    """A key nobody has: qty, qty_2, qty_3."""
    number, made = 1, key
    while made in taken:
        number += 1
        made = f"{key[:37]}_{number}"
    return made


def move_field(text: str, path: str, down: bool) -> str:
    """The text with a field one place up or down; from the edge of its section into the next."""
    design = opened(text)
    field = the_field(design, path)
    if field.table:
        at = list(_at(design, field.place[:-1])).index(field.key)
        return splicing.move(text, field.place, at + (1 if down else -1))
    section = design.section_of(path)
    if section is None:
        raise Invalid(N_("The field “%(path)s” stands in no section."), path=path)
    names = list(section.raw["fields"])
    at = names.index(path)
    if 0 <= at + (1 if down else -1) < len(names):
        return splicing.move(text, ("layout", section.at, "fields", at), at + (1 if down else -1))
    others = [one.at for one in design.sections if one.kind == "section"]
    beside = others.index(section.at) + (1 if down else -1)
    if not 0 <= beside < len(others):
        return text
    return place_field(text, path, others[beside], first=down)


def place_field(text: str, path: str, section: int, *, first: bool = False) -> str:
    """The text with a field last (or first) in another section."""
    the_field(opened(text), path)
    return _put(text, path, section, at=0 if first else None)


def add_section(text: str, title: Text, columns: int) -> str:
    """The text with one more section, the last one, still without fields."""
    section: dict[str, Any] = {"type": "section", "title": write_text(title)}
    section |= {"columns": columns} if columns != 1 else {}
    section["fields"] = []
    if not isinstance(opened(text).raw.get("layout"), list):
        return splicing.set_member(text, (), "layout", [section])
    return splicing.insert_item(text, ("layout",), section)


def set_section(text: str, at: int, changes: Mapping[str, Any]) -> str:
    """The text with members of a block of the layout set; None takes one out."""
    for name, value in changes.items():
        text = splicing.set_member(text, ("layout", at), name, value)
    return text


def move_section(text: str, at: int, down: bool) -> str:
    """The text with a block of the layout one place up or down."""
    return splicing.move(text, ("layout", at), max(0, at + (1 if down else -1)))


def remove_section(text: str, at: int) -> str:
    """The text without a block of the layout; refused while fields stand in it."""
    design = opened(text)
    section = next((one for one in design.sections if one.at == at), None)
    if section is not None and section.fields:
        raise Invalid(N_("Fields stand in this section. Move them to another or remove them."))
    return splicing.remove(text, ("layout", at))


def set_member(text: str, part: str, name: str, value: Any) -> str:
    """The text with a member of the form set, or of the object under `part`; None takes it out."""
    if not part:
        return splicing.set_member(text, (), name, value)
    if not isinstance(opened(text).raw.get(part), Mapping):
        return text if value is None else splicing.set_member(text, (), part, {name: value})
    return splicing.set_member(text, (part,), name, value)


def _put(text: str, path: str, section: int, *, behind: str = "", at: int | None = None) -> str:
    """The text with a field's name in this section, and in no other."""
    names = _at(opened(text), ("layout", section, "fields"))
    if not isinstance(names, list):
        raise Invalid(N_("This section is not in the form any more."))
    if path in names:
        return text
    at = names.index(behind) + 1 if behind else at
    return splicing.insert_item(without(text, path), ("layout", section, "fields"), path, at=at)


def without(text: str, path: str) -> str:
    """The text where no section names the field; one left empty stays, its author may want it."""
    for section in opened(text).sections:
        names = section.raw.get("fields")
        if isinstance(names, list) and path in names:
            text = splicing.remove(text, ("layout", section.at, "fields", names.index(path)))
    return text


def set_translation(text: str, path: str, zh: str) -> str:
    """The text with what `texts` says in Chinese of a field or choice; an empty one goes."""
    raw = opened(text).raw
    texts = raw.get("texts")
    if not isinstance(texts, Mapping):
        return splicing.insert_member(text, (), "texts", {"zh": {path: zh}}) if zh else text
    if not isinstance(texts.get("zh"), Mapping):
        return splicing.set_member(text, ("texts",), "zh", {path: zh}) if zh else text
    return splicing.set_member(text, ("texts", "zh"), path, zh or None)


def _at(design: Design, place: Path) -> Any:
    value: Any = design.raw
    for part in place:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
    return value
