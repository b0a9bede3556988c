"""Everything the files of a module name: fields, forms, roles, each with its place; pure.

Which text names what is said by the marks of the meta-schemas (`x-names`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from portal.builder.completion.expected import flat, inside, marked
from portal.builder.design.form import Design, Field, read_design
from portal.builder.uses.row_names import RowNames
from portal.definitions.checking import file_kind
from portal.definitions.json_source import Path, SourceError, read_source
from portal.definitions.metaschema import schema
from portal.definitions.posting_columns import LEDGERS
from portal.forms.kinds.table import ROW_ID_KEY

Files = Mapping[str, str]
FIELD, FORM = "field", "form"
ROLES = {"role": "company", "project_role": "project"}
_WORD = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([A-Za-z_]\w*(?:\.\w+)*)(\s*\()?""")
_CELL = re.compile(r"\[[^\]]*\]")
_FORM_NAMES = frozenset({"form", "own_form"})
_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that names something: `name` is the field's path, the key of the form or the role.

    `form` is whose field it is; `is_theirs`: of another record, be it of the same form. `is_key`
    tells a member's name from a text; `is_formula` an expression from a name.
    """

    file: str
    path: Path
    what: str
    name: str
    form: str = ""
    is_key: bool = False
    is_theirs: bool = False
    is_formula: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A part of an expression that names a field, from its first character to behind its last."""

    form: str
    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Forms:
    """The forms names can lead to, read from the texts of their files."""

    texts: Mapping[str, str]
    _read: dict[str, Design | None] = field(default_factory=dict, repr=False)

    def get(self, key: str) -> Design | None:
        """A form by its key; None for none, or while it cannot be read."""
        if key not in self._read:
            text = self.texts.get(key)
            self._read[key] = None if text is None else read_design(text)
        return self._read[key]


def mentions(files: Files, forms: Forms) -> list[Mention]:
    """What these files name, in their order; a file that cannot be read names nothing."""
    return [one for file in read_files(files, forms) for one in file.named()]


def read_files(files: Files, forms: Forms) -> Iterator["NamingFile"]:
    """The files that can be read."""
    for name, text in files.items():
        kind = file_kind(name)
        try:
            value = read_source(text).value if kind else None
        except SourceError:
            continue
        if kind is not None and isinstance(value, Mapping):
            key = kind[1] if kind[0] == "form" else str(value.get("form", ""))
            yield NamingFile(name, kind[0], value, key, forms)


@dataclass(frozen=True)
class NamingFile:
    """A file of a module, with what it names; `form` is the form it is of, or serves."""

    name: str
    kind: str
    tree: Mapping[str, Any]
    form: str
    forms: Forms

    def named(self) -> Iterator[Mention]:
        """Everything it names."""
        meta = schema(self.kind)
        for path, what, said, is_key in _walk(meta, meta, self.tree, ()):
            yield from self._mention(path, what, said, is_key)
        yield from self._unmarked()

    @cached_property
    def design(self) -> Design | None:
        return self.forms.get(self.form)

    def _mention(self, path: Path, what: str, said: str, is_key: bool) -> Iterator[Mention]:
        if what == "expression":
            for form, name in sorted({(one.form, one.name) for one in self.words(said, path)}):
                theirs = form != self.form or f"target.{name}" in said
                yield Mention(self.name, path, FIELD, name, form, is_theirs=theirs, is_formula=True)
        elif what in ("field", "table") and (other := self._elsewhere(path)):
            name = _CELL.sub("[]", said)
            yield Mention(self.name, path, FIELD, name, other, is_key, is_theirs=True)
        elif what in ("field", "table"):
            if path[:1] != ("migrations",) or path[-1] != "drop":  # what went is no field any more
                yield Mention(self.name, path, FIELD, self._mine(path, said), self.form, is_key)
        elif what == "column":
            table = str(path[path.index("properties") + 1]) if "properties" in path else ""
            yield Mention(self.name, path, FIELD, f"{table}[].{said}", self.form, is_key)
        elif what == "other_field":
            name, form = self._theirs(path, said), self._other(path)
            yield Mention(self.name, path, FIELD, name, form, is_key, is_theirs=True)
        elif what in _FORM_NAMES and (self.kind != "form" or len(path) > 1):
            yield Mention(self.name, path, FORM, said, is_key=is_key)
        elif what in ROLES:
            yield Mention(self.name, path, what, said, is_key=is_key)

    def _elsewhere(self, path: Path) -> str:
        """The form whose fields an act of an alert fills in, or a change is named through."""
        if path[:1] == ("freezes",) and path[-1] == "link":
            return str(self.tree["freezes"].get("through") or "")
        if self.kind == "health" and "acts" in path:
            act: Any = self.tree
            for part in path[: path.index("acts") + 2]:
                act = act[part]
            return str(act.get("form") or "")
        return ""

    def _mine(self, path: Path, said: str) -> str:
        """The path of a field of this form; an option of a column names its neighbors by key."""
        name = _CELL.sub("[]", said)
        is_column = path[:2] == ("data", "properties") and "items" in path
        if is_column and self.design and f"{path[2]}[].{name}" in self.design.fields:
            return f"{path[2]}[].{name}"
        return name

    def _unmarked(self) -> Iterator[Mention]:
        """Translations by place, and the columns of example rows."""
        for language, texts in _items(self.tree.get("texts")):
            for place, _text in _items(texts):
                path: Path = ("texts", language, place)
                yield Mention(self.name, path, FIELD, place.split("#")[0], self.form, True)
        cases = self.tree.get("cases")
        for at, case in enumerate(cases if isinstance(cases, list) else ()):
            given = case.get("given") if isinstance(case, Mapping) else None
            for table, rows in _items(given):
                for number, row in enumerate(rows if isinstance(rows, list) else ()):
                    for key in (one for one, _value in _items(row) if one != ROW_ID_KEY):
                        path = ("cases", at, "given", table, number, key)
                        yield Mention(self.name, path, FIELD, f"{table}[].{key}", self.form, True)

    def words(self, source: str, path: Path) -> Iterator[Word]:
        """The parts of the expression at a place that name fields."""
        if self._is_constant(source, path):
            return
        tables = [one.key for one in self.design.header if one.columns] if self.design else []
        rows = RowNames(source, self._table(path), tables)
        for found in _WORD.finditer(source):
            text, name, call = found.groups()
            if text or call:
                continue
            parts = name.split(".")
            table = rows.table_of(parts[0], found.start(2))
            for form, field_name, at in self._named_by(parts, table, path):
                start = found.start(2) + len(".".join(parts[:at])) + (at > 0)
                yield Word(form, field_name, start, start + len(parts[at]))

    def _is_constant(self, source: str, path: Path) -> bool:
        """Whether it is a word of the closed list of a ledger's column."""
        if self.kind != "postings" or path[-2:-1] != ("set",):
            return False
        rule: Any = self.tree["rules"][path[1]]
        column = LEDGERS.get(str(rule.get("ledger")), {}).get(str(path[-1]))
        return column is not None and source in column.words

    def _named_by(self, parts: list[str], table: str, path: Path) -> Iterator[tuple[str, str, int]]:
        """(form, field, which part says it) of what a dotted name of an expression leads to.

        `table` is the one whose rows the first part goes through, if it does.
        """
        if parts[0] == "target" and len(parts) > 1:
            yield self._other(path), parts[1], 1
            return
        at = int(parts[0] == "parent" or bool(table))
        if at == len(parts):
            return
        known = None
        if self.design:
            known = self.design.fields.get(f"{table}[].{parts[at]}" if table else parts[at])
        if known is None:
            return
        yield self.form, known.path, at
        if len(parts) > at + 1 and known.columns:
            yield self.form, f"{known.path}[].{parts[at + 1]}", at + 1
        elif len(parts) > at + 1 and known.options.get("target"):
            yield str(known.options["target"]), parts[at + 1], at + 1

    def _table(self, path: Path) -> str:
        """The table whose rows an expression at this place speaks of."""
        if path[:1] == ("rules",) and len(path) > 1:
            return self._table_of_rule(path)
        named = str(path[-1])
        if "[]" in named:
            return named.partition("[")[0]
        if path[:2] == ("data", "properties") and "items" in path:
            return str(path[2])
        return ""

    def _table_of_rule(self, path: Path) -> str:
        rules = self.tree.get("rules")
        at = path[1]
        rule = rules[at] if isinstance(rules, list) and isinstance(at, int) else {}
        if not isinstance(rule, Mapping):
            return ""
        if rule.get("foreach"):
            return str(rule["foreach"])
        named = [rule.get("on"), *(one for each in ("show", "require", "lock")
                                   for one in _list(rule.get(each)))]  # fmt: skip
        return next((str(one).partition("[")[0] for one in named if "[]" in str(one)), "")

    def _options(self, path: Path) -> Mapping[str, Any]:
        """The options of the field a place lies in."""
        value: Any = self.tree
        for part in path[: path.index("x-field") + 1] if "x-field" in path else ():
            value = value[part]
        return value if isinstance(value, Mapping) and "x-field" in path else {}

    def _other(self, path: Path) -> str:
        """The form a link, a roll-up or a list of records at this place leads to."""
        options = self._options(path)
        rows = options.get("rows_from")
        if isinstance(rows, Mapping) and "rows_from" in path:
            link = self.design.fields.get(str(rows.get("link"))) if self.design else None
            options = link.options if link else {}
        if "offers" in path:
            options = options.get("offers") or {}
        return str(options.get("target") or options.get("form") or "")

    def _theirs(self, path: Path, said: str) -> str:
        """The path of another form's field; within `rows_from` and `match` one of its columns."""
        options = self._options(path)
        rows = options.get("rows_from")
        table = ""
        if isinstance(rows, Mapping) and "columns" in path:
            table = str(rows.get("table", ""))
        elif "match" in path:
            table = str(options.get("field", "")).partition("[")[0]
        other = self.forms.get(self._other(path)) if table else None
        found: Field | None = other.fields.get(f"{table}[].{said}") if other else None
        return found.path if found else said


def _walk(
    meta: Mapping[str, Any], shape: Mapping[str, Any], value: Any, path: Path
) -> Iterator[tuple[Path, str, str, bool]]:
    """(path, what it names, its text, whether it is a member's name) of all that is marked."""
    shapes = list(flat(meta, shape, value))
    if isinstance(value, str):
        what = marked(shapes, "x-names")
        if what:
            yield path, what, value, False
    parts: Any = value.items() if isinstance(value, Mapping) else ()
    if isinstance(value, list):
        parts = enumerate(value)
    keys = marked([one.get("propertyNames", {}) for one in shapes], "x-names")
    for part, below in parts if len(path) < _DEPTH else ():
        if keys and isinstance(part, str):
            yield (*path, part), keys, part, True
        for one in [each for known in shapes for each in inside(known, part)]:
            yield from _walk(meta, one, below, (*path, part))


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    yield from value.items() if isinstance(value, Mapping) else ()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
