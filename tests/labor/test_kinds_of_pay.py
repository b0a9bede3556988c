"""Paid by the hour, the day, the month and the piece: from the card to the bank, each in its unit."""

import io
import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from python_calamine import CalamineWorkbook

from portal.errors import Invalid
from portal.labor.hours import waiting_teams
from portal.labor.ledger import wage_ledger
from portal.labor.queries import Month, grid
from portal.labor.words import pieces_text, standards_text, work_text
from portal.ledgers.models import CostEntry, LaborEntry
from portal.projects.queries import project_brief
from portal.web.viewer import ProjectBrief
from tests.conftest import Lending
from tests.labor.yard import Yard

DAY = date(2026, 3, 3)
WAYS = ["hour", "day", "month", "piece"]


@pytest.fixture
def mixed(yard: Yard, lending: Lending) -> Yard:
    """The crew is paid every way: Dan by the day, Mo by the month, Pia by the piece."""
    return lending.once(_every_way_of_pay, yard)


def _every_way_of_pay(yard: Yard) -> Yard:
    team = dict(yard.record(yard.ids["team"]).data)
    yard.ids["wall_team"] = yard.entry(
        "lara", "team", "Y1", **{**team, "name": "Masons", "pays_by": WAYS}
    )
    cards = {
        "dan": {"paid_by": "day", "day_rate": "160.00"},
        "mo": {"paid_by": "month", "month_rate": "5220.00"},
        "pia": {"paid_by": "piece"},
        "hal": {"paid_by": "hour", "hourly_rate": "20.00"},
    }
    for name, card in cards.items():
        row = {"_id": "r1", "from_date": "2026-01-01", "standard_hours": "8.00", **card}
        yard.ids[name] = yard.entry(
            "lara", "worker", "Y1", name=name.capitalize(), id_number=f"ID {name}",
            team=yard.ids["wall_team"], trade="mason", skill="skilled", entry_on="2026-01-01",
            rates=[row],
        )  # fmt: skip
    yard.ids["wall"] = yard.entry(
        "lara", "piece_price", "Y1", name="Block wall", team=yard.ids["wall_team"], unit="m3",
        price="45.00", valid_from="2026-01-01",
    )  # fmt: skip
    return yard


def ticket(yard: Yard, day: date = DAY, **rows: dict[str, str]) -> str:
    """A signed ticket of the masons."""
    workers = [
        {"_id": f"r{n}", "worker": yard.ids[who], **row}
        for n, (who, row) in enumerate(rows.items())
    ]
    return yard.ticket(day, team=yard.ids["wall_team"], workers=workers)


def all_kinds(yard: Yard) -> str:
    return ticket(
        yard,
        dan={"days": "1.00", "overtime": "2.00"},
        mo={"hours": "8.00"},
        pia={"piece": yard.ids["wall"], "qty": "6.50", "hours": "8.00"},
        hal={"hours": "8.00"},
    )


def project(yard: Yard) -> ProjectBrief:
    found = project_brief(yard.projects["Y1"])
    assert found is not None
    return found


def run(yard: Yard, rules: str = "china") -> str:
    yard.ids["yard_team"], yard.ids["team"] = yard.ids["team"], yard.ids["wall_team"]
    try:
        return yard.run(rules=rules)
    finally:
        yard.ids["team"] = yard.ids["yard_team"]


def test_every_entry_says_what_is_paid_and_for_one_of_what(mixed: Yard) -> None:
    all_kinds(mixed)
    booked = [one for one in mixed.rows(LaborEntry, signed=True) if one.amount > 0]
    found = sorted(
        (one.unit, one.pay_class, one.hours, one.days, one.qty, one.rate, one.amount)
        for one in booked
    )
    assert found == [
        ("d", "normal", 8, 1, 0, 160, 160),
        ("h", "normal", 8, 0, 0, 20, 160),
        ("h", "weekday_ot", 2, 0, 0, 20, 60),
        ("m3", "piece", 8, 0, Decimal("6.5"), 45, Decimal("292.5")),
        ("month", "normal", 8, 0, 0, 5220, 240),
    ]


def test_the_run_prices_each_in_its_unit_and_cost_is_told_in_it(mixed: Yard) -> None:
    all_kinds(mixed)
    record_id = run(mixed)
    lines = mixed.record(record_id).data["lines"]
    assert sorted((one["unit"], one["qty"], one["rate"], one["amount"]) for one in lines) == [
        ("d", "1.0000", "160.0000", "160.00"),
        ("h", "2.0000", "30.0000", "60.00"),
        ("h", "8.0000", "20.0000", "160.00"),
        ("h", "8.0000", "30.0000", "240.00"),  # 5220 ÷ 21.75 ÷ 8
        ("m3", "6.5000", "45.0000", "292.50"),
    ]
    cost = sorted((one.unit or "", one.qty, one.amount) for one in mixed.rows(CostEntry))
    assert [one[0] for one in cost] == ["d", "h", "h", "h", "m3"]
    assert sum(one[2] for one in cost) == Decimal("912.50")
    assert mixed.figures()["certified"] == Decimal("912.50")
    assert mixed.problems() == {}


def test_the_grid_and_the_wage_ledger_tell_days_and_pieces(mixed: Yard) -> None:
    all_kinds(mixed)
    run(mixed)
    month = Month(date(2026, 3, 1))
    with mixed.looking("lara"), mixed.app.test_request_context():
        found = grid(project(mixed), month)
        (block,) = found.blocks
        shown = {row.worker.name: row for row in block.rows if row.worker}
        pia = shown["Pia"].cells[DAY.day - 1]
        assert (pia.hours.value, pieces_text(pia.pieces)) == (8, "6.5 m3")
        assert pieces_text(found.total.pieces) == "6.5 m3"
        assert shown["Dan"].total.hours.value == 10
        ledger = wage_ledger(project(mixed), month, in_full=False)
        rows = {row.name: row for row in ledger.rows}
        assert work_text(rows["Pia"].hours, rows["Pia"].pieces) == "1, 6.5 m3"
        assert standards_text(rows["Pia"].rates) == "45.00/m3"
        assert standards_text(rows["Dan"].rates) == "160.00/day, 20.00/hour"
        assert standards_text(rows["Mo"].rates) == "5,220.00/month"
        assert rows["Dan"].due == 220
    browser = mixed.browser("lara")
    page = browser.get("/projects/Y1/labor?month=2026-03").text
    ways = set(re.findall(r'<td class="num"><a href="([^"]+)">6\.5 m3</a>', page))
    assert len(ways) == 3, "the worker's, the team's, all of it"
    assert all("Pia" in browser.get(unescape(way)).text for way in ways)
    assert "160.00/day" in browser.get("/projects/Y1/labor/ledger?month=2026-03").text
    for page in ("labor.pdf", "labor/ledger.pdf", "labor/wages.pdf"):
        assert browser.get(f"/projects/Y1/{page}").data.startswith(b"%PDF")
    content = browser.get("/projects/Y1/labor/ledger.xlsx?month=2026-03").data
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert "6.5 m3" in [row[5] for row in sheet]
    content = browser.get("/projects/Y1/labor.xlsx?month=2026-03").data
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert "6.5 m3" in [row[-4] for row in sheet]


def test_pieces_without_hours_wait_to_be_accrued_and_are_shown(mixed: Yard) -> None:
    ticket(mixed, pia={"piece": mixed.ids["wall"], "qty": "2.00"})
    with mixed.looking("lara"):
        (waiting,) = waiting_teams(project(mixed).id)
    assert (waiting.hours, waiting.amount) == (0, 90)
    run(mixed)
    assert mixed.figures()["accrued"] == 90
    page = mixed.browser("lara").get("/projects/Y1/labor?month=2026-03").text
    assert "2 m3" in page


def test_pieces_and_days_belong_to_the_regular_rate_of_a_week(mixed: Yard) -> None:
    """50 h in the week earned 500 by the day: 10 an hour, and half of it more for 10 h."""
    dan = mixed.ids["dan"]
    card = mixed.record(dan).data
    rates = [{**card["rates"][0], "day_rate": "100.00"}]
    mixed.submit(dan, "lara", data={**card, "rates": rates})
    for day in range(2, 7):
        ticket(mixed, date(2026, 3, day), dan={"days": "1.00", "hours": "10.00"})
    record_id = run(mixed, "us")
    assert mixed.record(record_id).data["total_amount"] == "550.00"
    extra = [one for one in mixed.record(record_id).data["lines"] if one["unit"] == "h"]
    assert sum(Decimal(one["amount"]) for one in extra) == 50
    assert {one["pay_class"] for one in extra} == {"weekday_ot"}
    assert mixed.record(record_id).data["total_hours"] == "50.00"


def test_rules_that_count_hours_refuse_pieces_without_them(mixed: Yard) -> None:
    record_id = ticket(mixed, pia={"piece": mixed.ids["wall"], "qty": "2.00"})
    number = mixed.record(record_id).number
    with pytest.raises(Invalid, match=f"{number} has days or pieces without the hours"):
        run(mixed, "us")


@pytest.mark.parametrize(
    ("who", "row", "said"),
    [
        ("dan", {"hours": "8.00"}, "paid by the day: enter days"),
        ("hal", {"hours": "8.00", "days": "1.00"}, "not paid by the day"),
        ("hal", {"hours": "1.00", "qty": "3.00"}, "Choose the price"),
        ("pia", {"hours": "8.00"}, "required"),
    ],
)
def test_a_quantity_of_another_unit_than_its_rate_is_refused(
    mixed: Yard, who: str, row: dict[str, str], said: str
) -> None:
    with pytest.raises(Invalid) as refused:
        ticket(mixed, **{who: row})
    assert any(said in str(one.message) for one in refused.value.errors)


def test_a_team_paid_by_the_hour_is_asked_for_hours_alone(mixed: Yard) -> None:
    page = mixed.browser("nora").get("/forms/day_labor/new?project=Y1").text
    assert "Overtime" in page
    record_id = mixed.ticket(DAY, signed=False)
    shown = mixed.browser("mark").get(f"/records/{record_id}").text
    assert "Piece work" not in shown
    both = all_kinds(mixed)
    shown = mixed.browser("mark").get(f"/records/{both}").text
    assert "Block wall" in shown
    assert "6.50" in shown


@pytest.mark.parametrize("way", ["day", "month"])
def test_a_card_names_only_what_its_team_offers(mixed: Yard, way: str) -> None:
    row = {"_id": "r1", "from_date": "2026-01-01", "standard_hours": "8.00", "paid_by": way}
    team = {**mixed.record(mixed.ids["team"]).data, "name": "By the hour", "pays_by": ["hour"]}
    team_id = mixed.entry("lara", "team", "Y1", **team)
    with pytest.raises(Invalid) as refused:
        mixed.entry(
            "lara", "worker", "Y1", name="Eve", id_number="ID eve", team=team_id,
            trade="general", skill="skilled", entry_on="2026-01-01",
            rates=[{**row, f"{way}_rate": "160.00"}],
        )  # fmt: skip
    assert "does not offer this way" in str(refused.value.errors[0].message)


@pytest.mark.parametrize(("who", "rate"), [("dan", "day"), ("mo", "month"), ("hal", "")])
def test_a_card_shows_the_rate_it_has_and_none_it_has_not(mixed: Yard, who: str, rate: str) -> None:
    data = mixed.record(mixed.ids[who]).data
    latest = {"latest_rate", "latest_day_rate", "latest_month_rate"}
    (has,) = {key for key in latest if data.get(key) is not None}
    assert has == f"latest_{rate}_rate".replace("__", "_")
    page = mixed.browser("lara").get(f"/records/{mixed.ids[who]}").text
    assert not re.search(r"(?<![\d,.])0\.00", page)
