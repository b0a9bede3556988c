"""What rules say of figures."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.definitions.measures import Measured
from portal.forms.texts import Text
from portal.health.queries import _shipped
from portal.health.rules import ORDER, Rule, Rulebook, findings, worst

AMOUNTS = st.decimals(-1000, 1000, places=2)


class Nowhere:
    url = "/"


def rule(key: str = "r", **more: object) -> Rule:
    given = {"figure": "f", "above": True, "amber": Decimal(0), "red": Decimal(10), "acts": ()}
    return Rule(key=key, title=Text(key), **{**given, **more})  # type: ignore[arg-type]


def measured(value: str, project: str = "p", **more: str) -> Measured:
    return Measured(project, Decimal(value), Nowhere(), **more)


@pytest.mark.parametrize(
    ("above", "value", "level"),
    [
        (True, "0", "green"),
        (True, "0.01", "amber"),
        (True, "10", "amber"),
        (True, "10.01", "red"),
        (False, "0", "green"),
        (False, "-0.01", "amber"),
        (False, "-10.01", "red"),
    ],
)
def test_a_threshold_itself_is_still_within(above: bool, value: str, level: str) -> None:
    one = rule(above=above, red=Decimal(10) if above else Decimal(-10))
    assert one.level(Decimal(value)) == level


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_a_worse_figure_never_has_a_better_color(
    amber: Decimal, red: Decimal, one: Decimal, other: Decimal
) -> None:
    judged = rule(amber=min(amber, red), red=max(amber, red))
    low, high = sorted((one, other))
    assert ORDER[judged.level(high)] <= ORDER[judged.level(low)]
    turned = rule(above=False, amber=max(amber, red), red=min(amber, red))
    assert ORDER[turned.level(low)] <= ORDER[turned.level(high)]


def test_a_rule_may_know_one_color_only() -> None:
    assert rule(amber=None, red=Decimal(0)).level(Decimal("0.01")) == "red"
    assert rule(red=None).level(Decimal(999)) == "amber"


def test_the_worst_finding_gives_the_color_of_the_project() -> None:
    book = Rulebook((), (rule("a"), rule("b", figure="g", amber=None, red=Decimal(1))))
    found = findings(book, {"f": [measured("5"), measured("0", "q")], "g": [measured("2")]})
    assert [(one.rule.key, one.level) for one in found["p"]] == [("b", "red"), ("a", "amber")]
    assert worst(found["p"]) == "red"
    assert worst(found["q"]) == "green"
    assert worst([]) is None, "what nobody measured has no color"


def test_rows_and_currencies_are_told_apart() -> None:
    rows = [measured("5", row="c1"), measured("5", row="c2"), measured("5", currency="EUR")]
    found = findings(Rulebook((), (rule(),)), {"f": rows})
    assert len({one.key for one in found["p"]}) == 3


def test_the_shipped_rules_name_figures_that_are_there() -> None:
    book = _shipped()
    assert {one.key for one in book.counts} >= {"defects_overdue", "risks_unreviewed"}
    assert all(rule.amber is not None or rule.red is not None for rule in book.rules)
