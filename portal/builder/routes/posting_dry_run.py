"""What the draft's posting rules would change, tried on records and examples; writes nothing."""

from flask import request
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.builder import dry_run
from portal.builder.area import READERS, area
from portal.builder.posting_desk import column_title
from portal.builder.routes.postings import AT, show, the_desk
from portal.definitions.ledger_words import TRANSITIONS
from portal.ledgers.dry_run import MOST
from portal.web.words import gettext as _

_USUAL = 50
_SHOWN = 100


@area.page(f"{AT}/dry-run", access=READERS)
def posting_dry_run(module: str, key: str) -> BaseResponse:
    """Entries and sums before and after, and the records whose entries would differ."""
    desk = the_desk(module, key)
    asked, state = request.args.get("last", str(_USUAL)).strip(), request.args.get("state", "")
    errors = {}
    if not (asked.isascii() and asked.isdecimal() and 1 <= int(asked[:9]) <= MOST):
        errors["last"] = str(_("Write a number from 1 to %(most)s.", most=MOST))
    if state not in ("", *TRANSITIONS):
        errors["state"] = str(_("Choose one of the list."))
    books = dry_run.books(desk) if desk.rules is not None and not errors else None
    context = {}
    if books is not None:
        records = dry_run.on_records(desk, books, most=int(asked), state=state, now=clock.now())
        examples = dry_run.on_examples(desk, books, state=state)
        context = {
            "runs": [
                (run, list(zip(run.different, words, strict=False)))
                for run in (records, examples)
                for words in [dry_run.lines_in_words(run.different[:_SHOWN])]
            ]
        }
    return show(
        "dry_run",
        desk,
        status=422 if errors else 200,
        can_run=books is not None,
        asked=asked[:20],
        state=state[:20],
        errors=errors,
        states=[
            ("", _("as they stand now")),
            ("submitted", _("as if all were submitted")),
            ("approved", _("as if all were approved")),
        ],
        group_title=dry_run.group_title,
        column_title=column_title,
        **context,
    )
