"""Who approves what, by amount and project: of a draft's chain, and of the one in force."""

from typing import Any

from flask import request
from werkzeug.wrappers import Response as BaseResponse

from portal.builder import queries, words
from portal.builder.area import READERS, area
from portal.builder.authority import Authority, Told, authority_of, labels_of
from portal.builder.chain_desk import ChainDesk
from portal.builder.routes.chain import AT, show, the_desk
from portal.definitions import queries as definitions
from portal.definitions.pilots import open_projects
from portal.definitions.published import FormInRelease
from portal.errors import NotFound
from portal.projects.queries import visible_projects
from portal.reports.workbook import Column, workbook_bytes
from portal.web.answers import page_or_fragment
from portal.web.downloads import XLSX, download
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

_PUBLISHED = "/modules/<module>/forms/<form>/authority"


@area.page(f"{AT}/authority", access=READERS)
def chain_authority(module: str, file: str) -> BaseResponse:
    """The table of the draft's chain."""
    desk = the_desk(module, file)
    table = _of_draft(desk)
    return show("authority", desk, table=table, **_choices())


@area.page(f"{AT}/authority.xlsx", access=READERS)
def chain_authority_sheet(module: str, file: str) -> BaseResponse:
    """The same as a spreadsheet; 404 while the chain has errors."""
    desk = the_desk(module, file)
    table = _of_draft(desk)
    if table is None:
        raise NotFound
    return _sheet(table, desk.heading, file)


@area.page(_PUBLISHED, access=READERS)
def form_authority(module: str, form: str) -> BaseResponse:
    """The table of the chain in force; 404 for a form without one."""
    found, table = _in_force(module, form)
    return page_or_fragment(
        "builder/authority.html",
        module=queries.the_module(module),
        form=found,
        heading=_title(found),
        table=table,
        **_choices(),
    )


@area.page(f"{_PUBLISHED}.xlsx", access=READERS)
def form_authority_sheet(module: str, form: str) -> BaseResponse:
    """The same as a spreadsheet."""
    found, table = _in_force(module, form)
    return _sheet(table, _title(found), form)


def _of_draft(desk: ChainDesk) -> Authority | None:
    """None while the chain or its form has errors."""
    if desk.workflow is None or desk.form is None:
        return None
    said = Told(desk.labels, desk.roles, desk.language)
    return authority_of(desk.workflow, desk.form, said, _projects(), request.args.get("by", ""))


def _in_force(module: str, form: str) -> tuple[FormInRelease, Authority]:
    found = definitions.current_form(form)
    if found is None or found.module != module or found.workflow is None:
        raise NotFound
    language = current_viewer().language
    said = Told(labels_of(found.form, language), words.role_titles([]), language)
    by = request.args.get("by", "")
    return found, authority_of(found.workflow, found.form, said, _projects(), by)


def _title(form: FormInRelease) -> str:
    return str(form.title.in_language(current_viewer().language))


def _projects() -> list[str]:
    """The project asked for, else every open one."""
    known, asked = open_projects(), request.args.get("project", "")
    return [asked] if asked in known else list(known)


def _choices() -> dict[str, Any]:
    asked = request.args.get("project", "")
    seen = {one.code for one in visible_projects()}
    return {"projects": open_projects(), "asked": asked, "seen": seen}


def _sheet(table: Authority, heading: str, name: str) -> BaseResponse:
    title = _("Who approves what: %(chain)s", chain=heading)
    columns = [
        Column(_("Project"), width=14),
        Column(_("Title"), width=28),
        Column(_("Amount"), width=28),
        *(Column(text, width=32) for _key, text in table.steps),
    ]
    rows = [
        [row.project, row.project_title, row.band, *(cell.text for cell in row.cells)]
        for row in table.rows
    ]
    content = workbook_bytes(title, columns, rows, language=current_viewer().language)
    return download(content, XLSX, f"{name.partition('.')[0]}-authority.xlsx")
