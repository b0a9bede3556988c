"""The one company: set up once, changed by people administrators."""

from datetime import datetime
from typing import Any

from portal.accounts import queries
from portal.accounts.models import Company, Person
from portal.accounts.services.people import create_person
from portal.accounts.services.rights import demand_people_admin
from portal.accounts.services.roles import grant_role
from portal.audit.services import record
from portal.db import db
from portal.errors import N_, Conflict
from portal.standards import demand_currency, demand_zone
from portal.web.viewer import SYSTEM_ROLES, Viewer

# ISO weekdays that are worked (1 is Monday), days off, and weekend days worked in return.
DEFAULT_CALENDAR: dict[str, Any] = {"weekdays": [1, 2, 3, 4, 5], "holidays": [], "workdays": []}
CURRENCIES = ("CNY", "USD", "EUR", "HKD", "GBP", "SGD", "AED", "JPY", "AUD", "CAD")


def set_up_company(
    *,
    name: str,
    currency: str,
    zone: str,
    language: str,
    admin_login: str,
    admin_name: str,
    admin_password_hash: str | None,
    now: datetime,
    admin_email: str | None = None,
    demo: bool = False,
) -> Person:
    """Make an empty portal ready: company and first administrator, who holds every system role
    and can hand them on. Raises Conflict if it is ready already, Invalid for wrong values."""
    company = queries.company()
    if company is not None and company.ready:
        raise Conflict(N_("This portal is set up already. Sign in instead."))
    demand_currency(currency)
    demand_zone(zone)
    if company is None:
        company = Company(id=queries.COMPANY_ID, calendar=dict(DEFAULT_CALENDAR))
        db.session.add(company)
    company.name, company.currency, company.zone = name.strip(), currency, zone
    company.language, company.demo, company.ready = language, demo, True
    company.calendar = company.calendar or dict(DEFAULT_CALENDAR)
    db.session.flush()
    admin = create_person(
        actor=None, login=admin_login, name=admin_name, email=admin_email, language=language,
        password_hash=admin_password_hash, now=now,
    )  # fmt: skip
    for role in SYSTEM_ROLES:
        grant_role(actor=None, person_id=admin.id, kind="system", role=role, now=now)
    record(
        actor=None, action="company.set_up", object_kind="company", object_id="1",
        detail={"name": name, "currency": currency, "zone": zone, "demo": demo}, now=now,
    )  # fmt: skip
    return admin


def edit_company(
    *,
    actor: Viewer | None,
    name: str,
    zone: str,
    language: str,
    calendar: dict[str, Any],
    second_author: bool,
    now: datetime,
) -> Company:
    """Change name, zone, language, calendar (new projects begin with it), and whether a second
    author looks at every release.

    The currency stays, because figures stand on it. Raises Invalid, Forbidden, Conflict.
    """
    demand_people_admin(actor)
    company = queries.company()
    if company is None:
        raise Conflict(N_("This portal is not set up yet."))
    demand_zone(zone)
    company.name, company.zone, company.language = name.strip(), zone, language
    company.calendar, company.second_author = calendar, second_author
    db.session.flush()
    detail = {"name": name, "zone": zone, "language": language, "second_author": second_author}
    record(
        actor=actor, action="company.edit", object_kind="company", object_id="1",
        detail=detail, now=now,
    )  # fmt: skip
    return company
