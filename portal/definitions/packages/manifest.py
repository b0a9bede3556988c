"""What a package says of itself, and the bytes its signature stands for (docs/adr/0018)."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.definitions.checking import file_kind
from portal.definitions.json_source import SourceError, read_source
from portal.errors import N_, Invalid
from portal.forms.canonical import canonical_json
from portal.forms.fieldpaths import KEY

FORMAT = 1
NAME = "manifest.json"
_DOMAIN = b"engineering-portal package\n"
_HASH = re.compile(r"[0-9a-f]{64}\Z")
_WORD = re.compile(r"[ -~]{1,40}\Z")


@dataclass(frozen=True, slots=True)
class FileMark:
    """The size in bytes and the SHA-256 (hex) of a file."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A release of a module: its files, the portal that wrote it, and the key it is signed with.

    `made_at` is when the release was published, so that one release is one package for ever.
    """

    module: str
    number: int
    portal: str
    made_at: str
    files: Mapping[str, FileMark]
    key: str
    signature: bytes = b""

    @property
    def signed(self) -> bytes:
        """The bytes the signature stands for: everything but the signature."""
        return _DOMAIN + canonical_json(self._plain())

    def text(self) -> str:
        """The manifest as it stands in the package."""
        whole = {**self._plain(), "signature": base64.b64encode(self.signature).decode()}
        return json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True) + "\n"

    def _plain(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "module": self.module,
            "number": self.number,
            "portal": self.portal,
            "made_at": self.made_at,
            "files": {
                name: {"sha256": mark.sha256, "size": mark.size}
                for name, mark in self.files.items()
            },
            "key": self.key,
        }


def read_manifest(text: str) -> Manifest:
    """The manifest in a text; Invalid for another format, or what no portal would write."""
    try:
        raw = read_source(text).value
    except SourceError:
        raise _strange() from None
    if not isinstance(raw, dict) or type(raw.get("format")) is not int:
        raise _strange()
    if raw["format"] > FORMAT:
        made_by = raw.get("portal")
        raise Invalid(
            N_("The package was made by a newer version of the portal (%(portal)s)."),
            hint=N_("Bring this portal to that version, then import again."),
            portal=made_by if _is(made_by, _WORD) else "?",
        )
    if raw["format"] < 1 or set(raw) != _MEMBERS or not _is_sound(raw):
        raise _strange()
    return Manifest(
        module=raw["module"],
        number=raw["number"],
        portal=raw["portal"],
        made_at=raw["made_at"],
        files={name: FileMark(one["size"], one["sha256"]) for name, one in raw["files"].items()},
        key=raw["key"],
        signature=_signature(raw["signature"]),
    )


_MEMBERS = {"format", "module", "number", "portal", "made_at", "files", "key", "signature"}


def _is_sound(raw: Mapping[str, Any]) -> bool:
    files = raw["files"]
    return (
        isinstance(files, dict)
        and all(file_kind(name) and _is_mark(mark) for name, mark in files.items())
        and _is(raw["module"], KEY)
        and type(raw["number"]) is int
        and 0 < raw["number"] < 10**9
        and _is(raw["portal"], _WORD)
        and _is(raw["made_at"], _WORD)
        and _is(raw["key"], _HASH)
        and isinstance(raw["signature"], str)
    )


def _is_mark(mark: Any) -> bool:
    return (
        isinstance(mark, dict)
        and set(mark) == {"size", "sha256"}
        and type(mark["size"]) is int
        and mark["size"] >= 0
        and _is(mark["sha256"], _HASH)
    )


def _is(value: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.match(value) is not None


def _signature(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""  # nothing is signed by it


def _strange() -> Invalid:
    return Invalid(
        N_("manifest.json does not say what a package of modules says."),
        hint=N_("Ask for the package again; it was changed or is something else."),
    )
