"""The pages of the area, one module per place."""

from portal.builder.area import area
from portal.builder.routes import (
    chain,
    chain_blocks,
    chain_tables,
    cloning,
    drafts,
    editor,
    field_design,
    files,
    form_design,
    form_settings,
    inserting,
    module,
    modules,
    packages,
    publishing,
    releases,
    schemas,
)

__all__ = [
    "area",
    "chain",
    "chain_blocks",
    "chain_tables",
    "cloning",
    "drafts",
    "editor",
    "field_design",
    "files",
    "form_design",
    "form_settings",
    "inserting",
    "module",
    "modules",
    "packages",
    "publishing",
    "releases",
    "schemas",
]
