"""Joins the parts of the Chinese catalog (one per feature) and compiles them for gettext."""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HERE = Path(__file__).resolve().parent


def compile_all(out: Path | None = None) -> int:
    """Write messages.mo; returns the number of texts. Two parts that disagree are an error."""
    whole = Catalog(locale="zh_Hans_CN", charset="utf-8")
    for part in sorted((HERE / "zh_parts").glob("*.po")):
        with part.open("rb") as file:
            for message in read_po(file, charset="utf-8", locale="zh_Hans_CN", abort_invalid=True):
                if not (message.id and message.string):
                    continue
                known = whole.get(message.id)
                if known is not None and known.string != message.string:
                    raise ValueError(f"{part.name}: another part says otherwise: {message.id!r}")
                whole.add(message.id, message.string)
    target = out or HERE / "zh_Hans_CN" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        write_mo(file, whole)
    return len(whole)


if __name__ == "__main__":
    print(f"{compile_all()} texts", file=sys.stderr)
