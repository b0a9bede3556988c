"""The audit trail reads in its reader's words: no key of a row, no id, no bare number of a release."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path

import pytest

from portal.admin.words import action_titles, detail_titles, event_titles
from portal.workflows.commands import Command
from portal.workflows.events import Event
from tests.stage import Stage, stage
from tests.web.test_downloads import read_in_chinese

__all__ = ["stage"]
PORTAL = Path(__file__).parents[2] / "portal"


@cache
def notes() -> list[ast.Call]:
    """Every call in the portal that writes a row of the trail."""
    found = []
    for path in PORTAL.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(getattr(node, "func", None), "attr", "") or getattr(
                getattr(node, "func", None), "id", ""
            )
            if isinstance(node, ast.Call) and name in {"record", "note", "Refusal"}:
                found.append(node)
    return found


def literals(node: ast.AST) -> Iterator[str]:
    return (
        one.value
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    )


def test_every_act_that_is_noted_has_words(stage: Stage) -> None:
    with stage.app.test_request_context():
        titles = action_titles()
    found = {
        text
        for call in notes()
        for part in (*call.args, *(one.value for one in call.keywords))
        for text in literals(part)
        if re.fullmatch(r"[a-z]+\.[a-z_]+", text)
    }
    assert len(found) > 15
    assert found - titles.keys() == set()
    assert {f"approval.{kind}" for kind in Command.family} - titles.keys() == set()


def test_every_value_that_is_noted_has_words(stage: Stage) -> None:
    with stage.app.test_request_context():
        labels, events = detail_titles(), event_titles()
    keys = {
        key.value
        for call in notes()
        for part in call.keywords
        if part.arg == "detail" and isinstance(part.value, ast.Dict)
        for key in part.value.keys
        if isinstance(key, ast.Constant)
    }
    assert len(keys) > 15
    assert keys - labels.keys() - {"number"} == set()
    assert set(Event.family) == set(events)


def rows(stage: Stage, login: str) -> str:
    page = stage.browser(login).get("/admin/audit").text.split("<tbody>")[1].split("</tbody>")[0]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


@pytest.fixture
def eventful(stage: Stage) -> Stage:
    from portal.accounts import services as accounts
    from portal.definitions import services as definitions
    from portal.projects import services as projects

    record_id = stage.filed()
    stage.decide("send_back", "carl", record_id, to="start")
    with stage.acting("paul") as paul:
        projects.add_member(
            actor=paul, project_id=stage.projects["P2"], person_id=stage.people["rita"],
            role="checker", now=stage.now(),
        )  # fmt: skip
        accounts.edit_person(
            actor=paul, person_id=stage.people["ron"], title="Chief", zone="Asia/Tokyo",
            now=stage.now(),
        )  # fmt: skip
        projects.edit_project(
            actor=paul, project_id=stage.projects["P1"], name="Harbor", status="paused",
            now=stage.now(),
        )  # fmt: skip
    with stage.system(writing=True):
        definitions.disable(module="works", actor=None, now=stage.now())
        definitions.enable(module="works", actor=None, now=stage.now())
    return stage


def test_the_trail_is_chinese_for_whoever_reads_chinese(eventful: Stage) -> None:
    read_in_chinese(eventful, "audrey")
    text = rows(eventful, "audrey")
    assert re.findall(r"\b[a-z_]+: ", text) == []
    for words in (
        "角色：复核人",
        "字段：职务、时区",
        "名称：Project P1 → Harbor",
        "状态：进行中 → 已暂停",
        "流程事件：环节结束、已退回",
        "人员：Rita",
        "PU-P1-2026-0001",
        "停用了模块 工程",
    ):
        assert words in text


def test_a_published_module_is_named_with_its_release(eventful: Stage) -> None:
    page = eventful.browser("audrey").get("/admin/audit?action=module.publish").text
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "published a module Works, release 1" in text
    assert "fingerprint: " in text
