"""Verbs that change projects and their members. They flush, never commit."""

from portal.projects.services.members import add_member, remove_member
from portal.projects.services.projects import (
    STATUSES,
    create_project,
    edit_project,
    register_use,
)
from portal.projects.services.rights import may_create, may_manage

__all__ = [
    "STATUSES",
    "add_member",
    "create_project",
    "edit_project",
    "may_create",
    "may_manage",
    "register_use",
    "remove_member",
]
