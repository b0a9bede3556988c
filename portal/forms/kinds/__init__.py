"""The kinds of field, one small class each; importing this registers all of them."""

from portal.forms.kinds import (  # noqa: F401 - each import registers its kinds
    choice,
    dates,
    derived,
    files,
    money,
    numbers,
    people,
    table,
    text,
)
from portal.forms.kinds.base import (
    COMMON_OPTIONS,
    Kind,
    KindError,
    KindField,
    Options,
    Reader,
    kind_named,
    kinds,
    register,
)

__all__ = [
    "COMMON_OPTIONS",
    "Kind",
    "KindError",
    "KindField",
    "Options",
    "Reader",
    "kind_named",
    "kinds",
    "register",
]
