"""Verbs that change people, departments, roles, sessions, the company. They flush, never commit."""

from portal.accounts.services.company import (
    CURRENCIES,
    DEFAULT_CALENDAR,
    edit_company,
    set_up_company,
)
from portal.accounts.services.departments import create_department, edit_department
from portal.accounts.services.links import (
    invite,
    is_set_up_link,
    person_of_link,
    request_reset,
    set_password,
    set_password_by_link,
    set_up_token,
    use_link,
)
from portal.accounts.services.login_sessions import act_as, end_session, end_sessions, open_session
from portal.accounts.services.people import (
    create_person,
    deactivate_person,
    edit_person,
    reactivate_person,
)
from portal.accounts.services.profile import choose_language, choose_theme, edit_profile
from portal.accounts.services.rights import outranks, the_person
from portal.accounts.services.roles import demand_alone, grant_role, may_grant, revoke_role

__all__ = [
    "CURRENCIES",
    "DEFAULT_CALENDAR",
    "act_as",
    "choose_language",
    "choose_theme",
    "create_department",
    "create_person",
    "deactivate_person",
    "demand_alone",
    "edit_company",
    "edit_department",
    "edit_person",
    "edit_profile",
    "end_session",
    "end_sessions",
    "grant_role",
    "invite",
    "is_set_up_link",
    "may_grant",
    "open_session",
    "outranks",
    "person_of_link",
    "reactivate_person",
    "request_reset",
    "revoke_role",
    "set_password",
    "set_password_by_link",
    "set_up_company",
    "set_up_token",
    "the_person",
    "use_link",
]
