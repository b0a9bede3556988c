"""What the published modules offer to one that is being checked."""

from typing import Any

from sqlalchemy import func, select

from portal.db import db
from portal.definitions.checking import Known
from portal.definitions.folders import Offers
from portal.definitions.models import Definition, Module, Pilot


def known_beside(module: str, also: Offers | None = None) -> Known:
    """Forms, roles and keys of the other modules as published, and this module's own forms.

    `also` are modules about to be published together with this one; they win over published ones.
    """
    offers = also or Offers()
    previous: dict[str, Any] = {}
    published = Offers()
    tried = select(Pilot.module, func.max(Pilot.release_id).label("id")).group_by(Pilot.module)
    pilot = tried.subquery()
    release = func.coalesce(Module.current_release_id, pilot.c.id)
    statement = (
        select(Module.key, Definition.kind, Definition.key, Definition.body)
        .outerjoin(pilot, pilot.c.module == Module.key)
        .join(Definition, Definition.release_id == release)
        .where(Definition.kind.in_(("form", "workflow", "module", "sheet", "health")))
        .order_by(Module.key, Definition.name)
    )
    for owner, kind, key, body in db.session.execute(statement):
        if kind == "form" and owner == module:
            previous[key] = body
        if owner not in offers.roles:
            _take(published, owner, kind, key, body)
    joined = Offers(
        forms={**published.forms, **offers.forms},
        owners={**published.owners, **offers.owners},
        roles={**published.roles, **offers.roles},
    )
    return joined.known(module, previous)


def _take(offers: Offers, owner: str, kind: str, key: str, body: Any) -> None:
    roles = offers.roles.setdefault(owner, set())
    if kind == "module":
        roles |= {(role["scope"], role["role"]) for role in body.get("roles", ())}
        return
    offers.owners[kind, key] = owner
    if kind == "form":
        offers.forms[key] = body
