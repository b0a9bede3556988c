"""The texts of a draft in both languages: what lacks one, and filling it in."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from portal.builder import queries
from portal.builder.area import AUTHORS, READERS, area, may_write
from portal.builder.checks import ordered
from portal.builder.field_page import TOO_LONG
from portal.builder.queries import Draft
from portal.builder.routes.module_settings import keep
from portal.builder.saving import mark_of, with_version
from portal.builder.whereabouts import file_said
from portal.builder.wording import Wording, lacking, with_wording, wordings
from portal.errors import N_, NotFound
from portal.forms.texts import Text
from portal.web.answers import page_or_fragment, see_other
from portal.web.inputs import clean, one_line
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

_AT = "/modules/<module>/draft/translations"
_EMPTY = N_("Write it in one language at least.")


@area.page(_AT, access=READERS)
def translations(module: str) -> BaseResponse:
    """The texts that lack a language, or all of them, file by file."""
    return _show(queries.the_draft(module))


@area.action(f"{_AT}/<file>", access=AUTHORS)
def save_translations(module: str, file: str) -> BaseResponse:
    """Keep what was typed for a file; 422 if wrong, 409 for texts changed meanwhile."""
    draft = queries.the_draft(module)
    if file not in draft.files:
        raise NotFound
    known = {one.address: one for one in wordings(file, draft.files[file])}
    changed = dict(_changed(known))
    overtaken = [one for one in changed if one not in known or not _is_fresh(known[one])]
    if overtaken and not request.form.get("over"):
        return _show(draft, file, typed=changed, overtaken=overtaken, status=409)
    errors = dict(_errors(known, changed))
    if errors:
        return _show(draft, file, typed=changed, errors=errors, status=422)
    text = draft.files[file]
    for address, words in changed.items():
        if address in known:
            text = with_wording(text, known[address], words)
    if file.endswith(".form.json"):
        text = with_version(draft, file, text)
    keep(draft, {file: text})
    left = lacking({**draft.files, file: text})
    said = ngettext(
        "The texts are saved. %(num)d text lacks a language.",
        "The texts are saved. %(num)d texts lack a language.",
        left,
    )
    url = url_for("builder.translations", module=module, show=_show_all())
    return see_other(url, said if left else _("The texts are saved. None lacks a language."))


def _show_all() -> str | None:
    return "all" if request.values.get("show") == "all" else None


def _plain(one: Wording, text: str) -> str:
    """A text as its input sends it back."""
    return str(clean(text) if one.is_long else one_line(text))


def shown_mark(one: Wording) -> str:
    """What the page carries to say which text it showed."""
    return mark_of(repr((_plain(one, one.text.en), _plain(one, one.text.zh))))[:12]


def _is_fresh(one: Wording) -> bool:
    return request.form.get(f"was:{one.address}") == shown_mark(one)


def _changed(known: Mapping[str, Wording]) -> Iterator[tuple[str, Text]]:
    """(address, text) of what was typed over; a text sent back as it was shown is none."""
    for name in request.form:
        kind, _mark, address = name.partition(":")
        if kind != "was":
            continue
        sent = [request.form.get(f"{one}:{address}", "") for one in ("en", "zh")]
        one = known.get(address)
        words = [(_plain(one, text) if one else clean(text))[:20_000] for text in sent]
        now = [_plain(one, text) for text in (one.text.en, one.text.zh)] if one else []
        untouched = mark_of(repr(tuple(words)))[:12] == request.form[name]
        if words != now and not untouched:
            yield address, Text(*words)


def _errors(known: Mapping[str, Wording], changed: Mapping[str, Text]) -> Iterator[tuple[str, str]]:
    for address, words in changed.items():
        if not words:
            yield f"en:{address}", _(_EMPTY)
        for language in ("en", "zh"):
            most = known[address].most if address in known else 0
            if most and len(getattr(words, language)) > most:
                yield f"{language}:{address}", _(TOO_LONG, most=most)


def _show(
    draft: Draft,
    file: str = "",
    *,
    typed: Mapping[str, Text] | None = None,
    errors: Mapping[str, str] | None = None,
    overtaken: list[str] | None = None,
    status: int = 200,
) -> Response:
    typed, files, language = typed or {}, [], current_viewer().language
    for name in ordered(draft.files):
        rows = wordings(name, draft.files[name])
        here = typed if name == file else {}
        wanted = [one for one in rows if _show_all() or one.is_lacking or one.address in here]
        if wanted:
            files.append((name, wanted))
    context: dict[str, Any] = {
        "draft": draft,
        "module": queries.the_module(draft.module),
        "files": files,
        "titles": {name: file_said(name, draft.files, language) for name, _rows in files},
        "typed_file": file,
        "typed": typed,
        "gone": [one for one in overtaken or () if one not in _addresses(draft, file)],
        "overtaken": overtaken or [],
        "errors": errors or {},
        "lacking": lacking(draft.files),
        "total": sum(len(wordings(*one)) for one in draft.files.items()),
        "show_all": bool(_show_all()),
        "mark": shown_mark,
        "members": _members(),
        "may_write": may_write(current_viewer()),
    }
    return page_or_fragment("builder/translations.html", status=status, **context)


def _addresses(draft: Draft, file: str) -> set[str]:
    return {one.address for one in wordings(file, draft.files.get(file, ""))}


def _members() -> dict[str, str]:
    return {
        "title": _("Title"),
        "label": _("Label"),
        "hint": _("Hint"),
        "message": _("Message"),
        "text": _("Note"),
        "meaning": _("Meaning"),
        "description": _("Hint"),
        "name": _("Name"),
    }
