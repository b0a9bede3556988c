"""Why a step was passed over, in words: the condition read back with the labels of the form."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from portal.approvals import conditions
from portal.expressions.telling import told
from portal.forms.access import FieldAccess
from portal.forms.compiled import CompiledForm
from portal.forms.fields import FieldDefinition
from portal.web.words import gettext as _
from portal.workflows.blocks import Case, Choose
from portal.workflows.preview import ELSE, Entry
from portal.workflows.tree import Block, WorkflowDefinition


def choices_made(approval_id: str, events: Sequence[Any]) -> Mapping[str, int]:
    """Which case each choice of an approval took last, by its block."""
    return {
        row.data["block"]: ELSE if row.data["case"] is None else row.data["case"]
        for row in events
        if row.kind == "chosen" and row.approval_id == approval_id
    }


def reason(
    entry: Entry,
    workflow: WorkflowDefinition | None,
    form: CompiledForm,
    made: Mapping[str, int],
    language: str,
    access: FieldAccess | None = None,
) -> str:
    """Why this step is not needed; a condition on what the reader may not see is not told."""
    decided = _deciding(entry, workflow, made)
    if decided is None:
        return str(_("Not needed here: the chain goes another way."))
    case, holds = decided
    if access is not None and not _may_read(form, case.condition, access):
        return str(_("Not needed here."))
    labels = {"requester": str(_("Requester")), **labels_of(form, language)}
    sentence = told(case.condition, labels, language)
    if not holds:
        return str(_("Only needed if %(condition)s.", condition=sentence))
    if case.signed_by_sending:
        text = _("Signed by sending it: %(condition)s.", condition=sentence)
    else:
        text = _("Not needed here: %(condition)s.", condition=sentence)
    return str(text)


def _deciding(
    entry: Entry, workflow: WorkflowDefinition | None, made: Mapping[str, int]
) -> tuple[Case, bool] | None:
    """The case that kept the step out, and whether its condition holds."""
    block = workflow.block(entry.block) if workflow and entry.block in workflow else None
    if not isinstance(block, Choose):
        return None
    own = next((n for n, one in enumerate(block.when) if _holds(one.then, entry.step)), ELSE)
    taken = made.get(block.id) if entry.case is None else entry.case
    if taken is None and len(block.when) == 1:
        taken = 0 if own == ELSE else ELSE
    if taken is None:
        return None
    is_earlier = taken != ELSE and (own == ELSE or taken < own)
    return (block.when[taken], True) if is_earlier else (block.when[own], False)


def _holds(blocks: Sequence[Block], step: str) -> bool:
    return any(
        one.id == step or any(_holds(branch, step) for branch in one.branches()) for one in blocks
    )


def _may_read(form: CompiledForm, source: str, access: FieldAccess) -> bool:
    """Whether every field a condition reads is open to the reader."""
    return all(may_read_field(form, path, access) for path in conditions.reads(form, source))


def may_read_field(form: CompiledForm, path: str, access: FieldAccess | None) -> bool:
    """Whether a field a condition names is open to the reader (to everybody, without `access`)."""
    fields = form.definition.fields
    known = path if path in fields else path.partition(".")[0]
    return access is None or known not in fields or access.get(known, "none") != "none"


@lru_cache(maxsize=200)
def labels_of(form: CompiledForm, language: str) -> Mapping[str, str]:
    """The label of every path a condition can name, and of every choice as "path=value"."""
    found = dict(_labels("", form.definition.header, language))
    for table, columns in form.definition.columns.items():
        found.update(_labels(f"{table}.", columns, language))
    for link in form.definition.links:
        target = form.linked.get(str(link.options.get("target")))
        if link.table is None and target is not None:
            own = link.label.in_language(language)
            there = dict(_labels(f"{link.key}.", target.header, language))
            found.update({k: t if "=" in k else f"{own} · {t}" for k, t in there.items()})
    return found


def _labels(
    prefix: str, fields: Sequence[FieldDefinition], language: str
) -> Iterator[tuple[str, str]]:
    for one in fields:
        yield f"{prefix}{one.key}", one.label.in_language(language)
        for value, text in (one.options.get("choices") or {}).items():
            yield f"{prefix}{one.key}={value}", text.in_language(language)
