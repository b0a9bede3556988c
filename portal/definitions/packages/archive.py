"""The file around a release: a zip of `manifest.json` and `files/…`, read with narrow limits."""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from portal import limits
from portal.definitions.checking import file_kind
from portal.definitions.packages.manifest import NAME, FileMark, Manifest, read_manifest
from portal.errors import N_, Invalid, TooLarge

FOLDER = "files/"
ENDING = ".portal"
MIME = "application/zip"
_MOMENT = (1980, 1, 1, 0, 0, 0)  # packages of one release are equal bytes
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    OSError,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
)
_ASK_AGAIN = N_("Ask for the package again; it was changed or is something else.")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a package holds, before anybody believed it."""

    manifest: Manifest
    files: Mapping[str, bytes]


def mark_of(content: bytes) -> FileMark:
    """What a manifest says of a file."""
    return FileMark(len(content), hashlib.sha256(content).hexdigest())


def pack(manifest: Manifest, files: Mapping[str, bytes]) -> bytes:
    """The package as one file; equal content is equal bytes."""
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        entries = {f"{FOLDER}{name}": content for name, content in sorted(files.items())}
        for name, content in {NAME: manifest.text().encode(), **entries}.items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return box.getvalue()


def unpack(content: bytes) -> Contents:
    """What is in a package; raises TooLarge and Invalid, naming the file that is in the way."""
    if len(content) > limits.PACKAGE_BYTES:
        raise TooLarge(
            N_("The package is larger than %(most)s MB."), most=limits.PACKAGE_BYTES // 1_000_000
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = _judged(archive.infolist())
            texts = {name: _read(archive, member) for name, member in members.items()}
    except _UNREADABLE:
        raise Invalid(
            N_("This file is no package of a module, or it is damaged."), hint=_ASK_AGAIN
        ) from None
    manifest = texts.pop(NAME, None)
    if manifest is None:
        raise Invalid(
            N_("The package has no manifest.json."),
            hint=N_("A package is made under Releases of a module, as a signed package."),
        )
    return Contents(
        read_manifest(manifest.decode("utf-8", "replace")),
        {name.removeprefix(FOLDER): text for name, text in texts.items()},
    )


def _judged(members: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The entries by name, refused before a byte of them is unpacked."""
    if len(members) > limits.PACKAGE_FILES:
        raise TooLarge(N_("The package holds more than %(most)s files."), most=limits.PACKAGE_FILES)
    found: dict[str, zipfile.ZipInfo] = {}
    for member in members:
        name = member.filename
        inside = name.removeprefix(FOLDER)
        known = name == NAME or (name.startswith(FOLDER) and file_kind(inside) is not None)
        if not known or name in found:
            raise Invalid(
                N_("The package holds “%(name)s”, which is no file of a module."),
                hint=_ASK_AGAIN,
                name=name[:120],
            )
        if member.flag_bits & _ENCRYPTED or member.compress_type not in _METHODS:
            raise Invalid(
                N_("“%(name)s” is packed in a way no portal writes."), hint=_ASK_AGAIN, name=name
            )
        _measured(member)
        found[name] = member
    if sum(member.file_size for member in members) > limits.PACKAGE_UNPACKED:
        raise TooLarge(
            N_("The files of the package are larger than %(most)s MB together."),
            most=limits.PACKAGE_UNPACKED // 1_000_000,
        )
    return found


def _measured(member: zipfile.ZipInfo) -> None:
    name, size = member.filename, member.file_size
    if size > limits.DEFINITION_BYTES:
        raise TooLarge(
            N_("“%(name)s” is larger than %(most)s bytes."), name=name, most=limits.DEFINITION_BYTES
        )
    if size > limits.ARCHIVE_RATIO * max(member.compress_size, 1):
        raise TooLarge(
            N_("“%(name)s” would unpack to more than %(times)s times its size."),
            name=name,
            times=limits.ARCHIVE_RATIO,
        )


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """The bytes of an entry: never more than it says it holds."""
    with archive.open(member) as file:
        content = file.read(member.file_size + 1)
    if len(content) != member.file_size:
        raise zipfile.BadZipFile
    return content
