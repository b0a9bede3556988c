"""Files of a draft: one more, one less."""

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.builder import queries
from portal.builder.area import AUTHORS, area
from portal.builder.checks import MODULE_FILE
from portal.builder.joining import joined
from portal.builder.starters import new_file
from portal.costs.columns import SHIPPED
from portal.definitions import services
from portal.definitions.checking import file_kind
from portal.definitions.metaschema.health import HEALTH
from portal.definitions.metaschema.sheet import SHEETS
from portal.errors import N_, Invalid, NotFound
from portal.health.rules import SHIPPED as SHIPPED_RULES
from portal.web.answers import see_other, sentence
from portal.web.inputs import clean
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

KINDS = ("form", "workflow", "postings", "cases", "sheet", "health")


@area.action("/modules/<module>/draft/files", access=AUTHORS)
def add_file(module: str) -> BaseResponse:
    """One more file, with a text to begin with, joined to module.json where it belongs there."""
    draft = queries.the_draft(module)
    kind, form = request.form.get("kind", ""), request.form.get("form", "")
    own_keys = {"cases": form, "sheet": SHEETS[0], "health": HEALTH[0]}
    key = own_keys.get(kind) or clean(request.form.get("key", ""))
    back = url_for("builder.draft", module=module)
    try:
        name = _free_name(draft, kind, key)
        if kind not in ("form", "sheet", "health") and f"{form}.form.json" not in draft.files:
            raise Invalid(N_("Choose the form this file is for."))
    except Invalid as refusal:
        return see_other(back, sentence(refusal.message), tone="warning")
    shipped = {"sheet": SHIPPED, "health": SHIPPED_RULES}.get(kind)
    begun = shipped.read_text(encoding="utf-8") if shipped else new_file(kind, key, form)
    texts = {name: begun}
    texts |= joined(draft.files.get(MODULE_FILE, ""), kind, key, form)
    services.save_draft_files(
        release_id=draft.id, texts=texts, seen_revision=draft.revision,
        actor=current_viewer(), now=clock.now(),
    )  # fmt: skip
    return see_other(
        url_for("builder.edit_file", module=module, file=name), _("The file is there.")
    )


def _free_name(draft: queries.Draft, kind: str, key: str) -> str:
    name = f"{key}.{kind}.json"
    if kind not in KINDS or file_kind(name) is None:
        raise Invalid(
            N_("A key is written with small letters, digits and _, beginning with a letter.")
        )
    if name in draft.files:
        raise Invalid(N_("The draft has a file “%(name)s” already."), name=name)
    return name


@area.action("/modules/<module>/draft/<file>/delete", access=AUTHORS)
def delete_file(module: str, file: str) -> BaseResponse:
    """Take a file out of the draft; what is published keeps it."""
    draft = queries.the_draft(module)
    if file == MODULE_FILE:
        raise NotFound
    services.delete_draft_file(
        release_id=draft.id,
        name=file,
        seen_revision=draft.revision,
        actor=current_viewer(),
        now=clock.now(),
    )
    return see_other(
        url_for("builder.draft", module=module), _("“%(name)s” is out of the draft.", name=file)
    )
