"""The files of a record on paper: pictures where the form has them, then a list with hashes."""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

from PIL import Image as Picture
from PIL import ImageOps
from reportlab.platypus import Flowable, Image, Spacer, Table

from portal import limits
from portal.reports import look
from portal.reports.blocks import caption, heading
from portal.reports.grid import Cell, Grid
from portal.reports.sheet import Attachment, Pictures
from portal.reports.text import P
from portal.reports.words import Words

_ACROSS = 3
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_PIXELS = 900  # enough for a third of a page's width at 300 dpi
_GAP = 10.0


def attachment_list(files: Sequence[Attachment], fixed: Words, room: float) -> list[Flowable]:
    """Name, size and hash of every file; nothing without files."""
    if not files:
        return []
    grid = Grid([room - 70 - 110, 70, 110])
    grid.edge(look.RULE, weight=0.5)
    titles = (fixed.file, fixed.size, fixed.digest)
    grid.add([Cell(title, look.LABEL) for title in titles], shade=look.SHADE)
    for file in files:
        grid.add([Cell(file.name), Cell(file.size), Cell(file.digest, look.SMALL)])
    return [*heading(fixed.attachments), grid.table(header_rows=1)]


def pictures(part: Pictures, room: float, under: str) -> list[Flowable]:
    """The pictures three across, then the names of the other files; with the field's caption,
    unless the section `under` which they stand is called the same.
    """
    width = (room - (_ACROSS - 1) * _GAP) / _ACROSS
    shown, others = [], []
    for file in part.files:
        image = _image(file.thumbnail, width, width * 0.75) if file.thumbnail else None
        if image is None:
            others.append(file.name)
        else:
            shown.append([image, Spacer(1, 3), P(file.name, look.SMALL)])
    story: list[Flowable] = caption(part.caption) if part.caption != under else []
    story += _rows(shown, width)
    if others:
        story.append(P("\n".join(others), replace(look.VALUE, after=6)))
    return story


def _rows(shown: list[list[Flowable]], width: float) -> list[Flowable]:
    story: list[Flowable] = []
    for start in range(0, len(shown), _ACROSS):
        row = shown[start : start + _ACROSS]
        row += [[Spacer(1, 1)]] * (_ACROSS - len(row))
        style = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
        style += [("RIGHTPADDING", (0, 0), (-1, -1), _GAP)]
        widths = [width + _GAP] * _ACROSS
        story.append(Table([row], colWidths=widths, style=style, hAlign="LEFT"))
    return story


def _image(data: bytes, width: float, height: float) -> Flowable | None:
    """The picture upright, within a box in points; None if it is not one we can draw."""
    try:
        with Picture.open(BytesIO(data), formats=_FORMATS) as opened:
            if opened.width * opened.height > limits.IMAGE_PIXELS:
                return None
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Picture.DecompressionBombError):
        return None  # the list still names the file
    upright.thumbnail((_PIXELS, _PIXELS))
    paper = Picture.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright)
    target = BytesIO()
    paper.save(target, "JPEG", quality=82)
    target.seek(0)
    scale = min(width / paper.width, height / paper.height)
    return Image(target, paper.width * scale, paper.height * scale, hAlign="LEFT")
