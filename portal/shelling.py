"""What the features tell the shell: company, counts, modules, administration, the demo's cast."""

from types import SimpleNamespace

from flask import current_app
from sqlalchemy import select

from portal.accounts import demo
from portal.accounts import queries as accounts
from portal.accounts.rolebook import RoleTitle
from portal.approvals import queries as approvals
from portal.config import Settings
from portal.db import read_fixed, unscoped
from portal.definitions import queries as definitions
from portal.definitions.catalog import FormInRelease
from portal.errors import N_
from portal.home.groups import group_label
from portal.notify import queries as notify
from portal.web.filters import text_in
from portal.web.rendering import gettext as _
from portal.web.rendering import url_for
from portal.web.shell import Banner, Fold, Group, Place, Shell, is_here, place

UNENCRYPTED = N_(
    "The portal is reached without encryption. Ask your operator to set it up with https."
)

_counts = unscoped(select(approvals.WAITING, notify.UNREAD), "a person's own seats and notices")


def fill(shell: Shell) -> None:
    """Everything around the page, for this viewer."""
    viewer = shell.viewer
    settings: Settings = current_app.extensions["settings"]
    if settings.allow_http and not settings.secure:
        shell.banner = Banner("amber", _(UNENCRYPTED))
    if viewer.is_anonymous:
        company = accounts.company()
        shell.company_name = (company.name if company else "") or _("Engineering portal")
        return
    shell.company_name = viewer.company.name or _("Engineering portal")
    counts = read_fixed(_counts, {"person": viewer.person_id, "most": 100})[0]
    shell.inbox_count, shell.unread_count = counts
    if not viewer.is_external:
        shell.places.append(place("portfolio.index", _("Portfolio"), "chart-bar"))
        shell.places.append(place("funds.company", _("Cash"), "wallet"))
    shell.groups = [*_modules(shell), *_administration(shell)]
    if viewer.company.demo and demo.asked_here():
        shell.demo = SimpleNamespace(
            url=url_for("accounts.act_as"),
            acting_as=[
                SimpleNamespace(
                    login=card.login,
                    name=text_in(card.name),
                    title=text_in(card.title),
                    current=card.login == viewer.login,
                )
                for card in demo.cast()
            ],
        )


def _modules(shell: Shell) -> list[Group]:
    groups: dict[str, list[Place | Fold]] = {}
    for item in definitions.menu(shell.viewer):
        forms = [_form_place(form, item.icon) for form in item.forms]
        folded = [Fold(text_in(item.title), item.icon, forms)]
        groups.setdefault(item.group, []).extend(folded if len(forms) > 1 else forms)
    return [Group(group_label(key), places) for key, places in groups.items()]


def _form_place(form: FormInRelease, icon: str) -> Place:
    url = url_for("records.index", form_key=form.key)
    return Place(url, text_in(form.title), icon, is_here(url))


def _administration(shell: Shell) -> list[Group]:
    viewer = shell.viewer
    more = []
    if viewer.system_roles:
        more.append(place("admin.index", _("Administration"), "settings"))
    if viewer.has_system_role("operator"):
        more.append(place("approvals.stuck", _("Stuck approvals"), "alert-triangle"))
    return [Group(_("Administration"), more)] if more else []


def declared_roles() -> list[RoleTitle]:
    """The roles published modules declare."""
    return [
        RoleTitle(role, scope, {"en": title.en, "zh": title.zh or title.en})
        for scope, role, title in definitions.module_roles()
    ]
