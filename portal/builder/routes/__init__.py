"""The pages of the area, one module per place."""

from portal.builder.area import area
from portal.builder.routes import (
    drafts,
    editor,
    files,
    inserting,
    module,
    modules,
    publishing,
    releases,
    schemas,
)

__all__ = [
    "area",
    "drafts",
    "editor",
    "files",
    "inserting",
    "module",
    "modules",
    "publishing",
    "releases",
    "schemas",
]
