"""What a field starts with: its default must be a value of its kind; rows know defaults only."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from portal.errors import N_, Message
from portal.forms.fields import FieldDefinition
from portal.forms.findings import Finding, Place
from portal.forms.kinds import KindError

NO_ROW_PREFILL = N_("Columns of a table cannot be prefilled.")
GIVE_A_DEFAULT = N_("Give the column a default, or compute it.")
SUCH_A_VALUE = N_("Write a value of this kind, such as %(example)s, or take it out.")
TAKE_IT_OUT = N_("Take it out: this kind has no default.")

_EXAMPLES = {"text": "…", "longtext": "…", "date": "2026-03-31", "yes_no": True}


def check_start(field: FieldDefinition, place: Place) -> Iterator[Finding]:
    """Faults of a field's default and prefill."""
    if field.prefill is not None and field.table is not None:
        yield Finding((*place, "prefill"), Message(NO_ROW_PREFILL), Message(GIVE_A_DEFAULT))
    if field.default is None:
        return
    try:
        typed = field.kind.load(field.default, field.options)
        wrong = None if typed is None else field.kind.check(typed, field.options)
    except KindError as error:
        wrong = error.message
    if wrong is not None:
        yield Finding((*field.place, "default"), wrong, _advice(field))


def _advice(field: FieldDefinition) -> Message:
    example = _example(field)
    if example is None:
        return Message(TAKE_IT_OUT)
    return Message(SUCH_A_VALUE, {"example": json.dumps(example, ensure_ascii=False)})


def _example(field: FieldDefinition) -> Any:
    """A stored value such a field may have."""
    choices = field.options.get("choices")
    if choices:
        value = next(iter(choices))
        return [value] if field.options.get("many") else value
    if "step" in field.options:
        least, most = field.options["limits"]
        near = max(Decimal(1), least) if least is not None else Decimal(1)
        typed = field.kind.coerce(min(near, most) if most is not None else near, field.options)
        return field.kind.store(typed, field.options)
    return _EXAMPLES.get(field.kind.name)
