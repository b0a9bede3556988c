"""Random tokens of 256 bits; tables keep only their SHA-256."""

import hashlib
import secrets


def new_token() -> str:
    """A token nobody can guess, safe in an address and a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the table keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
