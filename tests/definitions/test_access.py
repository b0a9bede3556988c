"""Who reads and who files: the access rules of module.json, for people in every position."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from portal.accounts.models import Department
from portal.db import db, system_context
from portal.definitions import queries, services
from portal.definitions.access import read_access
from portal.web.viewer import Viewer

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
PROJECTS: Mapping[str, frozenset[str]] = {
    "p1": frozenset({"engineer"}),
    "p2": frozenset({"project_manager"}),
    "p3": frozenset({"surveyor"}),
}


def person(**more: Any) -> Viewer:
    return Viewer(person_id="u1", **more)


MEMBER = person(project_roles=PROJECTS)
DIRECTOR = person(roles=frozenset({"director"}))
GUEST = person(project_roles={"p1": frozenset({"engineer"})}, is_external=True)

RULES: list[tuple[dict[str, Any], str, Viewer, Any, list[str | None]]] = [
    # access, scope, viewer, what they read, where they file
    ({}, "project", MEMBER, {"p1", "p2", "p3"}, ["p1", "p2", "p3"]),
    ({}, "project", DIRECTOR, set(), []),
    ({}, "project", GUEST, set(), []),
    ({}, "company", MEMBER, None, [None]),
    ({}, "company", GUEST, set(), []),
    ({"file": [{"project_role": "engineer"}]}, "project", MEMBER, {"p1", "p2", "p3"}, ["p1"]),
    ({"file": [{"project_role": "engineer"}]}, "project", GUEST, set(), ["p1"]),
    ({"read": [{"role": "director"}]}, "project", DIRECTOR, None, []),
    ({"read": [{"role": "director"}]}, "project", MEMBER, set(), ["p1", "p2", "p3"]),
    (
        {"read": [{"project_role": ["engineer", "surveyor"]}], "file": [{"role": "director"}]},
        "project",
        MEMBER,
        {"p1", "p3"},
        [],
    ),
    (
        {"read": [{"project_role": "member"}]},
        "project",
        MEMBER,
        {"p1", "p2", "p3"},
        ["p1", "p2", "p3"],
    ),
    ({"read": [{"requester": True}]}, "project", MEMBER, set(), ["p1", "p2", "p3"]),
    ({"file": [{"department": "FIN"}]}, "company", MEMBER, None, []),
    ({"file": [{"role": "director"}]}, "company", DIRECTOR, None, [None]),
]


@pytest.mark.parametrize("case", range(len(RULES)))
def test_access_rules_reach_exactly_as_far_as_written(case: int) -> None:
    raw, scope, viewer, reads, files = RULES[case]
    access = read_access(raw, scope)
    assert access.reach(viewer, None) == reads
    places = [None] if scope == "company" else [None, *PROJECTS]
    assert [place for place in places if access.may_file(viewer, place, None)] == files


def test_nobody_files_anything_without_being_somebody() -> None:
    assert not read_access({}, "company").may_file(Viewer(), None, None)
    assert not read_access({}, "project").may_file(Viewer(), "p1", None)


@pytest.fixture
def published(app: Flask, modules: Path) -> Iterator[None]:
    with app.app_context(), system_context("test"):
        services.publish_folders(paths=sorted(modules.iterdir()), actor=None, now=NOW)
        db.session.add(Department(id="d1", code="FIN", name="Finance"))
        db.session.commit()
        yield


@pytest.mark.usefixtures("published")
def test_reach_and_menu_follow_the_current_releases() -> None:
    assert queries.read_reach(MEMBER) == {
        "change": {"p1", "p2"},
        "contract": {"p1", "p2", "p3"},
        "party": set(),
        "cost_code": None,
    }
    assert [(one.group, one.module) for one in queries.menu(MEMBER)] == [
        ("site", "changes"),
        ("registers", "contracts"),
    ]
    filed = {one.key for one in queries.fileable_forms(MEMBER, "p3")}
    assert filed == {"contract", "party", "cost_code"}
    assert {one.key for one in queries.fileable_forms(MEMBER, "p1")} == {*filed, "change"}


@pytest.mark.usefixtures("published")
def test_a_module_that_is_off_leaves_the_menu_but_stays_readable() -> None:
    services.disable(module="changes", actor=None, now=NOW)
    assert [one.module for one in queries.menu(MEMBER)] == ["contracts"]
    assert queries.read_reach(MEMBER)["change"] == {"p1", "p2"}
    assert "change" not in {one.key for one in queries.fileable_forms(MEMBER, "p1")}


@pytest.mark.usefixtures("published")
def test_a_request_asks_the_database_one_small_question() -> None:
    queries.current_form("change")
    db.session.remove()
    with system_context("test"):
        statements: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement != "BEGIN":
                statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        form = queries.current_form("change")
        queries.read_reach(MEMBER)
        queries.menu(MEMBER)
        queries.fileable_forms(MEMBER, "p1")
        queries.form_titles()
        assert form is not None
        assert queries.form_of(form.release_id, "change") is form
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(statements) == 1
