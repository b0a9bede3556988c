"""A field under another key, wherever the files of its module name it; pure.

Only the names themselves are written anew: every other byte stays as its author wrote it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.builder.uses.mentions import FIELD, Forms, NamingFile, read_files
from portal.definitions.json_source import Path, read_source
from portal.forms.fieldpaths import column_path, split

_DECODER = json.JSONDecoder()
_EXAMPLES = ("cases", "tests")
_MARK = re.compile(r"[#=].*\Z", re.DOTALL)  # what a translation says of: a hint, a choice
_PARTS = re.compile(r"([a-z][a-z0-9_]*)(?:(\[[^\]]*\])(?:\.([a-z][a-z0-9_]*))?)?\Z")


@dataclass(frozen=True, slots=True)
class Renaming:
    """The field of a form (its path) that gets another key.

    `is_published` leaves the migrations alone: their steps speak of the field as it was.
    """

    form: str
    path: str
    key: str
    is_published: bool = False

    @property
    def now(self) -> str:
        """The path it has then."""
        table = split(self.path)[0]
        return column_path(table, self.key) if table else self.key

    def of_name(self, said: str) -> str:
        """A name as a definition writes it, under the new key; any other name as it is."""
        mark = _MARK.search(said)
        name, rest = (said[: mark.start()], mark[0]) if mark else (said, "")
        found, (table, key) = _PARTS.match(name), split(self.path)
        if found is None:
            return said
        first, cell, column = found.groups()
        if table is None and first == key:
            return f"{self.key}{name[len(first) :]}{rest}"
        if table == first and column == key:
            return f"{first}{cell}.{self.key}{rest}"
        return said

    def of_column(self, said: str) -> str:
        """The key of a column beside others of its table, under the new key."""
        table, key = split(self.path)
        return self.key if table and said == key else said


Literals = dict[tuple[Path, bool], str]  # (place, whether its member's name) → what it says then


def renamed(files: Mapping[str, str], forms: Forms, wanted: Renaming) -> dict[str, str]:
    """The files that name the field, as they are then."""
    found = {}
    for file in read_files(files, forms):
        text = _written(files[file.name], dict(_literals(file, wanted)))
        if text != files[file.name]:
            found[file.name] = text
    return found


def _written(text: str, literals: Literals) -> str:
    source = read_source(text)
    spans = []
    for (path, is_key), now in literals.items():
        start, end = source.span(path, named=is_key)
        end = _DECODER.raw_decode(text, start)[1] if is_key else end
        spans.append((start, end, json.dumps(now, ensure_ascii=False)))
    for start, end, now in sorted(spans, reverse=True):
        text = text[:start] + now + text[end:]
    return text


def _literals(file: NamingFile, wanted: Renaming) -> Iterator[tuple[tuple[Path, bool], str]]:
    is_own = file.form == wanted.form
    for one in file.named():
        if one.what != FIELD or one.form != wanted.form or one.path[0] in ("migrations", "texts"):
            continue
        said = str(one.path[-1] if one.is_key else _at(file.tree, one.path))
        if one.is_formula:
            yield (one.path, False), _expression(file, said, one.path, wanted)
        elif one.name == wanted.path and said == split(wanted.path)[1]:
            yield (one.path, one.is_key), wanted.key
        elif "[" in said:
            yield (one.path, one.is_key), wanted.of_name(said)
    yield from _linked(file, wanted)
    if file.kind == "form":
        yield from _of_other_tables(file, wanted)
    if file.kind == "form" and is_own:
        yield from _own(file, wanted)


def _expression(file: NamingFile, said: str, path: Path, wanted: Renaming) -> str:
    words = {
        (one.start, one.end)
        for one in file.words(said, path)
        if (one.form, one.name) == (wanted.form, wanted.path)
    }
    for start, end in sorted(words, reverse=True):
        said = said[:start] + wanted.key + said[end:]
    return said


def _own(file: NamingFile, wanted: Renaming) -> Iterator[tuple[tuple[Path, bool], str]]:
    """Where the form itself says it: the field, its neighbors, its translations."""
    table, key = split(wanted.path)
    holder: Path = ("data", "properties", table, "items") if table else ("data",)
    yield ((*holder, "properties", key), True), wanted.key
    for at, one in enumerate(_list(_at(file.tree, (*holder, "required")))):
        if one == key:
            yield ((*holder, "required", at), False), wanted.key
    for field in file.design.fields.values() if file.design else ():
        options: Path = (*field.place, "x-field")
        for name in ("currency", "unit", "per"):
            said = field.options.get(name)
            if isinstance(said, str) and said != "project" and said != wanted.of_name(said):
                yield ((*options, name), False), wanted.of_name(said)
        for column in _map(_at(file.tree, (*options, "rows_from", "columns"))):
            if field.path == table and column == key:
                yield ((*options, "rows_from", "columns", column), True), wanted.key
    for language, texts in _map(file.tree.get("texts")).items():
        for name in _map(texts):
            if name != wanted.of_name(name):
                yield (("texts", language, name), True), wanted.of_name(name)
    if not wanted.is_published:
        yield from _steps(file, wanted)


def _of_other_tables(file: NamingFile, wanted: Renaming) -> Iterator[tuple[tuple[Path, bool], str]]:
    """Rows taken over from a record of the form: their columns are named by key alone."""
    for field in file.design.fields.values() if file.design else ():
        rows = _map(field.options.get("rows_from"))
        link = file.design.fields.get(str(rows.get("link"))) if file.design else None
        if link is not None and link.options.get("target") == wanted.form:
            place: Path = (*field.place, "x-field", "rows_from", "columns")
            for mine, theirs in _map(rows.get("columns")).items():
                if column_path(str(rows.get("table")), str(theirs)) == wanted.path:
                    yield ((*place, mine), False), wanted.key


def _steps(file: NamingFile, wanted: Renaming) -> Iterator[tuple[tuple[Path, bool], str]]:
    """What steps for stored values write into a field that is not published yet."""
    for at, migration in enumerate(_list(file.tree.get("migrations"))):
        for number, step in enumerate(_list(_map(migration).get("steps"))):
            for name, given in _map(step).items():
                place: Path = ("migrations", at, "steps", number, name)
                for path, is_key, said in _names_of(name, given, place):
                    now = wanted.of_name(said)
                    if is_key and _map(given).get("table") == split(wanted.path)[0]:
                        now = wanted.of_column(said)
                    if now != said:
                        yield (path, is_key), now


def _names_of(name: str, given: Any, place: Path) -> Iterator[tuple[Path, bool, str]]:
    """(place, whether a member's name, name) of the fields a step names."""
    if isinstance(given, str):
        yield place, False, given
    elif isinstance(given, list):
        for at, one in enumerate(given if name == "rename" else given[:1]):
            yield (*place, at), False, str(one)
    for member, said in _map(given).items():
        if member in ("field", "table"):
            yield (*place, member), False, str(said)
        elif member == "into":
            yield from (((*place, member, at), False, str(one)) for at, one in enumerate(said))
        elif member in ("columns", "fields"):
            yield from (((*place, member, one), True, one) for one in _map(said))


def _linked(file: NamingFile, wanted: Renaming) -> Iterator[tuple[tuple[Path, bool], str]]:
    """Records of the form that examples give: rows of its own, and those links lead to."""
    for member in _EXAMPLES:
        for at, case in enumerate(_list(file.tree.get(member))):
            place: Path = (member, at)
            if file.form == wanted.form and member == "tests":
                given = _map(_map(case).get("given"))
                yield from _in_record(given, (*place, "given"), wanted)
            links = _map(_map(_map(case).get("facts")).get("links"))
            for cell, record in links.items():
                if _target(file, str(cell)) == wanted.form:
                    here = (*place, "facts", "links", cell)
                    yield from _in_record(_map(record), here, wanted)


def _target(file: NamingFile, cell: str) -> str:
    path = re.sub(r"\[[^\]]*\]", "[]", cell)
    link = file.design.fields.get(path) if file.design else None
    return str(link.options.get("target", "")) if link else ""


def _in_record(
    record: Mapping[str, Any], place: Path, wanted: Renaming
) -> Iterator[tuple[tuple[Path, bool], str]]:
    table, key = split(wanted.path)
    if table is None:
        if key in record:
            yield ((*place, key), True), wanted.key
        return
    for at, row in enumerate(_list(record.get(table))):
        if key in _map(row):
            yield ((*place, table, at, key), True), wanted.key


def _at(tree: Any, path: Path) -> Any:
    for part in path:
        try:
            tree = tree[part]
        except (KeyError, IndexError, TypeError):
            return None
    return tree


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
