"""The key of a page: the same request again has no second effect; another one is refused."""

import io
import tracemalloc
import uuid
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from flask import Request, make_response, redirect, request
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import EnvironBuilder, TestResponse

from portal.db import db
from portal.notify.models import Notice
from portal.records.models import Attachment
from portal.web import area as areas
from portal.web import request_keys
from portal.web.access import signed_in
from portal.web.area import Area
from portal.web.models import RequestKey
from portal.web.viewer import current_viewer
from tests.records.pages import open_page
from tests.stage import Stage

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture
def taking(stage: Stage) -> Iterator[Stage]:
    """The stage with an action that keeps what it was sent: values, and the files' contents."""
    made = Area("taking", __name__)

    @made.action("/taking/<how>", access=signed_in)
    def take(how: str) -> Any:
        files = [one.read().decode("latin-1") for one in request.files.getlist("file")]
        args = {"files": files, "values": request.form.getlist("value")}
        person = current_viewer().person_id
        row = Notice(person_id=person, kind="copied", record_id=None, args=args, at=stage.now())
        db.session.add(row)
        db.session.flush()
        return redirect(f"/there?n={row.id}", 303) if how == "leads" else make_response("shown")

    known = dict(areas._declared)
    new = stage.twin()
    new.app.config["WTF_CSRF_ENABLED"] = False
    new.app.register_blueprint(made)
    yield new
    areas._declared.clear()
    areas._declared.update(known)


def send(browser: FlaskClient, key: str, *files: bytes, how: str = "leads", **values: Any) -> Any:
    data = {"_request_key": key, "csrf_token": uuid.uuid4().hex, **values}
    data["file"] = [(io.BytesIO(content), "photo.png") for content in files]
    return browser.post(f"/taking/{how}", data=data, content_type="multipart/form-data")


def kept(stage: Stage) -> list[Any]:
    return [row.args for row in stage.rows(Notice)]


def test_the_same_files_again_are_taken_once_and_lead_to_the_same_place(taking: Stage) -> None:
    browser, key = taking.browser("rita"), str(uuid.uuid4())
    first, second = (send(browser, key, PNG + b"1", PNG + b"2", value="v") for _ in range(2))
    assert (first.status_code, first.location) == (303, second.location)
    assert kept(taking) == [
        {"files": [(PNG + b"1").decode("latin-1"), (PNG + b"2").decode("latin-1")], "values": ["v"]}
    ]


@pytest.mark.parametrize(
    "other",
    [
        (PNG + b"x", PNG + b"2"),
        (PNG + b"1",),
        (PNG + b"2", PNG + b"1"),
        (PNG + b"1", PNG + b"2", PNG + b"3"),
        (PNG + b"1", b""),
        (),
    ],
)
def test_the_same_key_with_other_files_is_refused(taking: Stage, other: tuple[bytes, ...]) -> None:
    browser, key = taking.browser("rita"), str(uuid.uuid4())
    assert send(browser, key, PNG + b"1", PNG + b"2").status_code == 303
    answer = send(browser, key, *other)
    assert answer.status_code == 422
    assert "already sent with other contents" in answer.text
    assert len(kept(taking)) == 1


def test_the_same_key_with_values_that_only_run_together_is_refused(taking: Stage) -> None:
    browser, key = taking.browser("rita"), str(uuid.uuid4())
    assert send(browser, key, a="1", value=["2", "3"]).status_code == 303
    assert send(browser, key, a=["1", "value", "2"], value="3").status_code == 422


def test_the_same_key_at_another_address_is_refused(taking: Stage) -> None:
    browser, key = taking.browser("rita"), str(uuid.uuid4())
    assert send(browser, key, PNG).status_code == 303
    assert send(browser, key, PNG, how="shows").status_code == 422
    assert browser.post("/taking/leads?task=2", data={"_request_key": key}).status_code == 422


def test_keys_are_a_persons_own(taking: Stage) -> None:
    key = str(uuid.uuid4())
    assert send(taking.browser("rita"), key, PNG).status_code == 303
    assert send(taking.browser("ron"), key, PNG + b"other").status_code == 303
    assert len(taking.rows(RequestKey)) == 2


def test_what_showed_a_page_shows_it_again_without_a_second_effect(taking: Stage) -> None:
    browser, key = taking.browser("rita"), str(uuid.uuid4())
    answers = [send(browser, key, PNG, how="shows") for _ in range(3)]
    assert [(one.status_code, one.text) for one in answers] == [(200, "shown")] * 3
    assert len(kept(taking)) == 1


def test_a_large_file_is_hashed_in_portions_and_can_be_read_afterwards() -> None:
    size = 20_000_000
    data = {"file": (io.BytesIO(b"x" * size), "plan.pdf")}
    with closing(EnvironBuilder(method="POST", data=data)) as builder:
        sent = builder.get_request(Request)
        stream = sent.files["file"].stream
        tracemalloc.start()
        try:
            assert request_keys._hash(sent) == request_keys._hash(sent)
            assert tracemalloc.get_traced_memory()[1] < 2_000_000
        finally:
            tracemalloc.stop()
        assert (stream.tell(), len(stream.read())) == (0, size)
        sent.close()
        sent.environ["wsgi.input"].close()


def test_a_page_sent_twice_keeps_its_photo_once_and_no_other_one(stage: Stage) -> None:
    page = open_page(stage.browser("rita"), "/forms/purchase/new?project=P1").fill(title="Crack")

    def upload(color: str) -> TestResponse:
        out = io.BytesIO()
        Image.new("RGB", (20, 20), color).save(out, "PNG")
        photo = (io.BytesIO(out.getvalue()), "crack.png")
        body = {**page.values, "_upload": "photo", "_file-photo": photo}
        return page.client.post(f"/records/{page.record_id}/upload", data=body)

    first, second, other = upload("red"), upload("red"), upload("blue")
    assert (first.status_code, second.status_code, other.status_code) == (303, 303, 422)
    assert first.location == second.location
    [kept] = stage.rows(Attachment)
    assert stage.record(page.record_id).data["photo"] == [kept.id]
