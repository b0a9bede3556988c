"""A form's text read part by part, sound or not: sections, fields, columns, rules; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.definitions.json_source import Path, Source, read_source
from portal.forms.fieldpaths import column_path
from portal.forms.texts import Text, read_text

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field as written. `place` leads to its node; `columns` are those of a line table."""

    path: str
    key: str
    table: str
    kind: str
    label: Text
    hint: Text
    options: Json
    node: Json
    place: Path
    computed: str = ""
    columns: tuple["Field", ...] = ()

    @property
    def address(self) -> str:
        """Its path as addresses carry it: "lines.qty"."""
        return self.path.replace("[].", ".")

    @property
    def is_required(self) -> bool:
        """Whether it is always required."""
        return self.options.get("required") is True


@dataclass(frozen=True, slots=True)
class Section:
    """A block of the layout, the one numbered `at`; a note has a `note` and no fields."""

    at: int
    kind: str
    title: Text
    note: Text
    columns: int
    collapsed: bool
    fields: tuple[Field, ...]
    raw: Json


@dataclass(frozen=True)
class Design:
    """A form's text as its author edits it part by part."""

    text: str
    source: Source = field(repr=False)
    title: Text
    fields: Mapping[str, Field]
    sections: tuple[Section, ...]
    loose: tuple[Field, ...]

    @property
    def raw(self) -> Json:
        """The whole definition as written."""
        value: Json = self.source.value
        return value

    @property
    def rules(self) -> list[tuple[int, Json]]:
        """(where it stands, rule) of every rule that is an object."""
        return list(_objects(self.raw.get("rules")))

    @property
    def header(self) -> list[Field]:
        """The fields of the record itself, columns of tables left out."""
        return [one for one in self.fields.values() if not one.table]

    def section_of(self, path: str) -> Section | None:
        """The section a field stands in."""
        found = (one for one in self.sections if path in (each.path for each in one.fields))
        return next(found, None)

    def lines(self, place: Path) -> range:
        """The lines (from 1) a part of the text takes; none if it is not there."""
        if not self.source.has(place):
            return range(0)
        start, end = self.source.span(place, named=True)
        first = self.text.count("\n", 0, start) + 1
        return range(first, first + self.text.count("\n", start, end) + 1)


def read_design(text: str) -> Design | None:
    """The parts of a form's text; None where it is no JSON object. Never raises for content."""
    try:
        source = read_source(text)
    except ValueError:
        return None
    if not isinstance(source.value, Mapping):
        return None
    raw = source.value
    fields: dict[str, Field] = {}
    for key, node in _members(raw, ("data", "properties")):
        made = _field(raw, key, "", node, ("data", "properties", key))
        fields[made.path] = made
        fields.update((column.path, column) for column in made.columns)
    sections = tuple(_section(at, one, fields) for at, one in _objects(raw.get("layout")))
    placed = {one.path for section in sections for one in section.fields}
    loose = tuple(one for one in fields.values() if not one.table and one.path not in placed)
    return Design(text, source, read_text(raw.get("title")), fields, sections, loose)


def _field(raw: Json, key: str, table: str, node: Json, place: Path) -> Field:
    options = node.get("x-field")
    options = options if isinstance(options, Mapping) else {}
    path = column_path(table, key) if table else key
    translated = raw.get("texts")
    zh = translated.get("zh") if isinstance(translated, Mapping) else None
    zh = zh if isinstance(zh, Mapping) else {}
    columns: tuple[Field, ...] = ()
    if not table:
        below = _members(node, ("items", "properties"))
        columns = tuple(
            _field(raw, one, key, inner, (*place, "items", "properties", one))
            for one, inner in below
            if one != "_id"
        )
    computed = raw.get("computed")
    return Field(
        path=path,
        key=key,
        table=table,
        kind=str(options.get("kind", "table" if columns else "")),
        label=read_text(options.get("label", node.get("title")), str(zh.get(path, ""))),
        hint=read_text(
            options.get("hint", node.get("description")), str(zh.get(f"{path}#hint", ""))
        ),
        options=options,
        node=node,
        place=place,
        computed=str(computed.get(path, "")) if isinstance(computed, Mapping) else "",
        columns=columns,
    )


def _section(at: int, raw: Json, fields: Mapping[str, Field]) -> Section:
    named = raw.get("fields")
    names = [one for one in named if isinstance(one, str)] if isinstance(named, list) else []
    return Section(
        at=at,
        kind=str(raw.get("type", "")),
        title=read_text(raw.get("title")),
        note=read_text(raw.get("text")),
        columns=2 if raw.get("columns") == 2 else 1,
        collapsed=raw.get("collapsed") is True,
        fields=tuple(fields[one] for one in names if one in fields),
        raw=raw,
    )


def _members(raw: Any, place: Path) -> Iterator[tuple[str, Json]]:
    for part in place:
        raw = raw.get(part) if isinstance(raw, Mapping) else None
    for key, node in raw.items() if isinstance(raw, Mapping) else ():
        if isinstance(node, Mapping):
            yield str(key), node


def _objects(raw: Any) -> Iterator[tuple[int, Json]]:
    for at, one in enumerate(raw if isinstance(raw, list) else ()):
        if isinstance(one, Mapping):
            yield at, one
