"""Pictures: of which format they are, judged by their content, and small ones made of them.

Loaded with the first file somebody attaches or looks at: heavy, and many workers see none.
"""

import io
import struct
from collections.abc import Collection

from PIL import Image, ImageOps, UnidentifiedImageError

from portal import limits

Image.MAX_IMAGE_PIXELS = limits.IMAGE_PIXELS

_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
# what the decoders raise beside OSError for bytes they stumble over
_BROKEN = (SyntaxError, ValueError, TypeError, LookupError, EOFError, struct.error, *_BOMBS)


def format_of(content: bytes, formats: Collection[str]) -> str | None:
    """Which of these formats the bytes have; None for any other, and for what is too large."""
    try:
        with Image.open(io.BytesIO(content), formats=tuple(formats)) as image:
            name, (width, height) = image.format, image.size
    except (UnidentifiedImageError, OSError, ValueError, *_BOMBS):
        return None
    return name if name in formats and width * height <= limits.IMAGE_PIXELS else None


def preview(content: bytes, formats: Collection[str], pixels: int) -> bytes:
    """A re-encoded JPEG no larger than `pixels` on its long side: nothing of the file survives.

    Raises OSError for an image that is broken behind its first bytes.
    """
    out = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content), formats=tuple(formats)) as image:
            image.thumbnail((pixels, pixels))
            upright = ImageOps.exif_transpose(image)
            upright.convert("RGB").save(out, "JPEG", quality=82)
    except _BROKEN as error:
        raise UnidentifiedImageError from error
    return out.getvalue()
