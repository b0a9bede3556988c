"""The area of the author's pages: authors change, auditors read."""

from portal.web.access import system_role
from portal.web.area import Area
from portal.web.viewer import Viewer

area = Area("builder", "portal.builder")

AUTHORS = system_role("author")
READERS = system_role("author", "auditor")


def may_write(viewer: Viewer) -> bool:
    """Whether this reader of the pages is an author."""
    return AUTHORS.allows(viewer)
