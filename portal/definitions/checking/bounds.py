"""Too short, too long, too many, twice: the bounds of the meta-schema in words."""

from typing import TYPE_CHECKING, Any

from portal.definitions.json_source import Path
from portal.errors import N_

if TYPE_CHECKING:
    from jsonschema import ValidationError

Bound = tuple[Path, str, str, dict[str, Any]]

_FILL = N_("Write something in it, or take the member out.")
_BOUNDS = {
    "minLength": (
        N_("This text is too short: at least %(bound)s characters."),
        N_("Write more, or take the member out."),
    ),
    "maxLength": (
        N_("This text is too long: at most %(bound)s characters."),
        N_("Shorten it."),
    ),
    "minItems": (
        N_("This list is too short: at least %(bound)s entries."),
        N_("Add what is missing."),
    ),
    "maxItems": (
        N_("This list is too long: at most %(bound)s entries."),
        N_("Take some of them out."),
    ),
    "minProperties": (N_("Too few members here: at least %(bound)s."), N_("Add what is missing.")),
    "maxProperties": (
        N_("Too many members here: at most %(bound)s."),
        N_("Take some of them out."),
    ),
    "minimum": (
        N_("This number is too small: at least %(bound)s."),
        N_("Write %(bound)s or more."),
    ),
    "maximum": (
        N_("This number is too large: at most %(bound)s."),
        N_("Write %(bound)s or less."),
    ),
}
_EMPTY = {
    "minLength": N_("This text is empty."),
    "minItems": N_("This list is empty."),
    "minProperties": N_("Nothing stands in these braces."),
}


def bound(error: "ValidationError") -> Bound | None:
    """(place below the value, message, remedy, args) of a bound that is not kept; None if none."""
    keyword, value = str(error.validator), error.validator_value
    instance: Any = error.instance
    if keyword in _EMPTY and not instance:
        return (), _EMPTY[keyword], _FILL, {}
    if keyword == "maxProperties" and value == 1:
        return (), N_("Only one member may stand here."), N_("Keep one of them."), {}
    if keyword == "uniqueItems":
        at = next(at for at, one in enumerate(instance) if one in instance[:at])
        args = {"value": instance[at]}
        text = N_("“%(value)s” stands in this list twice.")
        return (at,), text, N_("Keep one of the two."), args
    if keyword not in _BOUNDS:
        return None
    message, remedy = _BOUNDS[keyword]
    return (), message, remedy, {"bound": value}
