"""Files by their hash, outside static/: written aside, synced, then named."""

import hashlib
import os
import tempfile
from pathlib import Path

from portal import paths


def _place(sha256: str) -> Path:
    return paths.home() / "files" / sha256[:2] / sha256


def keep(content: bytes) -> str:
    """Store bytes; returns their SHA-256. The file exists before any row names it."""
    digest = hashlib.sha256(content).hexdigest()
    place = _place(digest)
    if place.exists():
        return digest
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(name).chmod(0o600)
    Path(name).replace(place)
    return digest


def read(sha256: str) -> bytes:
    """The bytes of a stored file. Raises FileNotFoundError."""
    return _place(sha256).read_bytes()


def exists(sha256: str) -> bool:
    """Whether the file is there (the doctor asks)."""
    return _place(sha256).exists()
