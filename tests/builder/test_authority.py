"""Who approves what: the bands of a chain agree with its conditions, and the pages name people."""

import operator
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from typing import Any
from zipfile import ZipFile

from hypothesis import given
from hypothesis import strategies as st

from portal.builder.design.authority import bands, measures
from portal.workflows.blocks import Step
from portal.workflows.definition import read_workflow
from portal.workflows.tree import WorkflowDefinition
from tests.accounts.stage import Browser
from tests.builder.conftest import CHAIN, FORM, Desk
from tests.builder.test_chain_pages import ABOVE, LIST, SPONSOR, add

OPS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def _step(key: str) -> dict[str, Any]:
    return {"step": key, "title": key, "who": {"role": "r"}, "need": "any", "reject": "one"}


def _chain(*conditions: str) -> WorkflowDefinition:
    when = [{"if": one, "then": [_step(f"s{n}")]} for n, one in enumerate(conditions)]
    choice = {"choose": "c", "when": when, "else": [_step("other")]}
    raw = {"workflow": "w", "language": 1, "form": "f", "title": "W", "blocks": [choice]}
    return read_workflow(raw)


def _steps(workflow: WorkflowDefinition, measure: str, amount: Decimal) -> list[str]:
    for band in bands(workflow, measure):
        above = band.low is None or amount > band.low or (band.with_low and amount == band.low)
        below = band.high is None or amount < band.high or (band.with_high and amount == band.high)
        if above and below:
            return [one.step.id for one in band.asked]
    raise AssertionError(amount)


@given(
    st.lists(st.tuples(st.sampled_from(sorted(OPS)), st.integers(-5, 5)), min_size=1, max_size=4),
    st.integers(-12, 12).map(lambda half: Decimal(half) / 2),
)
def test_every_amount_is_in_the_band_whose_steps_its_conditions_ask(
    conditions: list[tuple[str, int]], amount: Decimal
) -> None:
    workflow = _chain(*(f"x {op} {number}" for op, number in conditions))
    truths = [OPS[op](amount, number) for op, number in conditions]
    wanted = f"s{truths.index(True)}" if True in truths else "other"
    assert _steps(workflow, "x", amount) == [wanted]
    found = bands(workflow, "x")
    assert found[0].low is None
    assert found[-1].high is None
    for one, other in pairwise(found):
        assert one.high == other.low
        assert one.with_high != other.with_low
        assert one.asked != other.asked


def test_what_no_amount_decides_stays_a_condition() -> None:
    workflow = _chain("x > 5 and urgent", "abs(y) > 3")
    assert measures(workflow) == ["x", "abs(y)"]
    low, high = bands(workflow, "x")
    assert [(one.step.id, one.only_when) for one in low.asked] == [
        ("s1", ("abs(y) > 3",)),
        ("other", ("",)),
    ]
    assert high.asked[0].only_when == ("x > 5 and urgent",)
    assert high.low == Decimal(5)
    assert not high.with_low
    assert [one.high for one in bands(workflow, "abs(y)")] == [Decimal(3), None]
    only = bands(_chain("urgent"), "")
    assert len(only) == 1
    assert isinstance(only[0].asked[0].step, Step)


def test_the_table_names_people_and_gaps(desk: Desk, author: Browser) -> None:
    add(author, **SPONSOR, **ABOVE)
    page = author.get(f"{LIST}/authority").text
    assert "above 500,000" in page
    assert "up to 500,000" in page
    assert "P-1" in page
    assert "authority-gap" in page
    assert "nobody" in page
    one = author.get(f"{LIST}/authority?project={desk.stage.projects['P-2']}").text
    assert '<th scope="row">P-2' in one
    assert '<th scope="row">P-1' not in one
    sheet = author.get(f"{LIST}/authority.xlsx")
    assert sheet.status_code == 200
    texts = ZipFile(BytesIO(sheet.data)).read("xl/sharedStrings.xml").decode()
    assert "above 500,000" in texts
    assert "Sponsor approves" in texts


def test_the_chain_in_force_is_read_from_the_modules_page(desk: Desk, author: Browser) -> None:
    page = author.get("/modules/site_visit").text
    url = "/modules/site_visit/forms/site_visit/authority"
    assert f'href="{url}"' in page
    shown = desk.browser("vera").get(url)
    assert shown.status_code == 200
    assert "As published, release 1" in shown.text
    assert desk.browser("vera").get(f"{url}.xlsx").status_code == 200
    assert desk.browser("rick").get(url).status_code == 403
    assert author.get("/modules/budget/forms/site_visit/authority").status_code == 404
    assert author.get("/modules/site_visit/forms/nothing/authority").status_code == 404


def test_a_chain_with_errors_has_no_table(desk: Desk, author: Browser) -> None:
    desk.save(author, desk.text(CHAIN).replace('"need"', '"needs"'), CHAIN)
    assert "cannot be told just now" in author.get(f"{LIST}/authority").text
    assert author.get(f"{LIST}/authority.xlsx").status_code == 404
    assert desk.text(FORM)
