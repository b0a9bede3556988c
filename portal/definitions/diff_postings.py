"""What differs between two files of posting rules: a sentence per rule, with its form's labels."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
from portal.expressions.telling import labeled, told
from portal.forms.texts import Text, read_text

Json = Mapping[str, Any]

ONE_ENTRY = N_("%(when)s, one entry into %(ledger)s")
ENTRY_PER_ROW = N_("%(when)s, one entry per row of “%(table)s” into %(ledger)s")
WHERE = N_("%(sentence)s, where %(condition)s")
_NEW = N_("Posting rule %(name)s is new. %(sentence)s.")
_GONE = N_("Posting rule %(name)s is gone.")
_CHANGED = N_("Posting rule %(name)s: %(changes)s.")
_OTHER = N_("%(what)s is “%(new)s” instead of “%(old)s”")
_PLAINLY = N_("%(what)s: %(new)s (before: %(old)s)")
_BOUND = N_("%(what)s is “%(new)s” now")
_UNBOUND = N_("%(what)s is not set any more")


@dataclass(frozen=True)
class Worded:
    """An expression with the labels of the fields it names; a condition as a sentence."""

    source: str
    labels: Mapping[str, Text]
    is_condition: bool = False

    def in_language(self, language: str) -> str:
        """The words of one language."""
        labels = {path: text.in_language(language) for path, text in self.labels.items()}
        if self.is_condition:
            return told(self.source, labels, language)
        return labeled(self.source, labels)

    def __str__(self) -> str:
        return self.in_language("en")


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
        "table": _label(table or "", fields),
    }
    whole = Message(ENTRY_PER_ROW if table else ONE_ENTRY, args)
    if "when" not in rule:
        return whole
    return Message(WHERE, {"sentence": whole, "condition": _condition(rule, fields)})


def _changes(old: Json, new: Json, fields: Fields) -> Iterator[Message]:
    for key, title, words in (
        ("ledger", N_("Ledger"), LEDGER_TITLES),
        ("on", N_("When it posts"), TRANSITIONS),
    ):
        if old[key] != new[key]:
            yield _changed(Message(title), Message(words[old[key]]), Message(words[new[key]]))
    if old.get("foreach") != new.get("foreach"):
        rows = [_rows(rule, fields) for rule in (old, new)]
        yield _plainly(Message(N_("How often")), *rows)
    if old.get("when") != new.get("when"):
        always = Message(N_("always"))
        when = [_condition(one, fields) if one.get("when") else always for one in (old, new)]
        yield _plainly(Message(N_("Post only when")), *when)
    columns = dict.fromkeys([*LEDGERS[new["ledger"]], *LEDGERS[old["ledger"]]])
    for name in columns:
        if old["set"].get(name) != new["set"].get(name):
            values = [_value(rule, name, fields) for rule in (old, new)]
            yield _changed(Message(COLUMN_TITLES[name]), *values)


def _rows(rule: Json, fields: Fields) -> Any:
    table = rule.get("foreach")
    if not table:
        return Message(N_("once for the record"))
    return Message(N_("for every row of “%(table)s”"), {"table": _label(table, fields)})


def _plainly(what: Message, old: Any, new: Any) -> Message:
    return Message(_PLAINLY, {"what": what, "old": old, "new": new})


def _changed(what: Message, old: Any, new: Any) -> Message:
    if old is None:
        return Message(_BOUND, {"what": what, "new": new})
    if new is None:
        return Message(_UNBOUND, {"what": what})
    return Message(_OTHER, {"what": what, "old": old, "new": new})


def _value(rule: Json, name: str, fields: Fields) -> Any:
    """What a column is bound to: a word, or an expression in the words of the form."""
    source = rule["set"].get(name)
    if source is None:
        return None
    word = WORD_TITLES.get(name, {}).get(source)
    return Message(word) if word else Worded(source, _labels(rule, fields))


def _condition(rule: Json, fields: Fields) -> Worded:
    return Worded(rule["when"], _labels(rule, fields), is_condition=True)


def _labels(rule: Json, fields: Fields) -> Mapping[str, Text]:
    """What an expression of a rule can name; choices as "path=value"."""
    rows = f"{rule.get('foreach')}[]."
    found = {}
    for path, node in fields.items():
        name = path.replace(rows, "row.")
        found[name] = label_of(path, node)
        for one in node.get("oneOf") or (node.get("items") or {}).get("oneOf") or ():
            value = one["const"]
            text = read_text(one.get("title") or value, node["zh"].get(f"={value}", ""))
            found[f"{name}={value}"] = text
    return found


def _label(table: str, fields: Fields) -> Any:
    return label_of(table, fields[table]) if table in fields else table
