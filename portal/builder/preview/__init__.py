"""What a file of a draft means, ready to be shown beside its text."""

from typing import Any

from portal.builder.checks import Judged
from portal.builder.preview.chain import chain
from portal.builder.preview.form import live_form
from portal.builder.preview.others import cases, module, postings
from portal.builder.preview.outline import outline

Shown = dict[str, Any]

__all__ = ["preview"]


def preview(judged: Judged, name: str, language: str) -> Shown | None:
    """The preview of one file, by what kind of file it is; None where it cannot be read."""
    package = judged.report.package
    file = package.files.get(name) if package else None
    if package is None or file is None:
        return None
    if file.kind == "form" and file.key in package.compiled:
        return live_form(package, file.key, language)
    if file.kind == "form" and file.key in package.forms:
        return outline(package.forms[file.key], language)
    if file.kind == "workflow" and file.key in package.workflows:
        return chain(package, file.key, language)
    if file.raw is None:
        return None
    if file.kind == "postings":
        return postings(file.raw)
    if file.kind == "cases":
        return cases(judged, name, file.raw)
    return module(package, file.raw) if file.kind == "module" else None
