"""Whose packages are taken in: the keys authors trust, and the company's own."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.audit.services import record
from portal.db import db
from portal.definitions.models import TrustedKey
from portal.definitions.packages.keys import (
    fingerprint_of,
    own_key,
    pem_of,
    read_public_key,
    signing_key,
)
from portal.errors import N_, FieldError, Invalid, Message, NotFound
from portal.web.viewer import Viewer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class OwnKey:
    """The company's public key as text, with what people compare."""

    fingerprint: str
    text: str


@dataclass(frozen=True, slots=True)
class Signer:
    """A key packages may be signed with; `name` is empty for the company's own."""

    name: str
    key: "Ed25519PublicKey"


def own(home: Path) -> OwnKey | None:
    """The company's public key; None while nothing was ever signed here."""
    key = own_key(home)
    return OwnKey(fingerprint_of(key), pem_of(key)) if key else None


def make_own(*, home: Path, actor: Viewer | None, now: datetime) -> OwnKey:
    """The company's public key, the pair made if there is none."""
    found = own(home)
    if found is None:
        key = signing_key(home).public_key()
        found = OwnKey(fingerprint_of(key), pem_of(key))
        _note(actor, "key.make", found.fingerprint, "", now)
    return found


def trusted() -> list[TrustedKey]:
    """The keys of others, by name."""
    return list(
        db.session.scalars(select(TrustedKey).order_by(TrustedKey.name, TrustedKey.fingerprint))
    )


def trust(*, name: str, text: str, home: Path, actor: Viewer | None, now: datetime) -> TrustedKey:
    """Take in packages signed with this public key (PEM) from now on. Raises Invalid by field."""
    if not name:
        raise _at("name", N_("Say whose key this is."))
    try:
        key = read_public_key(text)
    except Invalid as refusal:
        raise _at("public_key", refusal.message.id) from None
    fingerprint = fingerprint_of(key)
    mine = own_key(home)
    if mine is not None and fingerprint_of(mine) == fingerprint:
        raise _at("public_key", N_("This is the key of this portal; it is trusted already."))
    known = db.session.get(TrustedKey, fingerprint)
    if known is not None:
        text_id = N_("This key is trusted already, as “%(name)s”.")
        raise _at("public_key", text_id, name=known.name)
    made = TrustedKey(
        fingerprint=fingerprint,
        name=name,
        public_key=pem_of(key),
        added_by=actor.person_id if actor else None,
        added_at=now,
    )
    db.session.add(made)
    _note(actor, "key.trust", fingerprint, name, now)
    db.session.flush()
    return made


def distrust(*, fingerprint: str, actor: Viewer | None, now: datetime) -> None:
    """Take in no more packages signed with this key; what came in stays."""
    found = db.session.get(TrustedKey, fingerprint)
    if found is None:
        raise NotFound
    db.session.delete(found)
    _note(actor, "key.distrust", fingerprint, found.name, now)
    db.session.flush()


def signer(fingerprint: str, home: Path) -> Signer | None:
    """The trusted key of this fingerprint."""
    found = db.session.get(TrustedKey, fingerprint)
    if found is not None:
        return Signer(found.name, read_public_key(found.public_key))
    mine = own_key(home)
    return Signer("", mine) if mine and fingerprint_of(mine) == fingerprint else None


def spoken(fingerprint: str) -> str:
    """A fingerprint in groups of eight, as people compare it."""
    return " ".join(fingerprint[at : at + 8] for at in range(0, len(fingerprint), 8))


def _at(field: str, text: str, **args: str) -> Invalid:
    return Invalid(errors=[FieldError(field, "key", Message(text, args))])


def _note(actor: Viewer | None, action: str, fingerprint: str, name: str, now: datetime) -> None:
    detail = {"name": name} if name else {}
    record(
        actor=actor, action=action, object_kind="key", object_id=fingerprint, detail=detail, now=now
    )
