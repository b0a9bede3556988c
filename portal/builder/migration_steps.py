"""A step of a migration as its author types it, and back."""

import json
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.errors import N_, FieldError, Invalid, Message
from portal.forms.fields import FormDefinition
from portal.forms.kinds import KindError
from portal.web.inputs import one_line
from portal.web.words import gettext as _

KINDS = ("rename", "retype", "set_default", "split", "set", "into_table", "out_of_table", "drop")
PAIRS, PARTS = 6, 4
UNREADABLE = (AttributeError, IndexError, KeyError, TypeError, ValueError)
_CHOOSE = N_("Choose a field.")
_LENGTH = 1_000


def titles() -> dict[str, str]:
    """What a step does."""
    return {
        "rename": _("Move the value to another field"),
        "retype": _("Read the value anew, as another kind"),
        "set_default": _("Fill in where it is empty"),
        "split": _("Cut a text into several fields"),
        "set": _("Compute from the old values"),
        "into_table": _("Make fields a row of a table"),
        "out_of_table": _("Make the only row of a table fields"),
        "drop": _("Throw the value away"),
    }


def inputs_of(step: Any) -> dict[str, list[str]] | None:
    """The inputs as a stored step fills them; None for what is no step."""
    try:
        return _inputs_of(step)
    except UNREADABLE:
        return None


def _inputs_of(step: Mapping[str, Any]) -> dict[str, list[str]]:
    ((name, given),) = step.items()
    if name in ("rename", "set", "set_default"):
        return {"first": [str(given[0])], "second": [_shown(given[1])]}
    if name == "split":
        return {"first": [given["field"]], "by": [given["by"]], "into": list(given["into"])}
    if name in ("into_table", "out_of_table"):
        pairs = given["columns" if name == "into_table" else "fields"]
        return {"first": [given["table"]], "target": list(pairs), "source": list(pairs.values())}
    return {"first": [str(given)]}


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else "" if value is None else str(value)


def inputs_from(sent: MultiDict[str, str]) -> dict[str, list[str]]:
    """What was typed, cut to what may be meant."""
    return {
        name: [
            (one if name == "by" else one_line(one))[:_LENGTH] for one in sent.getlist(name)[:10]
        ]
        for name in ("first", "second", "by", "into", "target", "source")
    }


def step_from(
    name: str, given: Mapping[str, list[str]], form: FormDefinition | None
) -> dict[str, Any]:
    """The step; raises Invalid, by input. `form` is the draft's, to read a value to fill in."""
    first = (given.get("first") or [""])[0]
    second = (given.get("second") or [""])[0]
    if not first:
        raise _wrong("first", _CHOOSE)
    if name in ("retype", "drop"):
        return {name: first}
    if name in ("into_table", "out_of_table"):
        pairs = {a: b for a, b in zip(given["target"], given["source"], strict=False) if a and b}
        if not pairs:
            raise _wrong("target", N_("Say for one field at least where it goes."))
        return {name: {"table": first, "columns" if name == "into_table" else "fields": pairs}}
    if name == "split":
        into, by = [one for one in given["into"] if one], (given.get("by") or [""])[0]
        if len(set(into)) < 2:
            raise _wrong("into", N_("Choose two different fields at least."))
        if not by:
            raise _wrong("by", N_("Write the separator, such as a comma."))
        return {"split": {"field": first, "by": by, "into": list(dict.fromkeys(into))}}
    if name == "set_default":
        return {name: [first, _value(first, second, form)]}
    if not second:
        raise _wrong("second", _CHOOSE if name == "rename" else N_("Write an expression."))
    return {name: [first, second]}


def _value(path: str, text: str, form: FormDefinition | None) -> Any:
    """The typed value as the field keeps it."""
    if form is None:
        raise _wrong(
            "first", N_("The form has errors: mend them, then its fields can be filled in.")
        )
    field = form.fields.get(path)
    if field is None:
        raise _wrong("first", _CHOOSE)
    try:
        typed = field.kind.parse(text, field.options)
    except KindError as error:
        raise Invalid(errors=[FieldError("second", "value", error.message)]) from None
    if typed is None:
        raise _wrong("second", N_("Write the value to fill in."))
    return field.kind.store(typed, field.options)


def _wrong(name: str, text: str) -> Invalid:
    return Invalid(errors=[FieldError(name, "wrong", Message(text))])


def sentence_of(step: Any, labels: Mapping[str, str]) -> str:
    """What a step does, with fields by their labels; what is no step as it is written."""
    try:
        return _sentence_of(step, labels)
    except UNREADABLE:
        return json.dumps(step, ensure_ascii=False)[:_LENGTH]


def _sentence_of(step: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    ((name, given),) = step.items()

    def called(path: str) -> str:
        label = labels.get(path, "")
        return f"“{label}” ({path})" if label else f"“{path}”"

    join = str(_(", ")).join
    if name == "rename":
        return str(_("%(old)s becomes %(new)s", old=called(given[0]), new=called(given[1])))
    if name == "retype":
        return str(_("%(field)s is read anew", field=called(given)))
    if name == "drop":
        return str(_("The value of %(field)s goes", field=called(given)))
    if name == "set_default":
        return str(_("%(field)s is filled in with %(value)s where it is empty",
                     field=called(given[0]), value=_shown(given[1])))  # fmt: skip
    if name == "set":
        return str(_("%(field)s becomes %(source)s", field=called(given[0]), source=given[1]))
    if name == "split":
        into = join(called(one) for one in given["into"])
        return str(_("%(field)s is cut at “%(by)s” into %(into)s", field=called(given["field"]),
                     by=given["by"], into=into))  # fmt: skip
    if name == "into_table":
        fields = join(called(one) for one in given["columns"].values())
        return str(_("%(fields)s become a row of %(table)s", fields=fields,
                     table=called(given["table"])))  # fmt: skip
    fields = join(called(one) for one in given["fields"])
    return str(_("The only row of %(table)s becomes %(fields)s", table=called(given["table"]),
                 fields=fields))  # fmt: skip
