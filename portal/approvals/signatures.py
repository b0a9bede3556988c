"""What was written with a decision, and whether it still counts: a restart or return removes it."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.web.filters import day
from portal.web.words import gettext as _

Key = tuple[str, int, str]


def key_of(vote: Any) -> Key:
    """A vote's approval, visit and person."""
    return vote.approval_id, int(vote.data["epoch"]), str(vote.data["person"])


def comment_of(row: Any) -> str:
    """What was written with an act; the log keeps it once a command, the event says whose it is."""
    return str(row.data.get("comment") or row.comment or "")


def removals(events: Sequence[Any]) -> Mapping[Key, str]:
    """When and by whom each vote that no longer counts was removed, in words.

    The vote that itself led to the return stays: it is why.
    """
    standing: dict[Key, Any] = {}
    removed: dict[Key, str] = {}
    for row in events:
        if row.kind == "voted":
            standing[key_of(row)] = row
        elif row.kind in {"restarted", "returned"}:
            for key, vote in list(standing.items()):
                if _is_cleared(vote, row):
                    removed[key] = _told(row)
                    del standing[key]
    return removed


def _is_cleared(vote: Any, by: Any) -> bool:
    is_cause = (vote.at, vote.actor_id) == (by.at, by.actor_id)
    same = vote.approval_id == by.approval_id
    return same and not is_cause and vote.data["step"] in by.data["cleared"]


def _told(row: Any) -> str:
    if row.kind == "restarted":
        text = _("removed on %(day)s: %(who)s changed values", day=day(row.at), who=row.actor_name)
    else:
        text = _("removed on %(day)s: %(who)s returned it", day=day(row.at), who=row.actor_name)
    return str(text)
