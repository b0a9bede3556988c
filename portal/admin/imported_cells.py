"""What the cells of a list of people mean: departments, projects, languages and roles by name."""

from collections.abc import Mapping
from typing import Any, Final

from portal.accounts import queries as accounts
from portal.accounts import rolebook
from portal.errors import N_, Invalid
from portal.projects import queries as projects

COLUMN_OF: Final = {
    "name": "name",
    "email": "email",
    "phone": "phone",
    "department_id": "department",
    "title": "title",
    "language": "language",
    "zone": "zone",
    "project_id": "project",
}
_MOST: Final = (("name", 200), ("email", 254), ("phone", 40), ("title", 200), ("zone", 60))
_LANGUAGES: Final = {
    "en": "en",
    "english": "en",
    "英文": "en",
    "英语": "en",
    "zh": "zh",
    "chinese": "zh",
    "中文": "zh",
    "简体中文": "zh",
}


class Known:
    """Departments, projects and roles as lists name them, and as reports word them."""

    def __init__(self) -> None:
        self.departments: dict[str, str] = {}
        self.names: dict[str, str] = {"en": "English", "zh": "中文"}
        for one in accounts.departments():
            self.departments.setdefault(one.name.casefold(), one.id)
            self.departments[one.code.casefold()] = one.id
            self.names[one.id] = one.name
        self.projects: dict[str, str] = {}
        for project in projects.visible_projects():
            self.projects[project.code.casefold()] = project.id
            self.names[project.id] = project.code
        self.roles = rolebook.titles("company")
        self.seen: set[str] = set()

    def worded(self, key: str, value: Any) -> str:
        """A stored value of a person as a report shows it."""
        if key in {"department_id", "project_id", "language"}:
            return self.names.get(str(value), "") if value else ""
        return str(value or "")


def values_of(cells: Mapping[str, str], known: Known) -> dict[str, Any]:
    """The columns of a person that a row fills in; an empty cell says nothing. Raises Invalid."""
    values: dict[str, Any] = {}
    for column, most in _MOST:
        if len(cells.get(column, "")) > most:
            raise Invalid(N_("%(column)s is longer than %(most)s."), column=column, most=most)
        if cells.get(column):
            values[column] = cells[column]
    if cells.get("department"):
        values["department_id"] = _department(cells["department"], known)
    if cells.get("language"):
        values["language"] = _language(cells["language"])
    if cells.get("project"):
        values |= {"external": True, "project_id": _project(cells["project"], known)}
    return values


def _department(text: str, known: Known) -> str:
    found = known.departments.get(text.casefold())
    if found is None:
        raise Invalid(N_("There is no department “%(name)s”."), name=text[:80])
    return found


def _project(text: str, known: Known) -> str:
    found = known.projects.get(text.casefold())
    if found is None:
        raise Invalid(N_("There is no project “%(name)s”."), name=text[:80])
    return found


def _language(text: str) -> str:
    """`en`, `zh`, also as `zh-CN` or by name; no other language is guessed at."""
    wanted = text.casefold()
    found = _LANGUAGES.get(wanted) or _LANGUAGES.get(wanted.replace("_", "-").split("-")[0])
    if found is None:
        raise Invalid(N_("There is no language “%(name)s”; write en or zh."), name=text[:80])
    return found


def roles_of(text: str, known: Known) -> list[str]:
    """The company roles of a cell, separated by semicolons. Raises Invalid."""
    parts = (part.strip() for part in text.replace("、", ";").replace("|", ";").split(";"))
    wanted = [part for part in parts if part]
    for role in wanted:
        if role not in known.roles:
            raise Invalid(N_("There is no company role “%(name)s”."), name=role[:80])
    return wanted
