"""Which section of the handbook tells about a page of the portal."""

from flask import Flask, request, url_for

from portal.handbook.contents import topic
from portal.web.viewer import current_viewer

PLACES: dict[str, tuple[str, str, str]] = {
    "builder.modules": ("administrators", "tutorial", ""),
    "builder.new_module": ("administrators", "tutorial", "a-new-module"),
    "builder.create_module": ("administrators", "tutorial", "a-new-module"),
    "builder.from_excel": ("administrators", "from-excel", "the-file"),
    "builder.read_excel": ("administrators", "from-excel", "what-is-understood"),
    "builder.make_from_excel": ("administrators", "from-excel", "what-is-corrected"),
    "builder.clone": ("administrators", "module-setup", "a-module-like-another-one"),
    "builder.make_clone": ("administrators", "module-setup", "a-module-like-another-one"),
    "builder.example_from_record": ("administrators", "from-excel", "an-example-from-a-record"),
    "builder.make_example": ("administrators", "from-excel", "an-example-from-a-record"),
    "builder.module": ("administrators", "releasing", ""),
    "builder.module_projects": ("administrators", "releasing", "on-and-off"),
    "builder.usage": ("administrators", "releasing", "how-it-is-used"),
    "builder.draft": ("administrators", "builder", ""),
    "builder.history": ("administrators", "builder", "undo-redo-history"),
    "builder.module_settings": ("administrators", "module-setup", "settings-of-a-draft"),
    "builder.module_form": ("administrators", "module-setup", "settings-of-a-draft"),
    "builder.translations": ("administrators", "module-setup", "texts"),
    "builder.design_form": ("administrators", "builder", ""),
    "builder.new_field": ("administrators", "forms", "the-kinds"),
    "builder.edit_field": ("administrators", "forms", "options-all-kinds-have"),
    "builder.field_key": ("administrators", "builder", "another-key-for-a-field"),
    "builder.change_key": ("administrators", "builder", "another-key-for-a-field"),
    "builder.form_settings": (
        "administrators", "module-setup", "numbers-list-and-print-of-a-form",
    ),
    "builder.chain": ("administrators", "chains", ""),
    "builder.chain_settings": ("administrators", "chains", "settings"),
    "builder.try_chain": ("administrators", "chains", "trying-it"),
    "builder.chain_authority": ("administrators", "chains", "who-approves-what"),
    "builder.form_migration": ("administrators", "stored-records", ""),
    "builder.migration_step": ("administrators", "stored-records", ""),
    "builder.save_migration_step": ("administrators", "stored-records", ""),
    "builder.chain_bands": ("administrators", "chains", ""),
    "builder.new_chain_bands": ("administrators", "chains", ""),
    "builder.add_chain_bands": ("administrators", "chains", ""),
    "builder.save_chain_bands": ("administrators", "chains", ""),
    "builder.posting_rule": ("administrators", "posting-rules", ""),
    "builder.new_posting_rule": ("administrators", "posting-rules", ""),
    "builder.new_chain_block": ("administrators", "workflows", "people-rules"),
    "builder.chain_block": ("administrators", "workflows", "people-rules"),
    "builder.design_postings": ("administrators", "posting-rules", ""),
    "builder.review": ("administrators", "releasing", ""),
    "builder.edit_file": ("administrators", "modules", ""),
}  # fmt: skip
# A reference that is not written in the reader's language yet, and the page that is.
_INSTEAD = {"forms": "builder", "modules": "builder", "workflows": "chains"}
_USUAL = ("administrators", "builder", "")


def of_this_page() -> str:
    """The address of what the handbook says about the page of this request."""
    area, name, anchor = PLACES.get(request.endpoint or "", _USUAL)
    found = topic(area, name) if name in _INSTEAD else None
    if found is not None and current_viewer().language not in found.languages():
        name, anchor = _INSTEAD[name], ""
    return url_for("handbook.page", topic_area=area, name=name, _anchor=anchor or None)


def register(app: Flask) -> None:
    """Let templates ask for the section about their page."""
    app.jinja_env.globals["help_of_this_page"] = of_this_page
