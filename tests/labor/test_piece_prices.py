"""Prices of pieces: of one work of a team one price is valid on a day; who retires one frees it."""

import pytest

from portal.errors import Invalid
from tests.approvals.racing import together
from tests.conftest import Lending
from tests.labor.yard import Yard
from tests.masters.acts import retire, take_back


@pytest.fixture
def masons(yard: Yard, lending: Lending) -> Yard:
    return lending.once(_two_teams_of_masons, yard)


def _two_teams_of_masons(yard: Yard) -> Yard:
    for key, name in (("masons", "Masons"), ("others", "Other masons")):
        team = {**yard.record(yard.ids["team"]).data, "name": name, "pays_by": ["hour", "piece"]}
        yard.ids[key] = yard.entry("lara", "team", "Y1", **team)
    yard.ids["wall"] = price(yard)
    return yard


def price(yard: Yard, since: str = "2026-01-01", until: str = "", **more: str) -> str:
    days = {"valid_from": since, **({"valid_until": until} if until else {})}
    data = {"name": "Block wall 200 mm", "unit": "m3", "price": "45.00", **days, **more}
    return yard.entry("lara", "piece_price", "Y1", **{"team": yard.ids["masons"], **data})


def ended(yard: Yard, until: str) -> None:
    data = {**yard.record(yard.ids["wall"]).data, "valid_until": until}
    yard.submit(yard.ids["wall"], "lara", data=data)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"price": "48.00", "since": "2026-03-01"},
        {"since": "2025-06-01", "until": "2026-01-01"},
        {"name": "block wall, 200mm", "since": "2026-03-01"},
        {"unit": "m2"},
    ],
)
def test_the_same_work_of_a_team_is_not_priced_twice_in_the_same_days(
    masons: Yard, more: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        price(masons, **more)
    (error,) = refused.value.errors
    assert (error.path, error.see) == ("valid_from", masons.ids["wall"])
    assert "“Block wall 200 mm” of this team has a price from 2026-01-01 already" in str(
        error.message
    )


@pytest.mark.parametrize("more", [{"name": "Block wall 300 mm"}, {"until": "2025-12-31"}, {}])
def test_other_work_days_and_teams_are_priced(masons: Yard, more: dict[str, str]) -> None:
    since = "2025-06-01" if more else "2026-01-01"
    team = "masons" if more else "others"
    assert price(masons, since, **more, team=masons.ids[team])


def test_a_new_price_follows_the_old_one_and_neither_is_moved_into_the_other(masons: Yard) -> None:
    ended(masons, "2026-02-28")
    masons.ids["later"] = price(masons, "2026-03-01", price="48.00")
    with pytest.raises(Invalid, match=r"has a price from 2026-03-01 already|need attention"):
        ended(masons, "2026-03-01")
    with pytest.raises(Invalid) as refused:
        price(masons, "2026-02-01", "2026-02-10")
    assert "from 2026-01-01 to 2026-02-28" in str(refused.value.errors[0].message)


def test_a_price_out_of_use_frees_its_days_and_comes_back_only_where_they_are_free(
    masons: Yard,
) -> None:
    wall = masons.ids["wall"]
    retire(masons, wall, "lara")
    other = price(masons, price="50.00")
    with pytest.raises(Invalid):
        take_back(masons, wall, "lara")
    assert masons.record(wall).state == "retired"
    retire(masons, other, "lara")
    take_back(masons, wall, "lara")
    assert masons.record(wall).state == "approved"


def test_of_two_filed_at_the_same_moment_one_is_taken(masons: Yard) -> None:
    data = {
        "name": "Plaster", "unit": "m2", "price": "22.00", "valid_from": "2026-01-05",
        "team": masons.ids["masons"],
    }  # fmt: skip
    drafts = [masons.draft("lara", data, "piece_price", "Y1") for _ in range(2)]
    done = together(masons, *((lambda stage, one=one: stage.submit(one, "lara")) for one in drafts))
    assert sorted(one.won for one in done) == [False, True]
    assert [masons.record(one).state for one in drafts].count("approved") == 1
