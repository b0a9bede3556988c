"""The pages of records: detail, lists, files, editing. One area, a module per page."""

from portal.records.routes import (
    attaching,
    detail,
    editing,
    feedback,
    files,
    importing,
    lists,
    offering,
    recalculating,
    starting,
)
from portal.records.routes.area import area

__all__ = [
    "area",
    "attaching",
    "detail",
    "editing",
    "feedback",
    "files",
    "importing",
    "lists",
    "offering",
    "recalculating",
    "starting",
]
