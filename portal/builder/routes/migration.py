"""What becomes of stored values: the steps from the published version of a form to the draft."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.builder import conversion_words, migration_steps, queries, words
from portal.builder.area import AUTHORS, READERS, area, may_write
from portal.builder.design import migration
from portal.builder.design.form import Design
from portal.builder.desk import Desk, lay_out
from portal.builder.routes.form_design import keep, the_form
from portal.builder.saving import mark_of
from portal.conversions.choosing import USUAL
from portal.conversions.trial import Trial, try_out
from portal.definitions.queries import FormInRelease
from portal.errors import Invalid, NotFound
from portal.forms.fieldpaths import split
from portal.forms.fields import FormDefinition
from portal.web.answers import page_or_fragment, see_other, sentence
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

_AT = "/modules/<module>/draft/<file>/migration"


@area.page(_AT, access=READERS)
def form_migration(module: str, file: str) -> BaseResponse:
    """What differs, the declared steps, likely ones; with `try`, what they do to real records."""
    return _show(module, file, is_tried=request.args.get("try") == "1")


@area.page(f"{_AT}/step", access=AUTHORS)
def migration_step(module: str, file: str) -> BaseResponse:
    """The inputs of a new step of a kind, or of the step numbered `at`."""
    _draft, design = the_form(module, file)
    old = _published(module, file)
    at = request.args.get("at", type=int)
    if at is not None:
        steps = migration.steps_of(design, old.version)
        given = migration_steps.inputs_of(steps[at]) if 0 <= at < len(steps) else None
        if given is None:
            raise NotFound
        return _ask(module, file, next(iter(steps[at])), given, at)
    kind = request.args.get("kind", "")
    if kind not in migration_steps.KINDS:
        raise NotFound
    return _ask(module, file, kind, {"first": [request.args.get("field", "")]}, None)


@area.action(f"{_AT}/step", access=AUTHORS)
def save_migration_step(module: str, file: str) -> BaseResponse:
    """Add or replace a step; 422 with all that was typed, 409 if the steps are others now."""
    draft, design = the_form(module, file)
    old = _published(module, file)
    kind, at = request.form.get("kind", ""), request.form.get("at", type=int)
    if kind not in migration_steps.KINDS:
        raise NotFound
    given = migration_steps.inputs_from(request.form)
    if request.form.get("part") != _mark(design):
        return _ask(module, file, kind, given, None, status=409, moved=True)
    new = _judged(lay_out(draft, file, current_viewer().language, run_cases=False), file)
    try:
        step = migration_steps.step_from(kind, given, new)
        if at is None:
            text = migration.add_step(design.text, old, step)
        else:
            text = migration.replace_step(design.text, old, at, step)
    except Invalid as refused:
        errors = {one.path: sentence(one.message) for one in refused.errors}
        errors = errors or {"first": sentence(refused.message)}
        return _ask(module, file, kind, given, at, status=422, errors=errors)
    keep(draft, file, text)
    return _back(module, file, _("The step is saved in the draft."))


@area.action(f"{_AT}/take", access=AUTHORS)
def take_proposals(module: str, file: str) -> BaseResponse:
    """Declare the likely steps, one or all of them."""
    draft, design = the_form(module, file)
    old, text = _published(module, file), design.text
    wanted = request.form.get("step")
    for step in migration.proposals(old, design):
        if wanted in (None, json.dumps(step)):
            text = migration.add_step(text, old, step)
    keep(draft, file, text)
    return _back(module, file, None)


@area.action(f"{_AT}/steps/<int:at>/<act>", access=AUTHORS)
def change_migration_step(module: str, file: str, at: int, act: str) -> BaseResponse:
    """Move a step up or down, or take it out; 409 if the steps are others now."""
    draft, design = the_form(module, file)
    old = _published(module, file)
    if request.form.get("part") != _mark(design):
        return _show(module, file, status=409, refused=_("Somebody changed the steps meanwhile."))
    try:
        if act == "remove":
            text = migration.remove_step(design.text, old, at)
        elif act in ("up", "down"):
            text = migration.move_step(design.text, old, at, at + (1 if act == "down" else -1))
        else:
            raise NotFound
    except Invalid as refused:
        return _show(module, file, status=422, refused=sentence(refused.message))
    keep(draft, file, text)
    return _back(module, file, None)


def _back(module: str, file: str, said: str | None) -> BaseResponse:
    return see_other(url_for("builder.form_migration", module=module, file=file), said)


def _published(module: str, file: str) -> FormDefinition:
    """The form as it is published; raises NotFound where it was not yet."""
    current = _current(module, file)
    if current is None:
        raise NotFound
    return current.form.definition


def _current(module: str, file: str) -> FormInRelease | None:
    release = queries.the_module(module).release
    return release.forms.get(file.removesuffix(".form.json")) if release else None


def _mark(design: Design) -> str:
    return mark_of(json.dumps(design.raw.get("migrations")))


def _judged(desk: Desk, file: str) -> FormDefinition | None:
    """The draft's form as the check reads it; None while it cannot be read."""
    package = desk.judged.report.package
    return package.forms.get(file.removesuffix(".form.json")) if package else None


def labels_of(old: FormDefinition, design: Design) -> dict[str, str]:
    """What fields are called, in the draft and before."""
    language = current_viewer().language
    labels = {path: one.label.in_language(language) for path, one in old.fields.items()}
    return {**labels, **{p: one.label.in_language(language) for p, one in design.fields.items()}}


def _show(
    module: str, file: str, *, status: int = 200, refused: str = "", is_tried: bool = False
) -> Response:
    draft, design = the_form(module, file)
    desk = lay_out(draft, file, current_viewer().language, run_cases=False)
    current = _current(module, file)
    context: dict[str, Any] = {"old": None}
    if current is not None:
        old = current.form.definition
        labels = labels_of(old, design)
        found = migration.differences(old, design)
        context = {
            "old": old,
            "found": found,
            "labels": labels,
            "steps": [
                migration_steps.sentence_of(one, labels)
                for one in migration.steps_of(design, old.version)
            ],
            "proposed": [
                (json.dumps(one), migration_steps.sentence_of(one, labels))
                for one in migration.proposals(old, design)
            ],
            "part": _mark(design),
            "findings": [one for one in desk.findings if one.path.startswith("migrations")],
            "trial": _tried(desk, current, file) if is_tried else None,
        }
    return page_or_fragment(
        "builder/design/migration.html",
        status=status,
        desk=desk,
        design=design,
        module=queries.the_module(module),
        kind_titles=words.kind_titles(),
        step_titles=migration_steps.titles(),
        outcomes=conversion_words.trial_titles(),
        may_write=may_write(current_viewer()),
        is_tried=is_tried,
        refused=refused,
        **context,
    )


def _tried(desk: Desk, current: FormInRelease, file: str) -> Trial | None:
    """What the steps do to drafts and entries; None while the form has errors."""
    package, key = desk.judged.report.package, file.removesuffix(".form.json")
    if package is None or key not in package.compiled or package.files[file].notes.has_errors:
        return None
    definition = package.forms[key]
    target = replace(current, release_id="", expanded=package.expanded[key], sha256=definition.hash)
    return try_out(form=key, target=target, choices=USUAL, viewer=current_viewer(), now=clock.now())


def _columns(
    fields: Iterable[tuple[str, str | None]], labels: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Columns by key; two tables may have one of the same key."""
    return list({split(path)[1]: (split(path)[1], labels[path])
                 for path, table in fields if table}.values())  # fmt: skip


def _ask(
    module: str,
    file: str,
    kind: str,
    given: Mapping[str, list[str]],
    at: int | None,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    moved: bool = False,
) -> Response:
    draft, design = the_form(module, file)
    old = _published(module, file)
    labels = labels_of(old, design)
    writable = [path for path, one in design.fields.items() if not one.computed]
    return page_or_fragment(
        "builder/design/migration_step.html",
        status=status,
        desk=lay_out(draft, file, current_viewer().language, run_cases=False),
        design=design,
        module=queries.the_module(module),
        kind=kind,
        at=at,
        given=given,
        part=_mark(design),
        before=[(path, labels[path]) for path in old.fields],
        header_before=[(one.key, labels[one.path]) for one in old.header],
        columns_before=_columns([(p, one.table) for p, one in old.fields.items()], labels),
        header_after=[(path, labels[path]) for path in writable if split(path)[0] is None],
        columns_after=_columns([(p, one.table) for p, one in design.fields.items()], labels),
        after=[(path, labels[path]) for path in writable],
        tables=[(path, labels[path]) for path, one in design.fields.items() if one.kind == "table"],
        old_tables=[(path, labels[path]) for path in old.columns],
        pairs=migration_steps.PAIRS,
        parts=migration_steps.PARTS,
        step_titles=migration_steps.titles(),
        errors=errors or {},
        moved=moved,
    )
