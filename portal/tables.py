"""All mapped classes, imported so that the metadata is whole."""

from portal.accounts import models as accounts
from portal.approvals import models as approvals
from portal.audit import models as audit
from portal.conversions import models as conversions
from portal.definitions import models as definitions
from portal.health import models as health
from portal.ledgers import models as ledgers
from portal.masters import models as masters
from portal.notify import models as notify
from portal.outbox import models as outbox
from portal.projects import models as projects
from portal.records import models as records
from portal.usage import models as usage
from portal.web import models as web

__all__ = [
    "accounts",
    "approvals",
    "audit",
    "conversions",
    "definitions",
    "health",
    "ledgers",
    "masters",
    "notify",
    "outbox",
    "projects",
    "records",
    "usage",
    "web",
]
