"""A kill -9 at any statement of a submit or a final decision leaves all of it or nothing."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portal.db import db
from portal.ledgers.models import CostEntry
from tests.conftest import ON_POSTGRES
from tests.stage import Stage, config_home

ROOT = Path(__file__).parent.parent.parent


def crash_everywhere(stage: Stage, act: str, **given: Any) -> dict[str, Any]:
    with stage.app.app_context():
        db.session.remove()
        db.engine.dispose()
    given |= {
        "act": act,
        "home": str(config_home(stage.app)),
        "url": stage.app.config["SQLALCHEMY_DATABASE_URI"] if ON_POSTGRES else "",
        "people": stage.people,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.approvals.crashing", json.dumps(given)],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("act", ["submit", "decide"])
def test_a_kill_at_any_statement_leaves_all_or_nothing(stage: Stage, act: str) -> None:
    if act == "submit":
        record_id = stage.draft(data=stage.purchase(crew=stage.entries["crew"]))
        found = crash_everywhere(stage, act, record=record_id, seen=[0, 1])
        expected = ("draft", "submitted", {"commit_pending"})
    else:
        record_id = stage.filed()
        stage.approve(record_id, "carl")
        task_id, seen = stage.task("mark", record_id)
        data = {**stage.record(record_id).data, "budget_line": "B-1"}
        found = crash_everywhere(
            stage, act, record=record_id, task=task_id, seen=[seen.epoch, seen.version], data=data
        )
        expected = ("submitted", "approved", {"commit_pending", "commit"})
    assert found["wrong"] == []
    assert found["points"] > 20
    assert (found["before"], found["after"]) == expected[:2]
    assert {entry.bucket for entry in stage.rows(CostEntry)} == expected[2]
    assert stage.problems() == {}
