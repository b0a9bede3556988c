"""What differs between two files of posting rules: a sentence per rule, with its form's labels."""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.definitions.diff_fields import Fields, label_of
from portal.definitions.diff_words import Said, listed, rest
from portal.definitions.ledger_words import (
    COLUMN_TITLES,
    LEDGER_TITLES,
    TRANSITIONS,
    WORD_TITLES,
)
from portal.definitions.posting_columns import LEDGERS
from portal.errors import N_, Message

Json = Mapping[str, Any]

ONE_ENTRY = N_("%(when)s, one entry into %(ledger)s")
ENTRY_PER_ROW = N_("%(when)s, one entry per row of “%(table)s” into %(ledger)s")
WHERE = N_("%(sentence)s, where %(condition)s")
_NEW = N_("Posting rule %(name)s is new. %(sentence)s.")
_GONE = N_("Posting rule %(name)s is gone.")
_CHANGED = N_("Posting rule %(name)s: %(changes)s.")
_OTHER = N_("%(what)s is “%(new)s” instead of “%(old)s”")
_BOUND = N_("%(what)s is “%(new)s” now")
_UNBOUND = N_("%(what)s is not set any more")


def postings(old: Json, new: Json, fields: Fields) -> Iterator[Said]:
    """The rules that came, went or changed; `fields` are those of their form, by path."""
    before, after = ({rule["id"]: rule for rule in raw["rules"]} for raw in (old, new))
    for name in dict.fromkeys([*after, *before]):
        was, now = before.get(name), after.get(name)
        if was is None and now is not None:
            yield "posting", Message(_NEW, {"name": name, "sentence": _sentence(now, fields)})
        elif now is None:
            yield "posting", Message(_GONE, {"name": name})
        elif was is not None and was != now:
            changes = list(_changes(was, now, fields)) or [Message(N_("only how it is written"))]
            yield "posting", Message(_CHANGED, {"name": name, "changes": listed(changes)})
    if list(before) != list(after) and before.keys() == after.keys():
        yield "other", Message(N_("The order of the posting rules changed."))
    yield from rest(old, new, ("rules",))


def _sentence(rule: Json, fields: Fields) -> Message:
    table = rule.get("foreach")
    args = {
        "when": Message(TRANSITIONS[rule["on"]]),
        "ledger": Message(LEDGER_TITLES[rule["ledger"]]),
        "table": _label(table or "", None, fields),
    }
    whole = Message(ENTRY_PER_ROW if table else ONE_ENTRY, args)
    if "when" not in rule:
        return whole
    return Message(WHERE, {"sentence": whole, "condition": rule["when"]})


def _changes(old: Json, new: Json, fields: Fields) -> Iterator[Message]:
    for key, title, words in (
        ("ledger", N_("Ledger"), LEDGER_TITLES),
        ("on", N_("When it posts"), TRANSITIONS),
    ):
        if old[key] != new[key]:
            yield _changed(Message(title), Message(words[old[key]]), Message(words[new[key]]))
    if old.get("foreach") != new.get("foreach"):
        rows = [_rows(rule, fields) for rule in (old, new)]
        yield _changed(Message(N_("How often")), *rows)
    if old.get("when") != new.get("when"):
        when = [rule.get("when") or Message(N_("always")) for rule in (old, new)]
        yield _changed(Message(N_("Post only when")), *when)
    columns = dict.fromkeys([*LEDGERS[new["ledger"]], *LEDGERS[old["ledger"]]])
    for name in columns:
        was, now = (_value(rule, name, fields) for rule in (old, new))
        if was != now:
            yield _changed(Message(COLUMN_TITLES[name]), was, now)


def _rows(rule: Json, fields: Fields) -> Any:
    table = rule.get("foreach")
    if not table:
        return Message(N_("once for the record"))
    return Message(N_("for every row of “%(table)s”"), {"table": _label(table, None, fields)})


def _changed(what: Message, old: Any, new: Any) -> Message:
    if old is None:
        return Message(_BOUND, {"what": what, "new": new})
    if new is None:
        return Message(_UNBOUND, {"what": what})
    return Message(_OTHER, {"what": what, "old": old, "new": new})


def _value(rule: Json, name: str, fields: Fields) -> Any:
    """What a column is bound to: a word, a field's label, or the expression as it is written."""
    source = rule["set"].get(name)
    if source is None:
        return None
    word = WORD_TITLES.get(name, {}).get(source)
    return Message(word) if word else _label(source, rule.get("foreach"), fields)


def _label(source: str, table: str | None, fields: Fields) -> Any:
    row = source.removeprefix("row.")
    path = f"{table}[].{row}" if table and row != source else source
    return label_of(path, fields[path]) if path in fields else source
