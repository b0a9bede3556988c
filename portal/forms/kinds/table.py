"""Line tables: rows with stable ids, columns of the simple kinds, totals under the columns."""

from typing import Any

from portal import limits
from portal.errors import Message
from portal.expressions.kinds import Type
from portal.forms.kinds.base import WRONG_SHAPE, Kind, KindError, Options, register

ROW_ID_KEY = "_id"
ROW_ID_SCHEMA = {"type": "string", "maxLength": 36, "pattern": "^[A-Za-z0-9][A-Za-z0-9-]{0,35}$"}
AGGREGATES = frozenset({"sum", "count", "min", "max", "avg"})


@register
class TableKind(Kind):
    """A table of lines; its columns are fields of their own, at `table[].column`."""

    name = "table"
    own_options = frozenset({"totals", "min", "max", "rows_from"})
    may_be_column = False
    index = None

    def expand(self, options: Options) -> dict[str, Any]:
        least = max(int(options.get("min", 0)), 1 if options.get("required") else 0)
        most = int(options.get("max", limits.TABLE_ROWS_DEFAULT))
        return {"type": "array", **({"minItems": least} if least else {}), "maxItems": most}

    def consumed(self) -> frozenset[str]:
        return frozenset({"min", "max"})

    def resolve(self, options: dict[str, Any], schema: Any) -> dict[str, Any]:
        return {
            **options,
            "min": schema.get("minItems", 0),
            "max": min(schema.get("maxItems", limits.TABLE_ROWS_DEFAULT), limits.TABLE_ROWS),
        }

    def expression_type(self, options: Options) -> Type:
        """A table's type is made of its columns' types by the form."""
        return Type("table")

    def load(self, stored: Any, options: Options) -> Any:
        if not isinstance(stored, list) or not all(isinstance(row, dict) for row in stored):
            raise KindError(Message(WRONG_SHAPE))
        return stored

    def parse(self, text: str, options: Options, language: str = "en") -> Any:
        raise KindError(Message(WRONG_SHAPE))
