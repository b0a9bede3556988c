"""Jobs that move stored records, in the reader's words."""

from flask_babel import ngettext

from portal.conversions import choosing, reasons, services
from portal.web.words import gettext as _

BADGES = {
    services.WAITING: ("grey", "clock"),
    services.RUNNING: ("blue", "refresh"),
    services.DONE: ("green", "check"),
    services.UNDOING: ("blue", "refresh"),
    services.UNDONE: ("amber", "arrow-back-up"),
    services.FAILED: ("red", "alert-circle"),
}


def choice_titles() -> dict[str, str]:
    """Which records a job may take."""
    return {
        choosing.DRAFTS: _("Drafts"),
        choosing.ENTRIES: _("Entries of a register"),
        choosing.RUNNING: _("Under approval"),
        choosing.DECIDED: _("Approved by a chain"),
    }


def choice_hints() -> dict[str, str]:
    """What happens to them, and when they stay."""
    return {
        choosing.DRAFTS: _("They would move when their writer opens them; now they move at once."),
        choosing.ENTRIES: _("Each gets a further version with the reason in its history."),
        choosing.RUNNING: _(
            "Only under the same approval chain, and only if nothing changes that signatures or "
            "the chain rest on."
        ),
        choosing.DECIDED: _(
            "As those under approval; and their entries in the ledgers must stay exactly the same."
        ),
    }


def state_titles() -> dict[str, str]:
    """How far a job is."""
    return {
        services.WAITING: _("waiting"),
        services.RUNNING: _("at work"),
        services.DONE: _("done"),
        services.UNDOING: _("being taken back"),
        services.UNDONE: _("undone"),
        services.FAILED: _("stopped by a fault"),
    }


def outcome_titles() -> dict[str, str]:
    """What became of a record."""
    return {
        reasons.CARRIED: _("moved"),
        reasons.LOSES: _("would lose a value"),
        reasons.BREAKS: _("would break a rule"),
        reasons.CHAIN: _("stays with its approval chain"),
        reasons.SIGNED: _("would change what was signed"),
        reasons.EDITING: _("with its requester"),
        reasons.POSTS: _("would post otherwise"),
        reasons.FROZEN: _("frozen"),
        reasons.RESTORED: _("moved back"),
        reasons.CHANGED: _("not taken back"),
    }


def trial_titles() -> dict[str, str]:
    """What would become of a record."""
    return {**outcome_titles(), reasons.CARRIED: _("would move")}


def started(total: int) -> str:
    """What starting a job says."""
    return str(
        ngettext(
            "%(num)d record is being moved. This page says how far it is.",
            "%(num)d records are being moved. This page says how far it is.",
            total,
        )
    )
