"""The WTForms side of a definition: a real `wtforms.Form` per form, and one per table row."""

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from types import new_class

from wtforms import Form

from portal.forms.fields import FieldDefinition, FormDefinition

# WTForms keeps fields as attributes: a key such as `data` or `errors` would hide its own ones.
ATTRIBUTE = "f_"
_MOST_KEPT = 500

_classes: OrderedDict[tuple[str, str], type[Form]] = OrderedDict()
_lock = Lock()


def form_class(definition: FormDefinition) -> type[Form]:
    """The form of the header fields; controls are named by key, attributes `f_<key>`."""
    return _cached(definition, "", definition.header)


def row_form_class(definition: FormDefinition, table: str) -> type[Form]:
    """The form of one row of a table; give it `prefix="lines-<row id>-"`."""
    return _cached(definition, table, definition.columns[table])


def _cached(
    definition: FormDefinition, table: str, fields: Iterable[FieldDefinition]
) -> type[Form]:
    key = (definition.hash, table)
    with _lock:
        found = _classes.get(key)
        if found is None:
            found = _classes[key] = _made(definition, fields)
            if len(_classes) > _MOST_KEPT:
                _classes.popitem(last=False)
        else:
            _classes.move_to_end(key)
        return found


def _made(definition: FormDefinition, fields: Iterable[FieldDefinition]) -> type[Form]:
    """Only fields somebody types: tables are rows of their own, derived values are the server's."""
    controls = {
        ATTRIBUTE + field.key: field.kind.field_class(
            field.label.en,
            kind=field.kind,
            options=field.options,
            description=field.hint.en,
            name=field.key,
        )
        for field in fields
        if field.kind.is_stored and field.kind.name != "table"
    }
    name = f"{definition.form.title().replace('_', '')}Form"
    return new_class(name, (Form,), exec_body=lambda body: body.update(controls))
