"""The demo's cast: who stands on the sign-in page as cards, and whom one may act as."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import request

from portal.accounts import queries
from portal.accounts.rolebook import Text
from portal.errors import NotFound

HERE = frozenset({"127.0.0.1", "localhost", "::1"})


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


def doors_open() -> bool:
    """Whether this request may be anybody at a click: in a demo, asked on the machine it runs on.

    However the application is served, other machines find no door without a password.
    """
    return asked_here() and is_demo()


def asked_here() -> bool:
    """Whether the request comes from, and is addressed to, the machine the portal runs on."""
    host = (urlsplit(request.host_url).hostname or "").lower()
    return host in HERE and is_loopback(request.remote_addr or "")


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def demand_demo() -> None:
    """Outside the demo this door does not exist. Raises NotFound."""
    if not doors_open():
        raise NotFound()


def cast() -> Sequence[Card]:
    """The people offered."""
    if _cast:
        return _cast[0]()
    return [Card(p.login, p.name, p.title) for p in queries.active_people() if not p.external][:6]
