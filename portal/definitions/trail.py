"""What happened to modules, for the audit chain."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.audit.services import record
from portal.web.viewer import Viewer


def note(
    actor: Viewer | None, action: str, module: str, detail: Mapping[str, Any], now: datetime
) -> None:
    """Write one act on a module into the chain."""
    record(
        actor=actor, action=action, object_kind="module", object_id=module, detail=detail, now=now
    )
