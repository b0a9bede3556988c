"""Which names an expression may use, and what to suggest for one that is none of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from portal.expressions.kinds import Type

_LISTED = 15
_LONGEST_GUESS = 60  # comparing longer names costs time and helps nobody


@dataclass(frozen=True, slots=True)
class Scope:
    """The typed names of one place in a definition.

    `names` are the bare names; `row` the columns where the place is inside a table; `parent` the
    fields around that table; `functions` the host functions this host offers. `aliases` tells
    that a currency field always holds what another does ({"currency": "contract.currency"} for a
    fetched one), so that their amounts may be added.
    """

    names: Mapping[str, Type]
    row: Mapping[str, Type] | None = None
    parent: Mapping[str, Type] | None = None
    functions: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)

    def canonical(self, currency: str | None) -> str | None:
        """The one name of a currency that may be known by several paths."""
        return self.aliases.get(currency, currency) if currency else currency

    def where(self, name: str) -> str | None:
        """How to write a name that exists, but not bare: `row.qty`, `lines.qty`."""
        if self.row and name in self.row:
            return f"row.{name}"
        if self.parent and name in self.parent:
            return f"parent.{name}"
        for table, kind in self.names.items():
            if kind.columns and name in kind.columns:
                return f"{table}.{name}"
        return None


def listed(known: Iterable[str]) -> str:
    """The first names of many, for a sentence."""
    names = list(known)
    return ", ".join(names[:_LISTED]) + (", …" if len(names) > _LISTED else "")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like a misspelt one, if any is near enough."""
    if len(name) > _LONGEST_GUESS:
        return None
    lowered = {k.lower(): k for k in known}
    if name.lower() in lowered:
        return lowered[name.lower()]
    found = get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    return lowered[found[0]] if found else None
