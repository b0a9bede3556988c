"""What a step hides from its people is told to them nowhere (T06)."""

import io
import json
import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from portal.definitions.checking import Known, check_module
from tests.stage import WORKS, Stage

CANARY = "CanaryQ7"


def _text_of(answer: object) -> str:
    data: bytes = answer.data  # type: ignore[attr-defined]
    if data.startswith(b"%PDF"):
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return data.decode("utf-8", "replace")


def _crawl(client: FlaskClient, starts: list[str]) -> dict[str, str]:
    """Every page one reaches by links from the starts, as text."""
    found: dict[str, str] = {}
    waiting = list(starts)
    while waiting and len(found) < 150:
        address = waiting.pop()
        if address in found:
            continue
        answer = client.get(address)
        found[address] = _text_of(answer)
        if answer.mimetype == "text/html":
            links = re.findall(r'(?:href|hx-get)="(/[^"#]*)', found[address])
            waiting += [one.replace("&amp;", "&") for one in links if "/static/" not in one]
    return found


def test_a_hidden_field_is_told_nowhere_to_the_people_of_its_step(stage: Stage) -> None:
    record_id = stage.filed(stage.purchase(confidential=CANARY))
    task_id, _seen = stage.task("carl", record_id)
    starts = [
        "/", "/inbox", "/notices", f"/inbox/{task_id}", f"/records/{record_id}",
        f"/records/{record_id}/history", f"/records/{record_id}/print.pdf",
        f"/records/{record_id}/edit?task={task_id}", f"/search?q={quote(CANARY)}&stay=1",
        "/forms/purchase", "/forms/purchase/export.xlsx",
    ]  # fmt: skip
    for address, text in _crawl(stage.browser("carl"), starts).items():
        if "q=" not in address:
            assert CANARY not in text, address
    assert f"/records/{record_id}" not in stage.browser("carl").get(
        f"/search?q={CANARY}&stay=1"
    ).get_data(as_text=True)
    stage.decide("approve", "carl", record_id)
    for address, text in _crawl(stage.browser("carl"), starts).items():
        if "q=" not in address:
            assert CANARY not in text, address
    assert CANARY in _text_of(stage.browser("rita").get(f"/records/{record_id}"))


def test_a_hidden_field_can_be_neither_written_nor_asked_for_at_its_step(stage: Stage) -> None:
    record_id = stage.filed(stage.purchase(confidential=CANARY))
    task_id, seen = stage.task("carl", record_id)
    client = stage.browser("carl")
    page = client.get(f"/records/{record_id}/edit?task={task_id}").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    hidden = {
        "_task": task_id,
        "_revision": str(seen.version),
        "_form": "purchase",
        "csrf_token": token[1] if token else "",
    }
    for address in ("save", "submit", "recalculate"):
        answer = client.post(
            f"/records/{record_id}/{address}",
            data={**hidden, "confidential": "x", "_changed": "confidential"},
        )
        assert answer.status_code == 400, address
        assert CANARY not in answer.get_data(as_text=True)
        answer = client.post(
            f"/records/{record_id}/{address}",
            data={**hidden, "title": "Another", "_changed": ["title", "confidential"]},
        )
        assert CANARY not in answer.get_data(as_text=True), address
    stored = stage.record(record_id).data
    assert stored["confidential"] == CANARY
    assert stored["title"] == "Concrete for the pit"


@pytest.mark.parametrize("field", ["title", "total"])
def test_a_workflow_that_hides_what_every_list_shows_is_refused(field: str) -> None:
    files = {one.name: one.read_text(encoding="utf-8") for one in WORKS.glob("*.json")}
    assert check_module(files, known=Known()).errors == []
    raw = json.loads(files["purchase.workflow.json"])
    raw["blocks"][0]["fields"]["hide"].append(field)
    files["purchase.workflow.json"] = json.dumps(raw)
    found = check_module(files, known=Known()).errors
    assert [one.path for one in found] == ["blocks[0].fields.hide[2]"]
    assert "cannot be hidden" in str(found[0])
