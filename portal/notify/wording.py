"""What a notice says, in the language of whoever reads it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import get_locale

from portal.errors import N_
from portal.web.words import gettext

TEXTS = {
    "asked": N_("%(number)s waits for your decision"),
    "transferred": N_("%(actor)s handed %(number)s over to you"),
    "edited": N_("%(actor)s changed %(number)s while it is being approved"),
    "returned": N_("%(actor)s returned %(number)s"),
    "to_confirm": N_("%(number)s was changed after you sent it; confirm it by sending it again"),
    "approved": N_("%(number)s is approved"),
    "rejected": N_("%(actor)s rejected %(number)s"),
    "withdrawn": N_("%(number)s was withdrawn"),
    "voided": N_("%(actor)s voided %(number)s"),
    "signature_removed": N_(
        "%(actor)s changed %(number)s after you signed; your signature was removed"
    ),
    "stuck": N_("%(number)s is stuck: nobody can decide it. An operator was told"),
    "stuck_operator": N_("%(number)s is stuck and needs you to assign somebody"),
    "copied": N_("%(number)s was sent to you to read"),
    "mentioned": N_("%(actor)s mentioned you on %(number)s"),
    "commented": N_("%(actor)s commented on %(number)s"),
    "alert_amber": N_("%(number)s needs a look: %(title)s"),
    "alert_red": N_("%(number)s is in trouble: %(title)s"),
}


def headline(kind: str, args: Mapping[str, Any]) -> str:
    """One line for the bell or a mail's subject."""
    named = {"number": args.get("number") or args.get("subject") or "–"}
    named["actor"] = args.get("actor") or "–"
    named["title"] = _title(args)
    return str(gettext(TEXTS.get(kind, "%(number)s")) % named)


def _title(args: Mapping[str, Any]) -> str:
    """What an alert is called, and the row it is about."""
    called = args.get("title") or {}
    language = "zh" if str(get_locale()).startswith("zh") else "en"
    title = str(called.get(language) or called.get("en") or "–")
    return f"{title} ({row})" if (row := args.get("row")) else title
