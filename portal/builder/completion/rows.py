"""Offsets of a text as an editor in a browser counts them: rows from 0, columns in UTF-16."""


def offset_of(text: str, row: int, column: int) -> int:
    """The offset of a place; one behind a line or the text is at its end."""
    start = 0
    for _count in range(row):
        following = text.find("\n", start)
        if following < 0:
            return len(text)
        start = following + 1
    end = text.find("\n", start)
    line = text[start : end if end >= 0 else len(text)].rstrip("\r")
    units = 0
    for at, letter in enumerate(line):
        if units >= column:
            return start + at
        units += 2 if ord(letter) > 0xFFFF else 1
    return start + len(line)


def row_column(text: str, offset: int) -> tuple[int, int]:
    """(row, column) of an offset."""
    start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset), len(text[start:offset].encode("utf-16-le")) // 2
