"""While the database cannot be reached every answer says so, in the reader's language, no more."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from portal.db import db
from tests.conftest import ON_POSTGRES
from tests.stage import Stage

HTMX = {"HX-Request": "true"}
INTERNALS = ("secret", "Traceback", "sqlalchemy", "psycopg", "sqlite", "site-packages")


def refuse(*_: Any) -> None:
    if ON_POSTGRES:
        import psycopg

        raise psycopg.OperationalError("connection to server at secret.example failed")
    raise sqlite3.OperationalError("unable to open database file /secret/portal.db")


@contextmanager
def database_away(stage: Stage) -> Iterator[None]:
    """Every connection is gone, and no new one is made."""
    stage.app.config["PROPAGATE_EXCEPTIONS"] = False
    with stage.app.app_context():
        engine = db.engine
    engine.dispose()
    event.listen(engine, "do_connect", refuse)
    try:
        yield
    finally:
        event.remove(engine, "do_connect", refuse)


@pytest.mark.parametrize("address", ["/", "/inbox", "/search?q=x", "/sign-in", "/health", "/me"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_page_says_to_try_again(stage: Stage, address: str, headers: dict[str, str]) -> None:
    browser = stage.browser("rita")
    assert browser.get(address, headers=headers).status_code < 400
    with database_away(stage):
        answer = browser.get(address, headers=headers)
    assert answer.status_code == 503
    assert "Nothing was saved halfway" in answer.text
    assert ("<html" in answer.text) == (not headers)
    assert [one for one in INTERNALS if one in answer.text] == []
    assert browser.get(address, headers=headers).status_code < 400, "and it is back"


def test_a_write_says_to_try_again_and_did_nothing(stage: Stage) -> None:
    stage.app.config["WTF_CSRF_ENABLED"] = False
    record_id = stage.filed()
    browser = stage.browser("rita")
    before = stage.fingerprint()
    with database_away(stage):
        for headers in ({}, HTMX):
            answer = browser.post(f"/records/{record_id}/withdraw", headers=headers)
            assert answer.status_code == 503
            assert [one for one in INTERNALS if one in answer.text] == []
    assert stage.fingerprint() == before


def test_it_is_said_in_the_readers_language(stage: Stage) -> None:
    browser = stage.browser("rita")
    with database_away(stage):
        answer = browser.get("/", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert answer.status_code == 503
    assert 'lang="zh-CN"' in answer.text
    assert "系统繁忙" in answer.text


def test_files_of_the_look_need_no_database(stage: Stage) -> None:
    with database_away(stage):
        answer = stage.app.test_client().get("/static/css/people.css")
        assert (answer.status_code, len(answer.data) > 0) == (200, True)
        answer.close()
