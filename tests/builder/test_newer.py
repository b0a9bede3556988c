"""Modules that came with the portal newer than they are published here: found, taken over."""

import json
import shutil
from pathlib import Path

import pytest

from portal import clock, paths
from portal.builder import queries
from portal.builder.newer import newer, take_over
from portal.db import db
from portal.definitions import services
from portal.definitions.folders import module_folders
from portal.definitions.json_source import read_source
from portal.errors import Conflict, NotFound
from portal.web.viewer import Viewer
from tests.builder.conftest import Desk

FORM = "cost_code.form.json"
OLDER = ('"en": "Cost code"', '"en": "Account"')


def publish_older(desk: Desk, folder: Path, version: int = 1) -> None:
    """The shipped module as it may have been: its form by another name, under this version."""
    shutil.copytree(paths.DEFINITIONS / "structure", folder / "structure")
    file = folder / "structure" / FORM
    text = file.read_text("utf-8")
    form = {**json.loads(text.replace(*OLDER, 1)), "version": version}
    assert form["title"]["en"] == "Account"
    file.write_text(json.dumps(form), "utf-8")
    with desk.stage.work():
        services.publish_folder(path=folder / "structure", actor=None, now=clock.now())


def test_what_is_published_as_shipped_is_not_newer(desk: Desk) -> None:
    folders = module_folders(paths.DEFINITIONS)
    with desk.stage.work():
        services.publish_folders(paths=folders, actor=None, now=clock.now())
        db.session.flush()
        assert newer() == frozenset()


def test_a_newer_shipped_module_is_offered_and_published_after_a_look(
    desk: Desk, tmp_path: Path
) -> None:
    publish_older(desk, tmp_path)
    nora = desk.browser()
    assert nora.get("/modules").text.count("A newer one came with the portal") == 1
    assert "Take it over as a draft" in nora.get("/modules/structure").text
    answer = nora.post("/modules/structure/newer")
    assert answer.headers["Location"].endswith("/modules/structure/draft/publish")
    shown = nora.get(answer.headers["Location"]).text
    assert "Account" in shown
    assert "Publish or throw away the open draft first" in nora.get("/modules/structure").text
    assert nora.post("/modules/structure/newer").status_code == 409
    with desk.stage.look():
        revision = str(queries.the_draft("structure").revision)
    sent = nora.post("/modules/structure/draft/publish", revision=revision, note="")
    assert sent.status_code == 303, sent.text[-4000:]
    assert "A newer one" not in nora.get("/modules").text
    with desk.stage.look():
        released = queries.the_module("structure").release
        assert released is not None
        assert released.number == 2
        assert released.forms["cost_code"].title.en == "Cost code"


def test_a_version_of_ones_own_is_left_and_the_next_one_taken(desk: Desk, tmp_path: Path) -> None:
    publish_older(desk, tmp_path, version=2)
    nora = desk.browser()
    assert nora.post("/modules/structure/newer").status_code == 303
    with desk.stage.look():
        draft = queries.the_draft("structure")
        assert '"version": 3' in draft.files[FORM]
    sent = nora.post("/modules/structure/draft/publish", revision=str(draft.revision), note="")
    assert sent.status_code == 303
    with desk.stage.look():
        assert "structure" not in newer()


def test_what_came_once_is_not_offered_after_going_on_from_it(desk: Desk, tmp_path: Path) -> None:
    with desk.stage.work():
        services.publish_folder(path=paths.DEFINITIONS / "structure", actor=None, now=clock.now())
    shipped = read_source((paths.DEFINITIONS / "structure" / FORM).read_text("utf-8")).value
    publish_older(desk, tmp_path, version=shipped["version"] + 1)
    with desk.stage.look():
        assert newer() == frozenset()
        with pytest.raises(NotFound):
            take_over(module="structure", actor=Viewer(person_id="x"), now=clock.now())


def test_a_draft_that_is_open_is_kept(desk: Desk, tmp_path: Path) -> None:
    publish_older(desk, tmp_path)
    nora = desk.browser()
    assert nora.post("/modules/structure/draft").status_code == 303
    with desk.stage.work(), pytest.raises(Conflict, match="draft open"):
        take_over(module="structure", actor=Viewer(person_id="x"), now=clock.now())


def test_who_only_reads_takes_nothing_over(desk: Desk, tmp_path: Path) -> None:
    publish_older(desk, tmp_path)
    vera = desk.browser("vera")
    assert "A newer one came with the portal" in vera.get("/modules/structure").text
    assert "Take it over" not in vera.get("/modules/structure").text
    assert vera.post("/modules/structure/newer").status_code == 403
