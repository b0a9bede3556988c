"""Which pages the handbook has, in which order; their files; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal import paths
from portal.errors import N_

LANGUAGES = ("en", "zh")
_ENDING = {"en": ".md", "zh": ".zh.md"}


@dataclass(frozen=True, slots=True)
class Topic:
    """A page of the handbook in whatever languages it was written: `users/filing`."""

    area: str
    name: str

    @property
    def key(self) -> str:
        return f"{self.area}/{self.name}"

    def file(self, language: str) -> Path:
        """Where its text in this language stands, if it was written."""
        return paths.DOCS / self.area / f"{self.name}{_ENDING[language]}"

    def languages(self) -> tuple[str, ...]:
        """The languages it was written in."""
        return tuple(one for one in LANGUAGES if self.file(one).is_file())


@dataclass(frozen=True, slots=True)
class Part:
    """Pages that stand together under a title."""

    title: str
    topics: tuple[Topic, ...]


_USING = (
    "users",
    N_("Using the portal"),
    (
        "filing",
        "approving",
        "figures",
        "cost-documents",
        "funds",
        "registers",
        "project-control",
        "planning",
    ),
)
_BUILDING = (
    "administrators",
    N_("Building modules"),
    (
        "tutorial",
        "builder",
        "module-setup",
        "from-excel",
        "chains",
        "posting-rules",
        "releasing",
        "stored-records",
    ),
)
_REFERENCE = (
    "administrators",
    N_("Definitions in full"),
    (
        "modules",
        "forms",
        "workflows",
        "postings",
        "cost-sheet",
        "health",
        "definitions-as-code",
        "tutorial-json",
    ),
)
_RUNNING = (
    "administrators",
    N_("Running the portal"),
    ("people-and-roles", "running", "settings"),
)
_PARTS = (_USING, _BUILDING, _REFERENCE, _RUNNING)


@cache
def parts() -> tuple[Part, ...]:
    """All pages, part by part; one that no part names stands last where modules are built."""
    named = {(area, name) for area, _title, names in _PARTS for name in names}
    others = tuple(
        name for name in sorted(_names("administrators")) if ("administrators", name) not in named
    )
    found = []
    for area, title, names in _PARTS:
        more = others if (area, title, names) == _BUILDING else ()
        found.append(Part(title, tuple(Topic(area, name) for name in names + more)))
    return tuple(found)


def topics() -> Iterator[Topic]:
    """All pages, in the order of the handbook."""
    for part in parts():
        yield from part.topics


@cache
def topic(area: str, name: str) -> Topic | None:
    """The page of this name, if the handbook has it."""
    return next((one for one in topics() if (one.area, one.name) == (area, name)), None)


@cache
def pictures() -> frozenset[str]:
    """The names of the pictures that pages may show."""
    return frozenset(path.name for path in (paths.DOCS / "pictures").glob("*.png"))


def _names(area: str) -> set[str]:
    return {path.name.partition(".")[0] for path in (paths.DOCS / area).glob("*.md")}
