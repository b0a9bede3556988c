"""Eight people of the demo, as cards on the sign-in page and under Acting as."""

from collections.abc import Sequence

from portal.accounts.demo import Card
from portal.demo.cast import ADMIN, CARDS, PEOPLE


def cast() -> Sequence[Card]:
    """The eight, in the order of the story: from the site to the administrator."""
    names = {one.login: one.name for one in (*PEOPLE, ADMIN)}
    return [Card(login, names[login], title) for login, title in CARDS]
