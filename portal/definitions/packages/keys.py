"""Keys of packages: Ed25519, the company's own pair in the home folder, public ones as PEM text."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from portal.errors import N_, Invalid

if TYPE_CHECKING:  # the library is heavy, and only packages need it
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

FILE = "signing.key"


def signing_key(home: Path) -> "Ed25519PrivateKey":
    """The company's private key, made at first use and readable by the portal's user alone."""
    return _stored(home) or _made(home)


def own_key(home: Path) -> "Ed25519PublicKey | None":
    """The company's public key; None while nothing was ever signed here."""
    stored = _stored(home)
    return stored.public_key() if stored else None


def _stored(home: Path) -> "Ed25519PrivateKey | None":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        text = (home / FILE).read_bytes()
    except FileNotFoundError:
        return None
    key = load_pem_private_key(text, password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def _made(home: Path) -> "Ed25519PrivateKey":
    """A new pair; where two are made at once, the first one in place counts."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    home.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=home)  # 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        (home / FILE).hardlink_to(name)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()
    return _stored(home) or key


def pem_of(key: "Ed25519PublicKey") -> str:
    """A public key as text, to be sent to others."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def fingerprint_of(key: "Ed25519PublicKey") -> str:
    """The SHA-256 (hex) of a public key: what people compare, and what packages name it by."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def read_public_key(text: str) -> "Ed25519PublicKey":
    """The public key in a PEM text; raises Invalid."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    if "PRIVATE KEY" in text:
        raise Invalid(
            N_("This is a private key. It must never leave its portal; ask for the public one.")
        )
    try:
        key = load_pem_public_key(text.strip().encode() + b"\n")
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise Invalid(
            N_("This is no Ed25519 public key. It begins with -----BEGIN PUBLIC KEY-----.")
        )
    return key


def verifies(key: "Ed25519PublicKey", signature: bytes, signed: bytes) -> bool:
    """Whether this key signed these bytes."""
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True
