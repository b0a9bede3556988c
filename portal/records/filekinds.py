"""What a file is, judged by its content: the few kinds the portal accepts."""

import io
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass

from portal import limits

_IMAGES = {
    "JPEG": ("image/jpeg", ("jpg", "jpeg")),
    "PNG": ("image/png", ("png",)),
    "GIF": ("image/gif", ("gif",)),
    "WEBP": ("image/webp", ("webp",)),
}
_OFFICE = {
    "word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "ppt/": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "pptx",
    ),
}

CONTENT_TYPES = "[Content_Types].xml"
CONTENT_TYPES_BYTES = 1_000_000
_ACTIVE = ("vbaproject", "macroenabled", "activex")
# What an archive raises that is damaged, protected, or none.
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


@dataclass(frozen=True, slots=True)
class FileKind:
    """`kind` is image, pdf, office or text; the extensions that go with it."""

    kind: str
    mime: str
    extensions: tuple[str, ...]


def judge(content: bytes) -> FileKind | None:
    """The kind of these bytes, or None when the portal does not accept it."""
    if content.startswith(b"%PDF-"):
        return FileKind("pdf", "application/pdf", ("pdf",))
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return _image(content) or _text(content)


def _image(content: bytes) -> FileKind | None:
    from portal.records import pictures

    name = pictures.format_of(content, _IMAGES)
    if name is None:
        return None
    mime, extensions = _IMAGES[name]
    return FileKind("image", mime, extensions)


def _office(content: bytes) -> FileKind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            with archive.open(CONTENT_TYPES) as listed:
                types = listed.read(CONTENT_TYPES_BYTES).decode("utf-8", "replace")
    except _UNREADABLE:
        return None
    names = [member.filename for member in members]
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.ARCHIVE_RATIO * max(len(content), 1):
        return None
    if any(word in text.lower() for text in (types, *names) for word in _ACTIVE):
        return None
    for folder, (mime, extension) in _OFFICE.items():
        if any(name.startswith(folder) for name in names):
            return FileKind("office", mime, (extension,))
    return None


def _text(content: bytes) -> FileKind | None:
    """Plain text only: nothing a browser could take for a page."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if any(unicodedata.category(c) == "Cc" and c not in "\t\r\n\f" for c in text):
        return None
    if "<" in text[:1024]:
        return None
    return FileKind("text", "text/plain", ("txt", "csv"))


def preview(content: bytes, pixels: int) -> bytes:
    """A picture the portal accepts, small and re-encoded: nothing of the file survives.

    Raises OSError for an image that is broken behind its first bytes.
    """
    from portal.records import pictures

    return pictures.preview(content, _IMAGES, pixels)
