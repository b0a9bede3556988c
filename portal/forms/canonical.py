"""One spelling of a JSON value, so that equal content has equal bytes and an equal hash."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

Json = Any


def canonical_json(value: Json) -> bytes:
    """UTF-8, members sorted, no blanks; raises ValueError on NaN and infinities."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode("utf-8", "surrogatepass")


def content_hash(expanded: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of an expanded form; its `version` is left out, the order of fields counts."""
    content = {key: value for key, value in expanded.items() if key != "version"}
    return hashlib.sha256(canonical_json([content, list(_order(expanded.get("data")))])).hexdigest()


def _order(schema: Json) -> Iterator[str]:
    """The fields as they stand in the file: sorting the members must not hide a new order."""
    if not isinstance(schema, Mapping):
        return
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        for key, node in properties.items():
            yield key
            if isinstance(node, Mapping) and "items" in node:
                yield from _order(node["items"])
