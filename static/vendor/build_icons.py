"""Builds the icon sprite from the outline icons of the npm package @tabler/icons.

Usage: npm pack @tabler/icons@3.51.0, unpack it, then
    python static/vendor/build_icons.py PACKAGE/icons/outline static/vendor/tabler-icons-3.51.0
The names wanted stand in icons.txt beside the sprite, one per line; afterwards renew VENDOR.md.
"""

import re
import sys
from pathlib import Path

_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_BOUNDS = re.compile(r'\s*<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')


def symbol(name: str, source: str) -> str:
    """One <symbol> with the shapes of an icon file; stroke and fill come from the page's CSS."""
    found = _BODY.search(source)
    if found is None:
        message = f"{name}: not an icon file"
        raise SystemExit(message)
    shapes = " ".join(_BOUNDS.sub("", found.group(1)).split()).replace("> <", "><")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def main(icons: Path, target: Path) -> None:
    """Write target/sprite.svg from the names in target/icons.txt."""
    names = (target / "icons.txt").read_text(encoding="utf-8").split()
    parts = [symbol(name, (icons / f"{name}.svg").read_text(encoding="utf-8")) for name in names]
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(parts) + "\n</svg>\n"
    (target / "sprite.svg").write_text(sprite, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
