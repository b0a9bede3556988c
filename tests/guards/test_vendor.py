"""The vendored front-end files are the published ones, each with its license."""

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "static" / "vendor"
NAMED = re.compile(
    r"""\b(?:icon|draw|empty_state)\(["']([a-z0-9-]+)["']|\bicon=["']([a-z0-9-]+)["']"""
)
LISTED = re.compile(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", re.MULTILINE)
OURS = {".md", ".py"}  # notes and the scripts that built what is not a plain copy


def _listed() -> dict[str, str]:
    """What VENDOR.md and the VENDOR.md of a single folder say: path from VENDOR, hash."""
    found: dict[str, str] = {}
    for notes in VENDOR.rglob("VENDOR.md"):
        place = notes.parent.relative_to(VENDOR)
        for name, digest in LISTED.findall(notes.read_text(encoding="utf-8")):
            found[(place / name).as_posix()] = digest
    return found


def test_every_vendored_file_is_listed_with_the_hash_it_has() -> None:
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.suffix not in OURS and "__pycache__" not in path.parts
    }
    licenses = {name for name in found if name.endswith("/LICENSE")}
    listed = _listed()
    assert {name: found[name] for name in found if name not in licenses - set(listed)} == listed


def test_every_vendored_folder_carries_its_license() -> None:
    folders = [path for path in VENDOR.iterdir() if path.is_dir() and path.name != "__pycache__"]
    assert folders
    assert [folder.name for folder in folders if not list(folder.glob("LICENSE*"))] == []


def test_the_sprite_holds_exactly_the_icons_asked_for() -> None:
    (folder,) = VENDOR.glob("tabler-icons-*")
    names = (folder / "icons.txt").read_text(encoding="utf-8").split()
    sprite = (folder / "sprite.svg").read_text(encoding="utf-8")
    assert re.findall(r'<symbol id="([^"]+)"', sprite) == names


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    root = VENDOR.parents[1]
    (folder,) = VENDOR.glob("tabler-icons-*")
    known = set((folder / "icons.txt").read_text(encoding="utf-8").split())
    named = {
        (path.relative_to(root).as_posix(), name)
        for path in (root / "templates").rglob("*.html")
        for pair in NAMED.findall(path.read_text(encoding="utf-8"))
        for name in pair
        if name
    }
    assert {pair for pair in named if pair[1] not in known} == set()
