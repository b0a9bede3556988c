"""What can be written at the cursor of the editor, and the page of the part it stands in."""

from flask import jsonify, request
from werkzeug.wrappers import Response as BaseResponse

from portal.builder import queries
from portal.builder.area import READERS, area
from portal.builder.completion.completing import Completion, complete
from portal.builder.completion.pages import page_of
from portal.builder.completion.rows import offset_of, row_column
from portal.builder.routes.editor import typed_text
from portal.web.inputs import whole
from portal.web.viewer import current_viewer


@area.ask("/modules/<module>/draft/<file>/complete", access=READERS)
def complete_file(module: str, file: str) -> BaseResponse:
    """What may be written at `row` and `column` of the text sent; names of an editor's rows."""
    draft = queries.the_draft(module)
    text = typed_text(draft, file)
    at = offset_of(text, _number("row"), _number("column"))
    found = complete(draft, file, text, at, current_viewer().language)
    page = page_of(draft, file, found.place.path)
    answer = _plain(found, text)
    answer["page"] = {"url": page.url, "label": page.label} if page else None
    return jsonify(answer)


def _number(name: str) -> int:
    sent = request.form.get(name, "")
    return whole(sent) or 0


def _plain(found: Completion, text: str) -> dict[str, object]:
    row, start = row_column(text, found.start)
    last, end = row_column(text, found.end)
    return {
        "range": {"row": row, "column": start, "last_row": last, "last_column": end},
        "offers": [
            {
                "shown": one.shown,
                "about": one.about,
                "text": one.text,
                "caret": one.caret,
                "sort": one.sort,
            }
            for one in found.offers
        ],
        "path": found.place.spoken,
        "about": found.place.about,
    }
