"""What the first-run page offers to publish: the shipped modules, known to higher rooms."""

from collections.abc import Callable, Sequence
from datetime import datetime

from portal.accounts.models import Person
from portal.accounts.rolebook import Text
from portal.errors import N_, Invalid

Offer = tuple[str, Text]

_offers: list[Callable[[], Sequence[Offer]]] = []
Publish = Callable[[Sequence[str], Person, datetime], None]
_publish: list[Publish] = []


def register_starters(offers: Callable[[], Sequence[Offer]], publish: Publish) -> None:
    """Register the list of (module key, title) and the verb that publishes the chosen keys."""
    _offers[:] = [offers]
    _publish[:] = [publish]


def offered() -> Sequence[Offer]:
    """The modules one can begin with."""
    return _offers[0]() if _offers else ()


def publish_chosen(keys: Sequence[str], admin: Person, now: datetime) -> None:
    """Publish the chosen modules, in the set-up's transaction; the first administrator files what
    their registers begin with. Raises Invalid for others.
    """
    known = {key for key, _ in offered()}
    for key in keys:
        if key not in known:
            raise Invalid(N_("There is no module “%(name)s” to begin with."), name=key[:80])
    if keys and _publish:
        _publish[0](keys, admin, now)
