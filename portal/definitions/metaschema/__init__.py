"""The meta-schemas of format 1: one source, published in 2020-12 and, for editors, in draft-07."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from portal.definitions.metaschema.cases import cases
from portal.definitions.metaschema.form import form
from portal.definitions.metaschema.health import health
from portal.definitions.metaschema.meanings import titled
from portal.definitions.metaschema.module import module
from portal.definitions.metaschema.postings import postings
from portal.definitions.metaschema.shapes import Json
from portal.definitions.metaschema.sheet import sheet
from portal.definitions.metaschema.workflow import workflow
from portal.forms.judges import HAS_RUST, Judge, RustJudge

_MAKERS = {
    "module": module,
    "form": form,
    "workflow": workflow,
    "postings": postings,
    "cases": cases,
    "sheet": sheet,
    "health": health,
}
KINDS = tuple(_MAKERS)

_DRAFT_2020 = "https://json-schema.org/draft/2020-12/schema"
_DRAFT_07 = "http://json-schema.org/draft-07/schema#"


def addresses(kind: str) -> list[str]:
    """What `$schema` may say in a definition: either draft, as seen from its folder."""
    return [f"../schema/{kind}-1.json", f"../schema/{kind}-1.draft07.json"]


@cache
def schema(kind: str) -> Json:
    """The meta-schema of one kind of file in 2020-12."""
    made = _MAKERS[kind]()
    definitions = made.pop("$defs", None)
    members = {"$schema": {"enum": addresses(kind)}, **made.pop("properties")}
    made["required"] = ["$schema", *made["required"]]
    whole = {"$schema": _DRAFT_2020, "$id": f"urn:engineering-portal:{kind}:1", **made}
    whole["properties"] = members
    if definitions:
        whole["$defs"] = definitions
    return titled(kind, whole)


@cache
def draft07(kind: str) -> Json:
    """The same for editors that know draft-07 only: other names for the same words."""
    made: Json = _older(schema(kind))
    return {**made, "$schema": _DRAFT_07}


def _older(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            ("definitions" if key == "$defs" else key): _older_ref(item)
            if key == "$ref"
            else _older(item)
            for key, item in value.items()
        }
    return [_older(item) for item in value] if isinstance(value, list) else value


def _older_ref(address: Any) -> Any:
    if isinstance(address, str):
        return address.replace("#/$defs/", "#/definitions/")
    return _older(address)


@cache
def _judge(kind: str) -> Judge:
    return RustJudge(schema(kind))


def is_sound(kind: str, raw: Any) -> bool:
    """The verdict alone, which is much cheaper than the reasons of `validator`."""
    return _judge(kind).is_valid(raw) if HAS_RUST else bool(validator(kind).is_valid(raw))


@cache
def validator(kind: str) -> Any:
    """The kept validator of one kind of file, for reasons; it can reach no other document."""
    from referencing import Registry  # heavy, as the engine is, and only a fault needs it

    from portal.forms.python_judge import Validator

    return Validator(schema(kind), registry=Registry())


def files() -> Iterator[tuple[str, Json]]:
    """(file name, schema) of everything that stands in form_definitions/schema."""
    for kind in KINDS:
        yield f"{kind}-1.json", schema(kind)
        yield f"{kind}-1.draft07.json", draft07(kind)
