"""Where something is named, in the draft and in the other modules, told in words with its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import select

from portal.builder.completion.pages import page_of
from portal.builder.design.places import RULE, SECTION, place_at
from portal.builder.queries import Draft
from portal.builder.uses.mentions import FIELD, FORM, Forms, Mention, mentions
from portal.db import db
from portal.definitions.json_source import Path, read_source
from portal.definitions.models import Definition, Module, ModuleRelease
from portal.web.words import gettext as _

_EXCERPT = 140
_ENDING = ".form.json"


@dataclass(frozen=True, slots=True)
class Other:
    """Another module as it is published: its files, and the number of that release."""

    module: str
    number: int
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Use:
    """A place that names it: where, how, what stands there, and the page that shows it."""

    module: str
    file: str
    line: int
    title: str
    how: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: a field of a form, a form, or a role (what: role, project_role)."""

    what: str
    name: str
    form: str = ""

    def fits(self, one: Mention) -> bool:
        """Whether a mention is of it; a table is also meant by its columns."""
        if (one.what, one.form) != (self.what, self.form):
            return False
        return one.name == self.name


def others(module: str) -> list[Other]:
    """The other modules with the files of their current releases."""
    statement = (
        select(Module.key, ModuleRelease.number, Definition.name, Definition.source)
        .join(ModuleRelease, ModuleRelease.id == Module.current_release_id)
        .join(Definition, Definition.release_id == ModuleRelease.id)
        .where(Module.key != module)
        .order_by(Module.key, Definition.name)
    )
    found: dict[tuple[str, int], dict[str, str]] = {}
    for key, number, name, source in db.session.execute(statement):
        found.setdefault((key, int(number or 0)), {})[name] = source
    return [Other(key, number, files) for (key, number), files in found.items()]


def forms_of(draft: Draft, beside: Iterable[Other]) -> Forms:
    """All forms by key; those of the draft as they are written there."""
    texts = {
        name.removesuffix(_ENDING): text
        for files in (*(one.files for one in beside), draft.files)
        for name, text in files.items()
        if name.endswith(_ENDING)
    }
    return Forms(texts)


def uses(draft: Draft, sought: Sought, language: str) -> list[Use]:
    """Everywhere it is named, this draft first; where it is defined is no use of it."""
    beside = others(draft.module)
    forms = forms_of(draft, beside)
    found = _told(draft, draft.module, 0, draft.files, forms, sought, language)
    for one in beside:
        found += _told(None, one.module, one.number, one.files, forms, sought, language)
    return found


def _told(
    draft: Draft | None, module: str, number: int, files: Mapping[str, str], forms: Forms,
    sought: Sought, language: str,
) -> list[Use]:  # fmt: skip
    found: dict[tuple[str, Path], Use] = {}
    for one in mentions(files, forms):
        if sought.fits(one) and not _is_its_own(one, sought):
            place = _grouped(one.path)
            if (one.file, place) not in found:
                found[one.file, place] = _use(draft, module, number, files, one, language)
    return sorted(found.values(), key=lambda use: use.file.endswith(".cases.json"))


def _is_its_own(one: Mention, sought: Sought) -> bool:
    """Its own computation, translation or place among the options of the field itself."""
    return (
        sought.what == FIELD
        and one.file == f"{sought.form}{_ENDING}"
        and one.is_key
        and one.path[0] in ("computed", "texts")
    )


def _grouped(path: Path) -> Path:
    """The examples of a form are told once, rules once each."""
    if path[:1] == ("cases",):
        return path[:1]
    return path[:2] if path[:1] == ("rules",) else path


def _use(
    draft: Draft | None, module: str, number: int, files: Mapping[str, str], one: Mention,
    language: str,
) -> Use:  # fmt: skip
    text = files[one.file]
    source = read_source(text)
    start, end = source.span(one.path, named=True)
    line = text.count("\n", 0, start) + 1
    place = place_at(one.file, text, start, end)
    excerpt = " ".join(text[start:end].split())
    if len(excerpt) > _EXCERPT:
        excerpt = excerpt[:_EXCERPT] + "…"
    return Use(
        module=module,
        file=one.file,
        line=line,
        title=place.title.in_language(language),
        how=how_named(one),
        text=excerpt,
        url=_url(draft, module, number, one, place.what, place.address, line),
    )


def _url(
    draft: Draft | None, module: str, number: int, one: Mention, what: str, address: str, line: int
) -> str:
    if draft is None:
        return url_for("builder.release", module=module, number=number, file=one.file)
    if what == SECTION:
        return url_for("builder.design_form", module=module, file=one.file, _anchor=address)
    if what == RULE and isinstance(one.path[1], int):
        return posting_url(module, one.file, one.path[1])
    page = page_of(draft, one.file, one.path)
    if page is not None:
        return page.url
    return url_for("builder.edit_file", module=module, file=one.file, _anchor=f"L{line}")


def posting_url(module: str, file: str, at: int) -> str:
    """The page of a posting rule."""
    key = file.removesuffix(".postings.json")
    return url_for("builder.posting_rule", module=module, key=key, at=at)


def how_named(one: Mention) -> str:
    """What a mention is part of, in words."""
    kind, first = one.file.split(".")[-2], str(one.path[0])
    if kind == "form":
        return {
            "computed": _("computed"),
            "rules": _("rule"),
            "layout": _("section"),
            "list": _("list"),
            "texts": _("translation"),
            "migrations": _("migration"),
            "data": _("option of a field"),
        }.get(first, _("setting of the form"))
    if kind == "workflow":
        return _("field rights") if "fields" in one.path else _("approval chain")
    if kind == "postings":
        return _("posting rule")
    if kind == "cases":
        return _("examples")
    return _("who may file and read") if "access" in one.path else _("module")


__all__ = [
    "FIELD",
    "FORM",
    "Other",
    "Sought",
    "Use",
    "forms_of",
    "how_named",
    "others",
    "posting_url",
    "uses",
]
