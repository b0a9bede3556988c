"""What differs between two approval chains: blocks by their titles, conditions as sentences."""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.definitions.diff_fields import Fields, label_of
from portal.definitions.diff_postings import Worded
from portal.definitions.diff_words import Said, listed, named
from portal.errors import N_, Message
from portal.forms.texts import Text, read_text

Json = Mapping[str, Any]

TOLD = ("blocks", "policy", "start")
_BLOCK = N_("Block %(name)s")


def chain(old: Json, new: Json, fields: Fields) -> Iterator[Said]:
    """One sentence per difference of the members in TOLD; `fields` are those of its form."""
    before, after = dict(_blocks(old["blocks"])), dict(_blocks(new["blocks"]))
    titles = {name: _title(name, block) for name, block in {**before, **after}.items()}
    yield from named("step", _BLOCK, _whole(before), _whole(after), titles)
    labels = dict(_labels(fields))
    for name, block in after.items():
        was = before.get(name)
        if was is not None and was["if"] != block["if"]:
            args = {"what": Message(_BLOCK, {"name": titles[name]})}
            args |= {"new": _told(block["if"], labels), "old": _told(was["if"], labels)}
            yield "step", Message(N_("%(what)s now goes by: %(new)s. Before: %(old)s."), args)
    if list(before) != list(after) and before.keys() == after.keys():
        yield "step", Message(N_("The order of the blocks changed."))
    policies = old.get("policy", {}), new.get("policy", {})
    yield from named("other", N_("“%(name)s” of the policy"), *policies)
    if old.get("start") != new.get("start"):
        yield "other", Message(N_("Until when a requester may withdraw changed."))


def _labels(fields: Fields) -> Iterator[tuple[str, Text]]:
    """What a condition can name, with its label; a choice as "path=value"."""
    for field, node in fields.items():
        path = field.replace("[].", ".")
        yield path, label_of(field, node)
        for one in node.get("oneOf") or ():
            value = one.get("const")
            yield f"{path}={value}", read_text(one.get("title"), node["zh"].get(f"={value}", ""))


def _blocks(blocks: Any) -> Iterator[tuple[str, Json]]:
    """Every block by id, without those inside it; `if` are the conditions of its ways."""
    for block in blocks:
        kind = next(k for k in ("step", "choose", "cc") if k in block)
        cases = block.get("when", ()) if kind == "choose" else ()
        own = {k: v for k, v in block.items() if k not in ("when", "else")}
        yield str(block[kind]), {**own, "if": [case["if"] for case in cases]}
        for case in cases:
            yield from _blocks(case["then"])
        yield from _blocks(block.get("else", ()))


def _whole(blocks: Mapping[str, Json]) -> dict[str, Json]:
    """The blocks without the conditions, which are told apart."""
    return {name: {**block, "if": []} for name, block in blocks.items()}


def _title(name: str, block: Json) -> Text:
    title = read_text(block.get("title"))
    if not title:
        return Text(name)
    return Text(f"“{title.in_language('en')}” ({name})", f"“{title.in_language('zh')}”（{name}）")


def _told(conditions: list[str], labels: Mapping[str, Text]) -> Any:
    return listed([Worded(one, labels, is_condition=True) for one in conditions])
