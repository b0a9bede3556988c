"""Files on their way out: what they are called, in headers every server can carry."""

import re
import unicodedata
from urllib.parse import quote

from flask import Response, make_response

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RESERVED = frozenset('<>:"/\\|?*')
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,10}$")
_LONGEST = 120


def download(content: bytes | str, mime: str, name: str, *, in_place: bool = False) -> Response:
    """A file to keep, or (`in_place`) one the browser may show."""
    response = make_response(content)
    response.headers["Content-Type"] = mime
    response.headers["Content-Disposition"] = disposition(name, in_place=in_place)
    return response


def disposition(name: str, *, in_place: bool = False) -> str:
    """The header naming a file: in ASCII for old readers, whole as RFC 6266 wants it."""
    stem, ending = _clean(name)
    plain = _ascii(stem) or "file"
    whole = quote(f"{stem or 'file'}{ending}", safe="")
    kind = "inline" if in_place else "attachment"
    return f"{kind}; filename=\"{plain}{ending}\"; filename*=UTF-8''{whole}"


def _clean(name: str) -> tuple[str, str]:
    """Stem and ending without what file systems reserve or no eye sees; only the stem is cut."""
    composed = unicodedata.normalize("NFC", name)
    kept = "".join("-" if c in _RESERVED else c for c in composed if c.isprintable()).strip(" .")
    found = _ENDING.search(kept)
    ending = found[0] if found else ""
    return kept.removesuffix(ending)[: _LONGEST - len(ending)].strip(" ."), ending


def _ascii(text: str) -> str:
    """What is left of a text in letters every header can carry."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "".join(c for c in plain if c.isprintable() and c not in _RESERVED).strip(" .-_")
