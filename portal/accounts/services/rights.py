"""What an actor must hold to change people, departments and roles."""

from portal.accounts import queries
from portal.accounts.models import Person
from portal.db import db
from portal.errors import N_, Forbidden, Message, NotFound
from portal.web.viewer import Viewer

_WHY = "people are the whole company's"


def demand_people_admin(actor: Viewer | None) -> None:
    """Only people administrators go on; no actor is the portal itself (set-up, demo, commands)."""
    if actor is not None and not actor.has_system_role("people_admin"):
        raise Forbidden(N_("Only people administrators may do this."))


def the_person(person_id: str) -> Person:
    """The person, or NotFound."""
    person = db.session.get(Person, person_id, execution_options={"unscoped": _WHY})
    if person is None:
        raise NotFound(N_("There is no such person."))
    return person


def outranks(actor: Viewer | None, person_id: str) -> frozenset[str]:
    """The system roles the person holds and the actor lacks."""
    if actor is None or actor.person_id == person_id:
        return frozenset()
    return queries.roles_of(person_id)["system"] - actor.system_roles


def demand_control(actor: Viewer | None, person_id: str) -> None:
    """Who can take over an account takes its roles: nobody does that to roles they lack."""
    above = outranks(actor, person_id)
    if above:
        raise Forbidden(
            Message(
                N_("This person holds system roles you lack: %(roles)s. Ask someone who has them."),
                {"roles": ", ".join(sorted(above))},
            )
        )
