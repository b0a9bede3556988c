"""The parts of an .xlsx file, opened with care: a file is judged before it is unpacked."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from portal.errors import N_, Invalid

FILE_BYTES = 3_000_000
UNPACKED = 40_000_000
RATIO = 200
MEMBERS = 500
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 65_536

DAMAGED = N_("This Excel file is damaged. Open it in Excel, save it anew and try again.")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    OSError,
    EOFError,
    LookupError,  # a member, or an encoding, there is none of
    NotImplementedError,
    RuntimeError,
)


class Parts:
    """The members of an .xlsx file by name."""

    def __init__(self, content: bytes) -> None:
        """Raises Invalid for what is no .xlsx file, or one that unpacks to far more than it is."""
        _demand_kind(content)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except _BROKEN:
            raise Invalid(DAMAGED) from None
        members = self._archive.infolist()
        unpacked = sum(one.file_size for one in members)
        if len(members) > MEMBERS or unpacked > min(UNPACKED, RATIO * len(content) + 1_000_000):
            raise Invalid(
                N_("The file unpacks to far more than a list holds. Copy the list to a new file.")
            )
        if any(one.flag_bits & 1 for one in members):
            raise Invalid(PROTECTED)
        self.names = {one.filename for one in members}
        if "xl/workbook.xml" not in self.names:
            raise Invalid(NO_EXCEL)

    def elements(self, name: str) -> Iterator[tuple[str, Element]]:
        """("start" or "end", element) as they are read, without namespaces; Invalid if damaged."""
        parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
        try:
            with self._archive.open(name) as stream:
                for piece in _pieces(stream):
                    parser.feed(piece)
                    for found in parser.read_events():
                        event, element = cast("tuple[str, Any]", found)
                        if isinstance(element, Element):
                            element.tag = element.tag.rpartition("}")[2]
                            yield event, element
        except (*_BROKEN, ParseError):
            raise Invalid(DAMAGED) from None


NO_EXCEL = N_("This is no Excel file. Choose a file whose name ends in .xlsx, or a CSV file.")
PROTECTED = N_("The file is protected by a password. Save it without one and try again.")


def _demand_kind(content: bytes) -> None:
    if len(content) > FILE_BYTES:
        raise Invalid(
            N_("The file is larger than %(most)s MB. A few dozen rows are enough."),
            most=FILE_BYTES // 1_000_000,
        )
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise Invalid(PROTECTED)
        raise Invalid(
            N_("This is the old Excel format (.xls). Save it as an Excel workbook (.xlsx).")
        )
    if not content.startswith(b"PK\x03\x04"):
        raise Invalid(NO_EXCEL)


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a part, up to the limit whatever its heading says; no part has a DOCTYPE."""
    read, tail = 0, b""
    while piece := stream.read(_CHUNK):
        read += len(piece)
        if read > UNPACKED or b"<!DOCTYPE" in tail + piece or b"<!ENTITY" in tail + piece:
            raise ValueError(read)
        tail = piece[-16:]
        yield piece
