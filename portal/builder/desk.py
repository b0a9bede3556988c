"""The author's desk: one file of a draft, what is wrong with it, and what it means."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from portal.builder import words
from portal.builder.checks import Judged, judge
from portal.builder.comparison import Line, side_by_side
from portal.builder.preview import preview
from portal.builder.queries import Draft
from portal.builder.saving import is_fresh, mark_of
from portal.builder.snippets import KINDS, tables_of
from portal.builder.whereabouts import file_title
from portal.definitions import queries as definitions
from portal.definitions.checking import Finding, file_kind
from portal.errors import NotFound
from portal.web.answers import sentence
from portal.web.filters import text_in
from portal.web.viewer import current_viewer

_EXCERPT = 160


@dataclass(frozen=True)
class Desk:
    """Everything the editor's page shows. `is_saved`: the text stands in the draft like this.

    `shows_stored` says that the preview is of the stored text because the typed one cannot be read.
    """

    module: str
    draft: Draft
    name: str
    kind: str
    text: str
    seen: str
    judged: Judged
    shown: Mapping[str, Any] | None
    shows_stored: bool = False
    theirs: str | None = None
    just_saved: bool = False

    @property
    def is_saved(self) -> bool:
        """Whether the text stands in the draft as it stands here."""
        return self.draft.files.get(self.name) == self.text

    @property
    def findings(self) -> list[Finding]:
        """What is wrong with this file."""
        return self.judged.in_file(self.name)

    @property
    def marks(self) -> list[dict[str, Any]]:
        """The findings as the editor's gutter takes them, in the reader's language."""
        return [
            {
                "line": one.line,
                "column": one.column,
                "message": f"{sentence(one.message)} {sentence(one.remedy)}",
                "level": one.severity,
            }
            for one in self.findings
        ]

    @property
    def over(self) -> str:
        """What saving over the other text has to say: which text it was."""
        return mark_of(self.theirs or "")

    @property
    def differences(self) -> list[Line]:
        """The typed text beside what somebody else saved."""
        return [] if self.theirs is None else side_by_side(self.text, self.theirs)

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The kinds of fields that can be inserted."""
        titles = words.kind_titles()
        return [(kind, titles[kind]) for kind in KINDS]

    @property
    def tables(self) -> list[tuple[str, str]]:
        """The line tables a field may be inserted into."""
        return [(key, key) for key in tables_of(self.text)]

    def line(self, number: int) -> str:
        """What stands on a line, so that a finding can be understood without looking it up."""
        lines = self.text.split("\n", number)
        return lines[number - 1].strip()[:_EXCERPT] if number <= len(lines) else ""

    def _title_of(self, name: str) -> str:
        return file_title(name, self.draft.files, current_viewer().language)

    @property
    def targets(self) -> list[tuple[str, str]]:
        """The forms a field may link to: published ones, and those of this draft."""
        found = {
            key: text_in({"en": title.en, "zh": title.zh})
            for key, title in definitions.form_titles().items()
        }
        for name in self.draft.files:
            if name.endswith(".form.json"):
                key = name.removesuffix(".form.json")
                found.setdefault(key, self._title_of(name) or key)
        return sorted(found.items(), key=lambda one: one[1])


def lay_out(
    draft: Draft,
    name: str,
    language: str,
    *,
    text: str | None = None,
    seen: str = "",
    run_cases: bool = True,
) -> Desk:
    """The desk with the stored text, or with one being typed; raises NotFound for no such file.

    `seen` marks the stored text the typing began with; another one there now is shown as theirs.
    """
    found = file_kind(name)
    stored = draft.files.get(name)
    if found is None or stored is None:
        raise NotFound
    typed = stored if text is None else text
    judged = judge(draft.module, {**draft.files, name: typed}, run_cases=run_cases)
    desk = Desk(
        module=draft.module,
        draft=draft,
        name=name,
        kind=found[0],
        text=typed,
        seen=seen or mark_of(stored),
        judged=judged,
        shown=preview(judged, name, language),
        theirs=None if text is None or is_fresh(stored, typed, seen) else stored,
    )
    if desk.shown is None and typed != stored:
        before = preview(judge(draft.module, draft.files, run_cases=False), name, language)
        return replace(desk, shown=before, shows_stored=before is not None)
    return desk


@dataclass(frozen=True, slots=True)
class InsertInput:
    """What was typed into the inputs of a new field, and what is wrong with it by input."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
