"""Which records a record may name: approved ones of the right form that its author may see."""

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from typing import Any, Protocol

from sqlalchemy import select

from portal.db import db, unscoped
from portal.errors import N_, FieldError, Message
from portal.forms.compiled import CompiledForm
from portal.forms.fieldpaths import split
from portal.forms.fields import FormDefinition
from portal.records import aliases, counting, facts, indexing, transitions
from portal.records.models import Record, RecordLink

OUT_OF_USE = N_("“%(name)s” is out of use. Choose another.")
MERGED = N_("“%(name)s” was merged into “%(into)s”. Choose that.")


class Target(Protocol):
    """What is asked of a record that another names."""

    @property
    def form(self) -> str: ...
    @property
    def project_id(self) -> str | None: ...
    @property
    def state(self) -> str: ...


def foreign_links(form: CompiledForm, record: Record, data: Mapping[str, Any]) -> list[FieldError]:
    """Newly chosen links must lead to approved records of the right form the actor may see.

    What is out of use is chosen by nobody; it still comes with a record that named it before, as
    the code of a contract's line comes with the contract.
    """
    links = list(indexing.links_in(form.definition, data))
    kept = facts.targets_of(record.id) if links else set()
    chosen = [found for found in links if found[2] not in kept]
    if not chosen:
        return []
    counting.rely_on({target for _, _, target in chosen})
    rows = db.session.execute(
        select(Record.id, Record.form, Record.project_id, Record.state).where(
            Record.id.in_(sorted({target for _, _, target in chosen})),
            Record.state.in_((transitions.APPROVED, transitions.RETIRED)),
        )
    ).all()
    return misled(form.definition, record, chosen, {row.id: row for row in rows})


def misled(
    form: FormDefinition,
    record: Record,
    chosen: Sequence[tuple[str, str, str]],
    known: Mapping[str, Target],
) -> list[FieldError]:
    """Which of these (field path, row id, target) lead where they must not.

    `known` are the targets that the actor sees and that are approved or out of use.
    """
    there = {target for _, _, target in chosen if target in known}
    gone = aliases.out_of_use([one for one in there if known[one].state == transitions.RETIRED])
    come_along = _named_by(there, gone)
    wrong: list[FieldError] = []
    for path, row_id, target in chosen:
        row = known.get(target)
        wanted = form.fields[path].options.get("target")
        at_home = row is not None and row.project_id in (None, record.project_id)
        if row is None or row.form != wanted or not at_home:
            wrong.append(_not_found(path, row_id))
        elif target in gone and target not in come_along:
            wrong.append(_out_of_use(path, row_id, gone[target]))
    return wrong


def _named_by(records: set[str], gone: Collection[str]) -> set[str]:
    """Which entries out of use are named by the other records a record links to."""
    if not gone:
        return set()
    statement = select(RecordLink.target_id).where(
        RecordLink.record_id.in_(sorted(records)), RecordLink.target_id.in_(sorted(gone))
    )
    return set(db.session.scalars(unscoped(statement, facts.WHY_LINK)))


def _out_of_use(path: str, row_id: str, one: aliases.OutOfUse) -> FieldError:
    text = MERGED if one.into else OUT_OF_USE
    return FieldError(
        _where(path, row_id), "out_of_use", Message(text, {"name": one.name, "into": one.into})
    )


def _where(path: str, row_id: str) -> str:
    return path.replace("[]", f"[{row_id}]") if row_id else path


def _not_found(path: str, row_id: str) -> FieldError:
    message = Message(N_("This entry does not exist, or is not approved. Choose another."))
    return FieldError(_where(path, row_id), "foreign_record", message)


def known_links(
    form: CompiledForm, record: Record, data: Mapping[str, Any]
) -> tuple[Mapping[str, Any], list[FieldError]]:
    """The data without links to what the actor may not see: a draft names nothing foreign."""
    links = list(indexing.links_in(form.definition, data))
    seen = facts.seen_links({target for _, _, target in links}, record.id)
    foreign = [(path, row_id) for path, row_id, target in links if target not in seen]
    if not foreign:
        return data, []
    kept = deepcopy(dict(data))
    for path, row_id in foreign:
        table, key = split(path)
        for holder in kept[table] if table else [kept]:
            if table is None or str(holder.get("_id", "")) == row_id:
                holder[key] = None
    return kept, [_not_found(path, row_id) for path, row_id in foreign]
