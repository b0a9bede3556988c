"""The demo's cast: who stands on the sign-in page as cards, and whom one may act as."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.accounts import queries
from portal.accounts.rolebook import Text
from portal.errors import NotFound


@dataclass(frozen=True, slots=True)
class Card:
    """A person of the demo, and what they do in its story."""

    login: str
    name: Text
    title: Text


_cast: list[Callable[[], Sequence[Card]]] = []


def register_cast(source: Callable[[], Sequence[Card]]) -> None:
    """Say who the demo's people are; without it, the first six by name."""
    _cast[:] = [source]


def is_demo() -> bool:
    """Whether this database is a demo company's."""
    company = queries.company()
    return company is not None and company.demo


def demand_demo() -> None:
    """Outside the demo this door does not exist. Raises NotFound."""
    if not is_demo():
        raise NotFound()


def cast() -> Sequence[Card]:
    """The people offered."""
    if _cast:
        return _cast[0]()
    return [Card(p.login, p.name, p.title) for p in queries.active_people() if not p.external][:6]
