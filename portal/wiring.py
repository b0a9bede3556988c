"""What is plugged in where: the areas, and the registries through which lower rooms reach upward."""

from flask import Flask

from portal.web.area import Area


def areas() -> list[Area]:
    """Every area of the portal; adding a page's area here makes it reachable."""
    from portal.accounts.routes import area as accounts
    from portal.web.routes import area as web

    return [web, accounts]


def wire(app: Flask) -> None:
    """Fill the registries."""
    from portal.accounts import sessions

    sessions.register(app)
