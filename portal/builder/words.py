"""What the author's pages say: kinds of fields and files, who may do what, what publishing did."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import ngettext

from portal.accounts import rolebook
from portal.definitions import pilots
from portal.definitions.diff_words import KINDS
from portal.definitions.json_source import SourceError, read_source
from portal.definitions.published import Release
from portal.forms.texts import Text
from portal.records.losses import Loss
from portal.web.filters import text_in
from portal.web.words import gettext as _
from portal.workflows.people import PeopleRule

_MOST_FORMS = 3


def tile_title() -> str:
    """The name of the place."""
    return str(_("Modules"))


def tile_text() -> str:
    """What one does there."""
    return str(_("Forms, approval chains, releases"))


def kind_titles() -> dict[str, str]:
    """The kinds of fields in the reader's words, in the order they are offered."""
    return {kind: str(_(title)) for kind, title in KINDS.items()}


def file_titles() -> dict[str, str]:
    """The kinds of files of a module."""
    return {
        "module": _("Module"),
        "form": _("Form"),
        "workflow": _("Approval chain"),
        "postings": _("Posting rules"),
        "cases": _("Example cases"),
        "sheet": _("Sheet of a center"),
        "health": _("Rules of health"),
    }


def ledger_titles() -> dict[str, str]:
    """The ledgers posting rules write to."""
    return {
        "cost_entry": _("Cost"),
        "funds_entry": _("Funds"),
        "labor_entry": _("Labor"),
        "progress_entry": _("Progress"),
    }


def group_titles() -> dict[str, str]:
    """The groups of the side bar a module may stand in."""
    return {
        "money": _("Money"),
        "site": _("Site"),
        "plan": _("Plan"),
        "registers": _("Registers"),
        "company": _("Company"),
    }


def role_titles(own: Iterable[Mapping[str, Any]] = ()) -> dict[tuple[str, str], str]:
    """(scope, role) → title; `own` are the roles a draft declares."""
    found = {
        (scope, role): text_in(title)
        for scope in ("project", "company")
        for role, title in rolebook.titles(scope).items()
    }
    for role in own:
        found[role["scope"], role["role"]] = text_in(role["title"])
    return found


def own_roles(raw: Any) -> list[Mapping[str, Any]]:
    """The roles a module.json declares; what is no role yet is left out."""
    roles = raw.get("roles") if isinstance(raw, Mapping) else None
    return [one for one in roles if _is_role(one)] if isinstance(roles, list) else []


def roles_in(text: str) -> list[Mapping[str, Any]]:
    """The roles the text of a module.json declares; none while it cannot be read."""
    try:
        return own_roles(read_source(text).value)
    except SourceError:
        return []


def _is_role(one: Any) -> bool:
    if not isinstance(one, Mapping) or not isinstance(one.get("title"), str | Mapping):
        return False
    return isinstance(one.get("scope"), str) and isinstance(one.get("role"), str)


def people(rule: PeopleRule, titles: Mapping[tuple[str, str], str]) -> str:
    """Whom a people rule asks."""
    return str(_(" or ")).join(_person(one.rule, one.value, titles) for one in rule.parts)


def _person(rule: str, value: str, titles: Mapping[tuple[str, str], str]) -> str:
    if rule in ("role", "project_role"):
        return titles.get(("company" if rule == "role" else "project", value), value)
    if rule == "dept_head_of":
        if value == "requester":
            return str(_("head of the requester's department"))
        if value == "project":
            return str(_("head of the project's department"))
        return str(_("head of the department in “%(field)s”", field=value))
    return str(_("person in “%(field)s”", field=value)) if rule == "field" else value


def need(value: str | int) -> str:
    """How many of them must approve."""
    if value == "any":
        return str(_("one of them is enough"))
    if value == "all":
        return str(_("all of them"))
    return str(ngettext("%(num)d of them", "%(num)d of them", int(value)))


def who_may(
    rules: Sequence[Mapping[str, Any]] | None,
    scope: str,
    titles: Mapping[tuple[str, str], str],
    purpose: str = "file",
) -> str:
    """Who files, reads or voids a form, from the access rules of module.json."""
    if rules is None and purpose == "void":
        return str(_("nobody"))
    if rules is None and purpose == "private":
        return str(_("whoever may file"))
    if rules is None:
        if scope == "company":
            return str(_("everybody of the company"))
        return str(_("members of the project"))
    return str(_(", ")).join(
        _may(kind, value, titles)
        for rule in rules
        for kind, values in rule.items()
        for value in (values if isinstance(values, list) else [values])
    )


def _may(kind: str, value: Any, titles: Mapping[tuple[str, str], str]) -> str:
    if kind == "requester":
        return str(_("any requester"))
    if kind == "department":
        return str(_("department %(code)s", code=value))
    return titles.get(("company" if kind == "role" else "project", value), str(value))


def published(release: Release, open_records: Mapping[int, int]) -> str:
    """What publishing did: "Next payments use release 4. 12 open records stay on release 3."."""
    number = release.number
    if number == 1:
        return str(
            _(
                "It is out: %(records)s can be filed from now on, under Start.",
                records=plural(release),
            )
        )
    parts = [_("Next %(records)s use release %(number)s.", records=plural(release), number=number)]
    for old, count in sorted(open_records.items(), reverse=True):
        parts.append(
            ngettext(
                "%(num)d open record stays on release %(number)s.",
                "%(num)d open records stay on release %(number)s.",
                count,
                number=old,
            )
        )
    return joined(parts)


def projects_of(ids: Iterable[str]) -> str:
    """The codes of these projects, as a list; closed ones are left out."""
    wanted = set(ids)
    known = pilots.open_projects()
    return joined_list(known[one].partition(" ")[0] for one in known if one in wanted)


def joined_list(parts: Iterable[str]) -> str:
    """Words one after the other, with the comma of the reader's language."""
    return str(_(", ")).join(parts)


def piloted(release: Release, projects: Iterable[str]) -> str:
    """What a pilot did: "P-1 and P-2 use release 4 from now on."."""
    return str(
        _(
            "New records of %(projects)s are filed under release %(number)s; the others go on.",
            projects=projects_of(projects),
            number=release.number,
        )
    )


def dropped(loss: Loss) -> str:
    """How much of a field is filled in: "Filled in on 2 drafts and 1 register entry; ..."."""
    drafts = ngettext("%(num)d draft", "%(num)d drafts", loss.drafts)
    entries = ngettext("%(num)d register entry", "%(num)d register entries", loss.entries)
    if loss.drafts and loss.entries:
        text = _("Filled in on %(drafts)s and %(entries)s; these values are dropped.")
        return str(text % {"drafts": drafts, "entries": entries})
    records = drafts if loss.drafts else entries
    return str(_("Filled in on %(records)s; these values are dropped.", records=records))


def joined(sentences: Iterable[str]) -> str:
    """Sentences one after the other, as the reader's language sets them apart."""
    whole = ""
    for one in sentences:
        whole = str(_("%(first)s %(second)s", first=whole, second=one)) if whole else one
    return whole


def plural(release: Release) -> str:
    """What the records of a release are called, as people say it: payments, 付款申请."""
    titles = [form.title for form in release.forms.values()]
    if not titles or len(titles) > _MOST_FORMS:
        return str(_("records of “%(module)s”", module=release.title.in_language(_language())))
    names = [_plural(title) for title in titles]
    return str(_(" and ")).join(part for part in (str(_(", ")).join(names[:-1]), names[-1]) if part)


def _plural(title: Text) -> str:
    is_english = _language() == "en" and title.en
    return _english_plural(title.en) if is_english else title.in_language(_language())


def _english_plural(title: str) -> str:
    first = title.split(" ", 1)[0]
    words = title if first[1:] != first[1:].lower() else title[:1].lower() + title[1:]
    if words.endswith(("s", "x", "ch", "sh")):
        return words + "es"
    if words.endswith("y") and words[-2:-1] not in set("aeiou"):
        return words[:-1] + "ies"
    return words + "s"


def _language() -> str:
    from portal.web.viewer import current_viewer

    return current_viewer().language
