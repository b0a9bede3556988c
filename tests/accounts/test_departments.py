"""The tree of departments."""

import pytest

from portal import clock
from portal.accounts import queries, services
from portal.errors import Forbidden, Invalid
from tests.accounts.stage import Stage


def make(stage: Stage, code: str, parent: str | None = None, head: str | None = None) -> str:
    return services.create_department(
        actor=stage.viewer("otto"), code=code, name=f"Department {code}", parent_id=parent,
        head_id=head, now=clock.now(),
    ).id  # fmt: skip


def edit(stage: Stage, department: str, **changes: str | None) -> None:
    facts = {"code": "A", "name": "A", "parent_id": None, "head_id": None, **changes}
    services.edit_department(
        actor=stage.viewer("otto"), department_id=department, now=clock.now(), **facts
    )


def test_a_department_has_a_head_while_the_head_works_here(stage: Stage) -> None:
    with stage.work():
        one = make(stage, "A", head=stage.people["rick"])
        assert queries.head_of_department(one) == stage.people["rick"]
        services.deactivate_person(actor=None, person_id=stage.people["rick"], now=clock.now())
        assert queries.head_of_department(one) is None
        assert queries.head_of_department(None) is None


def test_a_department_never_stands_below_itself(stage: Stage) -> None:
    with stage.work():
        top = make(stage, "A")
        middle = make(stage, "B", parent=top)
        bottom = make(stage, "C", parent=middle)
        for below in (top, middle, bottom):
            with pytest.raises(Invalid) as refused:
                edit(stage, top, parent_id=below)
            assert refused.value.errors[0].path == "parent_id"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"code": "B"}, "code"),
        ({"code": ""}, "code"),
        ({"name": ""}, "name"),
        ({"parent_id": "nowhere"}, "parent_id"),
    ],
)
def test_wrong_facts_are_named_by_field(stage: Stage, changes: dict[str, str], path: str) -> None:
    with stage.work():
        top = make(stage, "A")
        make(stage, "B")
        with pytest.raises(Invalid) as refused:
            edit(stage, top, **changes)
        assert refused.value.errors[0].path == path


def test_only_people_administrators_change_the_tree(stage: Stage) -> None:
    with stage.work(), pytest.raises(Forbidden):
        services.create_department(actor=stage.viewer("vera"), code="X", name="X", now=clock.now())
