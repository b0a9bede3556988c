"""Adding an example made of a record to a draft."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.builder.checks import judge
from portal.builder.queries import Draft
from portal.builder.recorded.making import FAILS, example
from portal.builder.recorded.sources import told
from portal.builder.splicing import insert_item
from portal.definitions import services
from portal.definitions.cases import Subject
from portal.definitions.checking.examples import posting_rules, workflow_of
from portal.definitions.formatting import format_source
from portal.errors import N_, Invalid
from portal.forms.texts import Text
from portal.records.models import Record
from portal.web.viewer import Viewer

UNSOUND = N_("The draft has errors. Mend them first: an example is tried before it is added.")


def add_example(
    *, draft: Draft, record: Record, name: Text, is_neutral: bool, actor: Viewer, now: datetime
) -> str:
    """One more example in the draft, made of a record; its file. It holds, or nothing is added.

    Raises Invalid with the reason why no example can be made of it.
    """
    subject = _subject(draft, record.form)
    world = told(record, subject.form, actor, now, has_people=not is_neutral)
    case = example(world, subject, name, is_neutral=is_neutral)
    file = f"{record.form}.cases.json"
    text = _with_case(draft.files.get(file), record.form, case)
    judged = judge(draft.module, {**draft.files, file: text})
    for one in judged.in_file(file):
        if one.severity == "error":
            raise Invalid(FAILS, what=one.message)
    services.save_draft_files(
        release_id=draft.id,
        texts={file: text},
        seen_revision=draft.revision,
        actor=actor,
        now=now,
    )
    return file


def _subject(draft: Draft, form: str) -> Subject:
    report = judge(draft.module, draft.files, run_cases=False).report
    package = report.package
    if report.errors or package is None or form not in package.compiled:
        raise Invalid(UNSOUND)
    return Subject(package.compiled[form], workflow_of(package, form), posting_rules(package, form))


def _with_case(text: str | None, form: str, case: Mapping[str, Any]) -> str:
    if text is not None:
        return insert_item(text, ("cases",), case)
    return format_source({"$schema": "../schema/cases-1.json", "form": form, "cases": [case]})
