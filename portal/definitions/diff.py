"""What differs between two releases, in sentences an approver can read."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.definitions import diff_chain, diff_form, diff_module, diff_postings
from portal.definitions.checking import file_kind
from portal.definitions.diff_fields import Fields, changed_fields, fields, label_of, ruled
from portal.definitions.diff_layout import layout
from portal.definitions.diff_words import Said, named, rest
from portal.definitions.json_source import SourceError, read_source
from portal.definitions.metaschema import is_sound
from portal.errors import N_, Message
from portal.forms.texts import Text, read_text

Json = Mapping[str, Any]
Files = Mapping[str, str]

_COUNTED = {
    "field_added": (N_("1 field added"), N_("%(count)s fields added")),
    "field_removed": (N_("1 field removed"), N_("%(count)s fields removed")),
    "field_retyped": (N_("1 field retyped"), N_("%(count)s fields retyped")),
    "field_changed": (N_("1 field changed"), N_("%(count)s fields changed")),
    "rule": (N_("1 rule changed"), N_("%(count)s rules changed")),
    "computed": (N_("1 calculation changed"), N_("%(count)s calculations changed")),
    "layout": (N_("1 change of the layout"), N_("%(count)s changes of the layout")),
    "list": (N_("1 change of the list"), N_("%(count)s changes of the list")),
    "step": (N_("1 block of the workflow changed"), N_("%(count)s blocks of the workflow changed")),
    "posting": (N_("1 posting rule changed"), N_("%(count)s posting rules changed")),
    "column": (N_("1 column changed"), N_("%(count)s columns changed")),
    "access": (N_("1 right changed"), N_("%(count)s rights changed")),
    "role": (N_("1 role changed"), N_("%(count)s roles changed")),
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
            changes += (Change(group, name, said) for group, said in _first_rules(name, old, new))
        elif old[name] != new[name]:
            changes += (Change(group, name, said) for group, said in _file(name, old, new))
    return Diff(tuple(changes))


def _file(name: str, old: Files, new: Files) -> Iterator[Said]:
    """What differs in one file; of a draft with faults only fields and members are told."""
    before, after = _read(old[name]), _read(new[name])
    kind = (file_kind(name) or ("", ""))[0]
    if not isinstance(before, dict) or not isinstance(after, dict):
        yield "other", Message(N_("%(file)s cannot be read and was changed."), {"file": name})
    elif not (kind and is_sound(kind, before) and is_sound(kind, after)):
        if kind == "form":
            yield from changed_fields(fields(before), fields(after))
        yield from rest(before, after, ("data", "version"))
    elif kind == "module":
        yield from diff_module.module(before, after, lambda key: _title(key, new, old))
        yield from rest(before, after, diff_module.TOLD)
    elif kind == "workflow":
        form = f"{after['form']}.form.json"
        yield from diff_chain.chain(before, after, {**_fields(form, old), **_fields(form, new)})
        yield from rest(before, after, diff_chain.TOLD)
    elif kind == "postings":
        form = f"{after['form']}.form.json"
        known = {**_fields(form, old), **_fields(form, new)}
        yield from diff_postings.postings(before, after, known)
    else:
        yield from _OF_KIND[kind](before, after)


def _first_rules(name: str, old: Files, new: Files) -> Iterator[Said]:
    """What a new file of posting rules says."""
    raw = _read(new.get(name, "")) if name not in old else None
    if isinstance(raw, dict) and name.endswith(".postings.json") and is_sound("postings", raw):
        known = _fields(f"{raw['form']}.form.json", new)
        yield from diff_postings.postings({**raw, "rules": []}, raw, known)


def _fields(name: str, files: Files) -> Fields:
    raw = _read(files.get(name, ""))
    return fields(raw) if isinstance(raw, dict) else {}


def _read(text: str) -> Any:
    try:
        return read_source(text).value
    except SourceError:
        return None


def _title(form: str, *releases: Files) -> Text:
    """What a form is called in the first of these releases that has it."""
    for files in releases:
        raw = _read(files.get(f"{form}.form.json", ""))
        if isinstance(raw, dict) and "title" in raw:
            return read_text(raw["title"])
    return Text(form)


def _form(old: Json, new: Json) -> Iterator[Said]:
    before, after = fields(old), fields(new)
    labels = {path: label_of(path, node) for path, node in {**before, **after}.items()}
    both = {path: label for path, label in labels.items() if path in before and path in after}
    yield from changed_fields(before, after)
    rules = _by(old, "rules", "id"), _by(new, "rules", "id")
    yield from named("rule", N_("Rule %(name)s"), *rules, ruled(*rules, labels))
    computed = [
        {path: f for path, f in raw.get("computed", {}).items() if path in both}
        for raw in (old, new)
    ]
    yield from named("computed", N_("Calculation of %(name)s"), *computed)
    for sentence in layout(old["layout"], new["layout"], both):
        yield "layout", sentence
    yield from diff_form.about(old, new, labels)
    yield from _examples("tests", old, new)
    if old.get("migrations") != new.get("migrations"):
        yield "other", Message(N_("The steps that move stored values changed."))
    told = ("data", "rules", "computed", "version", "layout", "tests", "texts", "migrations",
            *diff_form.TOLD)  # fmt: skip
    yield from rest(old, new, told)


def _cases(old: Json, new: Json) -> Iterator[Said]:
    yield from _examples("cases", old, new)


def _examples(member: str, old: Json, new: Json) -> Iterator[Said]:
    """Examples are the same by their English name, and called as the reader's language has it."""
    before, after = _by(old, member, "name"), _by(new, member, "name")
    called = {name: read_text(case["name"]) for name, case in {**before, **after}.items()}
    yield from named("case", N_("Example “%(name)s”"), before, after, called)


def _sheet(old: Json, new: Json) -> Iterator[Said]:
    before, after = ({one["id"]: one for one in raw["columns"]} for raw in (old, new))
    yield from named("column", N_("Column %(name)s"), before, after)
    if list(before) != list(after) and before.keys() == after.keys():
        yield "column", Message(N_("The order of the columns changed."))
    yield from rest(old, new, ("columns",))


def _by(raw: Json, member: str, key: str) -> dict[str, Any]:
    """The parts of a list by the English of their name."""
    return {read_text(part[key]).in_language("en"): part for part in raw.get(member, ())}


def _health(old: Json, new: Json) -> Iterator[Said]:
    for member, words in (("counts", N_("Count %(name)s")), ("rules", N_("Rule %(name)s"))):
        before, after = ({one["id"]: one for one in raw.get(member, ())} for raw in (old, new))
        yield from named("rule", words, before, after)
    yield from rest(old, new, ("counts", "rules"))


_OF_KIND = {"form": _form, "cases": _cases, "sheet": _sheet, "health": _health}
