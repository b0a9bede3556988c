"""The print fonts: registered once, what they can draw, and which one draws which piece.

Chinese faces come first; names such as Łukasz or Şimşek need letters only the Latin faces have.
"""

import mmap
from array import array
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from reportlab.pdfbase import pdfmetrics, ttfonts

from portal.paths import STATIC
from portal.reports.lines import UNITS

REGULAR, BOLD = "NotoSansSC", "NotoSansSC-Bold"
_LATIN, _LATIN_BOLD = "NotoSans", "NotoSans-Bold"
_FOLDER = STATIC / "vendor" / "noto-sans-sc-0.4.3"
_FILES = {
    REGULAR: "NotoSansSC-Regular.ttf",
    BOLD: "NotoSansSC-Bold.ttf",
    _LATIN: "latin/NotoSans-Regular.ttf",
    _LATIN_BOLD: "latin/NotoSans-Bold.ttf",
}
# The bold Chinese face holds common characters only: a rarer one is set in the regular face.
_CHAINS = {False: (REGULAR, _LATIN), True: (BOLD, _LATIN_BOLD, REGULAR, _LATIN)}


def covers(face: str, text: str) -> bool:
    """Whether a face can draw every character of a text."""
    return all(map(_glyphs()[face].__contains__, map(ord, text)))


def is_drawable(char: str) -> bool:
    """Whether at least one face can draw a character."""
    return any(ord(char) in glyphs for glyphs in _glyphs().values())


def runs(text: str, *, bold: bool) -> list[tuple[str, str]]:
    """The pieces of a drawable line with the face of each; a word keeps one face if it can."""
    first = _CHAINS[bold][0]
    if covers(first, text):
        return [(first, text)]
    pieces = (piece for unit in UNITS.findall(text) for piece in _pieces(unit, _CHAINS[bold]))
    return [
        (face, "".join(piece for _, piece in group))
        for face, group in groupby(pieces, key=lambda pair: pair[0])
    ]


def width(text: str, *, bold: bool, size: float) -> float:
    """How wide one line is, in points."""
    pieces = runs(text, bold=bold)
    return sum(float(pdfmetrics.stringWidth(piece, face, size)) for face, piece in pieces)


def _pieces(unit: str, chain: Sequence[str]) -> Iterator[tuple[str, str]]:
    for face in chain:
        if covers(face, unit):
            yield face, unit
            return
    for char in unit:
        yield next((face for face in chain if covers(face, char)), chain[0]), char


@cache
def _glyphs() -> dict[str, dict[int, int]]:
    """The characters of each face, after registering the faces with reportlab."""
    # reportlab writes code points above U+FFFF as five digits, which readers cannot copy.
    ttfonts.makeToUnicodeCMap = _unicode_map
    found = {}
    for face, file in _FILES.items():
        font = ttfonts.TTFont(face, _Mapped(_FOLDER / file))
        _share(font.face)
        pdfmetrics.registerFont(font)
        found[face] = font.face.charToGlyph
    return found


def _share(face: ttfonts.TTFontFace) -> None:
    """Keep one object of equal measures: a Chinese face has thirty thousand glyphs of one width."""
    alike: dict[object, object] = {}
    face.hmetrics = [alike.setdefault(pair, pair) for pair in face.hmetrics]
    face.charWidths = {char: alike.setdefault(one, one) for char, one in face.charWidths.items()}
    face.glyphPos = array("L", face.glyphPos)


class _Mapped:
    """A font file mapped into memory: workers share it, and only glyphs in use are loaded."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def read(self) -> mmap.mmap:
        """The whole file, as something that can be sliced like bytes."""
        return self._bytes


def _unicode_map(fontname: str, subset: Sequence[int]) -> str:
    """The PDF's table from drawn codes back to text, in UTF-16 as the format asks."""
    rows = [(code, chr(point).encode("utf-16-be").hex()) for code, point in enumerate(subset)]
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        f"/CIDSystemInfo << /Registry ({fontname}) /Ordering ({fontname}) /Supplement 0 >> def",
        f"/CMapName /{fontname} def /CMapType 2 def",
        f"1 begincodespacerange <00> <{len(subset) - 1:02X}> endcodespacerange",
    ]
    for start in range(0, len(rows), 100):  # the format allows a hundred entries in one block
        block = rows[start : start + 100]
        lines.append(f"{len(block)} beginbfchar")
        lines.extend(f"<{code:02X}> <{text}>" for code, text in block)
        lines.append("endbfchar")
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines)
