"""Judging a module before it is published: shape, names, types, chains, postings, examples."""

from collections.abc import Mapping

from portal.definitions.checking.files import file_kind, read_package
from portal.definitions.checking.findings import Finding, Known, Package, Report
from portal.definitions.checking.forms import check_forms, compile_forms, read_forms
from portal.definitions.checking.identity import check_identity
from portal.definitions.checking.module_file import check_module_file
from portal.definitions.checking.translations import check_translations
from portal.definitions.checking.workflows import check_workflows, read_workflows

__all__ = ["Finding", "Known", "Package", "Report", "check_module", "file_kind"]


def check_module(files: Mapping[str, str], *, known: Known, run_cases: bool = True) -> Report:
    """Everything wrong with the files of one module, by file and line; never raises for content.

    `files` maps names (`payment.form.json`) to texts. Without errors the module may be published.
    """
    from portal.definitions.checking.examples import check_examples
    from portal.definitions.checking.freezing import check_freezing
    from portal.definitions.checking.health import check_health
    from portal.definitions.checking.postings import check_postings
    from portal.definitions.checking.retiring import check_retiring
    from portal.definitions.checking.sheets import check_sheets
    from portal.definitions.checking.steps import check_steps

    package = read_package(files, known)
    read_forms(package)
    read_workflows(package)
    check_module_file(package)
    check_forms(package)
    for file in package.of_kind("form"):
        check_identity(package, file)
    compile_forms(package)
    check_workflows(package)
    check_postings(package)
    check_sheets(package)
    check_health(package)
    check_freezing(package)
    check_retiring(package)
    check_steps(package)
    if run_cases:
        check_examples(package)
    check_translations(package)
    for file in package.files.values():
        file.notes.note_rest()
    findings = [one for file in package.files.values() for one in file.notes.findings]
    findings.sort(key=lambda one: (one.severity, one.file, one.line, one.column))
    return Report(findings, dict(package.expanded), package)
