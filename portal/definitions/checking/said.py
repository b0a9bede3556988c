"""One fault of a file's shape, in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.definitions.json_source import Path
from portal.errors import N_

SHOWN = 60
DID_YOU_MEAN = N_("Did you mean “%(other)s”?")


@dataclass(frozen=True, slots=True)
class Said:
    """One fault: where, a sentence, advice; `args` fill both. `at_key` means the member's name."""

    path: Path
    message: str
    remedy: str
    args: Mapping[str, Any] = field(default_factory=dict)
    at_key: bool = False


def short(value: Any) -> str:
    """A value as it is quoted in a sentence."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
