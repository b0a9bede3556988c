"""What the commands found, as plain JSON for pipelines; the texts are English."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from portal.definitions.checking import Finding
from portal.definitions.diff import Diff

if TYPE_CHECKING:
    from portal.definitions.applying import Plan, Planned


def spoken_findings(found: Iterable[Finding]) -> list[Mapping[str, Any]]:
    """Findings with file, line, column and path, what is wrong and what to do."""
    return [
        {
            "file": one.file,
            "line": one.line,
            "column": one.column,
            "path": one.path,
            "severity": one.severity,
            "message": str(one.message),
            "remedy": str(one.remedy),
        }
        for one in found
    ]


def spoken_diff(found: Diff) -> Mapping[str, Any]:
    """The counts, and every difference as a sentence."""
    return {
        "summary": [str(one) for one in found.summary],
        "changes": [{"file": one.file, "sentence": str(one.sentence)} for one in found.changes],
    }


def spoken_plan(planned: "Plan", **more: Any) -> Mapping[str, Any]:
    """Every module of a folder beside what is published."""
    modules = [_spoken_module(one) for one in planned.modules]
    return {**more, "modules": modules, "not_in_the_folder": list(planned.elsewhere)}


def _spoken_module(one: "Planned") -> Mapping[str, Any]:
    draft = one.draft
    return {
        "module": one.module,
        "state": one.state,
        "release": one.number,
        **spoken_diff(one.diff),
        "findings": spoken_findings(one.report.findings),
        "open_draft": None
        if draft is None
        else {
            "person": draft.person,
            "revision": draft.revision,
            "since": draft.since.isoformat(),
        },
    }
