"""What the builder calls the options of fields, and the answers they take."""

from portal.builder import words
from portal.web.words import gettext as _


def titles(kind: str) -> dict[str, str]:
    """Option → what it is called beside its input, for a kind of field."""
    own = {
        "text": {"max": _("Most characters")},
        "longtext": {"max": _("Most characters")},
        "table": {"min": _("Rows at least"), "max": _("Rows at most")},
    }
    return {
        "accept": _("Kinds of files"),
        "as": _("Kind of the result"),
        "by": _("The field that links here"),
        "columns": _("Columns shown"),
        "currency": _("Currency"),
        "default": _("Filled in at first with"),
        "fetch": _("Filled in from the record chosen"),
        "field": _("Field that is rolled up"),
        "filter": _("Only records where"),
        "form": _("Form"),
        "images": _("Show pictures"),
        "in_filter": _("Lists filter by it"),
        "in_list": _("A column of lists"),
        "left": _("Offered only while something of it is left"),
        "many": _("Several answers"),
        "match": _("Only records with the same"),
        "max": _("Most"),
        "max_files": _("Number of files at most"),
        "min": _("Least"),
        "offers": _("Values of a register that are offered"),
        "on_hide": _("When a rule hides it"),
        "op": _("How it is rolled up"),
        "options": _("Choices"),
        "per": _("A rate for one of"),
        "prefill": _("Filled in at first by an expression"),
        "private": _("Read in full by few, and shortened for the others"),
        "read_only": _("Nobody types it"),
        "rows_from": _("Rows taken over from a record"),
        "same": _("Only records whose field equals"),
        "scale": _("Decimal places"),
        "states": _("Only records that are"),
        "informs": _("Says how it stood: what it counts may be voided later on"),
        "target": _("Links to"),
        "totals": _("Totals under columns"),
        "unique": _("No value twice"),
        "unit": _("Unit"),
        **own.get(kind, {}),
    }


def hints() -> dict[str, str]:
    """Option → what to know before answering, where its name does not say it."""
    return {
        "columns": _("Keys of fields, separated by commas."),
        "currency": _("project, a code such as CNY, or the key of the field that holds it."),
        "filter": _("An expression; target is the record offered: target.direction == 'expense'"),
        "left": _("Set in the text only; kept as it is here."),
        "offers": _("Set in the text only; kept as it is here."),
        "per": _("Such as h or m³, or the key of the field that holds it; empty for an amount."),
        "prefill": _("An expression, such as today() or requester.department."),
        "rows_from": _("Set in the text only; kept as it is here."),
        "unit": _("Such as h or m³, or the key of the field that holds it."),
    }


def answers() -> dict[str, str]:
    """Answer of an option → what it is called."""
    return {
        **words.kind_titles(),
        "clear": _("its value is dropped when the record is sent"),
        "keep": _("its value is kept"),
        "form": _("in the whole form"),
        "project": _("in the project"),
        "image": _("Pictures"),
        "pdf": "PDF",
        "office": _("Office documents"),
        "text": _("Text"),
        "sum": _("Sum"),
        "count": _("Count"),
        "latest": _("The latest value"),
        "avg": _("Average"),
        "min": _("Smallest"),
        "max": _("Largest"),
        "submitted": _("in approval"),
        "returned": _("returned"),
        "approved": _("approved"),
        "rejected": _("rejected"),
        "withdrawn": _("withdrawn"),
        "void": _("void"),
    }


def sides() -> dict[str, tuple[str, str]]:
    """Option of pairs → what stands left and right in each."""
    return {
        "fetch": (_("Field of this form"), _("Field of the record chosen")),
        "match": (_("Field of this form"), _("Field of the other form")),
        "same": (_("Field of the other form"), _("Field of this form")),
        "totals": (_("Column"), _("What is shown below")),
    }
