"""Record numbers from patterns."""

from datetime import date

import pytest

from portal.forms.numbering import check_pattern, number_prefix, number_text

DAY = date(2026, 3, 1)


def test_the_prefix_is_the_pattern_without_its_counter() -> None:
    prefix, width = number_prefix(
        "PAY-{project.code}-{yyyy}-{seq:4}", today=DAY, project={"code": "P1"}
    )
    assert (prefix, width) == ("PAY-P1-2026-", 4)
    assert number_text(prefix, width, 42) == "PAY-P1-2026-0042"
    assert number_text(prefix, width, 123456) == "PAY-P1-2026-123456"


def test_a_company_form_has_no_project_in_its_number() -> None:
    assert number_prefix("PTY-{project.code}-{yy}{mm}-{seq:3}", today=DAY) == ("PTY-2603-", 3)


@pytest.mark.parametrize(
    "pattern",
    ["PAY", "PAY-{seq:4}-x", "{seq}{seq}", "PAY-{yyy}-{seq}", "{seq:4", "{0.__class__}-{seq}"],
)
def test_a_pattern_that_cannot_count_is_refused(pattern: str) -> None:
    assert check_pattern(pattern)


def test_a_sound_pattern_passes() -> None:
    assert not check_pattern("CR-{project.code}-{yyyy}-{seq:4}")
    assert not check_pattern("T{yy}{mm}{seq}")
