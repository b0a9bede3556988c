"""A record as people read it: every figure says what it is measured in."""

from portal.forms.access import Access
from portal.forms.expand import expand
from portal.forms.fields import FormDefinition
from portal.forms.kinds.table import AGGREGATES
from portal.forms.reading import read_form
from portal.records.document import Reading, document
from portal.records.names import NameOf
from portal.records.totals import total_of


def pour() -> FormDefinition:
    """A form with quantities in cubic meters, in what a field says, and in a table."""
    kinds = {
        "volume": {"kind": "quantity", "unit": "m³", "label": {"en": "Volume", "zh": "方量"}},
        "unit": {"kind": "text", "label": "Unit"},
        "waste": {"kind": "quantity", "unit": "unit", "label": "Waste"},
    }
    columns = {
        "delivered": {"kind": "quantity", "unit": "m³", "label": {"en": "Here", "zh": "到场"}},
        "each": {"kind": "text", "label": "Each"},
        "steel": {"kind": "quantity", "unit": "trucks[].each", "label": "Steel"},
    }
    table = {
        "x-field": {"kind": "table", "label": "Trucks", "totals": {"delivered": "sum"}},
        "items": {"properties": {key: {"x-field": one} for key, one in columns.items()}},
    }
    properties = {key: {"x-field": one} for key, one in kinds.items()} | {"trucks": table}
    layout = [{"type": "section", "title": "All", "fields": list(properties)}]
    raw = {"form": "pour", "format": 1, "version": 1, "title": "Pour"}
    return read_form(expand({**raw, "data": {"properties": properties}, "layout": layout}))


DATA = {
    "volume": "420.00",
    "unit": "kg",
    "waste": "3.50",
    "trucks": [{"_id": "a", "delivered": "420.00", "each": "t", "steel": "2.00"}],
}


def _nobody(_kind: str, _key: str) -> str:
    return ""


NOBODY: NameOf = _nobody


def _readable(form: FormDefinition) -> dict[str, Access]:
    return dict.fromkeys(form.fields, "read")


def test_a_quantity_is_read_with_its_unit() -> None:
    form = pour()
    everything = _readable(form)
    (section,) = document(form, DATA, Reading("en", NOBODY, everything))
    assert [one.text for one in section.facts] == ["420.00 m³", "kg", "3.50 kg"]
    empty = document(form, {"volume": "1.00", "waste": "2.00"}, Reading("en", NOBODY, everything))
    assert [one.text for one in empty[0].facts if one.text] == ["1.00 m³", "2.00"]


def test_a_column_says_the_unit_all_its_rows_share() -> None:
    form = pour()
    everything = _readable(form)
    for language, heads in (("en", ["Here m³", "Each", "Steel"]), ("zh", ["到场 m³", "Each", "Steel"])):  # fmt: skip
        (section,) = document(form, DATA, Reading(language, NOBODY, everything))
        (table,) = section.tables
        assert [label for label, _is_number in table.columns] == heads
        assert [one.text for one in table.rows[0]] == ["420.00", "t", "2.00"]
        assert table.totals == ["420.00", None, None]


def test_below_a_column_stands_what_its_form_asks_for() -> None:
    column = pour().fields["trucks[].delivered"]
    rows = [{"delivered": "1.00"}, {"delivered": "2.01"}, {}]
    found = {one: total_of(column, one, rows) for one in sorted(AGGREGATES)}
    assert {key: str(one) for key, one in found.items()} == {
        "avg": "1.51", "count": "2", "max": "2.01", "min": "1.00", "sum": "3.01",
    }  # fmt: skip
    assert [total_of(column, one, []) for one in ("avg", "max", "count")] == [None, None, 0]
