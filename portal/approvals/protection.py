"""Which fields of a form are protected: what conditions, people rules and postings read."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from portal.approvals import conditions
from portal.definitions.queries import FormInRelease
from portal.workflows.protected import fields_read_by_block, protected_fields


@dataclass(frozen=True, slots=True)
class Guarded:
    """The protected paths of one published form, and what each block of its chain reads."""

    fields: frozenset[str]
    by_block: Mapping[str, frozenset[str]]


@lru_cache(maxsize=500)
def of(form: FormInRelease) -> Guarded:
    """Worked out once per published form."""
    workflow = form.workflow
    if workflow is None:
        return Guarded(frozenset(), {})

    def reads(source: str) -> frozenset[str]:
        return conditions.reads(form.form, source)

    posted = {path for rule in form.postings for path in rule.reads}
    return Guarded(
        protected_fields(workflow, reads=reads, postings=posted),
        fields_read_by_block(workflow, reads),
    )
