"""Guards over the Chinese texts: complete, with the same placeholders, and no two that disagree."""

import re
import sys
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from translations.messages import missing  # noqa: E402

PLACEHOLDER = re.compile(r"%\((\w+)\)")


def entries() -> list[tuple[str, str, str]]:
    found = []
    for part in sorted((ROOT / "translations/zh_parts").glob("*.po")):
        with part.open("rb") as file:
            for message in read_po(file, charset="utf-8", locale="zh_Hans_CN"):
                if message.id:
                    single = message.id[0] if isinstance(message.id, tuple) else message.id
                    text = message.string
                    found.append(
                        (part.name, single, text[0] if isinstance(text, tuple) else str(text))
                    )
    return found


def test_every_text_has_its_chinese() -> None:
    gaps = [f"{place}: {text}" for text, place in missing().items()]
    assert gaps == []


def test_no_two_parts_disagree() -> None:
    said: dict[str, dict[str, str]] = {}
    for name, source, text in entries():
        said.setdefault(source, {})[text] = name
    assert {source: texts for source, texts in said.items() if len(texts) > 1} == {}


def test_translations_keep_the_placeholders() -> None:
    wrong = [
        (name, source)
        for name, source, text in entries()
        if text and set(PLACEHOLDER.findall(text)) - set(PLACEHOLDER.findall(source))
    ]
    assert wrong == []


def test_chinese_uses_full_width_punctuation() -> None:
    half = re.compile(r"[\u4e00-\u9fff][,;:!?](?:\s|$|[\u4e00-\u9fff])")
    assert [(n, t) for n, _, t in entries() if half.search(t)] == []
