"""What differs between two releases, in sentences an approver can read."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.definitions.checking import file_kind
from portal.definitions.diff_fields import differing, fields, kind_of, label_of
from portal.definitions.json_source import SourceError, read_source
from portal.errors import N_, Message
from portal.forms.texts import read_text

Json = Mapping[str, Any]
Files = Mapping[str, str]

_MISSING: Any = object()
_COUNTED = {
    "field_added": (N_("1 field added"), N_("%(count)s fields added")),
    "field_removed": (N_("1 field removed"), N_("%(count)s fields removed")),
    "field_retyped": (N_("1 field retyped"), N_("%(count)s fields retyped")),
    "field_changed": (N_("1 field changed"), N_("%(count)s fields changed")),
    "rule": (N_("1 rule changed"), N_("%(count)s rules changed")),
    "computed": (N_("1 calculation changed"), N_("%(count)s calculations changed")),
    "step": (N_("1 block of the workflow changed"), N_("%(count)s blocks of the workflow changed")),
    "posting": (N_("1 posting rule changed"), N_("%(count)s posting rules changed")),
    "case": (N_("1 example changed"), N_("%(count)s examples changed")),
    "other": (N_("1 other change"), N_("%(count)s other changes")),
    "file": (N_("1 file added or removed"), N_("%(count)s files added or removed")),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: its group (`field_added`, `rule`, ...), its file, and a sentence."""

    group: str
    file: str
    sentence: Message


@dataclass(frozen=True, slots=True)
class Diff:
    """All differences, file by file; empty if both mean the same."""

    changes: tuple[Change, ...]

    @property
    def summary(self) -> tuple[Message, ...]:
        """The counts: "3 fields added", "1 field retyped", ..."""
        counts = Counter(change.group for change in self.changes)
        return tuple(
            Message(one) if counts[group] == 1 else Message(many, {"count": counts[group]})
            for group, (one, many) in _COUNTED.items()
            if counts[group]
        )


def diff(old: Files, new: Files) -> Diff:
    """The differences between two sets of files; texts that cannot be read count as one change."""
    changes: list[Change] = []
    for name in sorted({*old, *new}, key=lambda n: (n != "module.json", n)):
        if name not in old or name not in new:
            text = N_("%(file)s is new.") if name in new else N_("%(file)s is gone.")
            changes.append(Change("file", name, Message(text, {"file": name})))
        elif old[name] != new[name]:
            changes += (Change(group, name, said) for group, said in _file(name, old, new))
    return Diff(tuple(changes))


Said = tuple[str, Message]


def _file(name: str, old: Files, new: Files) -> Iterator[Said]:
    before, after = _read(old[name]), _read(new[name])
    if not isinstance(before, dict) or not isinstance(after, dict):
        yield "other", Message(N_("%(file)s cannot be read and was changed."), {"file": name})
        return
    kind = (file_kind(name) or ("", ""))[0]
    yield from _OF_KIND.get(kind, _members)(before, after)


def _read(text: str) -> Any:
    try:
        return read_source(text).value
    except SourceError:
        return None


def _form(old: Json, new: Json) -> Iterator[Said]:
    before, after = fields(old), fields(new)
    for path, node in after.items():
        if path not in before:
            args = {"field": path, "label": label_of(node), "kind": kind_of(node)}
            text = N_("Field “%(label)s” (%(field)s, %(kind)s) is new.")
            yield "field_added", Message(text, args)
        elif kind_of(before[path]) != kind_of(node):
            args = {"field": path, "old": kind_of(before[path]), "new": kind_of(node)}
            text = N_("Field %(field)s was %(old)s and becomes %(new)s.")
            yield "field_retyped", Message(text, args)
        elif before[path] != node:
            args = {"field": path, "what": ", ".join(differing(before[path], node))}
            yield "field_changed", Message(N_("Field %(field)s: %(what)s changed."), args)
    for path in before.keys() - after.keys():
        args = {"field": path, "label": label_of(before[path])}
        yield "field_removed", Message(N_("Field “%(label)s” (%(field)s) is gone."), args)
    yield from _named("rule", N_("Rule %(name)s"), _by(old, "rules", "id"), _by(new, "rules", "id"))
    yield from _named(
        "computed", N_("Calculation of %(name)s"), old.get("computed", {}), new.get("computed", {})
    )
    yield from _members(old, new, but=("data", "rules", "computed", "version"))


def _workflow(old: Json, new: Json) -> Iterator[Said]:
    before, after = dict(_blocks(old.get("blocks", ()))), dict(_blocks(new.get("blocks", ())))
    yield from _named("step", N_("Block %(name)s"), before, after)
    if list(before) != list(after) and before.keys() == after.keys():
        yield "step", Message(N_("The order of the blocks changed."))
    yield from _members(old, new, but=("blocks",))


def _blocks(blocks: Any) -> Iterator[tuple[str, Json]]:
    """Every block by id, without those inside it."""
    for block in blocks if isinstance(blocks, list) else ():
        kind = next((k for k in ("step", "choose", "cc") if k in block), None)
        if kind is None:
            continue
        cases = block.get("when", ()) if kind == "choose" else ()
        own = {k: v for k, v in block.items() if k not in ("when", "else")}
        yield str(block[kind]), {**own, "if": [case.get("if") for case in cases]}
        for case in cases:
            yield from _blocks(case.get("then"))
        yield from _blocks(block.get("else"))


def _postings(old: Json, new: Json) -> Iterator[Said]:
    before, after = _by(old, "rules", "id"), _by(new, "rules", "id")
    yield from _named("posting", N_("Posting rule %(name)s"), before, after)
    yield from _members(old, new, but=("rules",))


def _cases(old: Json, new: Json) -> Iterator[Said]:
    before, after = _by(old, "cases", "name"), _by(new, "cases", "name")
    yield from _named("case", N_("Example “%(name)s”"), before, after)


def _by(raw: Json, member: str, key: str) -> dict[str, Any]:
    parts = raw.get(member, ())
    return {
        read_text(part.get(key)).in_language("en"): part
        for part in (parts if isinstance(parts, list) else ())
        if isinstance(part, Mapping)
    }


def _named(group: str, what: str, old: Json, new: Json) -> Iterator[Said]:
    """Parts with names that came, went or changed."""
    for name in sorted({*old, *new}):
        before, after = old.get(name, _MISSING), new.get(name, _MISSING)
        if before == after:
            continue
        text = N_("%(what)s changed.")
        if before is _MISSING:
            text = N_("%(what)s is new.")
        elif after is _MISSING:
            text = N_("%(what)s is gone.")
        yield group, Message(text, {"what": Message(what, {"name": name})})


def _members(old: Json, new: Json, but: tuple[str, ...] = ()) -> Iterator[Said]:
    """Top-level members that differ."""
    for key in sorted({*old, *new}):
        if key not in but and old.get(key) != new.get(key):
            yield "other", Message(N_("“%(member)s” changed."), {"member": key})


_OF_KIND = {
    "form": _form,
    "workflow": _workflow,
    "postings": _postings,
    "cases": _cases,
}
