"""From the expanded JSON of a form to its FormDefinition."""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.errors import N_, Message
from portal.forms.canonical import content_hash
from portal.forms.fieldpaths import column_path, split
from portal.forms.fields import (
    FieldDefinition,
    FormDefinition,
    RuleDefinition,
    SectionDefinition,
)
from portal.forms.findings import DefinitionErrors, Finding, Place
from portal.forms.kinds import kinds
from portal.forms.kinds.table import ROW_ID_KEY
from portal.forms.texts import Text, read_text

Json = Mapping[str, Any]


def read_form(expanded: Json, *, known_hash: str | None = None) -> FormDefinition:
    """Read an expanded definition; raises DefinitionErrors for fields of no known kind."""
    reader = _Reader(expanded)
    fields = {one.path: one for one in reader.fields()}
    if reader.findings:
        raise DefinitionErrors(reader.findings)
    listed = expanded.get("list") or {}
    columns = tuple(listed.get("columns") or _flagged(fields, "in_list"))
    return FormDefinition(
        form=str(expanded.get("form", "")),
        version=int(expanded.get("version", 1)),
        title=read_text(expanded.get("title")),
        scope="company" if expanded.get("scope") == "company" else "project",
        numbering=expanded.get("numbering"),
        subject=expanded.get("subject"),
        amount=expanded.get("amount"),
        closes=expanded.get("closes"),
        retires=bool(expanded.get("retires") or expanded.get("duplicates")),
        duplicates=tuple(expanded.get("duplicates") or ()),
        facts=tuple(expanded.get("facts") or ()),
        fields=fields,
        rules=tuple(_rules(expanded)),
        sections=tuple(_sections(expanded, fields)),
        list_columns=columns,
        list_filters=tuple(listed.get("filters") or _flagged(fields, "in_filter")),
        hash=known_hash or content_hash(expanded),
        expanded=expanded,
        header=tuple(one for one in fields.values() if one.table is None),
        columns={
            table.key: tuple(one for one in fields.values() if one.table == table.key)
            for table in fields.values()
            if table.kind.name == "table"
        },
    )


def _flagged(fields: Mapping[str, FieldDefinition], flag: str) -> list[str]:
    return [path for path, one in fields.items() if one.options.get(flag)]


class _Reader:
    """Reads the fields of one form, collecting what it cannot read."""

    def __init__(self, expanded: Json) -> None:
        self.expanded = expanded
        self.findings: list[Finding] = []
        self.computed: Json = expanded.get("computed") or {}
        self.zh: Json = (expanded.get("texts") or {}).get("zh") or {}
        self.fetched: dict[str, tuple[str, str]] = {}

    def fields(self) -> Iterator[FieldDefinition]:
        """Header fields and columns in order; a table's columns follow the table."""
        data: Json = self.expanded.get("data") or {}
        place: Place = ("data", "properties")
        nodes = list(self._nodes(data, None, place))
        for path, node, _table, _place in nodes:
            fetch = (node.get("x-field") or {}).get("fetch") or {}
            prefix = path[: -len(split(path)[1])]
            for mine, theirs in fetch.items():
                self.fetched[mine if "[]." in mine else prefix + mine] = (path, theirs)
        required: dict[str | None, frozenset[str]] = {None: frozenset(data.get("required") or ())}
        for path, node, table, where in nodes:
            if table is not None and table not in required:
                rows = data["properties"][table]["items"]
                required[table] = frozenset(rows.get("required") or ())
            one = self._field(path, node, where, split(path)[1] in required[table])
            if one is not None:
                yield one

    def _nodes(
        self, schema: Json, table: str | None, place: Place
    ) -> Iterator[tuple[str, Json, str | None, Place]]:
        for key, node in (schema.get("properties") or {}).items():
            if key == ROW_ID_KEY:
                continue
            yield (key if table is None else column_path(table, key)), node, table, (*place, key)
            items = node.get("items")
            if table is None and isinstance(items, Mapping) and "properties" in items:
                yield from self._nodes(items, key, (*place, key, "items", "properties"))

    def _field(
        self, path: str, node: Json, place: Place, is_required: bool
    ) -> FieldDefinition | None:
        given: dict[str, Any] = dict(node.get("x-field") or {})
        kind = kinds().get(str(given.pop("kind", "")))
        table, key = split(path)
        if kind is None or (table is not None and not kind.may_be_column):
            message, remedy = _wrong_kind(kind)
            where = (*place, "x-field", "kind")
            self.findings.append(Finding(where, Message(message), Message(remedy)))
            return None
        options = kind.resolve({**given, "choices": self._choices(path, node)}, node)
        return FieldDefinition(
            path=path,
            key=key,
            table=table,
            kind=kind,
            options=options,
            label=read_text(node.get("title") or _spoken(key), self.zh.get(path, "")),
            hint=read_text(node.get("description"), self.zh.get(f"{path}#hint", "")),
            required=is_required,
            read_only=bool(node.get("readOnly")),
            on_hide="keep" if given.get("on_hide") == "keep" else "clear",
            default=node.get("default"),
            prefill=given.get("prefill"),
            computed=self.computed.get(path),
            fetched_from=self.fetched.get(path),
            place=place,
        )

    def _choices(self, path: str, node: Json) -> dict[str, Text]:
        """value → label, in the order of the list."""
        items = node.get("items")
        holder = items if isinstance(items, Mapping) else node
        labeled = {
            str(one["const"]): read_text(
                one.get("title") or str(one["const"]), self.zh.get(f"{path}={one['const']}", "")
            )
            for one in holder.get("oneOf") or ()
        }
        plain = {str(value): Text(str(value)) for value in holder.get("enum") or ()}
        return labeled or plain


def _wrong_kind(kind: object) -> tuple[str, str]:
    if kind is None:
        return N_("This kind of field does not exist."), N_("See the list of kinds in the manual.")
    return (
        N_("This kind of field cannot stand inside a table."),
        N_("Move it out of the table, beside the other fields."),
    )


def _spoken(key: str) -> str:
    """What a field without a label is called."""
    return key.replace("_", " ").capitalize()


def _rules(expanded: Json) -> Iterator[RuleDefinition]:
    for number, rule in enumerate(expanded.get("rules") or ()):
        show, require, lock = (tuple(rule.get(effect) or ()) for effect in _EFFECTS)
        targets = [*show, *require, *lock, *([rule["on"]] if rule.get("on") else ())]
        tables = {split(path)[0] for path in targets} - {None}
        yield RuleDefinition(
            id=str(rule.get("id", number)),
            when=rule.get("when"),
            at=frozenset(rule.get("at") or ()),
            show=show,
            require=require,
            lock=lock,
            check=rule.get("check"),
            message=read_text(rule.get("message")),
            on=rule.get("on"),
            table=tables.pop() if len(tables) == 1 else None,
            place=("rules", number),
        )


_EFFECTS = ("show", "require", "lock")


def _sections(expanded: Json, fields: Mapping[str, FieldDefinition]) -> Iterator[SectionDefinition]:
    """The layout; fields it does not name follow in a section of their own, so none is lost."""
    named: set[str] = set()
    for block in expanded.get("layout") or ():
        is_note = block.get("type") == "note"
        paths = tuple(path for path in block.get("fields") or () if path in fields)
        named.update(paths)
        yield SectionDefinition(
            title=read_text(block.get("title")),
            columns=int(block.get("columns", 1)),
            fields=paths,
            collapsed=bool(block.get("collapsed")),
            note=read_text(block.get("text")) if is_note else Text(),
        )
    rest = tuple(one.path for one in fields.values() if one.table is None and one.path not in named)
    if rest:
        yield SectionDefinition(Text(), 1, rest, False, Text())
