"""What all pages of the funds center show around their content, and how they read addresses."""

from datetime import date
from typing import Any

from flask import render_template, request, url_for

from portal import clock
from portal.errors import NotFound
from portal.funds.converted import in_one
from portal.ledgers.pages import NO_FIGURE, around, record_url
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _


def funds_page(template: str, project: ProjectBrief, endpoint: str, **shown: Any) -> str:
    """A page of the center with the tabs to its others."""
    tabs = [
        {
            "label": label,
            "url": url_for(place, code=project.code),
            "active": place == endpoint,
        }
        for place, label in (
            ("funds.sheet", _("Contracts")),
            ("funds.plan", _("Plan and cash curve")),
            ("funds.due", _("Due and overdue")),
            ("funds.checks", _("Three-way match")),
            ("funds.accounts", _("Accounts and sources")),
        )
    ]
    return render_template(
        template,
        funds_tabs=tabs,
        record_url=record_url,
        converted=in_one(shown.get("blocks") or (), clock.now()),
        **shown,
        **around(project),
    )


def asked_day(key: str) -> date | None:
    """A day of the address; None where it is not asked for. Raises NotFound for no day."""
    text = request.args.get(key)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound(NO_FIGURE) from None
