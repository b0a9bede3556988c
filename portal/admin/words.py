"""The system roles in the reader's words."""

from flask_babel import gettext as _


def system_role_titles() -> dict[str, str]:
    """Titles of the system roles."""
    return {
        "people_admin": _("People administrator"),
        "author": _("Author of modules"),
        "auditor": _("Auditor"),
        "operator": _("Operator"),
    }


def system_role_duties() -> dict[str, str]:
    """What each system role allows."""
    return {
        "people_admin": _("Creates people, departments and projects; gives company roles."),
        "author": _("Writes forms and approval chains, checks and publishes modules."),
        "auditor": _("Reads every record and the audit trail; changes nothing."),
        "operator": _("Watches health and deliveries."),
    }
