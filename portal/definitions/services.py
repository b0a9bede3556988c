"""What changes modules: drafts, publishing, rolling back, switching on and off."""

from portal.definitions.drafts import (
    delete_draft_file,
    discard_draft,
    new_module,
    open_draft,
    save_draft_file,
    save_draft_files,
    set_draft_files,
)
from portal.definitions.publishing import (
    Published,
    Refused,
    check_release,
    disable,
    enable,
    promote,
    publish,
    publish_folder,
    publish_folders,
    roll_back,
    set_open_records,
)
from portal.definitions.undoing import InTheWay, redo, restore, undo

__all__ = [
    "InTheWay",
    "Published",
    "Refused",
    "check_release",
    "delete_draft_file",
    "disable",
    "discard_draft",
    "enable",
    "new_module",
    "open_draft",
    "promote",
    "publish",
    "publish_folder",
    "publish_folders",
    "redo",
    "restore",
    "roll_back",
    "save_draft_file",
    "save_draft_files",
    "set_draft_files",
    "set_open_records",
    "undo",
]
