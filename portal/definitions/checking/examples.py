"""Example cases of a module, run against what its files mean; a failed one prevents publishing."""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.definitions.cases import Subject, run_case
from portal.definitions.checking.findings import File, Package
from portal.definitions.json_source import Path
from portal.definitions.posting_lines import PostingRule, compile_rules
from portal.errors import N_
from portal.forms.texts import read_text

FAILED = N_("Example “%(name)s”: %(message)s")
NO_REGISTER = N_("Only registers of the company begin with entries, and without links.")
TAKE_IT_OUT = N_("Take “begins” out.")
MEND = N_("Correct the example, or what it is an example of.")


def check_examples(package: Package) -> None:
    """Run every case whose form, workflow and posting rules are sound."""
    if any(file.notes.has_errors for file in package.files.values()):
        return
    for file, form, path, case in _all_cases(package):
        if "begins" in case and not _may_begin(package, form, case):
            file.notes.add((*path, "begins"), NO_REGISTER, TAKE_IT_OUT)
        subject = Subject(
            package.compiled[form], workflow_of(package, form), posting_rules(package, form)
        )
        for failure in run_case(case, subject):
            args = {"name": read_text(case["name"]), "message": failure.message}
            file.notes.add((*path, *failure.place), FAILED, MEND, args=args)


def _all_cases(package: Package) -> Iterator[tuple[File, str, Path, Mapping[str, Any]]]:
    for kind, member in (("form", "tests"), ("cases", "cases")):
        for file in package.of_kind(kind):
            raw = file.raw or {}
            for at, case in enumerate(raw.get(member, ())):
                yield file, str(raw["form"]), (member, at), case


def _may_begin(package: Package, form: str, case: Mapping[str, Any]) -> bool:
    known = package.compiled[form].definition
    is_plain = known.scope == "company" and workflow_of(package, form) is None
    return is_plain and not case.get("errors") and not (case.get("facts") or {}).get("links")


def workflow_of(package: Package, form: str) -> Any:
    """The compiled chain of a form; None for a register."""
    for entry in package.entries:
        if entry["form"] == form:
            return package.workflows.get(str(entry.get("workflow")))
    return None


def posting_rules(package: Package, form: str) -> tuple[PostingRule, ...]:
    """The compiled posting rules of a form, over all posting files that name it."""
    raw = [
        rule
        for file in package.of_kind("postings")
        if (file.raw or {})["form"] == form
        for rule in (file.raw or {})["rules"]
    ]
    return compile_rules(raw, package.compiled[form])
