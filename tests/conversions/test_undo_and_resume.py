"""A move is taken back as far as nobody changed what it moved; two processes never do it twice."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from portal.conversions import running, services
from portal.conversions.models import Conversion, ConvertedRecord
from portal.conversions.running import LEASE
from portal.db import db
from portal.errors import Conflict
from portal.records import services as records
from portal.records.models import RecordRevision
from tests.conftest import ON_POSTGRES
from tests.conversions.conftest import Works, renaming
from tests.stage import config_home

ROOT = Path(__file__).parents[2]


def test_what_nobody_changed_becomes_what_it_was(works: Works) -> None:
    stage, crew = works.stage, works.stage.entries["crew"]
    sent = stage.filed(stage.purchase(code="X-1"))
    before = {one: stage.record(one) for one in (crew, sent)}
    entries = works.convert(works.publish(renaming("code", "mark"), "crew"), "entries", form="crew")
    running_ones = works.convert(works.publish(renaming("code", "mark")), "running")
    for job in (entries, running_ones):
        works.undo(job)
        assert works.job(job).state == "undone"
    for one, was in before.items():
        now = stage.record(one)
        assert (now.release_id, now.data, now.sha256) == (was.release_id, was.data, was.sha256)
        assert now.revision == was.revision + 2, "what it was in between is kept"
        last = stage.rows(RecordRevision, record_id=one, revision=now.revision)[0]
        assert last.reason == "migration undone"
    assert stage.problems() == {}
    stage.approve(sent, "carl")
    assert stage.problems() == {}


def test_what_was_changed_since_stays_and_is_listed(works: Works) -> None:
    stage = works.stage
    touched, untouched = stage.draft(data=stage.purchase(code="A")), stage.draft("ron")
    job = works.convert(works.publish(renaming("code", "mark")), "drafts")
    with stage.acting("rita") as rita:
        record = records.editable(
            actor=rita, record_id=touched, seen_revision=stage.record(touched).revision
        )
        records.save_draft(
            actor=rita, record=record, data={**record.data, "mark": "B"}, now=stage.now()
        )
    works.undo(job)
    assert works.outcomes(job) == {touched: "changed", untouched: "restored"}
    assert stage.record(touched).data["mark"] == "B"
    with stage.acting("mark") as mark, pytest.raises(Conflict):
        services.undo(actor=mark, conversion_id=job, now=stage.now())


def test_a_decision_since_keeps_a_record_where_it_is(works: Works) -> None:
    stage = works.stage
    sent = stage.filed()
    job = works.convert(works.publish(renaming("urgency_note", "reason_why")), "running")
    while stage.open_tasks(sent):
        stage.approve(sent, sorted(stage.open_tasks(sent))[0])
    works.undo(job)
    assert works.outcomes(job) == {sent: "changed"}
    assert stage.problems() == {}


def test_a_job_in_hand_is_left_alone_until_its_lease_ends(works: Works) -> None:
    stage = works.stage
    draft = stage.draft()
    release = works.publish(renaming("code", "mark"))
    job = works.start(release, "drafts")
    with stage.system(writing=True):
        db.session.get_one(Conversion, job).held_until = stage.now() + LEASE
    assert works.run() == 0
    assert stage.record(draft).release_id != release
    stage.now.at += LEASE + timedelta(seconds=5)
    assert works.run() > 0
    assert stage.record(draft).release_id == release


def test_one_job_of_a_form_at_a_time(works: Works) -> None:
    works.stage.draft()
    release = works.publish(renaming("code", "mark"))
    works.start(release, "drafts")
    with pytest.raises(Conflict):
        works.start(release, "drafts")


def test_a_fault_of_ours_stops_the_job_and_keeps_what_was_moved(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = works.stage
    draft = stage.draft()
    release = works.publish(renaming("code", "mark"))
    job = works.start(release, "drafts")

    def broken(*_: object) -> bool:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(running, "convert_batch", broken)
        works.run()
    assert works.job(job).state == "failed"
    assert stage.record(draft).release_id != release
    works.convert(release, "drafts")
    assert stage.record(draft).release_id == release


DOING = """
import sys
from pathlib import Path
from datetime import timedelta
from portal import clock
from portal.conversions import converting
from portal.conversions.running import run_waiting
from portal.db import system_context
from tests.conftest import build_app
converting.BATCH = 1
app = build_app(Path(sys.argv[1]), sys.argv[2])
print("begun", flush=True)
with app.app_context(), system_context("a process to be killed"):
    run_waiting(clock.now)
"""


def test_a_job_killed_again_and_again_moves_every_record_once(works: Works) -> None:
    stage = works.stage
    drafts = [stage.draft("rita", stage.purchase(code=f"K-{n}")) for n in range(20)]
    crews = [
        stage.entry("rita", "crew", "P1", code=f"C-{n}", name="Crew", rate="80") for n in range(20)
    ]
    release = works.publish(renaming("code", "mark"))
    entries = works.publish(renaming("code", "mark"), "crew")
    jobs = [works.start(entries, "drafts"), works.start(entries, "entries", form="crew")]
    assert release != entries
    url = stage.app.config["SQLALCHEMY_DATABASE_URI"] if ON_POSTGRES else ""
    kills = 0
    for _ in range(6):
        kills += _killed_in_the_middle(works, url, jobs)
        _end_leases(works, jobs)
    assert kills >= 2, "no kill met a job at work"
    works.run()
    for job in jobs:
        done = works.job(job)
        rows = stage.rows(ConvertedRecord, conversion_id=job)
        assert (done.state, done.done, len(rows)) == ("done", done.total, done.total)
        assert {row.outcome for row in rows} == {"carried"}
    for one in (*drafts, *crews):
        record = stage.record(one)
        assert record.release_id == entries
        assert "mark" in record.data
        assert "code" not in record.data
    for one in crews:
        versions = stage.rows(RecordRevision, record_id=one)
        assert [row.reason for row in versions].count("migration") == 1
    assert stage.problems() == {}


def _killed_in_the_middle(works: Works, url: str, jobs: list[str]) -> bool:
    """Start a process that does the jobs and kill it once it has moved something more."""
    before = sum(works.job(job).done for job in jobs)
    child = subprocess.Popen(
        [sys.executable, "-c", DOING, str(config_home(works.stage.app)), url],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert child.stdout
    child.stdout.readline()
    until = time.monotonic() + 20
    while child.poll() is None and time.monotonic() < until:
        if sum(works.job(job).done for job in jobs) > before:
            break
        time.sleep(0.005)
    was_at_work = child.poll() is None
    child.send_signal(signal.SIGKILL)
    child.wait(10)
    child.stdout.close()
    return was_at_work


def _end_leases(works: Works, jobs: list[str]) -> None:
    """As if the time of the killed process were over."""
    with works.stage.system(writing=True):
        for job in jobs:
            db.session.get_one(Conversion, job).held_until = None


def test_the_command_does_what_waits(works: Works) -> None:
    from click.testing import CliRunner

    from portal.conversions.cli import conversions

    stage = works.stage
    draft = stage.draft()
    release = works.publish(renaming("code", "mark"))
    works.start(release, "drafts")
    runner = CliRunner()
    done = runner.invoke(conversions, ["run"], obj=lambda: stage.app)
    assert "batches done" in done.output
    assert stage.record(draft).release_id == release
    assert "nothing waits" in runner.invoke(conversions, ["run"], obj=lambda: stage.app).output
    listed = runner.invoke(conversions, ["list"], obj=lambda: stage.app).output
    assert "works/purchase done: 1 of 1, 0 left as they were" in listed
