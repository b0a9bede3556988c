"""Passwords: what is acceptable, and argon2id with stated cost. Pure but for the hash itself."""

import threading
import unicodedata
from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.errors import N_, FieldError, Invalid, Message
from portal.limits import PASSWORD_LENGTH_LEAST, PASSWORD_LENGTH_MOST

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_at_once = threading.BoundedSemaphore(4)  # each hash takes 19 MiB

# The beginnings of the lists of leaked passwords, eight characters and longer.
_COMMON: Final = frozenset(
    """
    12345678 123456789 1234567890 11111111 00000000 88888888 66666666 87654321 123123123
    12341234 password password1 password123 passw0rd p@ssw0rd p@ssword qwertyui qwerty123
    qwertyuiop 1q2w3e4r 1q2w3e4r5t 1qaz2wsx zaq12wsx iloveyou sunshine princess football
    baseball welcome1 welcome123 letmein1 admin123 admin1234 administrator abcd1234 abc12345
    a1234567 a12345678 aa123456 asd12345 asdfghjk asdfghjkl changeme trustno1 superman computer
    internet woaini520 woaini1314 5201314520 1314520520 qq123456 11223344 147258369 789456123
    987654321 0123456789 portal123 engineering construction
    """.split()  # noqa: SIM905 - a word list reads best as words
)


def normal(password: str) -> str:
    """One form for what keyboards write differently (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def accept(password: str, *, near: tuple[str, ...] = (), path: str = "password") -> None:
    """Judge a new password. `near`: what it must not contain (login, e-mail). Raises Invalid."""
    text = normal(password)
    problem: Message | None = None
    if len(text) < PASSWORD_LENGTH_LEAST:
        problem = Message(
            N_("Use at least %(least)s characters; a short sentence is easy to remember."),
            {"least": PASSWORD_LENGTH_LEAST},
        )
    elif len(text) > PASSWORD_LENGTH_MOST:
        problem = Message(N_("Use at most %(most)s characters."), {"most": PASSWORD_LENGTH_MOST})
    elif text.lower() in _COMMON or len(set(text)) < 4:
        problem = Message(N_("This password is among the first ones tried. Choose another."))
    elif any(len(word) >= 4 and word.lower() in text.lower() for word in near):
        problem = Message(N_("The password must not contain your sign-in name."))
    if problem:
        raise Invalid(errors=[FieldError(path, "password", problem)])


@lru_cache(maxsize=1)
def _dummy() -> str:
    """A hash of the same cost for people who do not exist."""
    return _hasher.hash("nobody has this password")


def hashed(password: str) -> str:
    """The argon2id hash of a password; takes tens of milliseconds, so never in a transaction."""
    with _at_once:
        return _hasher.hash(normal(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is right. Without a stored hash the same work is done for nothing."""
    if len(password) > PASSWORD_LENGTH_MOST:
        stored, password = None, ""
    with _at_once:
        try:
            _hasher.verify(stored or _dummy(), normal(password))
        except (VerificationError, InvalidHashError):
            return False
    return bool(stored)


def is_outdated(stored: str) -> bool:
    """Whether the hash was made at another cost and should be made anew at this sign-in."""
    return _hasher.check_needs_rehash(stored)
