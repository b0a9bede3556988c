"""The meta-schema of posting rules; the columns are those of the ledger a rule names."""

from portal.definitions.metaschema.fields import STATES
from portal.definitions.metaschema.shapes import (
    EXPRESSION,
    KEY,
    Json,
    by_member,
    closed,
    list_of,
    naming,
    one_of,
)
from portal.definitions.posting_columns import LEDGERS, Column
from portal.errors import N_

POSTING_STATES = tuple(state for state in STATES if state in ("submitted", "approved"))


def _rule(ledger: str, columns: dict[str, Column]) -> Json:
    needed = [name for name, column in columns.items() if column.required]
    return closed(
        {
            "id": KEY,
            "ledger": {"const": ledger},
            "on": one_of(*POSTING_STATES),
            "foreach": naming("table"),
            "when": EXPRESSION,
            "set": closed(dict.fromkeys(columns, EXPRESSION), *needed),
            "on_leave": one_of("reverse"),
        },
        "id",
        "ledger",
        "on",
        "set",
    )


def postings() -> Json:
    """The meta-schema of `<name>.postings.json`, format 1."""
    rules = {ledger: _rule(ledger, dict(columns)) for ledger, columns in LEDGERS.items()}
    members = {
        "postings": KEY,
        "form": naming("own_form"),
        "rules": list_of(by_member("ledger", rules), minItems=1, maxItems=100),
    }
    return {
        "title": N_("Posting rules, format 1"),
        **closed(members, "postings", "form", "rules"),
    }
