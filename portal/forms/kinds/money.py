"""Money: an exact amount in the currency of a field, a constant one, or the project's."""

from typing import Any

from portal.expressions.kinds import Type
from portal.forms.kinds.base import Options, Reader, register
from portal.forms.kinds.field import KindField
from portal.forms.kinds.numbers import _DecimalKind, expression_name, grouped

PROJECT = "project"


class MoneyField(KindField):
    """An amount, typed freely: 1200, 1,200.00, 1.2万."""


@register
class MoneyKind(_DecimalKind):
    """An amount of money; `currency` is a path, an ISO code, or `project`.

    With `per` it is a rate: what one unit of a quantity costs.
    """

    name = "money"
    own_options = frozenset({"scale", "currency", "per", "min", "max", "private"})
    default_scale = 2
    affixes = "¥￥$€£元"
    field_class = MoneyField

    def expression_type(self, options: Options) -> Type:
        currency = expression_name(str(options.get("currency", PROJECT)))
        return Type("money", currency=currency, unit=expression_name(options.get("per")))

    def display(self, typed: Any, options: Options, reader: Reader) -> str:
        if typed is None:
            return ""
        amount = grouped(typed, options["scale"])
        measure = (reader.currency or "") + (f"/{reader.unit}" if reader.unit else "")
        return f"{amount} {measure}" if measure else amount
