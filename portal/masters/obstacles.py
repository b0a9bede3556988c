"""What keeps an entry from going out of use or into another: pages ask it first, services anew."""

from collections.abc import Collection

from sqlalchemy import select

from portal.db import db
from portal.definitions import queries as definitions
from portal.errors import N_, Message
from portal.masters import queries
from portal.records import freezing
from portal.records.models import Record
from portal.records.transitions import APPROVED

NOT_MERGED = N_("Entries of this register are not merged.")
NOT_IN_USE = N_("This entry is not in use.")
HAS_MERGED = N_("“%(name)s” was merged into this entry. Take that back first.")
IS_FROZEN = N_("Frozen by %(number)s. It stays until that is void.")
ITSELF = N_("An entry is not merged into itself.")
OTHER_PLACE = N_("Only two entries of one register, of the same project, can be one.")
INTO_UNUSED = N_("“%(name)s” is not in use; nothing is merged into it.")


def is_mergeable(record: Record) -> bool:
    """Whether entries of this register can be merged."""
    form = definitions.form_in(record.form, record.project_id)
    return form is not None and bool(form.form.definition.duplicates)


def against_leaving(record: Record) -> Message | None:
    """What keeps an entry from going out of use, alone or into another; None: nothing does."""
    if record.state != APPROVED:
        return Message(NOT_IN_USE)
    held = freezing.frozen(record)
    if held is not None:
        return Message(IS_FROZEN, {"number": held.number})
    merged = queries.merged_into(record.id)
    return Message(HAS_MERGED, {"name": merged[0][1]}) if merged else None


def against_pairing(record: Record, into: Record) -> Message | None:
    """Why these two can never be one, however they stand."""
    if record.id == into.id:
        return Message(ITSELF)
    if (record.form, record.project_id) != (into.form, into.project_id):
        return Message(OTHER_PLACE)
    return None


def against_merging(record: Record, into: Record) -> Message | None:
    """Why an entry is not merged into another of its register as the two stand now."""
    if not is_mergeable(record):
        return Message(NOT_MERGED)
    found = against_leaving(record)
    if found is None and into.state != APPROVED:
        found = Message(INTO_UNUSED, {"name": into.subject})
    return found


def of_entries(record_ids: Collection[str]) -> dict[str, Message]:
    """The entries among these that would be kept from going, and by what."""
    found = db.session.scalars(select(Record).where(Record.id.in_(sorted(record_ids)))).all()
    against = {one.id: against_leaving(one) for one in found}
    return {key: said for key, said in against.items() if said is not None}
