"""Who files and reads a form of a draft, and whom one may choose, in the reader's words."""

from collections.abc import Iterable, Mapping, Sequence

from portal.accounts import queries as accounts
from portal.builder import words
from portal.builder.module_inputs import EntryInputs
from portal.builder.module_parts.forms import chains_of, raw_of
from portal.builder.module_parts.reading import Entry, ModuleFile, Who
from portal.builder.queries import Draft
from portal.forms.texts import read_text
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _


def told(
    who: Sequence[Who] | None, scope: str, titles: Mapping[tuple[str, str], str], purpose: str
) -> str:
    """Who files, reads or voids a form, in words."""
    rules = None if who is None else [{kind: value} for kind, value in who]
    return words.who_may(rules, scope, titles, purpose)


def role_titles(found: ModuleFile) -> dict[tuple[str, str], str]:
    """(scope, role) → title of every role there is, those of this draft included."""
    own = [
        {"scope": one.scope, "role": one.role, "title": {"en": one.title.en, "zh": one.title.zh}}
        for one in found.roles
        if one.title
    ]
    return words.role_titles(own)


def named(one: Entry | EntryInputs) -> tuple[Who, ...]:
    """Whom the rules of a form name."""
    return (*(one.file or ()), *(one.read or ()), *(one.void or ()), *(one.private or ()))


def people(found: ModuleFile, also: Iterable[Who]) -> dict[Who, str]:
    """Whom a rule may name, by title: roles, departments, every requester, and those named."""
    kinds = {"project": "project_role", "company": "role"}
    titles = sorted(role_titles(found).items(), key=lambda one: one[1])
    known: dict[Who, str] = {who: who[1] for who in also}
    known |= {(kinds[scope], role): title for (scope, role), title in titles}
    known |= {("department", one.code): one.name for one in accounts.departments()}
    return {**known, ("requester", ""): str(_("any requester"))}


def grouped(known: Mapping[Who, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The same under headings, as (value of the input, title)."""
    headings = {
        "project_role": _("Role in the project"),
        "role": _("Role in the company"),
        "department": _("Department"),
        "requester": _("Requester"),
    }
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in headings}
    for (kind, value), title in known.items():
        found[kind].append((f"{kind}:{value}", title))
    return [(str(headings[kind]), lines) for kind, lines in found.items() if lines]


def chains(draft: Draft, form: str) -> list[tuple[str, str]]:
    """The chains written for a form, by title."""
    language, found = current_viewer().language, []
    for key in chains_of(draft.files, form):
        title = read_text(raw_of(draft.files[f"{key}.workflow.json"]).get("title"))
        found.append((key, title.in_language(language) or key))
    return found
