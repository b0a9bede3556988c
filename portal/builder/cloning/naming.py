"""What a clone and its parts are called: keys nobody has, numbers that count apart; pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.builder.starters import key_from
from portal.forms.texts import Text

_LONGEST = 41
_LETTERS = re.compile(r"[A-Za-z0-9]*")
_MOST_LETTERS = 10
_COPY = {"en": "{} (copy)", "zh": "{}（副本）"}


@dataclass(frozen=True, slots=True)
class FormPlan:
    """What a form of the clone is called, and what its numbers begin with (none: no numbers)."""

    title: Text
    letters: str = ""


@dataclass(frozen=True, slots=True)
class ClonePlan:
    """What was asked for; `forms` by the key each form has in the source.

    `taken` are the keys of forms and chains that exist.
    """

    key: str
    title: Text
    forms: Mapping[str, FormPlan]
    has_postings: bool = True
    taken: frozenset[str] = frozenset()


def renamed(keys: Iterable[str], source: str, plan: ClonePlan) -> dict[str, str]:
    """Old key → new key of every form, chain and posting file; no new one is taken."""
    found: dict[str, str] = {}
    taken, known = set(plan.taken), sorted(set(keys), key=lambda one: (one != source, one))
    for old in known:
        wanted = _following(old, source, plan.key) if len(known) > 1 else plan.key
        found[old] = _free(wanted, taken)
        taken.add(found[old])
    return found


def _following(old: str, source: str, new: str) -> str:
    """payment_voucher of payment → advance_voucher of advance."""
    rest = old.removeprefix(source)
    is_named_for = old.startswith(source) and (not rest or rest.startswith("_"))
    return new + (rest if is_named_for else f"_{old}")


def _free(wanted: str, taken: Collection[str]) -> str:
    number, made = 1, wanted[:_LONGEST].rstrip("_")
    while made in taken:
        number += 1
        made = f"{wanted[: _LONGEST - 4].rstrip('_')}_{number}"
    return made


def proposed_key(title: str, source: str, taken: Collection[str]) -> str:
    """A key for a clone with this English title: made from it, or from the source's key."""
    return _free(key_from(title) or source, taken)


def copy_of(title: Text) -> Text:
    """The title proposed for a clone."""
    words = (_COPY[one].format(getattr(title, one)) if getattr(title, one) else "" for one in _COPY)
    return Text(*words)


def letters_of(pattern: Any) -> str:
    """What the numbers of a pattern begin with: PAY of PAY-{project.code}-{yyyy}-{seq:4}."""
    found = _LETTERS.match(pattern) if isinstance(pattern, str) else None
    return found[0].upper() if found else ""


def proposed_letters(letters: str, taken: Collection[str]) -> str:
    """Letters nobody's numbers begin with: PAY2, PAY3."""
    number, made = 2, f"{letters[:7]}2"
    while made in taken:
        number += 1
        made = f"{letters[: _MOST_LETTERS - len(str(number))]}{number}"
    return made


def with_letters(pattern: str, letters: str) -> str:
    """The pattern with other letters at its beginning."""
    old = _LETTERS.match(pattern)
    rest = pattern[old.end() if old else 0 :]
    return letters + (rest if rest.startswith(("-", "/", "_", ".")) else f"-{rest}")
