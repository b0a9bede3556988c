"""A chain as a simple picture, step under step, and as the sentences the engine says of it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from portal.builder import words
from portal.definitions.checking.findings import Package
from portal.workflows.definition import Cc, Choose, Step, explain
from portal.workflows.tree import Block, in_language

Shown = dict[str, Any]


def chain(package: Package, key: str, language: str) -> Shown:
    """The picture and the sentences of one chain."""
    definition = package.workflows[key]
    titles = words.role_titles(words.own_roles(package.module.raw if package.module else None))
    lines = explain(definition, language)
    return {
        "kind": "workflow",
        "title": in_language(definition.title, language),
        "nodes": list(_nodes(definition.blocks, titles, language)),
        "lines": [{"depth": (len(one) - len(one.lstrip())) // 4, "text": one} for one in lines],
    }


def _nodes(
    blocks: Iterable[Block], titles: Mapping[tuple[str, str], str], language: str
) -> Iterator[Shown]:
    for block in blocks:
        if isinstance(block, Step):
            yield {
                "kind": "step",
                "id": block.id,
                "title": in_language(block.title, language),
                "who": words.people(block.who, titles),
                "need": words.need(block.need),
            }
        elif isinstance(block, Cc):
            yield {"kind": "cc", "id": block.id, "who": words.people(block.who, titles)}
        elif isinstance(block, Choose):
            ways = [
                {"if": case.condition, "nodes": list(_nodes(case.then, titles, language))}
                for case in block.when
            ]
            ways.append({"if": "", "nodes": list(_nodes(block.otherwise, titles, language))})
            title = in_language(block.title, language)
            yield {"kind": "choose", "id": block.id, "title": title, "ways": ways}
