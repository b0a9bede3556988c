"""The demo tells the same story on whatever day it is loaded: weekends, month ends, late hours."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from portal.db import system_context
from tests.bounds import PROVE
from tests.demo import test_loading as loading
from tests.demo import test_paying as paying

SUNDAY = datetime(
    2026, 2, 28, 16, 30, tzinfo=UTC
)  # half past midnight on site, a month's first day
DAYS = 7 if PROVE else 1


@pytest.mark.parametrize(
    "app_on_a_day", [SUNDAY + timedelta(days=n, hours=3 * n) for n in range(DAYS)], indirect=True
)
def test_the_story_is_whole_on_any_day(app_on_a_day: Flask) -> None:
    with app_on_a_day.app_context(), system_context("tests read the whole demo"):
        loading.test_there_are_as_many_records_as_promised_in_every_state()
        loading.test_something_waits_at_every_step_and_one_is_stuck()
        loading.test_every_planned_turn_of_a_payment_was_taken()
        paying.test_what_is_to_pay_differs_from_contract_to_contract_and_is_never_below_zero()
        loading.test_the_director_has_a_full_inbox_and_the_engineer_work_left()
