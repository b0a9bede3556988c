"""What is published: modules, current releases, compiled forms and workflows, access rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.accounts.models import Department
from portal.db import db
from portal.definitions import catalog
from portal.definitions.drafts import draft_of, files_of
from portal.definitions.metaschema.module import MENU_GROUPS
from portal.definitions.models import DRAFT, Module, ModuleRelease
from portal.definitions.published import FormInRelease, Release
from portal.definitions.written import export, published_form
from portal.errors import NotFound
from portal.forms.texts import Text
from portal.web.viewer import Viewer

__all__ = [
    "FormInRelease",
    "MenuItem",
    "ModuleBrief",
    "Release",
    "current_form",
    "draft_of",
    "export",
    "fileable_forms",
    "files_of",
    "form_in",
    "form_of",
    "form_titles",
    "history",
    "may_file",
    "may_see_private",
    "may_void",
    "menu",
    "module_roles",
    "modules",
    "published_form",
    "read_reach",
    "release",
]

_REACH = "definitions.reach"
_DEPARTMENT = "definitions.department"


@dataclass(frozen=True, slots=True)
class ModuleBrief:
    """A module in a list.

    `release` is that of the company, None while it has none; `pilot` the one in pilot somewhere.
    """

    key: str
    title: Text
    icon: str
    enabled: bool
    release: Release | None
    has_draft: bool
    pilot: Release | None = None

    @property
    def shown(self) -> Release | None:
        """What the module holds: as the company has it, or only a pilot."""
        return self.release or self.pilot


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the side bar; `forms` are those of its forms the viewer may read or file."""

    group: str
    module: str
    title: Text
    icon: str
    forms: tuple[FormInRelease, ...]


@dataclass(frozen=True, slots=True)
class PastRelease:
    """A published release in the history of its module."""

    id: str
    number: int
    sha256: str
    note: str
    published_by: str | None
    published_at: datetime
    is_current: bool


def modules() -> list[ModuleBrief]:
    """Every module, published or not, by title."""
    known, now = catalog.current_catalog(), catalog.current()
    drafts = set(
        db.session.scalars(select(ModuleRelease.module).where(ModuleRelease.state == DRAFT))
    )
    found = []
    for key, enabled in db.session.execute(select(Module.key, Module.enabled).order_by(Module.key)):
        shown, pilot = known.releases.get(key), known.pilots.get(key)
        title, icon = (shown.title, shown.icon) if shown else (Text(key), "file-text")
        release = shown if key in now.releases else None
        found.append(ModuleBrief(key, title, icon, enabled, release, key in drafts, pilot))
    return sorted(found, key=lambda one: (one.title.en, one.key))


def release(release_id: str) -> Release:
    """A published release; raises NotFound."""
    return catalog.release(release_id)


def current_form(form_key: str) -> FormInRelease | None:
    """A form as the company has it; None if there is none or its module is off everywhere.

    What only a pilot has is as the pilot has it.
    """
    found = catalog.current_catalog().forms.get(form_key)
    if found is None or not catalog.current().is_on_anywhere(found.module):
        return None
    return found


def form_in(form_key: str, project_id: str | None) -> FormInRelease | None:
    """The form new records are made under in a project, or without one in the company.

    None if there is none there, or its module is off there.
    """
    known = catalog.current_catalog()
    found, now = known.forms.get(form_key), catalog.current()
    if found is None or not now.is_on(found.module, project_id):
        return None
    release_id = now.release_in(found.module, project_id)
    return known.by_id[release_id].forms.get(form_key) if release_id else None


def form_of(release_id: str, form_key: str) -> FormInRelease:
    """A form as the release of a record has it; raises NotFound."""
    found = catalog.release(release_id).forms.get(form_key)
    if found is None:
        raise NotFound
    return found


def form_titles() -> Mapping[str, Text]:
    """The title of every current form by key."""
    return {key: one.title for key, one in catalog.current_catalog().forms.items()}


def module_roles() -> list[tuple[str, str, Text]]:
    """(scope, role, title) of every role the current modules declare, by scope and title."""
    return catalog.current_catalog().roles


def read_reach(viewer: Viewer) -> Mapping[str, frozenset[str] | None]:
    """Per form, the projects whose records the viewer may read; None means every record."""
    now = catalog.current()
    memo = db.session.info.get(_REACH)
    if memo is not None and memo[:2] == (viewer.person_id, now.mark):
        known: Mapping[str, frozenset[str] | None] = memo[2]
        return known
    forms = catalog.current_catalog().forms
    needs = any(one.access.read and one.access.read.departments for one in forms.values())
    department = _department(viewer) if needs else None
    reach = {key: one.access.reach(viewer, department) for key, one in forms.items()}
    db.session.info[_REACH] = (viewer.person_id, now.mark, reach)
    return reach


def may_file(viewer: Viewer, form: FormInRelease, project_id: str | None) -> bool:
    """Whether the viewer may make a new record of a form, in this project where it has one.

    Judged by the form as it is there now.
    """
    here = form_in(form.key, project_id)
    if here is None:
        return False
    needs = here.access.file is not None and bool(here.access.file.departments)
    return here.access.may_file(viewer, project_id, _department(viewer) if needs else None)


def may_void(viewer: Viewer, form: FormInRelease, project_id: str | None) -> bool:
    """Whether the viewer may void what counts of a form; judged by the form as it is there now."""
    here = form_in(form.key, project_id) or form
    needs = here.access.void is not None and bool(here.access.void.departments)
    return here.access.may_void(viewer, project_id, _department(viewer) if needs else None)


def may_see_private(viewer: Viewer, form: FormInRelease, project_id: str | None) -> bool:
    """Whether the viewer reads the private fields of a form; judged by the form as it is now."""
    here = form_in(form.key, project_id) or form
    return here.access.may_see_private(viewer, project_id, _department(viewer))


def fileable_forms(viewer: Viewer, project_id: str | None) -> list[FormInRelease]:
    """The forms the viewer may file in a project, or without one: those of the company.

    As they are there, in the order of the side bar.
    """
    found = []
    for form in _in_order():
        where = project_id if form.scope == "project" else None
        here = form_in(form.key, where)
        if here is not None and may_file(viewer, here, where):
            found.append(here)
    return found


def menu(viewer: Viewer) -> list[MenuItem]:
    """The modules that are on of which the viewer may read or file anything, in order."""
    items: dict[str, list[FormInRelease]] = {}
    for form in _in_order():
        if concerns(viewer, form):
            items.setdefault(form.module, []).append(form)
    releases = catalog.current_catalog().releases
    return [
        MenuItem(one.group, key, one.title, one.icon, tuple(forms))
        for key, forms in items.items()
        for one in (releases[key],)
    ]


def concerns(viewer: Viewer, form: FormInRelease) -> bool:
    """Whether the viewer may read records of a current form anywhere, or file one."""
    projects = read_reach(viewer)[form.key]
    now = catalog.current()
    if projects and form.release_id != now.releases.get(form.module):
        projects &= now.pilot_projects(form.module)
    if projects is None or projects or viewer.is_auditor:
        return True
    places = (None,) if form.scope == "company" else tuple(viewer.project_roles)
    return any(may_file(viewer, form, place) for place in places)


def _in_order() -> list[FormInRelease]:
    """The forms of modules that are on somewhere, in the order of the side bar."""
    known, now = catalog.current_catalog(), catalog.current()
    chosen = [one for key, one in known.releases.items() if now.is_on_anywhere(key)]
    chosen.sort(key=lambda r: (MENU_GROUPS.index(r.group), r.order, r.module))
    return [form for one in chosen for form in known.forms_of(one.module)]


def _department(viewer: Viewer) -> str | None:
    """The code of the viewer's department."""
    if viewer.department_id is None:
        return None
    memo: tuple[str, str | None] | None = db.session.info.get(_DEPARTMENT)
    if memo is None or memo[0] != viewer.department_id:
        code = db.session.scalar(
            select(Department.code).where(Department.id == viewer.department_id)
        )
        memo = db.session.info[_DEPARTMENT] = (viewer.department_id, code)
    return memo[1]


def history(module: str) -> list[PastRelease]:
    """The published releases of a module, newest first."""
    current = catalog.current().releases.get(module)
    rows = db.session.scalars(
        select(ModuleRelease)
        .where(ModuleRelease.module == module, ModuleRelease.number.is_not(None))
        .order_by(ModuleRelease.number.desc())
    )
    return [
        PastRelease(
            one.id,
            one.number or 0,
            one.sha256 or "",
            one.note,
            one.published_by,
            one.published_at or one.created_at,
            one.id == current,
        )
        for one in rows
    ]
