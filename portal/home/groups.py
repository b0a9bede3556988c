"""The headings under which modules stand."""

from portal.web.rendering import gettext as _


def group_label(group: str) -> str:
    """The heading of a group of modules."""
    labels: dict[str, str] = {
        "money": _("Money"),
        "site": _("Site"),
        "plan": _("Plan"),
        "registers": _("Registers"),
        "company": _("Company"),
    }
    return labels.get(group, group)
