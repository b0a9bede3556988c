"""What the pages of a module from a spreadsheet send, and what is wrong with it by input."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from itsdangerous import BadData, URLSafeSerializer
from wtforms import IntegerField, StringField
from wtforms.validators import Length, NumberRange, Optional

from portal.builder.cloning.sources import Taken
from portal.builder.field_page import TOO_LONG
from portal.builder.inputs import is_key, is_prefix
from portal.builder.sheets.columns import KINDS
from portal.builder.sheets.fields import Wanted
from portal.builder.sheets.making import Plan
from portal.builder.sheets.proposal import (
    TAKEN,
    Column,
    Proposal,
    proposed_keys,
    unpacked,
)
from portal.builder.starters import Blank, key_from, prefix_from
from portal.errors import N_, FieldError, Invalid, Message
from portal.forms.fieldpaths import KEY
from portal.forms.texts import Text
from portal.spreadsheets.cells import ROWS_MOST
from portal.web.inputs import BaseForm, clean, one_line

_MOST = 80
_LABEL_MOST = 120
LOST = N_("What was read from the file did not come back as it was sent. Choose the file again.")
_BAD_KEY = N_("Small letters, digits and _, beginning with a letter.")


class SheetFileForm(BaseForm):
    """A spreadsheet to make a module of."""

    file = FileField(_l("File"), render_kw={"accept": ".xlsx,.csv"})
    sheet = StringField(_l("Sheet"), [Length(max=_MOST)], [clean])
    header_row = IntegerField(
        _l("Row of the titles"), [Optional(), NumberRange(min=1, max=ROWS_MOST)]
    )


@dataclass(frozen=True, slots=True)
class ColumnInputs:
    """The inputs of one column, as texts."""

    column: Column
    is_taken: bool
    kind: str
    label: Text
    key: str
    is_required: bool
    has_total: bool


@dataclass(frozen=True, slots=True)
class SheetInputs:
    """The inputs of the page that corrects what was understood."""

    title: Text
    key: str = ""
    prefix: str = ""
    group: str = "registers"
    scope: str = "project"
    has_step: bool = True
    columns: Sequence[ColumnInputs] = field(default_factory=tuple)


def pack(proposal: Proposal) -> str:
    """A proposal for the page to carry, signed."""
    return str(_signer().dumps(proposal.packed()))


def unpack(text: str) -> Proposal:
    """The proposal a page carried; raises Invalid if it was changed on the way."""
    try:
        return unpacked(_signer().loads(text))
    except BadData:
        raise Invalid(LOST) from None


def _signer() -> URLSafeSerializer:
    assert current_app.secret_key is not None
    return URLSafeSerializer(current_app.secret_key, salt="sheet")


def proposed(proposal: Proposal) -> SheetInputs:
    """What the page begins with."""
    keys = proposed_keys(proposal.columns)
    columns = tuple(
        ColumnInputs(
            column=one,
            is_taken=not one.guess.is_numbering,
            kind=one.guess.kind,
            label=_words(one.title or one.name),
            key=keys[one.name],
            is_required=one.guess.is_required,
            has_total=one.has_total,
        )
        for one in proposal.columns
    )
    has_money = any(one.kind == "money" for one in columns)
    group = "money" if has_money else "registers"
    return SheetInputs(_words(proposal.title), group=group, columns=columns)


def _words(title: str) -> Text:
    return Text(title, "") if title.isascii() else Text("", title)


def typed(proposal: Proposal, sent: Any) -> SheetInputs:
    """What a request sent."""

    def words(prefix: str) -> Text:
        return Text(*(one_line(sent.get(f"{prefix}{one}", ""))[:500] for one in ("en", "zh")))

    def column(one: Column) -> ColumnInputs:
        at = f"{one.name}-"
        return ColumnInputs(
            column=one,
            is_taken=f"{at}take" in sent,
            kind=clean(sent.get(f"{at}kind", ""))[:20],
            label=words(at),
            key=clean(sent.get(f"{at}key", ""))[:60],
            is_required=f"{at}required" in sent,
            has_total=f"{at}total" in sent,
        )

    return SheetInputs(
        title=words("title_"),
        key=clean(sent.get("key", ""))[:90],
        prefix=clean(sent.get("prefix", ""))[:40].upper(),
        group=sent.get("group", ""),
        scope="company" if sent.get("scope") == "company" else "project",
        has_step=sent.get("step") != "none",
        columns=tuple(column(one) for one in proposal.columns),
    )


def plan_from(inputs: SheetInputs, taken: Taken, groups: Mapping[str, str]) -> Plan:
    """What to make; raises Invalid by input."""
    key = inputs.key or key_from(inputs.title.en)
    prefix = inputs.prefix or prefix_from(key)[:10]
    errors = [*_of_module(inputs, key, prefix, taken, groups), *_of_columns(inputs)]
    if errors:
        raise Invalid(errors=errors)
    fields = tuple(_wanted(one) for one in inputs.columns if one.is_taken)
    blank = Blank(key, inputs.title, inputs.group, prefix)
    codes = [one.column.guess.currency for one in fields if one.column.guess.currency]
    return Plan(blank, fields, inputs.has_step, inputs.scope, next(iter(codes), "CNY"))


def _wanted(one: ColumnInputs) -> Wanted:
    has_total = one.has_total and one.column.in_table and one.kind in ("number", "money")
    return Wanted(one.column, one.kind, one.key, one.label, one.is_required, has_total)


def _of_module(
    inputs: SheetInputs, key: str, prefix: str, taken: Taken, groups: Mapping[str, str]
) -> Iterator[FieldError]:
    if not inputs.title:
        yield _wrong("title_en", N_("Write a title in one language at least."))
    for language in ("en", "zh"):
        if len(getattr(inputs.title, language)) > _MOST:
            yield _wrong(f"title_{language}", TOO_LONG, most=_MOST)
    if not key:
        yield _wrong("key", N_("Write a key: none can be made from this title."))
    elif not is_key(key):
        yield _wrong("key", _BAD_KEY)
    elif key in taken.modules or key in taken.keys:
        yield _wrong("key", N_("There is a module “%(key)s” already."), key=key)
    if inputs.has_step and key and not is_prefix(prefix):
        yield _wrong("prefix", N_("One to ten capital letters and digits, a letter first."))
    elif inputs.has_step and prefix in taken.letters:
        told = N_("The numbers of “%(form)s” begin with these letters.")
        yield _wrong("prefix", told, form=taken.letters[prefix])
    if inputs.group not in groups:
        yield _wrong("group", N_("Choose a place in the menu."))


def _of_columns(inputs: SheetInputs) -> Iterator[FieldError]:
    chosen = [one for one in inputs.columns if one.is_taken]
    if not chosen:
        first = inputs.columns[0].column.name
        yield _wrong(f"{first}-take", N_("Take one column at least."))
    seen: set[str] = set()
    for one in chosen:
        at = f"{one.column.name}-"
        if one.kind not in KINDS:
            yield _wrong(f"{at}kind", N_("Choose a kind of field."))
        if not one.label:
            yield _wrong(f"{at}en", N_("Write a label in one language at least."))
        for language in ("en", "zh"):
            if len(getattr(one.label, language)) > _LABEL_MOST:
                yield _wrong(f"{at}{language}", TOO_LONG, most=_LABEL_MOST)
        if not KEY.match(one.key):
            yield _wrong(f"{at}key", _BAD_KEY)
        elif one.key in TAKEN:
            told = N_("“%(key)s” is a word of the portal’s own. Choose another key.")
            yield _wrong(f"{at}key", told, key=one.key)
        elif one.key in seen:
            yield _wrong(f"{at}key", N_("The key “%(key)s” is taken."), key=one.key)
        seen.add(one.key)


def _wrong(path: str, text: str, **args: Any) -> FieldError:
    return FieldError(path, "wrong", Message(text, args))
