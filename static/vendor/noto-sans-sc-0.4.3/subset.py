"""Cuts the print fonts out of @expo-google-fonts/noto-sans-sc and @expo-google-fonts/noto-sans.

Usage: npm pack @expo-google-fonts/noto-sans-sc@0.4.3 and @expo-google-fonts/noto-sans@0.4.2,
unpack each into a folder of its own, then (fonttools 4.68.0)
    python subset.py CHINESE_PACKAGE LATIN_PACKAGE .
Afterwards renew the hashes in VENDOR.md.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HAN = (range(0x3400, 0xA000), range(0x20000, 0x40000))
# Latin, Greek, Cyrillic, signs and currencies: scripts that need no shaping.
EUROPEAN = (range(0x20, 0x530), range(0x1E00, 0x2000), range(0x2010, 0x2190))
UNUSED_TABLES = ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "VORG", "vhea", "vmtx"]


def characters(codec: str) -> set[int]:
    """The code points of a two-byte character set (`gbk`, `gb2312`)."""
    pairs = (bytes([a, b]) for a in range(0x81, 0xFF) for b in range(0x40, 0xFF) if b != 0x7F)
    return {ord(text) for pair in pairs if len(text := pair.decode(codec, "ignore")) == 1}


def within(code: int, blocks: tuple[range, ...]) -> bool:
    """Whether a code point lies in one of the blocks."""
    return any(code in block for block in blocks)


def cut(source: Path, target: Path, wanted: set[int]) -> None:
    """Write target with the wanted characters of source; layout tables reportlab ignores go."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(
        layout_features=[], drop_tables=UNUSED_TABLES, name_IDs=["*"], notdef_outline=True
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    font.save(target)


def chinese(package: Path, target: Path) -> None:
    """Regular: all but Han beyond GBK, with the rare Han of names. Bold: GB2312, no rare Han."""
    regular = package / "400Regular" / "NotoSansSC_400Regular.ttf"
    known = set(TTFont(regular).getBestCmap())
    plain = {code for code in known if not within(code, HAN)}
    rare = {code for code in known if code >= 0x20000}
    cut(regular, target / "NotoSansSC-Regular.ttf", plain | rare | (characters("gbk") & known))
    bold = package / "700Bold" / "NotoSansSC_700Bold.ttf"
    cut(bold, target / "NotoSansSC-Bold.ttf", plain | (characters("gb2312") & known))


def latin(package: Path, target: Path) -> None:
    """What the Chinese fonts lack of Latin, Greek and Cyrillic, with the letters around it."""
    for weight in ("400Regular", "700Bold"):
        source = package / weight / f"NotoSans_{weight}.ttf"
        wanted = {code for code in TTFont(source).getBestCmap() if within(code, EUROPEAN)}
        cut(source, target / f"NotoSans-{weight[3:]}.ttf", wanted)


if __name__ == "__main__":
    chinese(Path(sys.argv[1]), Path(sys.argv[3]))
    latin(Path(sys.argv[2]), Path(sys.argv[3]) / "latin")
