"""Where a field, a form or a role is used; what depends on what in a form."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.builder import queries, words
from portal.builder.area import READERS, area, may_write
from portal.builder.design.form import Design
from portal.builder.design.lettering import folded
from portal.builder.design.places import place_at
from portal.builder.form_page import FORM as ENDING
from portal.builder.routes.form_design import path_of, the_form
from portal.builder.uses import finding
from portal.builder.uses.dependencies import Node, around, dependencies, field_node
from portal.builder.uses.mentions import FIELD, FORM, Forms, mentions
from portal.builder.uses.picture import HEIGHT, WIDTH, picture
from portal.definitions.json_source import read_source
from portal.errors import NotFound
from portal.web.answers import page_or_fragment
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

_DRAFT = "/modules/<module>/draft"
_AT = f"{_DRAFT}/<file>/design"
_SCOPES = {"company": "role", "project": "project_role"}
_UNITS = 25


@area.page(f"{_AT}/uses/<address>", access=READERS)
def field_uses(module: str, file: str, address: str) -> BaseResponse:
    """Everywhere a field is named, in all modules."""
    draft, design = the_form(module, file)
    field = design.fields[path_of(design, address)]
    form = file.removesuffix(ENDING)
    title = field.label.in_language(current_viewer().language) or field.key
    back = url_for("builder.edit_field", module=module, file=file, address=address)
    sought = finding.Sought(FIELD, field.path, form)
    return _show(draft, sought, _("field “%(title)s”", title=title), back)


@area.page(f"{_AT}/uses", access=READERS)
def form_uses(module: str, file: str) -> BaseResponse:
    """Everywhere a form is named, in all modules."""
    draft, design = the_form(module, file)
    form = file.removesuffix(ENDING)
    title = design.title.in_language(current_viewer().language) or form
    back = url_for("builder.design_form", module=module, file=file)
    return _show(draft, finding.Sought(FORM, form), _("form “%(title)s”", title=title), back)


@area.page(f"{_DRAFT}/roles/<scope>/<role>/uses", access=READERS)
def role_uses(module: str, scope: str, role: str) -> BaseResponse:
    """Everywhere a role is named, in all modules."""
    draft = queries.the_draft(module)
    if scope not in _SCOPES:
        raise NotFound
    title = words.role_titles(words.roles_in(draft.files.get("module.json", ""))).get(
        (scope, role), role
    )
    back = url_for("builder.module_settings", module=module)
    return _show(
        draft, finding.Sought(_SCOPES[scope], role), _("role “%(title)s”", title=title), back
    )


def _show(draft: queries.Draft, sought: finding.Sought, title: str, back: str) -> BaseResponse:
    found = finding.uses(draft, sought, current_viewer().language)
    return page_or_fragment(
        "builder/design/uses.html",
        draft=draft,
        module=queries.the_module(draft.module),
        sought=sought,
        title=title,
        back=back,
        here=[one for one in found if one.module == draft.module],
        elsewhere=[one for one in found if one.module != draft.module],
        may_write=may_write(current_viewer()),
    )


@area.page(f"{_AT}/dependencies", access=READERS, endpoint="dependencies")
def form_dependencies(module: str, file: str) -> BaseResponse:
    """The fields of a form and what depends on them, as a picture and as a table."""
    draft, design = the_form(module, file)
    form = file.removesuffix(ENDING)
    forms = Forms({form: design.text})
    edges = dependencies(design, form, mentions(draft.files, forms))
    chosen = request.args.get("field", "")
    path = next((one.path for one in design.fields.values() if one.address == chosen), "")
    shown = around(edges, field_node(form, path)) if path else edges
    drawn = picture(shown, list(design.fields))
    names = {one: _named(draft, design, one) for edge in shown for one in (edge.of, edge.to)}
    return page_or_fragment(
        "builder/design/dependencies.html",
        draft=draft,
        module=queries.the_module(module),
        file=file,
        title=design.title.in_language(current_viewer().language) or form,
        picture=drawn,
        names=names,
        short={node: _short(node, name) for node, name in names.items()},
        urls={node: _url(draft, design, node) for node in names},
        chosen=path,
        fields=[(one.address, _label(design, one.path)) for one in design.fields.values()],
        rows=_rows(shown, names),
        size=(WIDTH, HEIGHT),
        may_write=may_write(current_viewer()),
    )


def _short(node: Node, name: str) -> str:
    return next(iter(folded(node.name if node.kind == "rule" else name, 1, _UNITS)), node.name)


def _rows(edges: list[Any], names: dict[Node, str]) -> list[tuple[Node, list[Node]]]:
    """(node, what it depends on), in the order of their names."""
    found: dict[Node, list[Node]] = {}
    for one in edges:
        found.setdefault(one.to, []).append(one.of)
    return sorted(found.items(), key=lambda row: (row[0].kind != FIELD, names[row[0]]))


def _label(design: Design, path: str) -> str:
    field = design.fields[path]
    label = field.label.in_language(current_viewer().language) or field.key
    table = design.fields.get(field.table)
    if table is None:
        return label
    return f"{table.label.in_language(current_viewer().language) or table.key} › {label}"


def _named(draft: queries.Draft, design: Design, node: Node) -> str:
    if node.kind == FIELD:
        return _label(design, node.name)
    text = draft.files[node.file]
    start, end = read_source(text).span(node.at)
    title = place_at(node.file, text, start, end).title.in_language(current_viewer().language)
    if node.kind == "rule":
        return _("Rule: %(name)s", name=node.name)
    return title or node.name


def _url(draft: queries.Draft, design: Design, node: Node) -> str:
    values: dict[str, Any] = {"module": draft.module, "file": node.file}
    if node.kind == FIELD:
        address = design.fields[node.name].address
        return url_for("builder.edit_field", address=address, **values)
    if node.kind == "step":
        return url_for("builder.chain", **values)
    if node.kind == "posting":
        return finding.posting_url(draft.module, node.file, int(node.name))
    line = read_source(draft.files[node.file]).position(node.at)[0]
    return url_for("builder.edit_file", _anchor=f"L{line}", **values)
