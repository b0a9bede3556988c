"""The files of a record on paper: a list with hashes, and its pictures."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image as Picture
from PIL import ImageOps
from reportlab.platypus import Flowable, Image, Spacer, Table

from portal import limits
from portal.reports import look
from portal.reports.blocks import heading
from portal.reports.grid import Cell, Grid
from portal.reports.sheet import Attachment
from portal.reports.text import P
from portal.reports.words import Words

_ACROSS = 3
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_PIXELS = 900  # enough for a third of a page's width at 300 dpi
_GAP = 10.0


def attachment_list(files: Sequence[Attachment], fixed: Words, room: float) -> list[Flowable]:
    """Name, size and hash of every file, then the pictures three across; nothing without files."""
    if not files:
        return []
    grid = Grid([room - 70 - 110, 70, 110])
    grid.edge(look.RULE, weight=0.5)
    titles = (fixed.file, fixed.size, fixed.digest)
    grid.add([Cell(title, look.LABEL) for title in titles], shade=look.SHADE)
    for file in files:
        grid.add([Cell(file.name), Cell(file.size), Cell(file.digest, look.SMALL)])
    return [
        *heading(fixed.attachments),
        grid.table(header_rows=1),
        *_pictures(files, room),
    ]


def _pictures(files: Sequence[Attachment], room: float) -> list[Flowable]:
    width = (room - (_ACROSS - 1) * _GAP) / _ACROSS
    shown = [
        [image, Spacer(1, 3), P(file.name, look.SMALL)]
        for file in files
        if file.thumbnail and (image := _image(file.thumbnail, width, width * 0.75))
    ]
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
