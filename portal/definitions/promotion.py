"""Releases that come from a folder by a command: who lets them out, and who looked at them.

A command has nobody signed in, so both are named. Who named whom stands in the audit chain.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.accounts import queries as accounts
from portal.accounts.sessions import viewer_of
from portal.definitions.releases import Published
from portal.definitions.trail import note
from portal.errors import N_, Forbidden, Invalid
from portal.web.viewer import Viewer

_TWO = N_("This company wants a second author to look at every release.")
_NAME_THEM = N_(
    "Say who lets it out and who looked at it: --by LOGIN --reviewed-by LOGIN, two different "
    "authors."
)


@dataclass(frozen=True, slots=True)
class Hands:
    """The author who lets a release out, and the one who looked at it; None: nobody is named."""

    by: Viewer | None = None
    reviewer: str | None = None


def hands_of(by: str, reviewed_by: str) -> Hands:
    """Whom these logins name; empty ones name nobody.

    Raises Invalid for who is no active author, for one person named twice, and for a reviewer of
    what nobody lets out.
    """
    lets_out, looked = _author(by), _author(reviewed_by)
    if looked and not lets_out:
        raise Invalid(N_("Say with --by who lets it out, too."))
    if looked and looked == lets_out:
        raise Invalid(N_("Who lets a release out cannot be the one who looked at it."))
    return Hands(viewer_of(lets_out) if lets_out else None, looked)


def is_demanded() -> bool:
    """Whether the company wants a second author."""
    company = accounts.company()
    return company is not None and company.second_author


def demand_two(hands: Hands) -> None:
    """Raises Forbidden where the company wants a second author and none is named."""
    if hands.reviewer is None and is_demanded():
        raise Forbidden(_TWO, hint=_NAME_THEM)


def conclude(hands: Hands, done: Sequence[Published], now: datetime) -> None:
    """Hold what was just published to the rule, and note who looked at it. Raises Forbidden."""
    changed = [one for one in done if one.changed]
    if changed:
        demand_two(hands)
    for one in changed if hands.reviewer else ():
        detail = {"reviewer": hands.reviewer, "number": one.number}
        note(hands.by, "module.review_named", one.module, detail, now)


def _author(login: str) -> str | None:
    if not login:
        return None
    found = accounts.people_by_login([login]).get(login.lower())
    if found is None or found not in accounts.holders_of_role("author", kind="system"):
        raise Invalid(N_("“%(login)s” is no active author of this portal."), login=login)
    return found
