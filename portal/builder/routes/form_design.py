"""A form edited part by part: its sections and fields, in the same draft as its text."""

from collections.abc import Mapping

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.builder import queries
from portal.builder.area import AUTHORS, READERS, area
from portal.builder.checks import judge
from portal.builder.design import form_edits as edits
from portal.builder.design.form import Design, Section
from portal.builder.design.removal import remove_field
from portal.builder.desk import lay_out
from portal.builder.routes.form_showing import show_form, the_section
from portal.builder.saving import with_version
from portal.definitions import services
from portal.definitions.checking import Finding
from portal.errors import N_, Invalid, NotFound
from portal.forms.texts import Text, write_text
from portal.web.answers import page_or_fragment, see_other, sentence
from portal.web.inputs import clean, one_line
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

_AT = "/modules/<module>/draft/<file>/design"
_TITLE, _NOTE = 500, 2_000


@area.page(_AT, access=READERS)
def design_form(module: str, file: str) -> BaseResponse:
    """The sections and fields of a form, in order."""
    return show_form(module, file)


@area.page(f"{_AT}/fields/<address>/remove", access=AUTHORS)
def ask_to_remove(module: str, file: str, address: str) -> BaseResponse:
    """Ask before a field is taken out, or say where it is used."""
    draft, design = the_form(module, file)
    path = path_of(design, address)
    return page_or_fragment(
        "builder/design/remove_field.html",
        desk=lay_out(draft, file, current_viewer().language, run_cases=False),
        design=design,
        field=design.fields[path],
        module=queries.the_module(module),
        in_the_way=in_the_way(draft, file, remove_field(design.text, path)),
    )


@area.action(f"{_AT}/fields/<address>/<act>", access=AUTHORS)
def change_field(module: str, file: str, address: str, act: str) -> BaseResponse:
    """Move a field up or down, duplicate it, or take it out where nothing uses it."""
    draft, design = the_form(module, file)
    path = path_of(design, address)
    text, at = design.text, path
    label = design.fields[path].label.in_language(current_viewer().language) or path
    if act in ("up", "down"):
        made, said = edits.move_field(text, path, act == "down"), None
    elif act == "duplicate":
        made, at = edits.duplicate_field(text, path)
        said = _("“%(label)s” is there twice now; the copy has the key “%(key)s”.", label=label,
                 key=at)  # fmt: skip
    elif act == "remove":
        made = remove_field(text, path)
        used = in_the_way(draft, file, made)
        if used:
            refused = _("“%(label)s” is used and stays:", label=label)
            return show_form(module, file, status=422, refused=refused, in_the_way=used)
        at, said = "", _("“%(label)s” is out of the form.", label=label)
    else:
        raise NotFound
    keep(draft, file, made)
    return back(module, file, said, at)


@area.action(f"{_AT}/sections", access=AUTHORS)
def add_section(module: str, file: str) -> BaseResponse:
    """One more section, the last one."""
    draft, design = the_form(module, file)
    try:
        title = _title()
        if not title:
            raise Invalid(N_("Give the section a title in one language at least."))
    except Invalid as refusal:
        errors = {"new_title_en": sentence(refusal.message)}
        return show_form(module, file, status=422, errors=errors)
    made = edits.add_section(design.text, title, 2 if request.form.get("columns") == "2" else 1)
    keep(draft, file, made)
    url = url_for(
        "builder.design_form", module=module, file=file, _anchor=f"s{len(design.sections)}"
    )
    return see_other(url, _("The section is there. Add fields to it, or move some here."))


@area.action(f"{_AT}/sections/<int:at>/<act>", access=AUTHORS)
def change_section(module: str, file: str, at: int, act: str) -> BaseResponse:
    """Rename a section, move it, or take it out while it is empty; 409 if it is another now."""
    draft, design = the_form(module, file)
    section = the_section(design, at)
    said = None
    if act in ("up", "down"):
        made = edits.move_section(design.text, at, act == "down")
        at = max(0, min(at + (1 if act == "down" else -1), len(design.sections) - 1))
    elif act == "remove":
        try:
            made = edits.remove_section(design.text, at)
        except Invalid as refusal:
            return show_form(module, file, status=422, refused=sentence(refusal.message))
        said = _("The section is out of the form.")
    elif act == "save":
        try:
            made = edits.set_section(design.text, at, _section_changes(section))
        except Invalid as refusal:
            return show_form(
                module, file, status=422, errors={f"s{at}_title_en": sentence(refusal.message)}
            )
    else:
        raise NotFound
    keep(draft, file, made)
    return see_other(
        url_for("builder.design_form", module=module, file=file, _anchor=f"s{at}"), said
    )


def _section_changes(section: Section) -> dict[str, object]:
    if section.kind == "note":
        return _note_changes(section)
    title = _title()
    if not title:
        raise Invalid(N_("Give the section a title in one language at least."))
    changes: dict[str, object] = {}
    if title != Text(one_line(section.title.en), one_line(section.title.zh)):
        changes["title"] = write_text(title)
    columns = 2 if request.form.get("columns") == "2" else 1
    if columns != section.columns:
        changes["columns"] = columns if columns != 1 else None
    collapsed = bool(request.form.get("collapsed"))
    if collapsed != section.collapsed:
        changes["collapsed"] = True if collapsed else None
    return changes


def _note_changes(section: Section) -> dict[str, object]:
    """A note keeps its line breaks."""
    typed = (clean(request.form.get(f"title_{one}", "")) for one in ("en", "zh"))
    note = _bounded(Text(*typed), _NOTE)
    same = Text(clean(section.note.en), clean(section.note.zh))
    return {} if note == same else {"text": write_text(note)}


def _title() -> Text:
    typed = (one_line(request.form.get(f"title_{one}", "")) for one in ("en", "zh"))
    return _bounded(Text(*typed), _TITLE)


def _bounded(text: Text, most: int) -> Text:
    """The text; raises Invalid where it is too long, rather than cut it."""
    if max(len(text.en), len(text.zh)) > most:
        raise Invalid(N_("At most %(most)s characters."), most=most)
    return text


def the_form(module: str, file: str) -> tuple[queries.Draft, Design]:
    """The draft and the parts of one of its forms; raises NotFound, Invalid."""
    draft = queries.the_draft(module)
    if file not in draft.files or not file.endswith(".form.json"):
        raise NotFound
    return draft, edits.opened(draft.files[file])


def path_of(design: Design, address: str) -> str:
    """The path of the field an address names; raises NotFound."""
    found = next((one.path for one in design.fields.values() if one.address == address), None)
    if found is None:
        raise NotFound
    return found


def keep(draft: queries.Draft, file: str, text: str) -> None:
    """Save a form's text, with the next version number where it needs one."""
    if text == draft.files[file]:
        return
    made = with_version(draft, file, text)
    services.save_draft_file(
        release_id=draft.id, name=file, text=made, seen_revision=draft.revision,
        actor=current_viewer(), now=clock.now(),
    )  # fmt: skip


def back(module: str, file: str, said: str | None, path: str = "") -> BaseResponse:
    """To the form's page, at a field."""
    anchor = f"f-{path.replace('[].', '.')}" if path else None
    return see_other(url_for("builder.design_form", module=module, file=file, _anchor=anchor), said)


def in_the_way(
    draft: queries.Draft, file: str, text: str, *, run_cases: bool = True
) -> list[Finding]:
    """The errors a text would bring that the draft has not now, one a place; in all modules."""
    return errors_between(draft, {**draft.files, file: text}, run_cases=run_cases)


def errors_between(
    draft: queries.Draft, files: Mapping[str, str], *, run_cases: bool = True
) -> list[Finding]:
    """The errors other files would bring that the draft has not now, one a place."""
    known = {
        _said(one) for one in judge(draft.module, draft.files, run_cases=run_cases).report.errors
    }
    after = judge(draft.module, files, run_cases=run_cases).report.errors
    new = [one for one in after if _said(one) not in known and one.path != "version"]
    return list({(one.file, one.path): one for one in reversed(new)}.values())[::-1]


def _said(one: Finding) -> tuple[str, str, str]:
    return one.file, one.path, sentence(one.message)
