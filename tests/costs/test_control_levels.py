"""Budgets held at any level of the code tree and month by month; against the plain reckoning."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditRow
from portal.costs import control, reaching
from portal.costs.columns import sheet_in_force
from portal.costs.rules import Rule
from portal.db import db
from portal.errors import Invalid
from portal.portfolio.moves import moves_of
from portal.records.models import Record
from portal.web.viewer import Viewer
from tests.bounds import spread
from tests.costs import budgets
from tests.costs.budgets import Entry, Plain
from tests.costs.deciding import decided_together
from tests.costs.test_control import approve
from tests.ledgers.site import Site

TREE = {
    "01": None,
    "01.1": "01",
    "01.2": "01",
    "01.2.1": "01.2",
    "02": None,
    "02.1": "02",
    "03": None,
}
REQUESTS = frozenset({"commit_request"})
STOP: dict[str, Any] = {"commit_request": "stop"}


class Codes:
    """A site with a tree of cost codes."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.ids: dict[str, str] = {}
        for code, parent in TREE.items():
            more = {"parent_code": self.ids[parent]} if parent else {}
            self.ids[code] = site.entry("cost_code", code, f"Code {code}", **more)

    def document(self, *lines: tuple[str, str, str], **more: Any) -> Record:
        """A document in approval of (bucket, code, amount) lines."""
        rows = [
            {"_id": f"r{at}", "bucket": bucket, "code": self.ids[code], "amount": amount, **more}
            for at, (bucket, code, amount) in enumerate(lines)
        ]
        data = {"reason": "x", "currency": "CNY", "lines": rows}
        return self.site.world.record("cost_document", data, state="submitted")

    def approve(self, *lines: tuple[str, str, str], roles: Any = frozenset(), **more: Any) -> None:
        with db.session.begin_nested():  # what is refused leaves nothing behind
            approve(self.site, self.document(*lines, **more), roles)


@pytest.fixture
def codes(app: Flask) -> Iterator[Codes]:
    with app.app_context(), app.test_request_context():
        yield Codes(Site(app))
        db.session.rollback()


def ruled(monkeypatch: pytest.MonkeyPatch, *rules: Rule, exception: str = "") -> None:
    """The shipped sheet with these rules alone."""
    sheet = sheet_in_force()
    assert sheet.control is not None
    held = replace(sheet.control, stages={}, further=rules, exception=exception)
    own = replace(sheet, control=held)
    monkeypatch.setattr(control, "sheet_in_force", lambda: own)


def test_a_rule_on_a_parent_sums_what_lies_below(
    codes: Codes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch, Rule(STOP, level=1))
    codes.approve(("budget_orig", "01", "100"), ("budget_orig", "02.1", "1000"))
    codes.approve(("commit_request", "01.1", "60"))
    codes.approve(("commit_request", "01.2.1", "40"))
    with pytest.raises(Invalid) as refused:
        codes.approve(("commit_request", "01.2.1", "5"))
    said = str(refused.value.message)
    assert "“01 Code 01” with all below it would stand 5.00 CNY beyond its budget." in said
    assert "is 0.00, and it takes 5.00." in said
    codes.approve(("commit_request", "02", "900"))


def test_all_rules_on_the_path_hold(codes: Codes, monkeypatch: pytest.MonkeyPatch) -> None:
    ruled(monkeypatch, Rule(STOP, level=2), Rule(STOP, level=0), Rule(STOP, codes=("01.2.1",)))
    codes.approve(("budget_orig", "01.2", "50"), ("budget_orig", "01.2.1", "50"))
    codes.approve(("budget_orig", "02.1", "-60"))
    with pytest.raises(Invalid, match="The whole project would stand 10.00 CNY beyond"):
        codes.approve(("commit_request", "01.2.1", "50"))
    codes.approve(("budget_orig", "02.1", "100"))
    with pytest.raises(Invalid, match="“01.2.1 Code 01.2.1” would stand 10.00 CNY beyond"):
        codes.approve(("commit_request", "01.2.1", "60"))
    codes.approve(("commit_request", "01.2.1", "50"))
    with pytest.raises(Invalid, match="“01.2 Code 01.2” with all below it would stand 10.00"):
        codes.approve(("commit_request", "01.2", "60"))


def test_a_code_above_the_level_is_judged_with_what_it_has(
    codes: Codes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch, Rule(STOP, level=2))
    with pytest.raises(Invalid, match="“03 Code 03” would stand"):
        codes.approve(("commit_request", "03", "1"))


def test_moving_inside_a_group_asks_nothing_of_it(
    codes: Codes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch, Rule({"budget_transfer": "stop"}, level=1))
    codes.approve(("actual", "01.1", "70"))
    codes.approve(("budget_transfer", "01.1", "-30"), ("budget_transfer", "01.2.1", "30"))
    with pytest.raises(Invalid, match="“01 Code 01” with all below"):
        codes.approve(("budget_transfer", "01.1", "-30"), ("budget_transfer", "02", "30"))


MAY = {"spread_from": "2026-05-01", "spread_until": "2026-08-31"}
ACTUAL: dict[str, Any] = {"actual": "stop"}


def by_month(**more: Any) -> Rule:
    return Rule(ACTUAL, available="unspent", horizon="to_period", **more)


def test_what_falls_into_the_months_until_then_is_the_budget(
    codes: Codes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch, by_month())
    codes.approve(("budget_orig", "01.1", "400"), **MAY)
    codes.approve(("actual", "01.1", "100"), day="2026-05-31")
    with pytest.raises(Invalid) as refused:
        codes.approve(("actual", "01.1", "101"), day="2026-06-01")
    said = str(refused.value.message)
    assert "would stand 1.00 CNY beyond its budget up to the end of 2026-06." in said
    codes.approve(("actual", "01.1", "101"), day="2026-07-01")
    with pytest.raises(Invalid, match="up to the end of 2026-05"):
        codes.approve(("actual", "01.1", "1"), day="2026-05-02")  # back-dated: May was used up
    codes.approve(("actual", "01.1", "199"), day="2026-08-01")
    with pytest.raises(Invalid, match="up to the end of 2026-12"):
        codes.approve(("actual", "01.1", "1"), day="2026-12-01")


def test_what_is_dated_back_is_judged_in_every_month_that_follows(
    codes: Codes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """March has room by itself, but what it takes is missing in May, which is full."""
    ruled(monkeypatch, by_month())
    over = {"spread_from": "2026-03-01", "spread_until": "2026-05-31"}
    codes.approve(("budget_orig", "01.1", "300"), **over)
    codes.approve(("actual", "01.1", "300"), day="2026-05-10")
    with pytest.raises(Invalid, match="up to the end of 2026-05"):
        codes.approve(("actual", "01.1", "10"), day="2026-03-10")


def test_months_add_up_to_the_whole_whatever_is_rounded(
    codes: Codes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch, by_month())
    over = {"spread_from": "2026-01-01", "spread_until": "2026-03-31"}
    codes.approve(("budget_orig", "01.1", "100"), **over)
    codes.approve(("actual", "01.1", "33.33"), day="2026-01-31")
    codes.approve(("actual", "01.1", "33.34"), day="2026-02-28")
    with pytest.raises(Invalid):
        codes.approve(("actual", "01.1", "33.34"), day="2026-03-31")
    codes.approve(("actual", "01.1", "33.33"), day="2026-03-31")


def test_a_budget_without_months_takes_those_of_the_project_or_counts_at_once(
    codes: Codes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch, by_month(level=0))
    codes.approve(("budget_orig", "01.1", "120"))
    codes.approve(("actual", "01.1", "50"), day="2026-01-05")
    project = codes.site.world.project
    project.starts_on, project.ends_on = date(2026, 1, 15), date(2026, 12, 15)
    db.session.flush()
    with pytest.raises(Invalid, match="The whole project would stand .* end of 2026-01"):
        codes.approve(("actual", "01.1", "1"), day="2026-01-05")
    codes.approve(("actual", "01.1", "10"), day="2026-06-05")
    with pytest.raises(Invalid, match="end of 2026-06"):
        codes.approve(("actual", "01.1", "1"), day="2026-06-05")


def test_a_warning_stands_on_the_decision_only_where_a_rule_would_not_hold(codes: Codes) -> None:
    """By the shipped sheet: cost until the end of the month, per top code."""
    codes.approve(
        ("budget_orig", "01.1", "1200"), spread_from="2026-01-01", spread_until="2026-12-31"
    )
    viewer = Viewer(
        person_id="x", project_roles={codes.site.world.project.id: frozenset({"member"})}
    )
    fits = codes.document(("actual", "01.1", "300"), day="2026-03-10")
    assert not [one for one in moves_of(fits, viewer) if "until the end" in str(one.label)]
    beyond = codes.document(("actual", "01.2", "301"), day="2026-03-10")
    (told,) = [one for one in moves_of(beyond, viewer) if "until the end" in str(one.label)]
    assert str(told.label) == "01 Code 01 · Not yet spent, until the end of 2026-03"
    assert (told.before, told.after, told.warns) == (300, -1, True)
    assert "/cost/months" in told.url
    assert "until=2026-03" in told.url


def test_the_role_passes_and_the_trail_names_level_and_month(
    codes: Codes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch, by_month(level=1), by_month(level=0), exception="director")
    codes.approve(("actual", "01.1", "5"), roles=frozenset({"director"}), day="2026-03-01")
    db.session.commit()
    noted = db.session.scalars(
        select(AuditRow).where(AuditRow.action == "record.budget_passed")
    ).one()
    assert noted.detail["codes"] == [
        {
            "code": "01 Code 01",
            "over": "5.00",
            "currency": "CNY",
            "level": "below",
            "month": "2026-03",
        },
        {"code": "", "over": "5.00", "currency": "CNY", "level": "project", "month": "2026-03"},
    ]


@pytest.mark.parametrize("seed", spread(range(40), 6))
def test_every_decision_is_that_of_the_plain_reckoning(
    codes: Codes, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    project = codes.site.world.project
    span = (date(2026, 1, 1), date(2026, 6, 30)) if chance.random() < 0.5 else None
    if span:
        project.starts_on, project.ends_on = span
        db.session.flush()
    rules = [any_rule(chance) for _ in range(chance.randint(1, 4))]
    ruled(monkeypatch, *rules)
    party = codes.site.entry("party", "S", "Works")
    contracts = [codes.site.entry("contract", f"K{n}", "Order", party=party) for n in range(2)]
    requests = [codes.site.entry("purchase_request", f"R{n}", "Request") for n in range(2)]
    standing: list[Entry] = []
    for _ in range(25):
        lines = [any_entry(chance, contracts, requests) for _ in range(chance.randint(1, 3))]
        wanted = any(
            budgets.stops(plain, standing, lines, frozenset(rule.stages), span)
            for rule in rules
            for plain in plainly(rule, {one.code for one in lines})
        )
        seen = reaching.reaches(
            control.sheet_in_force(), project.id, [attributes(codes, one) for one in lines],
            are_posted=False,
        )  # fmt: skip
        assert any(one.is_beyond and one.action == "stop" for one in seen) is wanted
        kept = db.session.begin_nested()
        try:
            approve(codes.site, document_of(codes, lines))
        except Invalid:
            kept.rollback()
            assert wanted, (rules, standing, lines)
        else:
            kept.commit()
            assert not wanted, (rules, standing, lines)
            standing += lines


def any_rule(chance: random.Random) -> Rule:
    stages: dict[str, Any] = {
        one: "stop" for one in ("commit_request", "commit", "actual", "budget_transfer")
        if chance.random() < 0.6
    }  # fmt: skip
    how = chance.choice(("plain", "level", "codes"))
    return Rule(
        stages or {"actual": "stop"},
        available=chance.choice(("available", "available_static", "unspent")),
        level=chance.randint(0, 3) if how == "level" else None,
        codes=tuple(chance.sample(sorted(TREE), 2)) if how == "codes" else (),
        horizon=chance.choice(("whole", "to_period")),
    )


def plainly(rule: Rule, touched: set[str]) -> list[Plain]:
    """The same rule for each thing it judges, found the plain way."""
    month = rule.horizon == "to_period"
    if rule.level == 0:
        return [Plain(frozenset(TREE), month, rule.available)]
    if rule.level is None and not rule.codes:
        return [Plain(frozenset({one}), month, rule.available) for one in touched]
    tops = set()
    for one in touched:
        way = budgets.path(TREE, one)
        tops |= {t for t in way if t in rule.codes} if rule.codes else {way[: rule.level][-1]}
    return [Plain(budgets.below(TREE, top), month, rule.available) for top in tops]


def any_entry(chance: random.Random, contracts: list[str], requests: list[str]) -> Entry:
    bucket = chance.choice(
        ("budget_orig", "budget_orig", "budget_transfer", "commit_request", "commit", "actual")
    )
    amount = Decimal(chance.randint(-4000, 10000)) / 100
    if bucket == "budget_orig":
        amount = abs(amount) * 3
    first = date(2026, chance.randint(1, 6), chance.randint(1, 28))
    last = date(2026, chance.randint(first.month, 9), 28)
    is_budget = bucket.startswith("budget")
    return Entry(
        chance.choice(sorted(TREE)),
        bucket,
        amount or Decimal(1),
        date(2026, chance.randint(1, 9), chance.randint(1, 28)),
        chance.choice((None, *contracts))
        if bucket in ("commit", "actual", "commit_request")
        else None,
        chance.choice((None, *requests)) if bucket == "commit_request" else None,
        (first, last) if is_budget and chance.random() < 0.6 else None,
    )


def attributes(codes: Codes, one: Entry) -> dict[str, Any]:
    """The entry as the page of a decision foresees it."""
    return {
        "cost_code_id": codes.ids[one.code],
        "bucket": one.bucket,
        "amount": one.amount,
        "ccy": "CNY",
        "contract_id": one.contract,
        "request_id": one.request,
        "effective_on": one.day,
        "spread_from": one.span[0] if one.span else None,
        "spread_until": one.span[1] if one.span else None,
    }


def document_of(codes: Codes, lines: list[Entry]) -> Record:
    rows = [
        {
            "_id": f"r{at}",
            "bucket": one.bucket,
            "code": codes.ids[one.code],
            "amount": str(one.amount),
            "contract": one.contract,
            "request": one.request,
            "day": one.day.isoformat(),
            "spread_from": one.span[0].isoformat() if one.span else None,
            "spread_until": one.span[1].isoformat() if one.span else None,
        }
        for at, one in enumerate(lines)
    ]
    data = {"reason": "x", "currency": "CNY", "lines": rows}
    return codes.site.world.record("cost_document", data, state="submitted")


@pytest.mark.parametrize("horizon", ["whole", "to_period"])
def test_two_children_of_a_parent_at_the_same_moment_do_not_both_pass(
    app: Flask, monkeypatch: pytest.MonkeyPatch, horizon: Any
) -> None:
    with app.app_context():
        codes = Codes(Site(app))
        codes.site.cost(("budget_orig", codes.ids["01"], "650"))
        ids = [codes.document(("commit_request", one, "400")).id for one in ("01.1", "01.2.1")]
        ruled(monkeypatch, Rule(STOP, level=1, horizon=horizon))
        db.session.commit()
    assert decided_together(app, ids) == ["passed", "stopped"]


def test_a_project_may_go_by_the_static_column(codes: Codes) -> None:
    """They agree until a contract runs over: only the relieving one shows it."""
    party = codes.site.entry("party", "S", "Works")
    contract = codes.site.entry("contract", "K1", "Order", party=party)
    codes.approve(("budget_orig", "01.1", "1000"))
    codes.approve(("commit", "01.1", "200"), contract=contract)
    codes.approve(("actual", "01.1", "250"), contract=contract)
    lines = [{"cost_code_id": codes.ids["01.1"], "bucket": "commit_request", "ccy": "CNY",
              "amount": Decimal(1), "effective_on": date(2026, 3, 1)}]  # fmt: skip
    project = codes.site.world.project
    found = {}
    for basis in ("", "available_static", "gone"):
        project.budget_basis = basis
        db.session.flush()
        (one,) = reaching.reaches(sheet_in_force(), project.id, lines, are_posted=False)
        found[basis] = one.before
    assert found == {"": 750, "available_static": 800, "gone": 750}
