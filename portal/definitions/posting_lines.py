"""Posting rules compiled against a form, and the lines they make of one record; pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from portal.definitions.posting_columns import LEDGERS
from portal.expressions import Environment, Expression, Type, compile_expression
from portal.forms.compiled import CompiledForm
from portal.forms.kinds.table import ROW_ID_KEY
from portal.forms.outcome import Facts
from portal.forms.state import State


@dataclass(frozen=True, slots=True, eq=False)
class PostingRule:
    """A rule ready to run. `words` are columns bound to a bare constant.

    `reads` are the paths of the form it depends on (`row.` resolved to its table), `keys` those of
    all fields and tables in them, `follows` those of links it reads a field of.
    """

    id: str
    ledger: str
    on: str
    table: str | None
    when: Expression | None
    columns: Mapping[str, Expression]
    words: Mapping[str, str]
    reads: frozenset[str]
    keys: frozenset[str]
    follows: frozenset[str]


@dataclass(frozen=True, slots=True)
class PostingLine:
    """What a rule posts for the record, or for one of its rows (`row` is its id, else empty).

    `values` are typed: Decimal, date, bool, int, text; a link is its id; None where empty.
    """

    rule: str
    ledger: str
    row: str
    values: Mapping[str, Any]


def compile_rules(raw: Sequence[Mapping[str, Any]], form: CompiledForm) -> tuple[PostingRule, ...]:
    """The rules of a file that was checked; raises ExpressionError otherwise."""
    return tuple(_compile(rule, form) for rule in raw)


def _compile(rule: Mapping[str, Any], form: CompiledForm) -> PostingRule:
    table = rule.get("foreach")
    compile_here = partial(compile_expression, scope=form.scopes[table])
    known = LEDGERS[rule["ledger"]]
    words = {name: text for name, text in rule["set"].items() if text in known[name].words}
    when = compile_here(rule["when"], expect=Type("yes_no")) if "when" in rule else None
    columns = {n: compile_here(s) for n, s in rule["set"].items() if n not in words}
    reads = _reads(table, [*columns.values(), *([when] if when else ())])
    return PostingRule(
        id=rule["id"],
        ledger=rule["ledger"],
        on=rule["on"],
        table=table,
        when=when,
        columns=columns,
        words=words,
        reads=reads,
        keys=_keys(reads) | ({table} if table else set()),
        follows=_follows(reads),
    )


def _reads(table: str | None, parts: Sequence[Expression]) -> frozenset[str]:
    found = {path for part in parts for path in part.dependencies}
    return frozenset(f"{table}[].{path[4:]}" if path.startswith("row.") else path for path in found)


def _keys(paths: Iterable[str]) -> frozenset[str]:
    return frozenset(part.removesuffix("[]") for path in paths for part in path.split("."))


def _follows(paths: Iterable[str]) -> frozenset[str]:
    plain = [path.removeprefix("parent.") for path in paths]
    heads = [(path.partition("[].")[2] or path).partition(".") for path in plain]
    return frozenset(head for head, dot, _rest in heads if dot)


def posting_lines(
    rules: Sequence[PostingRule], form: CompiledForm, data: Mapping[str, Any], facts: Facts, on: str
) -> list[PostingLine]:
    """What the rules of one state make of an evaluated record.

    `facts.record` must hold what rules may read: id, number, requester, submitted_on, approved_on.
    A condition that cannot be determined posts nothing.
    """
    state = State(form, facts)
    state.load(data)
    return [line for rule in rules if rule.on == on for line in _lines(rule, state)]


def _lines(rule: PostingRule, state: State) -> Iterator[PostingLine]:
    for row_id, environment in _places(rule, state):
        if rule.when is not None and rule.when.evaluate(environment) is not True:
            continue
        found = {name: one.evaluate(environment) for name, one in rule.columns.items()}
        yield PostingLine(rule.id, rule.ledger, row_id, {**rule.words, **found})


def _places(rule: PostingRule, state: State) -> Iterator[tuple[str, Environment]]:
    if rule.table is None:
        yield "", state.environment()
        return
    for row in state.rows[rule.table]:
        yield str(row[ROW_ID_KEY]), state.environment(row)
