"""Fixtures that tests of all centers share: a furnished project, and who looks at it."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import db
from portal.projects.models import Membership
from tests.ledgers.site import Site, furnish
from tests.ledgers.world import NOW


@dataclass
class Cast:
    """People around the furnished project P1; P2 exists and is empty."""

    site: Site
    ids: dict[str, str]

    def browser(self, login: str) -> FlaskClient:
        return self.site.browser(self.ids[login])


def make_cast(app: Flask, *, furnished: bool = True) -> Cast:
    """A member, an outsider and an external person; figures in every center of P1."""
    with app.app_context():
        site = Site(app)
        if furnished:
            furnish(site)
        other = site.world.another_project("P2", "USD")
        ids = {
            "member": site.world.person("member").id,
            "outsider": site.world.person("outsider", member=False).id,
            "external": site.world.person("external", external=True).id,
        }
        for login in ("member",):
            db.session.add(
                Membership(project_id=other.id, person_id=ids[login], role="member", created_at=NOW)
            )
        db.session.commit()
        return Cast(site, ids)


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The furnished project and its people."""
    return make_cast(app)
