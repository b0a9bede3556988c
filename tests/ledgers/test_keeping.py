"""Figures kept in memory: as they are now, whoever looks, and worked out anew only where needed."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.db import SYSTEM, db, set_context
from portal.ledgers.keeping import Kept
from portal.web.viewer import Viewer
from tests.ledgers.site import Site


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    with app.app_context(), app.test_request_context():
        yield Site(app)
        db.session.rollback()


class Asked:
    """Answers with how often it was asked for a project, and notes which."""

    def __init__(self) -> None:
        self.kept: Kept[int] = Kept()
        self.times: dict[str, int] = {}

    def of(self, *projects: str, version: str = "") -> list[int]:
        found = self.kept.of(projects, version, self._compute)
        return [found[one] for one in projects]

    def _compute(self, projects: list[str]) -> dict[str, int]:
        for one in projects:
            self.times[one] = self.times.get(one, 0) + 1
        return {one: self.times[one] for one in projects}


def test_what_nothing_was_posted_in_is_not_worked_out_again(site: Site) -> None:
    one, two = site.world.project.id, site.world.another_project("P2", "CNY").id
    asked = Asked()
    assert asked.of(one, two) == [1, 1]
    assert asked.of(one, two) == [1, 1]
    code = site.entry("cost_code", "01", "Steel")
    document = site.cost(("actual", code, "10"))
    assert asked.of(one, two) == [2, 1], "something was posted in the first"
    site.world.move(document, "void")
    assert asked.of(one, two) == [3, 1], "taking back is posting, too"
    assert asked.of(one, two, version="other") == [4, 2]
    assert asked.of(one, two, version="other") == [4, 2]


def test_what_one_may_not_see_is_never_kept_for_others(site: Site) -> None:
    code = site.entry("cost_code", "01", "Steel")
    site.cost(("actual", code, "10"))
    one, asked = site.world.project.id, Asked()
    set_context(db.session(), Viewer(person_id="nobody"))
    assert asked.of(one) == [1]
    set_context(db.session(), SYSTEM)
    assert asked.of(one) == [2], "what was empty for whom may not see is not what there is"
