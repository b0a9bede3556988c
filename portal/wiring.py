"""What is plugged in where: the areas, and the registries through which lower rooms reach upward."""

from flask import Flask

from portal.web.area import Area


def areas() -> list[Area]:
    """Every area of the portal; adding a page's area here makes it reachable."""
    from portal.accounts.routes import area as accounts
    from portal.admin.routes import area as admin
    from portal.projects.routes import area as projects
    from portal.web.routes import area as web

    return [web, accounts, projects, admin]


def wire(app: Flask) -> None:
    """Fill the registries."""
    from portal.accounts import sessions
    from portal.projects import queries as projects

    sessions.register(app)
    sessions.register_memberships(projects.memberships_of)
