"""Where a finding lies, as an author who reads no JSON knows it: a field, a step, a form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from flask import url_for

from portal.builder.design.places import FIELD, FILE, RULE, SECTION, STEP, Place, places_in
from portal.builder.queries import Draft
from portal.definitions.checking import Finding, file_kind
from portal.definitions.json_source import SourceError, read_source
from portal.forms.texts import read_text
from portal.web.words import gettext as _

_PAGES = {"form": "builder.design_form", "workflow": "builder.chain"}


@dataclass(frozen=True, slots=True)
class Spot:
    """What a finding is about, in words, and the page where it can be mended."""

    words: str
    url: str


def spots(draft: Draft, language: str) -> Callable[[Finding], Spot | None]:
    """For each finding of the draft where it lies; None where its file is not of the draft.

    A file is read once, however much is found in it.
    """
    places = cache(lambda name: places_in(name, draft.files[name]))
    own = cache(lambda name: file_said(name, draft.files, language))

    def spot(one: Finding) -> Spot | None:
        text = draft.files.get(one.file)
        if text is None:
            return None
        start = _offset(text, one.line, one.column)
        place = places(one.file)(start, start + 1)
        said = _part_said(place, language) or own(one.file)
        return Spot(said, _url(draft.module, one, place))

    return spot


def said_of(name: str, place: Place, language: str, files: Mapping[str, str]) -> str:
    """A place in words: field “Amount”; the form, the chain or the examples where it is none."""
    return _part_said(place, language) or file_said(name, files, language)


def _part_said(place: Place, language: str) -> str:
    title = place.title.in_language(language)
    if not title or place.what == FILE:
        return ""
    if place.what == FIELD:
        return _("field “%(title)s”", title=title)
    if place.what == SECTION:
        return _("section “%(title)s”", title=title)
    if place.what == RULE:
        return _("posting rule “%(title)s”", title=title)
    return _("step “%(title)s”", title=title)


def file_said(name: str, files: Mapping[str, str], language: str) -> str:
    """A file of a module in words; its name where nothing better is known."""
    kind = kind_of(name)
    title = file_title(name, files, language)
    if kind == "module":
        return _("settings of the module")
    if kind == "sheet":
        return _("columns of the cost sheet")
    if kind == "health":
        return _("rules of health")
    if not title:
        return name
    if kind == "form":
        return _("form “%(title)s”", title=title)
    if kind == "workflow":
        return _("approval chain “%(title)s”", title=title)
    if kind == "postings":
        return _("postings of “%(title)s”", title=title)
    return _("examples of “%(title)s”", title=title)


def file_title(name: str, files: Mapping[str, str], language: str) -> str:
    """What a file's form or chain is called, as the draft has it; "" while it cannot be read."""
    of_form = kind_of(name) in ("postings", "cases")
    own = f"{name.partition('.')[0]}.form.json" if of_form else name
    try:
        raw = read_source(files.get(own, "")).value
    except SourceError:
        return ""
    return read_text(raw.get("title")).in_language(language) if isinstance(raw, dict) else ""


def kind_of(name: str) -> str:
    """The kind of a file of a module: module, form, workflow, postings or cases; "" for none."""
    return (file_kind(name) or ("", ""))[0]


def file_url(module: str, name: str) -> str:
    """The page on which a file is edited part by part; its text where there is none."""
    kind = kind_of(name)
    if kind == "postings":
        key = name.removesuffix(".postings.json")
        return url_for("builder.design_postings", module=module, key=key)
    if kind == "module":
        return url_for("builder.module_settings", module=module)
    return url_for(_PAGES.get(kind, "builder.edit_file"), module=module, file=name)


def _url(module: str, one: Finding, place: Place) -> str:
    if place.what == FIELD:
        return url_for("builder.edit_field", module=module, file=one.file, address=place.address)
    if place.what == STEP:
        return f"{file_url(module, one.file)}#block-{place.address}"
    if place.what in (SECTION, RULE):
        return f"{file_url(module, one.file)}#{place.address}"
    if kind_of(one.file) == "cases":
        return f"{file_url(module, one.file)}#L{one.line}"
    return file_url(module, one.file)


def _offset(text: str, line: int, column: int) -> int:
    lines = text.split("\n", line - 1)
    before = sum(len(each) + 1 for each in lines[: line - 1])
    return min(before + column - 1, max(len(text) - 1, 0))
