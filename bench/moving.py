"""How quickly stored records move to another release: `python -m bench.moving 10000`."""

import json
import os
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bench import company
from portal import clock
from portal.app import create_app
from portal.conversions import services
from portal.conversions.models import Conversion
from portal.conversions.running import run_waiting
from portal.db import db, system_context, write_transaction
from portal.definitions import queries as definitions
from portal.definitions import services as publishing
from portal.ids import new_id
from portal.migrations import runner
from portal.records import indexing
from portal.records.carrying import Shown
from portal.records.content import content_hash_of_data
from portal.records.models import Record, RecordIndex, RecordRevision
from portal.web.viewer import Viewer

KEY = "tool"
COUNT = 10_000


def _form(version: int) -> dict[str, Any]:
    """A small register; its second version renames a field and fills in a new, required one."""
    title, more = ("name", {}) if version == 1 else ("title", {"keeper": _text(required=True)})
    raw: dict[str, Any] = {
        "$schema": "../schema/form-1.json",
        "form": KEY,
        "version": version,
        "title": {"en": "Tool", "zh": "工具"},
        "subject": title,
        "data": {"properties": {"code": _text(), title: _text(required=True), **more}},
        "layout": [
            {"type": "section", "title": {"en": "Tool", "zh": "工具"},
             "fields": ["code", title, *more]},
        ],
        "list": {"columns": ["code"]},
    }  # fmt: skip
    if version == 2:
        steps = [{"rename": ["name", "title"]}, {"set_default": ["keeper", "?"]}]
        raw["migrations"] = [{"from": 1, "steps": steps}]
    return raw


def _text(**options: Any) -> dict[str, Any]:
    return {"x-field": {"kind": "text", "label": {"en": "Text", "zh": "文本"}, **options}}


def _publish(folder: Path, version: int, now: datetime) -> str:
    module = {
        "$schema": "../schema/module-1.json", "module": KEY, "format": 1,
        "title": {"en": "Tools", "zh": "工具"}, "menu": {"group": "site", "order": 900},
        "forms": [{"form": KEY}],
    }  # fmt: skip
    (folder / "module.json").write_text(json.dumps(module))
    (folder / f"{KEY}.form.json").write_text(json.dumps(_form(version)))
    with write_transaction():
        publishing.publish_folder(path=folder, actor=None, now=now)
    current = definitions.current_form(KEY)
    assert current is not None
    db.session.rollback()  # what follows begins by writing
    return current.release_id


def _fill(cast: company.Cast, release_id: str, count: int, now: datetime) -> None:
    """Entries and drafts in turn, as filing and saving would have left them."""
    form = definitions.form_of(release_id, KEY).form.definition
    records, versions, values = [], [], []
    for number in range(count):
        data = {"code": f"T-{number}", "name": f"Tool {number}"}
        is_filed, digest = number % 2 == 0, content_hash_of_data(data)
        row = {
            "id": new_id(), "module": KEY, "form": KEY, "release_id": release_id,
            "project_id": cast.projects[0], "requester_id": cast.buyers[0],
            "state": "approved" if is_filed else "draft", "subject": data["name"], "data": data,
            "sha256": digest if is_filed else "", "revision": 1, "transition_seq": int(is_filed),
            "created_at": now, "updated_at": now, "submitted_at": now if is_filed else None,
        }  # fmt: skip
        records.append(row)
        if is_filed:
            versions.append(
                {"id": new_id(), "record_id": row["id"], "revision": 1, "data": data,
                 "sha256": digest, "changes": [], "reason": "filed", "actor_id": cast.buyers[0],
                 "at": now}
            )  # fmt: skip
            shown = Shown(str(row["id"]), KEY, cast.projects[0], data)
            values += indexing.index_rows(shown, form)
    db.session.rollback()
    with write_transaction():
        for table, rows in ((Record, records), (RecordRevision, versions), (RecordIndex, values)):
            db.session.execute(insert(table), rows)


def ms_per_thousand(count: int = COUNT) -> float:
    """The milliseconds a thousand entries and drafts take, on SQLite, with a database of its own."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(PORTAL_HOME=home, DATABASE_URL="", EMBEDDED_TICK="0")
        folder = Path(home) / KEY
        folder.mkdir()
        with create_app().app_context():
            runner.upgrade()
            now = clock.now()
            with system_context("bench: move records"):
                with write_transaction():
                    cast = company.found(now)
                _fill(cast, _publish(folder, 1, now), count, now)
                release_id = _publish(folder, 2, now)
                actor = Viewer(person_id=cast.buyers[0])
                with write_transaction():
                    services.start(actor=actor, release_id=release_id, form=KEY,
                                   choices=("drafts", "entries"), now=now)  # fmt: skip
                begun = time.perf_counter()
                run_waiting(clock.now)
                taken = time.perf_counter() - begun
                (job,) = db.session.scalars(select(Conversion))
                assert (job.done, job.kept) == (count, 0), (job.done, job.kept)
            db.engine.dispose()
    return taken * 1_000 / (count / 1_000)


if __name__ == "__main__":
    found = ms_per_thousand(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)
    print(f"{found:.0f} ms for a thousand records, {1_000_000 / found:,.0f} records a second")
