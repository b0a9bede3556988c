"""The tiles of the administration page: where an administrator goes, judged by system role."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.web.viewer import Viewer
from portal.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class Tile:
    """A place of administration; `title()` and `text()` speak the reader's language."""

    endpoint: str
    title: Callable[[], str]
    text: Callable[[], str]
    icon: str
    roles: tuple[str, ...]
    order: int = 50


_tiles: list[Tile] = [
    Tile(
        "admin.people",
        lambda: _("People"),
        lambda: _("Who works here, invitations, leavers, import"),
        "users",
        ("people_admin",),
        10,
    ),
    Tile(
        "admin.departments",
        lambda: _("Departments"),
        lambda: _("The tree and its heads"),
        "hierarchy",
        ("people_admin",),
        20,
    ),
    Tile(
        "admin.roles",
        lambda: _("Roles"),
        lambda: _("Who holds what, and what it allows"),
        "id-badge-2",
        ("people_admin", "author", "auditor", "operator"),
        30,
    ),
    Tile(
        "projects.index",
        lambda: _("Projects"),
        lambda: _("Members, currencies, calendars"),
        "crane",
        ("people_admin",),
        40,
    ),
    Tile(
        "admin.company",
        lambda: _("Company"),
        lambda: _("Name, time zone, working days"),
        "building",
        ("people_admin",),
        45,
    ),
    Tile(
        "admin.audit",
        lambda: _("Audit trail"),
        lambda: _("Who did what when, and whether the chain holds"),
        "shield-check",
        ("auditor",),
        60,
    ),
    Tile(
        "admin.health",
        lambda: _("Health"),
        lambda: _("Database, mail, deliveries, sessions"),
        "heartbeat",
        ("operator",),
        70,
    ),
]


def register_tile(tile: Tile) -> None:
    """Add a place to the administration page. Called once, from portal.wiring."""
    if tile.endpoint not in {known.endpoint for known in _tiles}:
        _tiles.append(tile)


def tiles_for(viewer: Viewer) -> list[Tile]:
    """The places this viewer may go to."""
    mine = [tile for tile in _tiles if viewer.has_system_role(*tile.roles)]
    return sorted(mine, key=lambda tile: tile.order)
