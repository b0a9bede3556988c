"""What was typed into the page that makes a module like another one, and what is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.builder.cloning.naming import (
    ClonePlan,
    FormPlan,
    copy_of,
    proposed_key,
    proposed_letters,
)
from portal.builder.cloning.sources import Source, SourceForm, Taken
from portal.builder.field_page import TOO_LONG
from portal.builder.inputs import is_key, is_prefix
from portal.errors import N_, FieldError, Invalid, Message
from portal.forms.texts import Text
from portal.web.inputs import clean, one_line

_MOST = 80


@dataclass(frozen=True, slots=True)
class CloneInputs:
    """The inputs as texts; `forms` by the key each form has in the source."""

    title: Text
    key: str = ""
    forms: Mapping[str, FormPlan] = field(default_factory=dict)
    has_postings: bool = True


def proposed(source: Source, taken: Taken) -> CloneInputs:
    """What the page begins with."""
    known = set(taken.letters)
    forms: dict[str, FormPlan] = {}
    for one in source.forms:
        letters = proposed_letters(one.letters, known) if one.letters else ""
        known.add(letters)
        forms[one.key] = FormPlan(copy_of(one.title), letters)
    return CloneInputs(copy_of(source.title), "", forms)


def plan_ahead(source: Source, taken: Taken) -> ClonePlan:
    """A plan that can be made whatever is typed, to see what cannot follow."""
    inputs = proposed(source, taken)
    key = proposed_key(inputs.title.en, source.key, taken.modules)
    return ClonePlan(key, inputs.title, inputs.forms, taken=taken.keys)


def typed(source: Source, sent: Any) -> CloneInputs:
    """What a request sent."""

    def words(prefix: str) -> Text:
        return Text(*(one_line(sent.get(f"{prefix}title_{one}", ""))[:500] for one in ("en", "zh")))

    forms = {
        one.key: FormPlan(
            words(f"{one.key}-"), clean(sent.get(f"{one.key}-letters", ""))[:40].upper()
        )
        for one in source.forms
    }
    key = clean(sent.get("key", ""))[:90]
    return CloneInputs(words(""), key, forms, sent.get("postings") != "none")


def plan_from(source: Source, inputs: CloneInputs, taken: Taken) -> ClonePlan:
    """What to make; raises Invalid by input."""
    key = inputs.key or proposed_key(inputs.title.en, source.key, taken.modules)
    errors = [*_of_module(inputs, key, taken)]
    seen: set[str] = set()
    for form in source.forms:
        plan = inputs.forms[form.key]
        errors += _of_title(f"{form.key}-", plan.title)
        errors += _of_letters(form, plan.letters, taken.letters) if form.letters else ()
        if form.letters and plan.letters in seen:
            told = N_("The numbers of two forms begin with these letters.")
            errors.append(_wrong(f"{form.key}-letters", told))
        seen.add(plan.letters)
    if errors:
        raise Invalid(errors=errors)
    return ClonePlan(key, inputs.title, inputs.forms, inputs.has_postings, taken.keys)


def _of_module(inputs: CloneInputs, key: str, taken: Taken) -> Iterator[FieldError]:
    yield from _of_title("", inputs.title)
    if not is_key(key):
        yield _wrong("key", N_("Small letters, digits and _, beginning with a letter."))
    elif key in taken.modules:
        yield _wrong("key", N_("There is a module “%(key)s” already."), key=key)


def _of_title(prefix: str, title: Text) -> Iterator[FieldError]:
    if not title:
        yield _wrong(f"{prefix}title_en", N_("Write a title in one language at least."))
    for language in ("en", "zh"):
        if len(getattr(title, language)) > _MOST:
            yield _wrong(f"{prefix}title_{language}", TOO_LONG, most=_MOST)


def _of_letters(form: SourceForm, letters: str, taken: Mapping[str, Text]) -> Iterator[FieldError]:
    name = f"{form.key}-letters"
    if not letters or not is_prefix(letters):
        yield _wrong(name, N_("One to ten capital letters and digits, a letter first."))
    elif letters in taken:
        told = N_("The numbers of “%(form)s” begin with these letters.")
        yield _wrong(name, told, form=taken[letters])


def _wrong(path: str, text: str, **args: Any) -> FieldError:
    return FieldError(path, "wrong", Message(text, args))
