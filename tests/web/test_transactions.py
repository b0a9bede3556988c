"""An action commits at its edge or not at all; its write lock comes before anything is read."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, make_response
from flask.testing import FlaskClient
from sqlalchemy import event

from portal.db import db
from portal.errors import Conflict, Invalid, NotFound
from portal.notify.models import Notice
from portal.web import area as areas
from portal.web.access import signed_in
from portal.web.area import Area
from portal.web.models import RequestKey
from portal.web.viewer import current_viewer
from tests.stage import Stage

FAILURES = {
    "conflict": (Conflict("no"), 409),
    "invalid": (Invalid("no"), 422),
    "missing": (NotFound(), 404),
    "accident": (RuntimeError("secret detail"), 500),
}


@pytest.fixture
def trial(stage: Stage) -> Iterator[Stage]:
    """The stage with an area of this test's own."""
    made = Area("trial", __name__)

    def write() -> None:
        notice = Notice(
            person_id=current_viewer().person_id, kind="copied", record_id=None, args={},
            at=stage.now(),
        )  # fmt: skip
        db.session.add(notice)
        db.session.flush()

    @made.action("/trial/<how>", access=signed_in)
    def act(how: str) -> Any:
        write()
        if how in FAILURES:
            raise FAILURES[how][0]
        return make_response("done", 422 if how == "answer422" else 200)

    known = dict(areas._declared)
    new = stage.twin()
    new.app.config["WTF_CSRF_ENABLED"] = False
    new.app.register_blueprint(made)
    yield new
    areas._declared.clear()
    areas._declared.update(known)


def notices(stage: Stage) -> int:
    return len(stage.rows(Notice))


def test_what_an_action_wrote_is_there_when_it_answered(trial: Stage) -> None:
    assert trial.browser("rita").post("/trial/well").status_code == 200
    assert notices(trial) == 1


@pytest.mark.parametrize("how", [*FAILURES, "answer422"])
def test_nothing_is_there_when_it_refused(trial: Stage, how: str) -> None:
    trial.app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = trial.browser("rita").post(f"/trial/{how}", data={"request_key": str(uuid.uuid4())})
    assert answer.status_code == FAILURES.get(how, (None, 422))[1]
    assert (notices(trial), len(trial.rows(RequestKey))) == (0, 0)
    assert trial.problems() == {}


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_an_accident_tells_no_internals(trial: Stage, headers: dict[str, str]) -> None:
    trial.app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = trial.browser("rita").post("/trial/accident", headers=headers)
    assert answer.status_code == 500
    for telling in ("secret detail", "Traceback", "RuntimeError", "sqlalchemy", "site-packages"):
        assert telling not in answer.text


def test_the_write_transaction_begins_before_anything_is_read(trial: Stage) -> None:
    browser = trial.browser("rita")
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement.split()[0] + (" IMMEDIATE" if "IMMEDIATE" in statement else ""))

    with trial.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        browser.post("/trial/well")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    if engine.dialect.name == "sqlite":
        assert seen[0] == "BEGIN IMMEDIATE"
    assert "INSERT" in seen
    assert "UPDATE" not in seen[: seen.index("INSERT")]


def test_a_repeated_key_does_nothing_again(trial: Stage) -> None:
    browser, key = trial.browser("rita"), str(uuid.uuid4())
    for _ in range(3):
        browser.post("/trial/well", data={"_request_key": key})
    assert notices(trial) == 1
    answer = browser.post("/trial/well", data={"_request_key": key, "more": "x"})
    assert (answer.status_code, notices(trial)) == (422, 1)


def test_a_key_longer_than_kept_is_no_accident(trial: Stage) -> None:
    answer = trial.browser("rita").post("/trial/well", data={"_request_key": "k" * 500})
    assert answer.status_code == 200


def test_an_area_without_access_rule_does_not_start(stage: Stage) -> None:
    def bare(app: Flask) -> None:
        app.add_url_rule("/bare", "bare", lambda: "open")

    app = stage.twin().app
    bare(app)
    with pytest.raises(RuntimeError, match="bare"):
        areas.check_all_declared(app)


def test_somebody_signed_out_is_sent_to_sign_in_or_told_so(trial: Stage) -> None:
    nobody: FlaskClient = trial.app.test_client()
    answer = nobody.post("/trial/well")
    assert (answer.status_code, "/sign-in" in str(answer.location)) == (302, True)
    fragment = nobody.post("/trial/well", headers={"HX-Request": "true"})
    assert fragment.status_code == 401
    assert notices(trial) == 0
