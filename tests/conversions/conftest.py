"""The stage of these tests, and releases that change a form."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from portal.conversions import services
from portal.conversions.models import Conversion, ConvertedRecord
from portal.conversions.running import run_waiting
from portal.db import system_context
from portal.definitions import queries as definitions
from portal.definitions import services as publishing
from tests.stage import WORKS, Stage, stage

__all__ = ["stage"]

Change = Callable[[dict[str, Any]], None]


@dataclass
class Works:
    """The works' module in a folder of its own, published again and again."""

    stage: Stage
    folder: Path

    def publish(self, change: Change, form: str = "purchase", file: str = "") -> str:
        """Publish with one file changed (a form's version grows); the release's id."""
        path = self.folder / (file or f"{form}.form.json")
        raw = json.loads(path.read_text())
        change(raw)
        if not file:
            raw["version"] += 1
        path.write_text(json.dumps(raw))
        with self.stage.system(writing=True):
            publishing.publish_folder(path=self.folder, actor=None, now=self.stage.now())
        with self.stage.system():
            current = definitions.current_form(form)
            assert current is not None
            return current.release_id

    def start(self, release_id: str, *choices: str, form: str = "purchase") -> str:
        """Queue a job; its id."""
        with self.stage.acting("mark") as mark:
            job = services.start(
                actor=mark, release_id=release_id, form=form, choices=choices, now=self.stage.now()
            )
            return job.id

    def run(self) -> int:
        with self.stage.app.app_context(), system_context("a test: jobs"):
            return run_waiting(self.stage.now)

    def convert(self, release_id: str, *choices: str, form: str = "purchase") -> str:
        """A job, done."""
        job_id = self.start(release_id, *choices, form=form)
        self.run()
        return job_id

    def undo(self, job_id: str) -> None:
        with self.stage.acting("mark") as mark:
            services.undo(actor=mark, conversion_id=job_id, now=self.stage.now())
        self.run()

    def job(self, job_id: str) -> Conversion:
        (found,) = self.stage.rows(Conversion, id=job_id)
        return found  # type: ignore[no-any-return]

    def outcomes(self, job_id: str) -> dict[str, str]:
        """What became of each record."""
        rows = self.stage.rows(ConvertedRecord, conversion_id=job_id)
        return {row.record_id: row.outcome for row in rows}


@pytest.fixture
def works(stage: Stage, tmp_path: Path) -> Works:
    """The works, ready for another release."""
    folder = tmp_path / "works"
    shutil.copytree(WORKS, folder)
    return Works(stage, folder)


def renaming(old: str, new: str, **options: Any) -> Change:
    """Another key for a field, with the step that carries it."""

    def change(raw: dict[str, Any]) -> None:
        properties = raw["data"]["properties"]
        raw["data"]["properties"] = {
            (new if key == old else key): node for key, node in properties.items()
        }
        raw["data"]["properties"][new]["x-field"].update(options)
        for part in ("layout", "list", "facts", "rules"):
            if part in raw:
                raw[part] = json.loads(json.dumps(raw[part]).replace(f'"{old}"', f'"{new}"'))
        for part in ("subject", "amount"):
            if raw.get(part) == old:
                raw[part] = new
        raw["migrations"] = [{"from": raw["version"], "steps": [{"rename": [old, new]}]}]

    return change
