"""One field on its page: what it is now, what was typed, and the text with what was typed."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.builder.design import conditions, options, rules
from portal.builder.design import form_edits as edits
from portal.builder.design.conditions import Condition, Option
from portal.builder.design.form import Design, Field
from portal.builder.form_page import labels, places
from portal.builder.form_page import options as asked
from portal.builder.saving import mark_of
from portal.errors import N_, FieldError, Invalid, Message
from portal.expressions.telling import told
from portal.forms.texts import Text
from portal.web.inputs import clean, one_line, whole

LABEL, HINT, _EXPRESSION = 500, 1_000, 1_000
_SENT = 5_000  # characters of a text that are read at all; longer than its bound it is refused
_MOST_ROWS, _MOST_CHECKS = 520, 50


TOO_LONG = N_("At most %(most)s characters.")


@dataclass(frozen=True, slots=True)
class TypedCheck:
    """A check as typed; an empty `id` is a new one."""

    id: str
    condition: Condition
    message: Text


@dataclass(frozen=True, slots=True)
class Typed:
    """What the inputs of a field's page say."""

    label: Text
    hint: Text
    required: bool
    section: int | None
    options: Mapping[str, Any]
    computed: str
    show: Condition
    require: Condition
    checks: tuple[TypedCheck, ...]


@dataclass(frozen=True)
class FieldPage:
    """Everything a field's page shows. `part` marks what was stored when it was shown."""

    field: Field
    typed: Typed
    inputs: list[options.Input]
    asked: list[Option]
    part: str
    told_show: str
    told_require: str
    is_shown_by_more: bool
    is_required_by_more: bool
    errors: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def next_check(self) -> TypedCheck:
        """An empty check below those that are there."""
        return TypedCheck("", Condition(), Text())


def part_of(design: Design, one: Field) -> str:
    """A mark of everything the page of a field changes, to tell whether somebody else did."""
    said = [design.raw["rules"][place[1]] for place in _rules(design, one)]
    others = [rule for _at, rule in design.rules if one.path in _mentioned(rule)]
    return mark_of(json.dumps([one.node, one.computed, said, others], ensure_ascii=False))


def _rules(design: Design, one: Field) -> list[Any]:
    return [place for place in places(design, one) if place[0] == "rules"]


def _mentioned(rule: Mapping[str, Any]) -> list[str]:
    return [str(one) for each in rules.EFFECTS for one in rule.get(each) or ()]


def stored(design: Design, one: Field, language: str) -> Typed:
    """The field as it stands, as its inputs say it."""
    known = asked(design, one, language)
    section = design.section_of(one.path)
    return Typed(
        label=one.label,
        hint=one.hint,
        required=one.is_required,
        section=section.at if section else None,
        options={
            each.name: options.shown(each, one.options.get(each.name))
            for each in options.inputs(one.kind)
        },
        computed=one.computed,
        show=_reaction(design, one.path, "show", known),
        require=_reaction(design, one.path, "require", known),
        checks=tuple(
            TypedCheck(each.id, conditions.parse(each.source, known), each.message)
            for each in rules.checks(design, one.path)
        ),
    )


def _reaction(design: Design, path: str, effect: str, known: list[Option]) -> Condition:
    return conditions.parse(reaction_source(design, path, effect), known)


def typed(values: "MultiDict[str, str]", one: Field) -> Typed:
    """What was typed, cleaned and bounded; nothing is judged yet."""
    return Typed(
        label=_words(values, "label"),
        hint=_words(values, "hint"),
        required=bool(values.get("required")),
        section=whole(values.get("section", "")),
        options={each.name: _option(values, each) for each in options.inputs(one.kind)},
        computed=clean(values.get("computed", ""))[:_SENT],
        show=conditions.from_form(values, "show"),
        require=conditions.from_form(values, "require"),
        checks=_checks(values),
    )


def _words(values: "MultiDict[str, str]", name: str) -> Text:
    return Text(
        *(one_line(values.get(f"{name}_{language}", ""))[:_SENT] for language in ("en", "zh"))
    )


def _as_shown(words: Text) -> Text:
    """What comes back from inputs of one line that show a text."""
    return Text(one_line(words.en), one_line(words.zh))


def _option(values: "MultiDict[str, str]", one: options.Input) -> Any:
    name = f"o-{one.name}"
    if one.control == "check":
        return bool(values.get(name))
    if one.control == "several":
        return [each for each in values.getlist(name) if each in one.choices]
    if one.control == "pairs":
        return _rows(values, f"{name}-left", f"{name}-right")
    if one.control == "choices":
        return _rows(values, f"{name}-value", f"{name}-en", f"{name}-zh")
    return clean(values.get(name, ""))[:_SENT]  # too long for its option: the check says so


def _rows(values: "MultiDict[str, str]", *names: str) -> list[tuple[str, ...]]:
    """The rows of a small table: empty ones are none."""
    columns = [values.getlist(name)[:_MOST_ROWS] for name in names]
    rows = [tuple(one_line(cell)[:_SENT] for cell in row) for row in zip(*columns, strict=False)]
    return [row for row in rows if any(row)]


def _checks(values: "MultiDict[str, str]") -> tuple[TypedCheck, ...]:
    prefixes = (f"check-{at}" for at in range(_MOST_CHECKS))
    return tuple(
        TypedCheck(
            clean(values.get(f"{prefix}-id", ""))[:60],
            conditions.from_form(values, prefix),
            _words(values, f"{prefix}-message"),
        )
        for prefix in prefixes
        if f"{prefix}-id" in values
    )


def field_page(
    design: Design,
    one: Field,
    language: str,
    *,
    given: Typed | None = None,
    part: str = "",
    errors: Mapping[str, str] | None = None,
) -> FieldPage:
    """The page with what is stored, or with what was typed."""
    known = labels(design, language)
    found = {each: rules.reactions(design, one.path, each) for each in ("show", "require")}
    say = {
        each: told(reaction[0].source, known, language) if reaction and reaction[0].source else ""
        for each, reaction in found.items()
    }
    return FieldPage(
        field=one,
        typed=given or stored(design, one, language),
        inputs=options.inputs(one.kind),
        asked=asked(design, one, language),
        part=part or part_of(design, one),
        told_show=say["show"],
        told_require=say["require"],
        is_shown_by_more=rules.is_manifold(found["show"]),
        is_required_by_more=rules.is_manifold(found["require"]),
        errors=errors or {},
    )


def with_typed(text: str, path: str, given: Typed, language: str) -> str:
    """The form's text with what was typed of one field; raises Invalid by input."""
    design = edits.opened(text)
    one = edits.the_field(design, path)
    known = asked(design, one, language)
    made = _Gathered()
    changed = made.ask(lambda: options.changes(one.kind, given.options, one.options), "o-") or {}
    before = stored(design, one, language)
    show = made.source(
        given.show, before.show, reaction_source(design, path, "show"), known, "show"
    )
    require = made.source(
        given.require, before.require, reaction_source(design, path, "require"), known, "require"
    )
    was = {each.id: each for each in before.checks}
    written = {each.id: each.source for each in rules.checks(design, path)}
    sources = []
    for at, each in enumerate(given.checks):
        old = was[each.id].condition if each.id in was else None
        prefix = f"check-{at}"
        sources.append(made.source(each.condition, old, written.get(each.id, ""), known, prefix))
    for at, (source, each) in enumerate(zip(sources, given.checks, strict=True)):
        if source and not each.message:
            made.wrong(f"check-{at}-message_en", N_("Say what is wrong, and what to do."))
        if each.message and not source and not each.id and not made.errors:
            made.wrong(f"check-{at}-0-field", N_("Say when this is wrong."))
        made.bound(f"check-{at}-message", each.message, LABEL)
    if not given.label:
        made.wrong("label_en", N_("Give the field a label in one language at least."))
    made.bound("label", given.label, LABEL)
    made.bound("hint", given.hint, HINT)
    if len(given.computed) > _EXPRESSION:
        made.wrong("computed", TOO_LONG, most=_EXPRESSION)
    made.refuse()
    if given.label != _as_shown(one.label):
        text = edits.set_words(text, path, "label", given.label)
    if given.hint != _as_shown(one.hint):
        text = edits.set_words(text, path, "hint", given.hint)
    if given.required != one.is_required:
        changed = {**changed, "required": True if given.required else None}
    text = edits.set_options(text, path, changed)
    text = edits.set_computed(text, path, given.computed)
    text = rules.set_reaction(text, path, "show", show)
    text = rules.set_reaction(text, path, "require", require)
    for source, each in zip(sources, given.checks, strict=True):
        if each.id:
            now = was[each.id].message if each.id in was else Text()
            message = now if each.message == _as_shown(now) else each.message
            text = rules.set_check(text, each.id, source, message)
        elif source:
            text = rules.add_check(text, path, source, each.message)
    here = design.section_of(path)
    if not one.table and given.section is not None and (here is None or here.at != given.section):
        text = edits.place_field(text, path, given.section)
    return text


def reaction_source(design: Design, path: str, effect: str) -> str:
    """The condition, as written, on which one rule does this to a field."""
    found = rules.reactions(design, path, effect)
    return found[0].source if len(found) == 1 else ""


class _Gathered:
    """Errors by input, all of them at once."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    def source(
        self,
        given: Condition,
        old: Condition | None,
        written: str,
        known: list[Option],
        prefix: str,
    ) -> str:
        """The text of a condition; one that says what it said keeps the words of its author."""
        if given == old:
            return written
        return str(self.ask(lambda: conditions.to_source(given, known, prefix)) or "")

    def ask(self, question: Any, prefix: str = "") -> Any:
        try:
            return question()
        except Invalid as wrong:
            for one in wrong.errors:
                self.errors.append(FieldError(prefix + one.path, one.code, one.message))
            return None

    def wrong(self, path: str, text: str, **args: Any) -> None:
        self.errors.append(FieldError(path, "wrong", Message(text, args)))

    def bound(self, name: str, words: Text, most: int) -> None:
        for language in ("en", "zh"):
            if len(getattr(words, language)) > most:
                self.wrong(f"{name}_{language}", TOO_LONG, most=most)

    def refuse(self) -> None:
        if self.errors:
            raise Invalid(errors=self.errors)
