"""Numbers: whole ones are JSON integers, all others decimal strings with the field's scale."""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, ClassVar

from portal.errors import N_, Message
from portal.expressions.kinds import Type
from portal.forms.kinds.base import (
    WRONG_SHAPE,
    IndexValue,
    Kind,
    KindError,
    KindField,
    Options,
    Reader,
    register,
)
from portal.forms.kinds.reading import DIGITS_BEFORE_POINT, TOO_MANY_DIGITS, fit, read_decimal

AT_LEAST = N_("The least allowed value is %(least)s.")
AT_MOST = N_("The greatest allowed value is %(most)s.")

SCALE_MOST = 6
_STORED = re.compile(r"-?[0-9]{1,14}(?:\.[0-9]{1,12})?\Z")
_LARGEST = 10**DIGITS_BEFORE_POINT - 1


def decimal_pattern(scale: int) -> str:
    """The pattern of a stored decimal: no exponent, no leading zeros, exactly `scale` decimals."""
    whole = f"^-?(0|[1-9][0-9]{{0,{DIGITS_BEFORE_POINT - 1}}})"
    return f"{whole}\\.[0-9]{{{scale}}}$" if scale else f"{whole}$"


def expression_name(path: str | None) -> str | None:
    """How an expression names the field at a path: `lines[].unit` is `row.unit` in its row."""
    if path is None or "[]." not in path:
        return path
    return "row." + path.partition("[].")[2]


def grouped(number: Decimal | int, scale: int) -> str:
    """A number for reading, with thousands separators (the same in English and Chinese)."""
    return f"{number:,.{scale}f}"


class NumberField(KindField):
    """A number, typed freely."""


@register
class NumberKind(Kind):
    """A number with a fixed count of decimals; with none (the default) a whole number."""

    name = "number"
    own_options = frozenset({"scale", "min", "max", "private"})
    index = "number"
    field_class: ClassVar[type[KindField]] = NumberField
    default_scale = 0
    affixes = ""

    def is_whole(self, options: Options) -> bool:
        """Whether the value is an integer in JSON and in expressions."""
        return bool(options.get("scale", self.default_scale) == 0)

    def expand(self, options: Options) -> dict[str, Any]:
        if not self.is_whole(options):
            scale = int(options.get("scale", self.default_scale))
            return {"type": "string", "pattern": decimal_pattern(scale)}
        return {
            "type": "integer",
            "minimum": int(options.get("min", -_LARGEST)),
            "maximum": int(options.get("max", _LARGEST)),
        }

    def resolve(self, options: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
        scale = int(options.get("scale", self.default_scale))
        resolved = {**options, "scale": scale, "limits": _limits(options, schema)}
        return {**resolved, "step": Decimal(1).scaleb(-scale)}

    def expression_type(self, options: Options) -> Type:
        return Type("integer" if self.is_whole(options) else "decimal")

    def load(self, stored: Any, options: Options) -> Any:
        if (isinstance(stored, str) and _STORED.match(stored)) or (
            isinstance(stored, int) and not isinstance(stored, bool)
        ):
            number = fit(Decimal(stored), options["scale"])
        else:
            raise KindError(Message(WRONG_SHAPE))
        return int(number) if self.is_whole(options) else number

    def recall(self, stored: Any, options: Options) -> Any:
        return stored if isinstance(stored, int) else Decimal(stored)

    def store(self, typed: Any, options: Options) -> Any:
        return int(typed) if self.is_whole(options) else format(typed, "f")

    def coerce(self, computed: Any, options: Options) -> Any:
        try:
            number = Decimal(computed).quantize(options["step"], ROUND_HALF_UP)
        except InvalidOperation:
            number = None
        if number is None or abs(number) > _LARGEST + 1:
            raise KindError(Message(TOO_MANY_DIGITS, {"digits": DIGITS_BEFORE_POINT}))
        return int(number) if self.is_whole(options) else number if number else abs(number)

    def check(self, typed: Any, options: Options) -> Message | None:
        least, most = options["limits"]
        if least is not None and typed < least:
            return Message(AT_LEAST, {"least": f"{least:,}"})
        if most is not None and typed > most:
            return Message(AT_MOST, {"most": f"{most:,}"})
        return None

    def parse(self, text: str, options: Options, language: str = "en") -> Any:
        number = read_decimal(text, affixes=self.affixes)
        if number is None:
            return None
        fitted = fit(number, options["scale"])
        return int(fitted) if self.is_whole(options) else fitted

    def display(self, typed: Any, options: Options, reader: Reader) -> str:
        return "" if typed is None else grouped(typed, options["scale"])

    def input_text(self, typed: Any, options: Options, language: str = "en") -> str:
        return "" if typed is None else grouped(typed, options["scale"])

    def index_value(self, typed: Any, options: Options) -> IndexValue:
        return None if typed is None else Decimal(typed)


def _limits(options: Options, schema: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    """Least and greatest allowed value: from `x-field`, or from a hand-written integer schema."""
    least = options.get("min", schema.get("minimum"))
    most = options.get("max", schema.get("maximum"))
    return (
        None if least is None or least == -_LARGEST else Decimal(str(least)),
        None if most is None or most == _LARGEST else Decimal(str(most)),
    )


class _DecimalKind(NumberKind):
    """A decimal string whatever its scale, so that `scale: 0` stays comparable with the others."""

    def is_whole(self, options: Options) -> bool:
        return False

    def expand(self, options: Options) -> dict[str, Any]:
        scale = int(options.get("scale", self.default_scale))
        return {"type": "string", "pattern": decimal_pattern(scale)}


@register
class QuantityKind(_DecimalKind):
    """An amount of something, with its unit: a literal such as `h`, or the field that names it."""

    name = "quantity"
    own_options = frozenset({"scale", "unit", "min", "max", "private"})
    default_scale = 2

    def expression_type(self, options: Options) -> Type:
        return Type("quantity", unit=expression_name(options.get("unit")))

    def display(self, typed: Any, options: Options, reader: Reader) -> str:
        amount = super().display(typed, options, reader)
        return f"{amount} {reader.unit}" if amount and reader.unit else amount


@register
class PercentKind(_DecimalKind):
    """A share in percent: 12.5 means 12.5 %, and an expression sees 12.5."""

    name = "percent"
    own_options = frozenset({"scale", "min", "max", "offers"})
    default_scale = 2
    affixes = "%"

    def expression_type(self, options: Options) -> Type:
        return Type("percent")

    def display(self, typed: Any, options: Options, reader: Reader) -> str:
        return "" if typed is None else f"{grouped(typed, options['scale'])}%"
