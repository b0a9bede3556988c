"""Access rules that endpoints declare; an endpoint without one stops the start."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.web.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Access:
    """A named rule on the viewer. Rights on single rows are the object scope's matter."""

    name: str
    allows: Callable[[Viewer], bool]


public = Access("public", lambda viewer: True)
signed_in = Access("signed in", lambda viewer: not viewer.is_anonymous)
staff = Access("staff", lambda viewer: not viewer.is_anonymous and not viewer.is_external)


def system_role(*roles: str) -> Access:
    """Holders of any of these system roles."""
    return Access(f"system role {' or '.join(roles)}", lambda v: v.has_system_role(*roles))


administration = system_role("people_admin", "author", "auditor", "operator")
