"""Which column of a sheet goes into which field of a form; pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from portal.forms.fields import FieldDefinition, FormDefinition, RuleDefinition
from portal.forms.texts import Text

LEFT_OUT = ("table", "attachment", "reverse", "rollup", "signature")
_CASE = re.compile(r"^(\w+) (?:in|==) (\[[^\]]+\]|'[^']*')$")
_VALUE = re.compile(r"'([^']*)'")
_NOISE = re.compile(r"[\s*＊:：()（）]+")


@dataclass(frozen=True, slots=True)
class Matched:
    """The fields by column; `unknown` are titles no field has; `table` the one rows go into."""

    fields: Mapping[int, FieldDefinition]
    unknown: Sequence[str]
    missing: Sequence[FieldDefinition]
    table: str | None = None
    of_table: frozenset[int] = field(default_factory=frozenset)

    @property
    def of_header(self) -> frozenset[int]:
        """The columns that go into fields of the entry itself."""
        return frozenset(self.fields) - self.of_table


def fillable(form: FormDefinition) -> Iterator[FieldDefinition]:
    """The fields and columns a sheet may fill: what somebody types, files left out."""
    for one in form.fields.values():
        if one.is_writable and one.kind.name not in LEFT_OUT and one.kind.is_stored:
            yield one


def asked_for(form: FormDefinition, one: FieldDefinition) -> list[Text] | None:
    """For which choices a rule asks for a field, as in `kind in ['vendor']`; None where none does.

    Empty where a rule goes by something else than a choice.
    """
    rules = [rule for rule in form.rules if one.path in rule.require]
    return [label for rule in rules for label in _cases(form, rule)] if rules else None


def _cases(form: FormDefinition, rule: RuleDefinition) -> list[Text]:
    said = _CASE.match(rule.when) if isinstance(rule.when, str) else None
    of = form.fields.get(said[1]) if said else None
    if said is None or of is None or of.kind.name != "choice":
        return []
    choices = of.options["choices"]
    return [choices[value] for value in _VALUE.findall(said[2]) if value in choices]


def matched(form: FormDefinition, titles: Mapping[int, str]) -> Matched:
    """Titles meet fields by label, in either language, or by key; the first of two wins.

    Columns of one table at most are taken: the first that meets any.
    """
    known: dict[str, list[FieldDefinition]] = {}
    for one in fillable(form):
        for name in {_plain(one.label.en), _plain(one.label.zh), _plain(one.key)} - {""}:
            known.setdefault(name, []).append(one)
    found: dict[int, FieldDefinition] = {}
    table: str | None = None
    for at, title in titles.items():
        taken = {one.path for one in found.values()}
        for one in known.get(_plain(title), ()):
            if one.path in taken or (one.table and table not in (None, one.table)):
                continue
            table = one.table or table
            found[at] = one
            break
    unknown = [title for at, title in titles.items() if at not in found and title]
    named = {one.path for one in found.values()}
    missing = [one for one in fillable(form) if _is_needed(one, table) and one.path not in named]
    of_table = frozenset(at for at, one in found.items() if one.table)
    return Matched(found, unknown, missing, table, of_table)


def _is_needed(one: FieldDefinition, table: str | None) -> bool:
    return one.required and one.default is None and one.table in (None, table)


def _plain(title: str) -> str:
    return _NOISE.sub("", title).casefold()
