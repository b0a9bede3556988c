"""A draft judged as it is, or as it would be with the text somebody is typing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.builder.choices_gone import with_choices_gone
from portal.definitions.checking import Finding, Report, check_module
from portal.definitions.checking.translations import apart
from portal.definitions.dependents import with_dependents
from portal.definitions.neighbors import known_beside
from portal.errors import Message
from portal.forms.canonical import content_hash

MODULE_FILE = "module.json"
_EXAMPLES = ("cases[", "tests[")


@dataclass(frozen=True, slots=True)
class FileState:
    """A file of a draft: how many errors and warnings it has."""

    name: str
    errors: int
    warnings: int
    size: int


@dataclass(frozen=True, slots=True)
class Examples:
    """How the example cases came out; `ran` is False while errors keep them from running."""

    total: int
    failed: int
    ran: bool

    @property
    def passed(self) -> int:
        """How many hold."""
        return self.total - self.failed if self.ran else 0


@dataclass(frozen=True, slots=True)
class StaleVersion:
    """A form whose content changed while its version number did not: what the next one is."""

    file: str
    form: str
    version: int
    following: int


@dataclass(frozen=True)
class Judged:
    """The files of a draft with everything a check found in them."""

    module: str
    files: Mapping[str, str]
    report: Report
    states: list[FileState] = field(default_factory=list)

    def in_file(self, name: str) -> list[Finding]:
        """The findings of one file, errors first, by line."""
        return [one for one in self.report.findings if one.file == name]

    @property
    def warnings(self) -> list[Finding]:
        """What there is to think about, without the texts that lack a language."""
        return apart(self.report.warnings)[0]

    @property
    def lacking(self) -> int:
        """How many texts the check found to lack a language."""
        return apart(self.report.warnings)[1]

    def elsewhere(self, name: str) -> list[Finding]:
        """The errors of all other files."""
        return [one for one in self.report.errors if one.file != name]

    @property
    def examples(self) -> Examples:
        """How the example cases came out."""
        package = self.report.package
        files = [*package.of_kind("cases"), *package.of_kind("form")] if package else []
        total = sum(
            len((file.raw or {}).get(member, ())) for file in files for member in ("cases", "tests")
        )
        failed = {(one.file, _case(one)) for one in self.report.errors if _is_example(one)}
        others = any(not _is_example(one) for one in self.report.errors)
        return Examples(total, len(failed), ran=not others)

    def stale_versions(self, published: Mapping[tuple[str, int], str]) -> list[StaleVersion]:
        """Forms that need a higher version number before they can be published.

        `published` holds the content hash of every (form, version) ever published.
        """
        found = []
        for file in self.report.package.of_kind("form") if self.report.package else ():
            now = self.report.expanded.get(file.key)
            stale = stale_version(file.name, file.key, now, published) if now else None
            if stale is not None:
                found.append(stale)
        return found


def stale_version(
    file: str, form: str, now: Mapping[str, Any], published: Mapping[tuple[str, int], str]
) -> StaleVersion | None:
    """What is to be said of a full form whose version number is published with other content."""
    versions = [version for key, version in published if key == form]
    if not versions:
        return None
    version = int(now["version"])
    known = published.get((form, version))
    if version < max(versions) if known is None else known != content_hash(now):
        return StaleVersion(file, form, version, max(versions) + 1)
    return None


def judge(module: str, files: Mapping[str, str], *, run_cases: bool = True) -> Judged:
    """Check a module's files against the other published modules; never raises for content."""
    report = check_module(files, known=known_beside(module), run_cases=run_cases)
    report = with_choices_gone(module, report)
    if run_cases:
        report = with_dependents(module, report, older=False)
    states = [_state(name, text, report) for name, text in files.items()]
    states.sort(key=lambda one: _order(one.name))
    return Judged(module, files, report, states)


def _state(name: str, text: str, report: Report) -> FileState:
    own = [one for one in report.findings if one.file == name]
    errors = sum(one.severity == "error" for one in own)
    return FileState(name, errors, len(own) - errors, len(text.encode("utf-8", "replace")))


def _order(name: str) -> tuple[int, str, int]:
    """module.json first; then form by form, its chain, postings and examples behind it."""
    key, _dot, kind = name.partition(".")
    kinds = ("form.json", "workflow.json", "postings.json", "cases.json")
    return name != MODULE_FILE, key, kinds.index(kind) if kind in kinds else len(kinds)


def ordered(names: Mapping[str, str]) -> list[str]:
    """File names in the order people read them."""
    return sorted(names, key=_order)


def _is_example(one: Finding) -> bool:
    """Whether a finding is an example that failed, not one that cannot be read."""
    message: Message = one.message
    return one.path.startswith(_EXAMPLES) and "name" in message.args and "message" in message.args


def _case(one: Finding) -> str:
    return one.path.split("]")[0]
