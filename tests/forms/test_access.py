"""Who may see and write which field."""

from portal.forms.access import field_access, may_change_rows, step_fields
from tests.forms.samples import compiled, field, payment, table

FORM = compiled(
    {
        "a": field("text"),
        "fixed": field("text", read_only=True),
        "sum": field("number"),
        "margin": field("money"),
        "lines": table({"qty": field("number"), "cost": field("money")}),
    },
    computed={"sum": "1 + 1"},
).definition


def test_the_requester_of_a_draft_writes_everything_that_is_not_read_only() -> None:
    for state in ("draft", "returned"):
        access = field_access(FORM, state=state, is_requester=True)
        assert access == {
            "a": "write", "fixed": "read", "sum": "read", "margin": "write",
            "lines": "write", "lines[].qty": "write", "lines[].cost": "write",
        }  # fmt: skip


def test_after_sending_everybody_reads() -> None:
    for state, is_requester in (("submitted", True), ("approved", True), ("draft", False)):
        access = field_access(FORM, state=state, is_requester=is_requester)
        assert set(access.values()) == {"read"}
        assert access.keys() == FORM.fields.keys()


def test_a_step_edits_and_hides_what_the_workflow_says() -> None:
    step = step_fields({"edit": ["lines[].qty", "sum"], "hide": ["margin", "lines[].cost"]})
    access = field_access(FORM, state="submitted", is_requester=False, step=step)
    assert access["lines[].qty"] == "write"
    assert access["sum"] == "read"
    assert access["margin"] == access["lines[].cost"] == "none"
    assert access["a"] == "read"
    assert not may_change_rows(FORM, access, "lines")


def test_a_table_stands_for_its_columns() -> None:
    edit = step_fields({"edit": ["lines"]})
    access = field_access(FORM, state="submitted", is_requester=False, step=edit)
    assert access["lines"] == access["lines[].qty"] == "write"
    assert may_change_rows(FORM, access, "lines")
    hidden = field_access(
        FORM, state="submitted", is_requester=False, hidden=[step_fields({"hide": ["lines"]})]
    )
    assert hidden["lines"] == hidden["lines[].qty"] == "none"


def test_rows_that_come_from_a_contract_are_not_added() -> None:
    definition = payment().definition
    access = field_access(definition, state="draft", is_requester=True)
    assert access["lines"] == "write"
    assert not may_change_rows(definition, access, "lines")
