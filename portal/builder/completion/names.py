"""The names that can be written at a place: fields, forms, roles, blocks, names of expressions."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portal.builder.completion.cursor import read_cursor
from portal.builder.queries import Draft
from portal.definitions import queries as definitions
from portal.definitions.json_source import Path
from portal.expressions.aggregates import AGGREGATES
from portal.expressions.functions import FUNCTIONS
from portal.forms.scopes import HOST_FUNCTIONS, PROJECT_FIELDS, record_fields
from portal.forms.texts import read_text
from portal.web.filters import text_in

Named = tuple[str, str]
_ENDING = ".form.json"
_ROW = re.compile(r"([a-z][a-z0-9_]*)\[\]")
BUILT_IN_ROLES = ("project_manager", "member")


@dataclass(frozen=True)
class Names:
    """The names around one file of a draft, as far as it and the others can be read."""

    draft: Draft
    name: str
    tree: Any
    language: str

    def of(self, what: str, path: Path) -> Iterator[Named]:
        """(name, what it is called) of everything of a sort, for a place in the file."""
        if what == "expression":
            yield from self._expression(path)
        elif what == "field":
            yield from self.paths(self.form)
        elif what == "other_field":
            yield from self.paths(self._form(self._other(path)))
        elif what == "column":
            yield from self._labels(_columns(self.at(_before(path, "x-field"))))
        elif what == "table":
            yield from ((key, text) for key, text in self._labels(_tables(self.form)))
        else:
            yield from self._known(what)

    def _known(self, what: str) -> Iterator[Named]:
        if what in ("own_form", "form"):
            yield from self._forms(own=what == "own_form")
        elif what in ("role", "project_role"):
            yield from self._roles("company" if what == "role" else "project")
        elif what == "workflow":
            ending = ".workflow.json"
            yield from (
                (n.removesuffix(ending), "") for n in self.draft.files if n.endswith(ending)
            )
        elif what == "module":
            for one in definitions.modules():
                if one.release is not None and one.key != self.draft.module:
                    yield one.key, text_in({"en": one.title.en, "zh": one.title.zh})
        elif what == "block":
            yield from ((key, self._text(title)) for key, title in self.blocks)

    @cached_property
    def form(self) -> Any:
        """The form this file is about, as written."""
        if self.name.endswith(_ENDING):
            return self.tree
        return self._form(_text(self.tree, "form"))

    @cached_property
    def blocks(self) -> list[tuple[str, Any]]:
        """The blocks of this chain, or of the chains of this form."""
        if self.name.endswith(".workflow.json"):
            return list(_blocks(_member(self.tree, "blocks")))
        trees = (self._read(n) for n in self.draft.files if n.endswith(".workflow.json"))
        form = _text(self.form, "form")
        chains = (one for one in trees if _text(one, "form") == form)
        return [block for one in chains for block in _blocks(_member(one, "blocks"))]

    def paths(self, form: Any) -> Iterator[Named]:
        """The fields of a form and the columns of its tables: `lines[].amount`."""
        for key, node in _fields(form).items():
            yield key, self._label(node)
            for column, below in _columns(node).items():
                yield f"{key}[].{column}", self._label(below)

    def _form(self, key: str) -> Any:
        if not key:
            return None
        if f"{key}{_ENDING}" in self.draft.files:
            return self._read(f"{key}{_ENDING}")
        found = definitions.current_form(key)
        return None if found is None else found.expanded

    def _read(self, name: str) -> Any:
        return self.tree if name == self.name else read_cursor(self.draft.files[name], 0).value

    def _forms(self, *, own: bool) -> Iterator[Named]:
        known = {
            name.removesuffix(_ENDING): self._text(_member(self._read(name), "title"))
            for name in self.draft.files
            if name.endswith(_ENDING)
        }
        if not own:
            for key, title in definitions.form_titles().items():
                known.setdefault(key, text_in({"en": title.en, "zh": title.zh}))
        yield from sorted(known.items())

    def _roles(self, scope: str) -> Iterator[Named]:
        known = {
            role: text_in({"en": title.en, "zh": title.zh})
            for where, role, title in definitions.module_roles()
            if where == scope
        }
        if "module.json" in self.draft.files:
            for one in _list(_member(self._read("module.json"), "roles")):
                if _text(one, "scope") == scope and _text(one, "role"):
                    known[_text(one, "role")] = self._text(_member(one, "title"))
        if scope == "project":
            known |= dict.fromkeys(BUILT_IN_ROLES, "")
        yield from sorted(known.items())

    def _other(self, path: Path) -> str:
        """The form a link, a roll-up or a list of records at this place leads to."""
        options = self.at(path[: _before_index(path, "x-field") + 1])
        link = _text(_member(options, "rows_from"), "link")
        if link and "rows_from" in path:
            options = _member(_fields(self.form).get(link), "x-field")
        if "offers" in path:
            options = _member(options, "offers")
        return _text(options, "target") or _text(options, "form")

    def _expression(self, path: Path) -> Iterator[Named]:
        """What an expression may say here; in a table its own columns come first."""
        table = self._table(path)
        header = _fields(self.form)
        if table:
            yield from self._behind("row", self._labels(_columns(header.get(table))))
            yield from self._behind("parent", self._labels(header))
        for key, node in header.items():
            yield key, self._label(node)
            yield from self._behind(key, self._labels(_columns(node)))
            target = _text(_member(node, "x-field"), "target")
            if target:
                yield from self._behind(key, self._labels(_fields(self._form(target))))
        if path and path[-1] == "filter":
            yield from self._behind("target", self._labels(_fields(self._form(self._other(path)))))
        yield from self._behind("project", ((key, "") for key in PROJECT_FIELDS))
        yield from self._behind("record", ((key, "") for key in record_fields(project=True)))
        yield "requester", ""
        for function in sorted({*FUNCTIONS, *AGGREGATES, *HOST_FUNCTIONS}):
            yield f"{function}(", ""

    def _table(self, path: Path) -> str:
        """The table a place is within the rows of."""
        if "items" in path and "properties" in path:
            return str(path[path.index("properties") + 1])
        row = _ROW.match(str(path[-1])) if path else None
        if row:
            return row[1]
        rule = self.at(path[:2]) if path[:1] == ("rules",) else None
        return _text(rule, "foreach")

    @staticmethod
    def _behind(owner: str, names: Iterable[Named]) -> Iterator[Named]:
        return ((f"{owner}.{key}", text) for key, text in names)

    def _labels(self, nodes: Mapping[str, Any]) -> Iterator[Named]:
        return ((key, self._label(node)) for key, node in nodes.items())

    def _label(self, node: Any) -> str:
        return self._text(_member(_member(node, "x-field"), "label") or _member(node, "title"))

    def _text(self, raw: Any) -> str:
        return read_text(raw).in_language(self.language) if isinstance(raw, str | dict) else ""

    def at(self, path: Path) -> Any:
        """What stands at a path of this file; None for nothing."""
        value = self.tree
        for part in path:
            if isinstance(value, list) and isinstance(part, int):
                value = value[part] if part < len(value) else None
            else:
                value = _member(value, str(part))
        return value


def _before_index(path: Path, name: str) -> int:
    return len(path) - 1 - path[::-1].index(name) if name in path else -1


def _before(path: Path, name: str) -> Path:
    return path[: max(_before_index(path, name), 0)]


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _text(value: Any, name: str) -> str:
    found = _member(value, name)
    return found if isinstance(found, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _fields(form: Any) -> dict[str, Any]:
    found = _member(_member(form, "data"), "properties")
    return found if isinstance(found, dict) else {}


def _columns(node: Any) -> dict[str, Any]:
    found = _member(_member(node, "items"), "properties")
    return found if isinstance(found, dict) else {}


def _tables(form: Any) -> dict[str, Any]:
    return {key: node for key, node in _fields(form).items() if _columns(node)}


def _blocks(blocks: Any) -> Iterator[tuple[str, Any]]:
    for block in _list(blocks):
        for kind in ("step", "choose", "cc"):
            if _text(block, kind):
                yield _text(block, kind), _member(block, "title")
        for way in _list(_member(block, "when")):
            yield from _blocks(_member(way, "then"))
        yield from _blocks(_member(block, "else"))
