"""What the fields of a form may be compared with, and how: comparisons, their words, values."""

from dataclasses import dataclass

from portal.errors import N_, Message
from portal.expressions.conditions import COMPARISONS, LISTS, UNARY
from portal.forms.kinds import KindError, kind_named
from portal.forms.kinds.reading import read_date, read_decimal
from portal.web.words import gettext as _

_AFFIXES = {"number": "", "quantity": "", "money": "¥$€£元", "percent": "%"}


@dataclass(frozen=True, slots=True)
class Option:
    """A field that may be compared.

    `path` as expressions write it ("total", "row.qty", "contract.amount"), `label` in the reader's
    language, `kind` of the form, `choices` as (value, label); `many` of them may be chosen.
    """

    path: str
    label: str
    kind: str
    many: bool = False
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether it is compared with numbers."""
        return self.kind in _AFFIXES


def comparisons(kind: str, many: bool) -> tuple[str, ...]:
    """The comparisons that go with a kind of field, in the order they are offered."""
    if kind in _AFFIXES or kind == "date":
        return (*COMPARISONS, *UNARY)
    if kind in ("text", "longtext"):
        return ("==", "!=", "starts_with", *UNARY)
    if kind == "choice":
        return ("includes", *UNARY) if many else ("==", "!=", *LISTS, *UNARY)
    return ("==",) if kind == "yes_no" else UNARY


def comparison_words() -> list[tuple[str, str]]:
    """Every comparison with its word in the reader's language, in the order they are offered."""
    return [
        ("==", _("is")),
        ("!=", _("is not")),
        ("<", _("is less than")),
        ("<=", _("is at most")),
        (">", _("is more than")),
        (">=", _("is at least")),
        ("in", _("is one of")),
        ("not in", _("is none of")),
        ("includes", _("includes")),
        ("starts_with", _("starts with")),
        ("is_empty", _("is empty")),
        ("is_not_empty", _("is filled in")),
    ]


def compared_with(text: str, option: Option) -> str | bool | None:
    """What was typed, as a stored condition holds it; None for nothing.

    Raises KindError where it is no value of this field.
    """
    if option.is_number:
        number = read_decimal(text, affixes=_AFFIXES[option.kind])
        return None if number is None else f"{number:f}"
    if option.kind == "date":
        day = read_date(text)
        return day.isoformat() if day else None
    if option.kind == "yes_no":
        answer: bool | None = kind_named("yes_no").parse(text, {})
        return answer
    text = text.strip()
    return _chosen(text, option) if text and option.choices else text or None


def _chosen(text: str, option: Option) -> str:
    """The value of a choice, named by it or by its label."""
    if any(value == text for value, _label in option.choices):
        return text
    named = [value for value, label in option.choices if label.casefold() == text.casefold()]
    if len(named) != 1:
        message = N_("“%(value)s” is not one of the choices: %(choices)s.")
        listed = ", ".join(label or value for value, label in option.choices[:12])
        raise KindError(Message(message, {"value": text, "choices": listed}))
    return named[0]
