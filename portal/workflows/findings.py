"""What a check found in a definition, where, and what to do about it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from portal.errors import N_, Message

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Finding:
    """`path` leads through keys and positions from the top of the file, like a JSON pointer."""

    path: Path
    message: Message
    remedy: Message | None = None
    severity: str = "error"


def _anything(*_: Any) -> bool:
    return True


def _no_findings(*_: Any) -> Sequence[Finding]:
    return ()


@dataclass
class Checker:
    """Collects findings while the blocks are walked; knows the form only through callbacks."""

    check_expression: Callable[[str, Path], Sequence[Finding]] = _no_findings
    field_exists: Callable[[str], bool] = _anything
    is_person_field: Callable[[str], bool] = _anything
    is_department_field: Callable[[str], bool] = _anything
    role_exists: Callable[[str, str], bool] = _anything
    fields: Collection[str] = ()
    findings: list[Finding] = field(default_factory=list)

    def add(
        self, path: Path, text: str, remedy: str | None = None, *, warn: bool = False, **args: Any
    ) -> None:
        """Record a finding; `args` fill both sentences."""
        self.findings.append(
            Finding(
                path,
                Message(text, args),
                Message(remedy, args) if remedy else None,
                "warning" if warn else "error",
            )
        )

    def lost(self, path: Path, text: str, name: str, known: Collection[str]) -> None:
        """Something named that is not there; `text` names it as `%(name)s`."""
        close = get_close_matches(name, known, n=1)
        self.add(
            path,
            text,
            N_("Did you mean “%(other)s”?") if close else N_("There are: %(known)s."),
            name=name,
            other=close[0] if close else "",
            known=", ".join(known) or "-",
        )

    def no_field(self, path: Path, field: Any) -> None:
        """A field the form does not have."""
        self.lost(path, N_("The form has no field “%(name)s”."), str(field), self.fields)

    def keys(
        self, raw: Any, path: Path, *, required: Collection[str] = (), allowed: Collection[str] = ()
    ) -> Mapping[str, Any]:
        """The object at the path, its keys judged strictly; an empty one if it is no object."""
        if not isinstance(raw, Mapping):
            self.add(path, N_("This must be an object."))
            return {}
        known = [*required, *allowed]
        for key in raw:
            if key not in known:
                self.unknown_key(path, str(key), known)
        for key in required:
            if key not in raw:
                self.add(path, N_("The key “%(key)s” is missing."), key=key)
        return raw

    def unknown_key(self, path: Path, key: str, known: Sequence[str]) -> None:
        close = get_close_matches(key, known, n=1)
        self.add(
            (*path, key),
            N_("Unknown key “%(key)s”."),
            N_("Did you mean “%(other)s”?") if close else N_("Known here: %(known)s."),
            key=key,
            other=close[0] if close else "",
            known=", ".join(known),
        )

    def one_of(self, value: Any, path: Path, known: Sequence[str]) -> bool:
        """Whether the value is one of the known words; a finding with a suggestion if not."""
        if isinstance(value, str) and value in known:
            return True
        close = get_close_matches(value, known, n=1) if isinstance(value, str) else []
        self.add(
            path,
            N_("“%(value)s” is not known here."),
            N_("Did you mean “%(other)s”?") if close else N_("Use one of: %(known)s."),
            value=value,
            other=close[0] if close else "",
            known=", ".join(known),
        )
        return False

    def text(self, raw: Any, path: Path) -> None:
        """A text for people: a string, or one per language."""
        if isinstance(raw, str) and raw.strip():
            return
        if isinstance(raw, Mapping) and raw:
            for language, words in self.keys(raw, path, allowed=("en", "zh")).items():
                if not isinstance(words, str) or not words.strip():
                    self.add((*path, language), N_("A text is missing here."))
            return
        self.add(
            path,
            N_("A text is missing here."),
            N_("Write a text, or one per language: {“en”: …, “zh”: …}."),
        )
