"""Day-labor tickets: filed from the site, signed by foreman, site manager, labor officer, owner."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from portal.demo import voices
from portal.demo.cast import PEOPLE
from portal.demo.sites import Site, Team, Work
from portal.demo.story import Life, Story
from portal.demo.workdays import ZONE

PLACES = (
    "East end 东端",
    "Axis 4 to 9 4~9 轴",
    "Storage yard 堆场",
    "Gate 2 二号门",
    "North side 北侧",
)
NAMES = {one.login: one.name for one in PEOPLE}
FULL_DAY = "8.00"
# Of every forty tickets these come out otherwise than signed by everybody.
ODD = {3: "return", 9: "edit", 14: "withdraw", 19: "reject", 24: "edit", 29: "return", 37: "remark"}
# The last tickets of each project, so that every state is there to be seen.
LAST = (
    "wait:owner",
    "wait:labor_officer",
    "reject",
    "",
    "returned",
    "wait:site_manager",
    "",
    "wait:owner",
    "wait:labor_officer",
    "",
    "",
    "",
    "wait:site_manager",
    "wait:foreman",
    "draft",
)
DAYS_APART = 0.9


@dataclass(frozen=True, slots=True)
class Plan:
    """One ticket to come: when, of which team, with what fate."""

    at: datetime
    team: Team
    place: int
    turn: str


def ticket_plans(story: Story, site: Site, count: int) -> list[Plan]:
    """Tickets spread over the history, the last ones over the last two weeks."""
    plans = []
    for place in range(count):
        left = count - place
        early = max(0, left - len(LAST))
        days = min(left, len(LAST)) * DAYS_APART + early * 150 / (count - len(LAST))
        day = (story.end - timedelta(days=days)).astimezone(ZONE).date()
        at = datetime.combine(day, time(8 + place % 2, (place * 13) % 60), UTC)
        team = site.teams[place % len(site.teams)]
        turn = LAST[-left] if left <= len(LAST) else ODD.get(place % 40, "")
        if at < story.end:
            plans.append(Plan(at, team, place, turn))
    return plans


def ticket_life(story: Story, site: Site, plan: Plan) -> Life:
    """One ticket from the site to the last signature."""
    by_foreman = plan.place % 3 == 0 and plan.turn not in {"draft", "returned", "wait:foreman"}
    requester = plan.team.foreman if by_foreman else site.engineer
    turn = plan.turn
    data = _data(story, site, plan)
    if plan.place % 5 == 0 or turn.startswith("wait"):
        key = f"{site.code}-ticket-{plan.place}"
        data["photos"] = [story.photo(requester, "photos", key)]
    record_id = story.draft(requester, "day_labor", site.code, data).id
    if turn == "draft":
        return
    yield story.later(0.3)
    story.send(record_id)
    if turn == "withdraw":
        yield story.later(2)
        story.withdraw(record_id, voices.WITHDRAW)
        return
    said: set[str] = set()
    while (task := story.turn(record_id)) is not None:
        if turn == f"wait:{task.step}":
            return
        yield story.later(5)
        words = voices.unsaid(story.chance, voices.SIGNED[task.step], said)
        turn = _sign(story, record_id, task.step, turn, words)
        if turn == "is back":
            return
        if turn == "send again":
            yield story.later(4)
            story.send(record_id, comment=story.chance.choice(voices.RESENT))
            turn = ""


def _sign(story: Story, record_id: str, step: str, turn: str, words: str) -> str:
    chance = story.chance
    if step == "site_manager":
        if turn in {"return", "returned"}:
            story.send_back(record_id, chance.choice(voices.RETURN_TICKET))
            return "send again" if turn == "return" else "is back"
        if turn == "edit":
            story.approve(record_id, "Two hours less. 少记两小时。", edit=_two_hours_less)
            return ""
        if turn == "reject":
            story.reject(record_id, voices.REJECT_TICKET)
            return ""
    if step == "labor_officer" and turn == "remark":
        story.remark("he.jing", record_id, voices.REMARKS[2])
    story.approve(record_id, words)
    return turn


def _two_hours_less(data: dict[str, Any]) -> None:
    """Overtime goes first: it only follows a full day."""
    first = next((one for one in data["workers"] if Decimal(one.get("hours") or 0) > 2), None)
    if first is None:
        return
    if Decimal(first["overtime"] or 0) > 0:
        first["overtime"] = "0.00"
    else:
        first["hours"] = f"{Decimal(first['hours']) - 2:.2f}"


def _data(story: Story, site: Site, plan: Plan) -> dict[str, Any]:
    chance = story.chance
    work = site.works[plan.place % len(site.works)]
    sunday = story.now.astimezone(ZONE).weekday() == 6
    crew = chance.sample(plan.team.workers, k=chance.randint(2, min(5, len(plan.team.workers))))
    data: dict[str, Any] = {
        "work_date": story.today(site.zone),
        "day_type": "rest_day" if sunday else "normal",
        "team": story.ids[f"team:{site.code}:{plan.team.name}"],
        "work": work.what,
        "location": chance.choice(PLACES),
        "wbs": story.ids[f"wbs:{site.code}:{work.wbs}"],
        "cost_code": story.ids["code:01.02"],
        "ordered_by": _who_ordered(story, site, work),
        "outside_contract": work.outside,
        "owner_signature": work.outside and "owner_rep" in site.staff,
        "workers": [
            {
                "worker": story.ids[f"worker:{site.code}:{worker[0]}"],
                **_paid(plan.team, worker[0], _hours(story)),
            }
            for worker in crew
        ],
    }
    piece = next((one for one in plan.team.pieces if one[0] == work.piece), None)
    if piece:
        _by_the_piece(story, site, piece, data["workers"])
    paying = story.ids.get(f"change:{site.code}:{work.change}", "") if work.outside else ""
    if paying and story.look(paying).state == "approved":
        data["change"] = paying
    return data


def _hours(story: Story) -> dict[str, str]:
    """A day, or part of one; overtime follows a full day only."""
    hours = story.chance.choice(("4.00", FULL_DAY, FULL_DAY, "6.50"))
    overtime = story.chance.choice(("0.00", "0.00", "2.00"))
    return {"hours": hours, "overtime": overtime if hours == FULL_DAY else "0.00"}


def _paid(team: Team, name: str, hours: dict[str, str]) -> dict[str, str]:
    """Whoever is paid by the day has days instead: a whole one, or half of it."""
    if name not in team.by_day:
        return hours
    return {"days": "1.00" if hours["hours"] == FULL_DAY else "0.50", "overtime": hours["overtime"]}


def _by_the_piece(
    story: Story, site: Site, piece: tuple[str, str, str, str], rows: list[dict[str, Any]]
) -> None:
    """The first who is paid by the hour makes pieces that day; how long it took is told as well."""
    work, _unit, _price, an_hour = piece
    row = next((one for one in rows if "hours" in one), None)
    if row is not None:
        quantity = (Decimal(row["hours"]) * Decimal(an_hour)).quantize(Decimal("0.1"))
        row |= {
            "piece": story.ids[f"piece:{site.code}:{work}"],
            "qty": f"{quantity:.2f}",
            "overtime": "0.00",
        }


def _who_ordered(story: Story, site: Site, work: Work) -> str:
    """The site itself; outside the contract mostly the owner's side."""
    owner = [f"{NAMES[login]} (owner 业主)" for login in site.staff.get("owner_rep", ())[:1]]
    if not work.outside or not owner:
        return story.chance.choice((NAMES[site.staff["site_manager"][0]], "Site meeting 现场例会"))
    return story.chance.choice((*owner, "Supervisor 监理"))
