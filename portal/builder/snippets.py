"""Ready short forms of fields, one per kind, and where a new one goes into a form's text; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.builder.splicing import insert_item, insert_member, line_of
from portal.definitions.json_source import Path, read_source
from portal.errors import N_, FieldError, Invalid, Message
from portal.forms.fieldpaths import KEY
from portal.forms.texts import Text, write_text

Json = dict[str, Any]

_OPTIONS: Mapping[str, Json] = {
    "text": {"max": 200},
    "longtext": {"max": 2000},
    "number": {"scale": 0},
    "quantity": {"scale": 2},
    "money": {"currency": "project"},
    "percent": {"scale": 2},
    "date": {},
    "choice": {},
    "yes_no": {},
    "user": {},
    "department": {},
    "project": {},
    "record": {},
    "table": {"max": 200},
    "attachment": {"accept": ["image", "pdf", "office"], "max_files": 10},
}
_CHOICES = {"option_1": Text("Option 1", "选项 1"), "option_2": Text("Option 2", "选项 2")}
_COLUMN = Text("Item", "项目")
KINDS = tuple(_OPTIONS)
NOT_IN_TABLE = frozenset({"table", "attachment"})
_UNIT = 90  # characters, as in the meta-schema


@dataclass(frozen=True, slots=True)
class NewField:
    """A field to be inserted: into the record, or into the table named `table`.

    `currency` is taken for money where the form belongs to no project. A quantity without a
    `unit` is one still to be said.
    """

    kind: str
    key: str
    label_en: str = ""
    label_zh: str = ""
    table: str = ""
    target: str = ""
    unit: str = ""
    required: bool = False
    currency: str = "CNY"

    def node(self, scope: str) -> Json:
        """Its short form in a form of this scope."""
        field: Json = {
            "kind": self.kind,
            "label": write_text(self._label),
            **_OPTIONS[self.kind],
        }
        if self.kind == "choice":
            field["options"] = [
                {"value": value, "label": self._in_its_languages(words)}
                for value, words in _CHOICES.items()
            ]
        if self.kind == "record":
            field["target"] = self.target
        if self.kind == "quantity" and self.unit:
            field["unit"] = self.unit
        if self.kind == "money" and scope == "company":
            field["currency"] = self.currency
        if self.required:
            field["required"] = True
        node: Json = {"x-field": field}
        if self.kind == "table":
            column = {"kind": "text", "label": self._in_its_languages(_COLUMN), "required": True}
            node["items"] = {"properties": {"item": {"x-field": column}}}
        return node

    @property
    def _label(self) -> Text:
        written = Text(self.label_en, self.label_zh)
        return written or Text(self.key.replace("_", " "))

    def _in_its_languages(self, words: Text) -> Any:
        """Our words in the languages in which the author wrote the label, and no other."""
        label = self._label
        return write_text(Text(words.en if label.en else "", words.zh if label.zh else ""))


def insert_field(text: str, field: NewField) -> str:
    """The form's text with the field last among its fields, and last in the last open section.

    Only where all sections are collapsed it stands in one of those. Everything else stays byte by
    byte. Raises Invalid, by input, or SourceError for no JSON.
    """
    raw = read_source(text).value
    _demand(field, raw)
    node = field.node(str(raw.get("scope", "project")))
    inserted = insert_member(text, _properties(field.table), field.key, node)
    if field.table:
        return inserted
    return insert_item(inserted, ("layout", _section(raw.get("layout")), "fields"), field.key)


def _section(layout: Any) -> int:
    """Where in the layout a new field stands: seen at once by whoever fills in the form."""
    sections = {
        at: block.get("collapsed") is True
        for at, block in enumerate(layout if isinstance(layout, list) else ())
        if isinstance(block, dict) and isinstance(block.get("fields"), list)
    }
    if not sections:
        raise _wrong("kind", N_("The layout has no section the field could stand in."))
    seen = [at for at, is_collapsed in sections.items() if not is_collapsed]
    return (seen or list(sections))[-1]


def inserted_line(text: str, field: NewField) -> int:
    """The line (from 1) on which an inserted field begins."""
    return line_of(text, (*_properties(field.table), field.key))


def tables_of(text: str) -> list[str]:
    """The keys of the line tables in a form's text; none where it cannot be read."""
    try:
        raw = read_source(text).value
    except ValueError:
        return []
    return [key for key, node in _fields(raw, "").items() if _is_table(node)]


def _properties(table: str) -> Path:
    within: Path = (table, "items", "properties") if table else ()
    return ("data", "properties", *within)


def _fields(raw: Any, table: str) -> Mapping[str, Any]:
    for part in _properties(table):
        raw = raw.get(part) if isinstance(raw, dict) else None
    return raw if isinstance(raw, dict) else {}


def _is_table(node: Any) -> bool:
    items = node.get("items") if isinstance(node, dict) else None
    return isinstance(items, dict) and isinstance(items.get("properties"), dict)


def _demand(field: NewField, raw: Any) -> None:
    if field.kind not in _OPTIONS:
        raise _wrong("kind", N_("Choose a kind of field."))
    if not KEY.match(field.key):
        text = N_("A key is written with small letters, digits and _, beginning with a letter.")
        raise _wrong("key", text)
    if field.table and not _is_table(_fields(raw, "").get(field.table)):
        raise _wrong("table", N_("This table is not in the form."))
    if field.table and field.kind in NOT_IN_TABLE:
        raise _wrong("kind", N_("A field of this kind cannot stand in a table."))
    if field.kind == "record" and not KEY.match(field.target):
        raise _wrong("target", N_("Choose the form this field links to."))
    if len(field.unit) > _UNIT:
        raise _wrong("unit", N_("At most %(most)s characters."), most=_UNIT)
    if not isinstance(raw, dict) or not isinstance(raw.get("data"), dict):
        raise _wrong("kind", N_("This text has no “data” with “properties” to insert into."))
    if field.key in _fields(raw, field.table):
        raise _wrong("key", N_("The key “%(key)s” is taken."), key=field.key)


def _wrong(path: str, text: str, **args: Any) -> Invalid:
    return Invalid(errors=[FieldError(path, "wrong", Message(text, args))])
