"""What a release would take away from other published modules: it is refused, they go on."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping

from sqlalchemy import select

from portal.db import db
from portal.definitions import catalog
from portal.definitions.checking import Finding, Report, check_module
from portal.definitions.drafts import MODULE_FILE, files_of
from portal.definitions.folders import Offers
from portal.definitions.models import Module, ModuleRelease
from portal.definitions.neighbors import known_beside
from portal.definitions.published import FormInRelease, Json, read_releases
from portal.errors import N_, Message
from portal.expressions import ExpressionError
from portal.forms.findings import DefinitionErrors

BREAKS = N_("The published module “%(module)s” would no longer work: %(file)s, %(place)s: %(why)s")
BREAKS_OLDER = N_(
    "Records of release %(number)s of “%(module)s” could no longer be opened: %(form)s: %(why)s"
)
KEEP_IT = N_("Keep what it reads, or first publish a release of that module that does without it.")
KEEP_FIELDS = N_("Keep what it reads; a field may be hidden or no longer be required.")

UsedReleases = Callable[[], Collection[str]]
_used: UsedReleases = list


def set_used_releases(find: UsedReleases) -> None:
    """Let the records say under which releases they stand."""
    global _used
    _used = find


def with_dependents(
    module: str, report: Report, also: Offers | None = None, *, older: bool = True
) -> Report:
    """The report, and what this content would break in the other published modules.

    `also` are modules published together with this one: they are checked with their new content.
    `older`: look at every release under which records stand, not at the current ones alone.
    """
    package = report.package
    current = {key: found for key, found in db.session.execute(_CURRENT) if found}
    if not report.ok or package is None or package.module is None or module not in current:
        return report
    new = package.module.raw or {}
    old = json.loads(files_of(current[module])[MODULE_FILE])
    offers = also or Offers(
        forms={key: dict(form) for key, form in report.expanded.items()},
        owners={("form", key): module for key in report.expanded},
        roles={module: {(role["scope"], role["role"]) for role in new.get("roles", ())}},
    )
    words = {f'"{word}"' for raw in (old, new) for word in _offered(raw)}
    broken: list[Finding] = []
    for other in current.keys() - offers.roles.keys():
        files = files_of(current[other])
        if any(word in text for text in files.values() for word in words):
            broken += _broken(other, files, offers)
    if older:
        broken += _broken_older(offers, set(current.values()))
    broken.sort(key=lambda one: str(one.message))
    return Report([*report.findings, *broken], report.expanded, package)


_CURRENT = select(Module.key, Module.current_release_id)


def _offered(module_json: Json) -> Iterator[str]:
    """The words by which others name what a module has: its forms and roles."""
    yield from (entry["form"] for entry in module_json["forms"])
    yield from (role["role"] for role in module_json.get("roles", ()))


def _broken(other: str, files: Mapping[str, str], offers: Offers) -> Iterator[Finding]:
    """The errors another module would have that it has not now."""
    then = check_module(files, known=known_beside(other, offers), run_cases=False).errors
    if not then:
        return
    now = check_module(files, known=known_beside(other), run_cases=False).errors
    known = {(one.file, one.path, str(one.message)) for one in now}
    for one in then:
        if (one.file, one.path, str(one.message)) not in known:
            args = {"module": other, "file": one.file, "place": one.path, "why": one.message}
            yield _finding(Message(BREAKS, args), KEEP_IT)


def _finding(message: Message, remedy: str) -> Finding:
    return Finding(MODULE_FILE, "", 1, 1, "error", message, Message(remedy))


def _broken_older(offers: Offers, current: set[str]) -> Iterator[Finding]:
    """Forms of earlier releases that would no longer compile: their records need them."""
    statement = select(ModuleRelease.id).where(ModuleRelease.module.not_in(list(offers.roles)))
    ids = sorted(set(db.session.scalars(statement)) & set(_used()) - current)
    now = catalog.current_catalog()

    def then(key: str) -> Json | None:
        known = now.forms.get(key)
        gone = known is None or known.module in offers.roles
        return offers.forms.get(key) or (None if gone else now.links(key))

    before = read_releases(ids, now.links) if ids else {}
    for release in read_releases(ids, then).values() if ids else ():
        for form in release.forms.values():
            why = _fault(form)
            if why is not None and _fault(before[release.id].forms[form.key]) is None:
                args = {"module": release.module, "number": release.number, "form": form.key}
                yield _finding(Message(BREAKS_OLDER, {**args, "why": why}), KEEP_FIELDS)


def _fault(form: FormInRelease) -> Message | None:
    """Why a form of a release, or its postings, do not compile."""
    try:
        assert form.postings is not None
    except DefinitionErrors as error:
        return error.findings[0].message
    except ExpressionError as error:
        return error.message
    return None
