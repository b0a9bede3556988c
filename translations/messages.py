"""Which texts the portal shows, found in code and templates, and which lack their Chinese."""

import sys
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
    "N_": None,
    "_l": None,
}


def shown() -> dict[str, str]:
    """Every message id with the place where it first stands."""
    found: dict[str, str] = {}
    for folder, method in (("portal", "python"), ("templates", "jinja2.ext.babel_extract")):
        patterns = [("**.py" if method == "python" else "**.html", method)]
        options = {patterns[0][0]: {"trimmed": "true"} if method != "python" else {}}
        for name, line, message, _comments, _context in extract_from_dir(
            ROOT / folder, patterns, options, keywords=KEYWORDS
        ):
            single = message[0] if isinstance(message, tuple) else message
            if single:
                found.setdefault(single, f"{folder}/{name}:{line}")
    return found


def translated() -> set[str]:
    """Every message id that has a Chinese text."""
    done: set[str] = set()
    for part in sorted((HERE / "zh_parts").glob("*.po")):
        with part.open("rb") as file:
            for message in read_po(file, charset="utf-8", locale="zh_Hans_CN"):
                if message.id and message.string:
                    done.add(message.id[0] if isinstance(message.id, tuple) else message.id)
    return done


def missing() -> dict[str, str]:
    """What is shown and has no Chinese text."""
    done = translated()
    return {text: place for text, place in shown().items() if text not in done}


if __name__ == "__main__":
    gaps = missing()
    for text, place in sorted(gaps.items(), key=lambda pair: pair[1]):
        print(f"{place}\t{text!r}")
    sys.exit(1 if gaps else 0)
