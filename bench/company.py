"""The company the bench measures: 50 projects, an approver and a buyer for each, no demo."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert

from portal import paths
from portal.accounts.models import Company, LoginSession, Person, RoleGrant
from portal.accounts.sessions import viewer_of
from portal.accounts.tokens import new_token, token_hash
from portal.db import db
from portal.definitions import services as publishing
from portal.definitions.folders import module_folders
from portal.ids import new_id
from portal.projects.models import Membership, Project
from portal.web.viewer import Viewer

SIZE = 50
FORMS = Path(__file__).parent / "form"


@dataclass(frozen=True, slots=True)
class Cast:
    """Ids by number: project n is filed by buyer n and approved by approvers n, n+1 and n+2."""

    projects: tuple[str, ...]
    approvers: tuple[str, ...]
    buyers: tuple[str, ...]

    def buyer(self, number: int) -> Viewer:
        """Buyer `number` as they would ask now."""
        return viewer_of(self.buyers[number])


def found(now: datetime) -> Cast:
    """Make the company, publish the shipped modules and the bench's own form."""
    company = db.session.get_one(Company, 1)
    company.name, company.currency, company.zone = "Bench", "CNY", "Asia/Shanghai"
    company.ready = True
    cast = Cast(*(tuple(new_id() for _ in range(SIZE)) for _ in range(3)))
    db.session.execute(insert(Person), [*_people("u", cast.approvers, now)])
    db.session.execute(insert(Person), [*_people("b", cast.buyers, now)])
    db.session.execute(
        insert(Project),
        [
            {
                "id": key,
                "code": f"P{number}",
                "name": f"Project {number}",
                "currency": "CNY",
                "zone": "Asia/Shanghai",
                "calendar": {},
                "created_at": now,
            }
            for number, key in enumerate(cast.projects)
        ],
    )
    db.session.execute(insert(Membership), [*_memberships(cast, now)])
    reader = {"kind": "company", "role": "reader", "granted_at": now}
    db.session.execute(insert(RoleGrant), [{**reader, "person_id": cast.approvers[0]}])
    modules = [*module_folders(paths.DEFINITIONS), *module_folders(FORMS)]
    publishing.publish_folders(paths=modules, actor=None, now=now)
    return cast


def _people(prefix: str, keys: tuple[str, ...], now: datetime) -> list[dict[str, object]]:
    return [
        {"id": key, "login": f"{prefix}{number}", "name": f"Person {prefix}{number}",
         "created_at": now}
        for number, key in enumerate(keys)
    ]  # fmt: skip


def _memberships(cast: Cast, now: datetime) -> list[dict[str, object]]:
    parts = (("first_approver", 0), ("second_approver", 1), ("third_approver", 2))
    rows = []
    for number, project in enumerate(cast.projects):
        holders = [(role, cast.approvers[(number + step) % SIZE]) for role, step in parts]
        holders += [("buyer", cast.buyers[number]), ("member", cast.buyers[number])]
        holders += [("member", person) for role, person in holders if role.endswith("approver")]
        rows += [
            {"project_id": project, "person_id": person, "role": role, "created_at": now}
            for role, person in holders
        ]
    return rows


def sign_in(person_id: str, now: datetime) -> str:
    """A session's token, as the sign-in page would have put it into the cookie."""
    token = new_token()
    row = {"token_hash": token_hash(token), "person_id": person_id}
    times = {"created_at": now, "last_seen": now, "fresh_at": now}
    db.session.execute(insert(LoginSession), [{**row, **times}])
    return token
