"""Amount bands: a choice whose ways are `field <= X` with one step each, and one above; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from portal.builder.design.chain import Node, read_chain
from portal.builder.design.chain_amounts import Amount, is_field, read_amount, typed_amount
from portal.builder.design.chain_edits import forget, id_for, set_condition
from portal.builder.design.chain_step import (
    StepValues,
    change_who,
    judge_title,
    new_step,
    set_words,
    value_at,
    who_lines,
    words_of,
    wrong,
)
from portal.builder.splicing import insert_item, remove
from portal.definitions.json_source import Path
from portal.errors import N_, FieldError, Invalid

MOST_ROWS = 30


@dataclass(frozen=True, slots=True)
class Band:
    """One row: up to which amount (empty: above all), who approves. `step` is empty for a new one.

    `gone` asks for its removal.
    """

    step: str = ""
    up_to: str = ""
    title_en: str = ""
    title_zh: str = ""
    who: tuple[str, ...] = ()
    gone: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into a new row."""
        return not (self.step or self.up_to or self.title_en or self.title_zh or self.who)

    @property
    def amount(self) -> Decimal | None:
        """The amount as a number; None where it is none."""
        typed = typed_amount(self.up_to)
        return None if typed is None else Decimal(typed)


@dataclass(frozen=True, slots=True)
class Bands:
    """The table: the field it goes by, the rows in order, and the row above them all."""

    field: str
    rows: tuple[Band, ...]
    above: Band
    title_en: str = ""
    title_zh: str = ""
    signless: bool = False


def read_bands(node: Node) -> Bands | None:
    """The table a choice is; None where it is something else."""
    if node.kind != "choose" or any(way.signed for way in node.ways):
        return None
    amounts = [read_amount(way.condition or "") for way in node.ways[:-1]]
    known = [one for one in amounts if one is not None and one.sign == "<="]
    if not known or len(known) != len(amounts):
        return None
    if len({(one.field, one.signless) for one in known}) != 1:
        return None
    if any(one.number >= other.number for one, other in pairwise(known)):
        return None
    if any(len(way.blocks) != 1 or way.blocks[0].kind != "step" for way in node.ways):
        return None
    steps = [way.blocks[0] for way in node.ways]
    rows = [_band(step, one.amount) for step, one in zip(steps, known, strict=False)]
    title = words_of(node.raw.get("title"))
    return Bands(known[0].field, tuple(rows), _band(steps[-1], ""), *title, known[0].signless)


def judge_bands(bands: Bands) -> None:
    """Raises Invalid, by input: `row-<n>-up_to`, `above-who` and so on."""
    errors = [] if is_field(bands.field) else [wrong("field", N_("Choose the amount."))]
    left = [(n, row) for n, row in enumerate(bands.rows) if not row.gone and not row.is_blank]
    if not left:
        errors.append(wrong("row-0-up_to", N_("One row with an amount must be left.")))
    seen: list[Decimal] = []
    for n, row in left:
        if row.amount is None:
            errors.append(wrong(f"row-{n}-up_to", N_("Write an amount, such as 500,000.")))
        elif row.amount in seen or (row.step and any(one > row.amount for one in seen)):
            errors.append(wrong(f"row-{n}-up_to", N_("Every row goes up to more than the last.")))
        else:
            seen.append(row.amount)
        errors += _judge_row(row, f"row-{n}-")
    errors += _judge_row(bands.above, "above-")
    if errors:
        raise Invalid(errors=errors)


def _judge_row(row: Band, prefix: str) -> list[FieldError]:
    errors = judge_title(row.title_en, row.title_zh, prefix)
    return errors if row.who else [*errors, wrong(f"{prefix}who", N_("Say who approves here."))]


def change_bands(text: str, path: Path, bands: Bands, taken: frozenset[str]) -> str:
    """The text with the table at a path as these rows say. Raises Invalid.

    Rows that stay keep everything of their steps but title and people; new ones are asked like
    the step above all.
    """
    judge_bands(bands)
    text = set_words(text, path, "title", (bands.title_en, bands.title_zh))
    node = read_chain(text).node(path)
    ways = {way.blocks[0].id: way for way in node.ways if way.blocks}
    rows = [row for row in (*bands.rows, bands.above) if row.step]
    if any(row.step not in ways for row in rows):
        raise Invalid(N_("Somebody took one of these rows out. Open the table again."))
    for row in rows:
        way = ways[row.step]
        if way.condition is not None and not row.gone:
            text = _change_condition(text, way.path, way.condition, bands, row)
        step = way.blocks[0].path
        text = set_words(text, step, "title", (row.title_en, row.title_zh))
        text = change_who(text, step, row.who)
    gone = [row.step for row in rows if row.gone]
    for key in sorted(gone, key=lambda one: ways[one].path, reverse=True):
        text = remove(text, ways[key].path)
    text = forget(text, gone)
    for row in bands.rows:
        if not row.step and not row.is_blank and not row.gone:
            text, taken = _add_row(text, path, bands, row, taken)
    return text


def new_bands(bands: Bands, key: str, taken: frozenset[str]) -> dict[str, Any]:
    """A choice for a new table. Raises Invalid."""
    judge_bands(bands)
    found: list[dict[str, Any]] = []
    known = {*taken, key}
    rows = [row for row in bands.rows if not row.is_blank and not row.gone]
    for row in (*sorted(rows, key=lambda one: one.amount or 0), bands.above):
        step = new_step(_values(row), id_for(_values(row), known))
        known.add(step["step"])
        found.append(step)
    when = [
        {"if": _source(bands, row), "then": [step]}
        for row, step in zip(sorted(rows, key=lambda one: one.amount or 0), found, strict=False)
    ]
    title = {name: text for name, text in (("en", bands.title_en), ("zh", bands.title_zh)) if text}
    choice: dict[str, Any] = {"choose": key, "title": title, "when": when, "else": found[-1:]}
    return choice if title else {k: v for k, v in choice.items() if k != "title"}


def _band(step: Node, up_to: str) -> Band:
    title = words_of(step.raw.get("title"))
    return Band(step.id, up_to, *title, who_lines(step.raw.get("who")))


def _values(row: Band) -> StepValues:
    return StepValues(title_en=row.title_en, title_zh=row.title_zh, who=row.who)


def _source(bands: Bands, row: Band) -> str:
    return Amount(bands.field, "<=", typed_amount(row.up_to) or "", bands.signless).source


def _change_condition(text: str, way: Path, written: str, bands: Bands, row: Band) -> str:
    now = read_amount(written)
    same = now is not None and (now.field, now.signless) == (bands.field, bands.signless)
    if same and now is not None and row.amount == now.number:
        return text
    return set_condition(text, way, _source(bands, row))


def _add_row(
    text: str, path: Path, bands: Bands, row: Band, taken: frozenset[str]
) -> tuple[str, frozenset[str]]:
    """The text with a new row in its place among the amounts."""
    choice: Mapping[str, Any] = value_at(text, path)
    amounts = [read_amount(case["if"]) for case in choice["when"]]
    at = sum(one is not None and one.number < (row.amount or 0) for one in amounts)
    key = id_for(_values(row), taken)
    block = _like(choice["else"], new_step(_values(row), key))
    case = {"if": _source(bands, row), "then": [block]}
    return insert_item(text, (*path, "when"), case, at=at), taken | {key}


def _like(steps: Sequence[Any], made: dict[str, Any]) -> dict[str, Any]:
    """A new step with everything of the step above all but its id, title and people."""
    model = steps[0] if steps and isinstance(steps[0], dict) else {}
    own = {key: made[key] for key in ("step", "title", "who")}
    return {**model, **own} if model else made
