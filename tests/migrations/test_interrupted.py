"""A migration killed half-way leaves the schema before it; run again, it ends as if never killed."""

import os
import signal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from portal.db import db
from portal.migrations import runner
from tests.migrations.test_migrations import differences, shape


def statements_of_an_upgrade(app: Flask) -> int:
    count = 0

    def before(*_: Any) -> None:
        nonlocal count
        count += 1

    with app.app_context():
        engine = db.engine
        event.listen(engine, "before_cursor_execute", before)
        runner.upgrade()
        event.remove(engine, "before_cursor_execute", before)
        runner.downgrade("base")
        engine.dispose()
    return count


def upgrade_and_die(app: Flask, at: int) -> None:
    """Upgrade in a process of its own that is killed before its `at`-th statement."""
    count = 0

    def before(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        try:
            event.listen(Engine, "before_cursor_execute", before)
            with app.app_context():
                runner.upgrade()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it was not killed"


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 1.0])
def test_a_killed_migration_is_run_again_as_if_nothing_had_been(app: Flask, share: float) -> None:
    with app.app_context():
        whole = shape(db.engine)
        runner.downgrade("base")
    last = statements_of_an_upgrade(app)
    assert last > 50
    upgrade_and_die(app, at=1 + round(share * (last - 1)))
    with app.app_context():
        runner.upgrade()
        assert shape(db.engine) == whole
        assert differences(db.engine) == []
        assert runner.current() == runner.newest()
