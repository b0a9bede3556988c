"""What is being filled in: a record not saved yet, a draft, a register entry, or one at a step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from portal.definitions.queries import FormInRelease
from portal.forms.access import FieldAccess
from portal.forms.compiled import CompiledForm
from portal.forms.evaluation import evaluate
from portal.forms.fields import FormDefinition
from portal.forms.outcome import Facts, Outcome
from portal.records import facts, transitions
from portal.records.entry.upward import Seat
from portal.records.models import Record
from portal.web.viewer import Viewer


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A record on its way to or from a page.

    `data` are the stored values the page is laid over; `revision` the one the page has seen, 0 for
    a record nobody saved yet (then `record` is None).
    """

    record_id: str
    form: FormInRelease
    viewer: Viewer
    now: datetime
    project: Mapping[str, Any] | None
    data: Mapping[str, Any]
    revision: int
    access: FieldAccess
    record: Record | None = None
    seat: Seat | None = None

    @property
    def compiled(self) -> CompiledForm:
        """The form it is filled in under."""
        return self.form.form

    @property
    def definition(self) -> FormDefinition:
        """The form's definition."""
        return self.form.form.definition

    @property
    def state(self) -> str:
        """The record's state."""
        return self.record.state if self.record is not None else transitions.DRAFT

    @property
    def keeps(self) -> bool:
        """Whether what is typed is kept as a draft; an approved entry changes only as a whole."""
        return self.seat is None and self.state in transitions.EDITABLE

    @property
    def is_stale(self) -> bool:
        """Whether it was saved elsewhere since the page was opened."""
        return (self.record.revision if self.record is not None else 0) != self.revision

    @property
    def requester_id(self) -> str:
        """Whose record it is, or will be."""
        return self.record.requester_id if self.record is not None else self.viewer.person_id

    @property
    def project_id(self) -> str | None:
        """The project it belongs to."""
        return str(self.project["id"]) if self.project is not None else None

    @property
    def required(self) -> frozenset[str]:
        """What its step asks for beyond the form."""
        return self.seat.required if self.seat is not None else frozenset()

    @cached_property
    def subject(self) -> facts.Subject:
        """What facts are gathered for."""
        step = self.seat.step if self.seat is not None else None
        if self.record is not None:
            return facts.subject_of(self.record, step)
        return facts.Subject(
            self.record_id, self.project_id, self.requester_id, transitions.DRAFT, step=step
        )

    def facts(self, data: Mapping[str, Any]) -> Facts:
        """Everything its evaluation can ask for."""
        return facts.gather(
            self.definition,
            data,
            self.subject,
            self.now,
            access=self.access if self.seat is not None else None,
            required=self.required,
        )

    def evaluated(self, data: Mapping[str, Any]) -> Outcome:
        """These values judged and completed as a draft.

        Once more when that brought rows or links: what those roll up is asked only then.
        """
        outcome = evaluate(self.compiled, data, self.facts(data), mode="draft")
        if facts.places(self.definition, outcome.data) == facts.places(self.definition, data):
            return outcome
        return evaluate(self.compiled, data, self.facts(outcome.data), mode="draft")

    def as_record(self, data: Mapping[str, Any], outcome: Outcome | None = None) -> Record:
        """A record with these values that no session knows: for previews."""
        known = self.record
        return Record(
            id=self.record_id,
            module=self.form.module,
            form=self.form.key,
            release_id=self.form.release_id,
            project_id=self.project_id,
            requester_id=self.requester_id,
            state=self.state,
            number=known.number if known is not None else None,
            data=dict(outcome.data if outcome is not None else data),
            revision=self.revision,
            transition_seq=known.transition_seq if known is not None else 0,
            created_at=known.created_at if known is not None else self.now,
            updated_at=self.now,
        )
