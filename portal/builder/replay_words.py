"""The ways of replayed records in words."""

from collections.abc import Sequence

from portal.accounts import queries as accounts
from portal.approvals.replay import Stop
from portal.builder.words import joined_list
from portal.db import db
from portal.records.models import Record
from portal.web.words import gettext as _
from portal.workflows.tree import in_language


class ReplayWords:
    """Steps and people in one reader's language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def way(self, stops: Sequence[Stop]) -> list[str]:
        """Each step with who is asked; one sentence where nobody is."""
        return [self._stop(one) for one in stops] or [str(_("nobody approves it"))]

    def may_open(self, record_id: str) -> bool:
        """Whether the reader may see this record."""
        return db.session.get(Record, record_id) is not None

    def _stop(self, stop: Stop) -> str:
        title = in_language(stop.title, self.language) or stop.step
        names = accounts.person_name(stop.people)
        people = joined_list(names.get(one, one) for one in stop.people)
        if stop.held:
            return str(_("stops before %(step)s", step=title))
        return str(_("%(step)s: %(people)s", step=title, people=people or "–"))
