"""What judges a record against its JSON Schema, and the engine that does so where it is installed.

Remote references are off and validators are kept. Engine messages quote what people typed, so only
paths and keywords leave.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

try:
    import jsonschema_rs
except ImportError:  # no wheel for this platform: the slower engine gives the same verdict
    HAS_RUST = False
else:
    HAS_RUST = True


class SchemaError(ValueError):
    """A schema no engine accepts (a pattern it cannot run, a reference)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a value is wrong and by which keyword; `names` are missing or unknown members."""

    path: tuple[str | int, ...]
    keyword: str
    names: tuple[str, ...] = ()


class Judge(Protocol):
    """A kept validator of one schema."""

    def is_valid(self, data: Any) -> bool:
        """The verdict alone, which is much cheaper than the reasons."""

    def faults(self, data: Any) -> Iterator[Fault]:
        """Every fault, without quoting any value."""


class RustJudge:
    """`jsonschema_rs`, with its linear-time patterns."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        try:
            self._validator = jsonschema_rs.validator_for(
                dict(schema),
                offline=True,
                validate_formats=True,
                pattern_options=jsonschema_rs.RegexOptions(),
            )
        except ValueError as error:
            raise SchemaError(type(error).__name__) from None

    def is_valid(self, data: Any) -> bool:
        return bool(self._validator.is_valid(data))

    def faults(self, data: Any) -> Iterator[Fault]:
        for error in self._validator.iter_errors(data):
            kind = error.kind
            names: Sequence[str] = ()
            if kind.name == "required":
                names = (getattr(kind, "property"),)  # noqa: B009 - by kind, which stubs do not know
            elif kind.name == "additionalProperties":
                names = getattr(kind, "unexpected")  # noqa: B009
            yield Fault(tuple(error.instance_path), kind.name, tuple(names))
