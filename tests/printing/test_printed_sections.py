"""What of a record's page is printed: the parts in their order, and nothing that says nothing."""

from portal.printing.services import record_sheet
from portal.records.shown import ShownFiles
from portal.records.views import RecordPage, record_page
from portal.reports.sheet import Facts, RecordSheet, SheetTable
from tests.stage import Stage


def printed(stage: Stage, record_id: str, **changes: object) -> RecordSheet:
    """The sheet of a record as its requester prints it, some of its page replaced."""
    with stage.looking("rita") as viewer, stage.app.test_request_context():
        page: RecordPage = record_page(stage.record(record_id), viewer)
        for section in page.sections:
            for name, value in changes.items():
                setattr(section, name, value)
        return record_sheet(page, viewer, stage.now())


def test_the_total_stands_below_its_table(stage: Stage) -> None:
    sheet = printed(stage, stage.filed())
    lines = next(one for one in sheet.sections if one.tables)
    table, total = lines.parts
    assert isinstance(table, SheetTable)
    assert isinstance(total, Facts)
    assert [fact.value for fact in total.items] == ["200.00 CNY"]


def test_a_field_without_files_leaves_no_heading(stage: Stage) -> None:
    with stage.looking("rita") as viewer, stage.app.test_request_context():
        page = record_page(stage.record(stage.filed()), viewer)
        (bare,) = (one for one in page.sections if one.files)
        bare.title = "Photos"
        bare.parts = [part for part in bare.parts if isinstance(part, ShownFiles)]
        sheet = record_sheet(page, viewer, stage.now())
    assert "Photos" not in [one.title for one in sheet.sections]
    assert sheet.attachments == ()


def test_a_section_in_which_nothing_was_filled_in_is_not_printed(stage: Stage) -> None:
    record = stage.record(stage.filed())
    with stage.looking("rita") as viewer, stage.app.test_request_context():
        page = record_page(record, viewer)
        assert [one.title for one in page.sections][-1] == "More"
        assert not any(fact.text for fact in page.sections[-1].facts)
        sheet = record_sheet(page, viewer, stage.now())
    assert [one.title for one in sheet.sections] == ["Purchase", "Lines"]


def test_what_the_form_keeps_folded_is_not_printed(stage: Stage) -> None:
    record_id = stage.filed()
    assert printed(stage, record_id).sections
    assert printed(stage, record_id, is_aside=True).sections == ()


def test_a_column_in_which_nothing_stands_is_left_out(stage: Stage) -> None:
    record = stage.record(stage.filed())
    with stage.looking("rita") as viewer, stage.app.test_request_context():
        whole = record_sheet(record_page(record, viewer), viewer, stage.now())
        (line,) = record.data["lines"]
        record.data = {**record.data, "lines": [{**line, "qty": None}]}
        less = record_sheet(record_page(record, viewer), viewer, stage.now())
    (before,), (after,) = (one.sections[1].tables for one in (whole, less))
    assert [c.label for c in before.columns if c not in after.columns] == ["Quantity m3"]
    assert [len(row) for row in after.rows] == [len(after.columns)]
    assert after.totals is not None
    assert len(after.totals) == len(after.columns)
