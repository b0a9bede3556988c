"""Fields nobody offered: refused, nothing saved, and a row of the audit trail that holds no value."""

import io
import logging
import re
from typing import Any

import pytest

from portal.audit.models import AuditRow
from portal.audit.queries import verify
from portal.db import apart
from tests.records.pages import FormPage, open_page
from tests.stage import Stage

SECRET = "geheim-4711"


@pytest.fixture
def page(stage: Stage) -> FormPage:
    """Rita's open draft of a purchase."""
    return open_page(stage.browser("rita"), f"/records/{stage.draft()}/edit")


def refused(stage: Stage) -> list[Any]:
    return list(stage.rows(AuditRow, action="record.refused"))


def cell(page: FormPage, key: str) -> str:
    return f"lines-{page.rows()[0]}-{key}"


def at_step(stage: Stage, record_id: str) -> FormPage:
    """The record as Carl may change it at his step."""
    task, _seen = stage.task("carl", record_id)
    return open_page(stage.browser("carl"), f"/records/{record_id}/edit?task={task}")


@pytest.mark.parametrize("act", ["save", "submit", "recalculate"])
def test_an_unknown_field_is_a_row_of_the_trail(stage: Stage, page: FormPage, act: str) -> None:
    before = stage.record(page.record_id)
    answer = page.post(act, htmx=True, invented=SECRET, title="Changed")
    assert answer.status_code == 400
    [row] = refused(stage)
    assert row.actor_id == stage.people["rita"]
    assert (row.object_kind, row.object_id) == ("record", page.record_id)
    assert row.detail == {"form": "purchase", "fields": ["invented"], "count": 1}
    assert stage.record(page.record_id).data == before.data


def test_the_trail_holds_with_refusals_in_it(stage: Stage, page: FormPage) -> None:
    for number in range(3):
        page.post("save", **{f"no_{number}": SECRET})
    page.fill(title="Kept").post("save")
    with stage.system():
        verdict = verify()
    assert verdict.whole
    assert verdict.checked == len(stage.rows(AuditRow))
    assert len(refused(stage)) == 3


def test_no_value_reaches_the_trail_or_the_log(
    stage: Stage, page: FormPage, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "portal.refusals"):
        page.post("save", **{"invented": SECRET, f"x\r\ny{SECRET[:1]}": SECRET})
    [row] = refused(stage)
    assert SECRET not in repr(row.detail)
    assert "invented" in caplog.text
    assert SECRET not in caplog.text
    assert "x\r\ny" not in caplog.text


def test_a_page_of_nonsense_is_one_short_row(stage: Stage, page: FormPage) -> None:
    page.post("save", **{f"field_{number}": "x" for number in range(300)})
    [row] = refused(stage)
    assert row.detail["count"] == 300
    assert len(row.detail["fields"]) == 20


def test_a_computed_field_sent_with_another_value_is_noted(stage: Stage, page: FormPage) -> None:
    answer = page.post("submit", **{cell(page, "amount"): "0.01"})
    assert answer.status_code == 422
    [row] = refused(stage)
    assert [re.sub(r"\[\w+\]", "[]", one) for one in row.detail["fields"]] == ["lines[].amount"]
    assert stage.record(page.record_id).state == "draft"


def test_a_field_withheld_at_a_step_is_noted(stage: Stage) -> None:
    page = at_step(stage, stage.filed(stage.purchase(confidential=SECRET)))
    answer = page.post("save", confidential="mine now")
    assert answer.status_code == 400
    [row] = refused(stage)
    assert row.actor_id == stage.people["carl"]
    assert row.detail["fields"] == ["confidential"]
    assert stage.record(page.record_id).data["confidential"] == SECRET


@pytest.mark.parametrize("path", ["invented", "photo", "private_paper"])
def test_files_for_a_field_that_takes_none_are_noted(stage: Stage, path: str) -> None:
    page = at_step(stage, stage.filed())
    sent = {f"_file-{path}": (io.BytesIO(b"%PDF-1.4"), "a.pdf")}
    answer = page.post("upload", htmx=True, _upload=path, **sent)
    assert answer.status_code == 400
    [row] = refused(stage)
    assert row.detail["fields"] == [path]


def test_honest_pages_leave_no_refusal(stage: Stage, page: FormPage) -> None:
    page.fill(title="Other").post("recalculate", htmx=True)
    page.fill(title="").post("submit")
    assert page.fill(title="Good").post("submit").status_code == 303
    assert refused(stage) == []


def test_a_stale_page_is_no_hostile_one(stage: Stage, page: FormPage) -> None:
    stage.submit(page.record_id)
    page.fill(title="Too late").post("save")
    assert refused(stage) == []


def test_a_busy_database_refuses_all_the_same(
    stage: Stage, page: FormPage, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    from portal.web import refusals

    def busy(*_given: Any) -> None:
        raise OperationalError("", {}, Exception("locked"))

    monkeypatch.setattr(refusals, "_keepers", [busy])
    with caplog.at_level(logging.WARNING, "portal.refusals"):
        assert page.post("save", invented=SECRET).status_code == 400
    assert "the log only" in caplog.text
    with stage.app.app_context(), apart():
        pass  # nobody holds the write lock
