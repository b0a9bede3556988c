"""Names that lead nowhere: what is said of them, and what was likely meant."""

import ast
from collections.abc import Iterable

from portal.errors import N_
from portal.expressions.building import Builder
from portal.expressions.errors import ExpressionError
from portal.expressions.scope import listed, nearest

PRIVATE = N_("Names that begin with _ are the portal's own. There are: %(known)s.")
_CONSTANTS = {"true": "True", "false": "False", "null": "None", "none": "None", "nil": "None"}


def unknown_name(build: Builder, tree: ast.Name) -> ExpressionError:
    """An unknown name, with the likeliest remedy."""
    key, scope = tree.id, build.scope
    inside = next((one for one in reversed(build.loops) if key in one.columns), None)
    if key.lower() in _CONSTANTS:
        guess: str | None = _CONSTANTS[key.lower()]
    elif inside is not None:
        guess = f"{inside.name}.{key}"
    elif key == "today":
        guess = "today()"
    else:
        rows = {"row"} if scope.row is not None else set()
        known = [*scope.names, *(one.name for one in build.loops), *rows]
        guess = scope.where(key) or nearest(key, known)
    return build.error(
        tree,
        N_("There is no field “%(name)s”."),
        guess,
        remedy=PRIVATE if key.startswith("_") else N_("Known here: %(known)s."),
        name=key,
        known=listed(scope.names),
    )


def no_field(
    build: Builder, tree: ast.Attribute, written: str, fields: Iterable[str]
) -> ExpressionError:
    """A dot behind which stands no field of what is before it."""
    is_private = tree.attr.startswith("_")
    guess = None if is_private else nearest(tree.attr, fields)
    return build.error(
        tree,
        N_("“%(name)s” has no field “%(field)s”."),
        f"{written}.{guess}" if guess else None,
        remedy=PRIVATE if is_private else N_("It has: %(known)s."),
        name=written,
        field=tree.attr,
        known=listed(fields),
    )


def no_name(build: Builder, tree: ast.expr) -> ExpressionError:
    """A dot behind something else than a name."""
    if isinstance(tree, ast.Subscript):
        return row_number(build, tree)
    return build.error(
        tree,
        N_("A dot may only follow a name."),
        remedy=N_("Compute the part before the dot in a field of its own."),
    )


def row_number(build: Builder, tree: ast.Subscript) -> ExpressionError:
    """`lines[0]`: rows come and go, and nothing hangs on their place."""
    return build.error(
        tree,
        N_("Rows are not taken by number."),
        remedy=N_("Use sum, count, min, max, avg, any or all over the table."),
    )
