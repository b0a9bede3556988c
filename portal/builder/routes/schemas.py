"""JSON Schemas: of the records of every form and version, and of the definitions themselves."""

import json
import re
from typing import Any

from flask import Response
from werkzeug.wrappers import Response as BaseResponse

from portal.approvals.steps import step_fields
from portal.builder import queries
from portal.builder.area import READERS, area
from portal.definitions import queries as definitions
from portal.definitions.metaschema import files
from portal.definitions.published import FormInRelease
from portal.errors import NotFound
from portal.forms.recordschema import draft_schema, published_schema
from portal.forms.stepschema import step_schema
from portal.web.access import signed_in
from portal.web.viewer import Viewer, current_viewer
from portal.workflows.blocks import Step

_WHICH = re.compile(r"(current|(release-)?([0-9]{1,9}))\.json")


@area.page("/schema/<form>/<name>", access=signed_in)
def record_schema(form: str, name: str) -> BaseResponse:
    """What a submitted record satisfies: `3.json` by version, `release-4.json`, `current.json`."""
    return _json(published_schema(_asked_for(form, name).form.definition))


@area.page("/schema/<form>/<name>/draft.json", access=signed_in, endpoint="draft_schema")
def schema_of_drafts(form: str, name: str) -> BaseResponse:
    """The same without what only a complete record needs; `name` as in `3` or `release-4`."""
    return _json(draft_schema(_asked_for(form, f"{name}.json").form.definition))


@area.page("/schema/<form>/<name>/step/<step>.json", access=signed_in, endpoint="step_schema")
def schema_of_step(form: str, name: str, step: str) -> BaseResponse:
    """Only what the people of a workflow step may change; `name` as in `3` or `release-4`."""
    found = _asked_for(form, f"{name}.json")
    workflow = found.workflow
    block = workflow.block(step) if workflow is not None and step in workflow else None
    if not isinstance(block, Step):
        raise NotFound
    return _json(step_schema(found.form.definition, step, step_fields(block)))


@area.page("/schema/meta/<name>", access=signed_in)
def meta_schema(name: str) -> BaseResponse:
    """The meta-schema of one kind of file: `form-1.json`, or `form-1.draft07.json` for editors."""
    found = dict(files()).get(name)
    if found is None:
        raise NotFound
    return _json(found)


def _asked_for(form: str, name: str) -> FormInRelease:
    """The form in the release meant; NotFound also for whoever may not read the form."""
    match = _WHICH.fullmatch(name)
    if match is None or not _may_read(current_viewer(), form):
        raise NotFound
    if match[1] == "current":
        release_id = queries.release_with_form(form)
    elif match[2]:
        release_id = queries.release_with_form(form, number=int(match[3]))
    else:
        release_id = queries.release_with_form(form, version=int(match[3]))
    if release_id is None:
        raise NotFound
    return definitions.form_of(release_id, form)


def _may_read(viewer: Viewer, form: str) -> bool:
    """A schema reveals the form, so it obeys the form's read right; who may file it knows it."""
    if READERS.allows(viewer):
        return True
    found = definitions.current_form(form)
    return found is not None and definitions.concerns(viewer, found)


def _json(schema: Any) -> Response:
    text = json.dumps(schema, ensure_ascii=False, indent=2)
    return Response(text + "\n", mimetype="application/schema+json")
