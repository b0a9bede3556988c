"""Where an author wrote what the full form of a field has: a default stands in its x-field."""

from portal.definitions.json_source import Path, Source

# Keyword of the full form → option of the short form.
_WRITTEN = {
    "title": "label",
    "description": "hint",
    "default": "default",
    "readOnly": "read_only",
    "minItems": "min",
    "maxItems": "max",
    "minimum": "min",
    "maximum": "max",
    "maxLength": "max",
    "pattern": "scale",
    "oneOf": "options",
}


def authored(path: Path, source: Source) -> Path:
    """The path as the author's own text has it; the given one where that is it."""
    if source.has(path):
        return path
    for at, part in enumerate(path):
        if part in _WRITTEN and at > 0:
            short = (*path[:at], "x-field", _WRITTEN[str(part)])
            if source.has(short):
                return short
    return path
