"""Documents decided at the same moment, each in a transaction and a thread of its own."""

import threading
from collections.abc import Sequence

from flask import Flask

from portal.costs import control
from portal.db import SYSTEM, db, set_context, write_transaction
from portal.errors import Invalid
from portal.ledgers.services import on_transition
from portal.records.models import Record
from portal.records.transitions import Transition
from portal.web.viewer import Viewer
from tests.conftest import ON_POSTGRES
from tests.ledgers.world import NOW


def decided_together(app: Flask, ids: Sequence[str]) -> list[str]:
    """How each of these decisions ends, `passed` or `stopped`, in the order of the words."""
    posted, ends = threading.Barrier(len(ids), timeout=20), list[str]()

    def decide(record_id: str) -> None:
        with app.app_context():
            set_context(db.session(), SYSTEM)
            try:
                with write_transaction():
                    record = db.session.get_one(Record, record_id)
                    actor = Viewer(person_id=record.requester_id)
                    made = Transition(record, "submitted", "approved", 1, actor, NOW)
                    record.state, record.transition_seq = "approved", 1
                    on_transition(made)
                    db.session.flush()
                    if ON_POSTGRES:  # on SQLite the second one is not even begun
                        posted.wait()
                    control.on_transition(made)
                ends.append("passed")
            except Invalid:
                ends.append("stopped")

    threads = [threading.Thread(target=decide, args=(one,)) for one in ids]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    return sorted(ends)
