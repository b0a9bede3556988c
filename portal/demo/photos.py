"""Drawn stand-ins for site photos: small, and the same every time."""

import random
from io import BytesIO

from PIL import Image, ImageDraw

SIZE = (960, 640)
_SKIES = [((150, 185, 215), (225, 232, 238)), ((205, 190, 170), (240, 225, 205))]
_EARTH = [(132, 112, 92), (110, 104, 98), (148, 132, 104)]
_STEEL = [(196, 116, 52), (72, 96, 128), (170, 60, 52)]


def site_photo(key: str) -> bytes:
    """A JPEG of a building site that depends only on `key`."""
    chance = random.Random(key)  # noqa: S311 - a drawing, not a secret
    picture = Image.new("RGB", SIZE)
    draw = ImageDraw.Draw(picture)
    _sky(draw, chance)
    ground = chance.randint(420, 480)
    draw.rectangle((0, ground, *SIZE), fill=chance.choice(_EARTH))
    for _ in range(chance.randint(2, 3)):
        _frame(draw, chance, ground)
    _crane(draw, chance, ground)
    for _ in range(chance.randint(3, 7)):
        _worker(draw, chance, ground)
    out = BytesIO()
    picture.save(out, "JPEG", quality=68)
    return out.getvalue()


def _sky(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    top, low = chance.choice(_SKIES)
    for y in range(0, SIZE[1], 4):
        part = y / SIZE[1]
        color = tuple(round(a + (b - a) * part) for a, b in zip(top, low, strict=True))
        draw.rectangle((0, y, SIZE[0], y + 4), fill=color)


def _frame(draw: ImageDraw.ImageDraw, chance: random.Random, ground: int) -> None:
    left, bays, floors = chance.randint(20, 620), chance.randint(2, 4), chance.randint(2, 5)
    wide, high = chance.randint(60, 90), chance.randint(48, 64)
    color = chance.choice([(150, 150, 150), (126, 130, 134), (168, 162, 154)])
    for bay in range(bays + 1):
        x = left + bay * wide
        draw.rectangle((x, ground - floors * high, x + 9, ground), fill=color)
    for floor in range(1, floors + 1):
        y = ground - floor * high
        draw.rectangle((left, y, left + bays * wide + 9, y + 10), fill=color)


def _crane(draw: ImageDraw.ImageDraw, chance: random.Random, ground: int) -> None:
    x, color = chance.randint(120, 840), chance.choice(_STEEL)
    top = chance.randint(60, 120)
    draw.rectangle((x, top, x + 12, ground), fill=color)
    reach = chance.choice([-1, 1]) * chance.randint(180, 300)
    draw.line((x - reach // 3, top + 14, x + reach, top + 14), fill=color, width=9)
    draw.line((x + 6, top - 24, x + reach, top + 12), fill=color, width=3)
    hook = x + reach * 3 // 4
    draw.line((hook, top + 16, hook, top + chance.randint(90, 200)), fill=(60, 60, 60), width=2)


def _worker(draw: ImageDraw.ImageDraw, chance: random.Random, ground: int) -> None:
    x, y = chance.randint(30, 920), ground + chance.randint(20, 110)
    draw.rectangle((x - 7, y - 34, x + 7, y), fill=chance.choice([(226, 120, 30), (230, 200, 40)]))
    draw.ellipse((x - 6, y - 48, x + 6, y - 36), fill=(206, 168, 140))
    draw.pieslice((x - 9, y - 54, x + 9, y - 34), 180, 360, fill=(245, 205, 40))
