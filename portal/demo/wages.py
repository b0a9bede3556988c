"""How the demo's day labor is paid: rules, monthly accruals, advances, payments; one conflict."""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from portal.demo.sites import Site, Team
from portal.demo.story import Life, Story
from portal.errors import Invalid
from portal.labor.hours import Span
from portal.labor.services import begin_run
from portal.projects.queries import project_brief

OFFICER = "he.jing"
MONTHS = 6
PAYING = ("finance", "cash")  # steps at which money leaves an account
ADVANCED_DAYS_AGO, BORROWED_DAYS_AGO = 75, 11
RULES: dict[str, dict[str, Any]] = {
    "China, labor law 中国劳动法": {
        "law": "Labor Law of the PRC, article 44 《劳动法》第四十四条",
        "versions": [
            {
                "valid_from": "1995-01-01",
                "overtime_factor": "1.50",
                "rest_day_factor": "2.00",
                "holiday_factor": "3.00",
                "day_cap": "3.00",
            }
        ],
    },
    "United States, federal": {
        "law": "Fair Labor Standards Act, section 7",
        "versions": [
            {
                "valid_from": "1938-10-24",
                "overtime_factor": "1.00",
                "rest_day_factor": "1.00",
                "holiday_factor": "1.00",
                "week_limit": "40.00",
                "over_factor": "1.50",
            }
        ],
    },
    "Agreement of site JB03": {
        "law": "Agreed with the crew; checked against local law by the labor officer",
        "versions": [
            {
                "valid_from": "2022-02-02",
                "overtime_factor": "1.25",
                "rest_day_factor": "1.50",
                "holiday_factor": "1.50",
                "day_cap": "2.00",
            }
        ],
    },
}
BY_SITE = {"HB01": 0, "RV02": 0, "JB03": 2}
ADVANCES = {"Steel team 钢筋班组": ("900.00", "600.00"), "General team 综合班组": ("500.00",)}
# A man of the harbor lent to the tunnel for a day: both sites booked him.
LENT, FROM_SITE, TO_SITE = "Sun Laifu 孙来福", "HB01", "RV02"
LENT_WHY = (
    "He was lent to the tunnel from noon; both foremen booked the whole day. The tunnel sends its "
    "ticket again with half a day. 下午借至隧道项目，两个班组均记全天；隧道项目改记半天后重报。"
)


def keep_pay_rules(story: Story) -> None:
    """The rules by which hours are paid, kept by the head of finance."""
    for name, one in RULES.items():
        made = story.file("qian.ying", "pay_rules", None, {"name": name, **one})
        story.ids[f"rules:{name}"] = made.id


def plan_wages(story: Story, site: Site) -> None:
    """Put the accruals of past months on the agenda, and what was paid of them."""
    first = story.end.date().replace(day=1)
    months = []
    for _ in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        months.append(first)
    for team in site.teams:
        for place, month in enumerate(reversed(months)):
            is_last = place == MONTHS - 1
            day = _after(month) + timedelta(days=6)
            story.begin(_run_life(story, site, team, month, pays=not is_last), _at(day))
        if team.name in ADVANCES:
            day = story.end.date() - timedelta(days=ADVANCED_DAYS_AGO)
            story.begin(_advance_life(story, site, team), _at(day))
    if site.code == TO_SITE:
        day = story.end.date() - timedelta(days=BORROWED_DAYS_AGO)
        while day.weekday() > 4:
            day -= timedelta(days=1)
        story.begin(_lent_life(story, site), _at(day))


def _after(month: date) -> date:
    """The first day of the month that follows."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(3), UTC)


def _run_life(story: Story, site: Site, team: Team, month: date, *, pays: bool) -> Life:
    """A month of a team: filled in, signed by foreman, manager and cost control, and paid."""
    project = project_brief(story.ids[f"project:{site.code}"])
    assert project is not None, site.code
    rules = list(RULES)[BY_SITE[site.code]]
    actor = story.become(OFFICER)
    try:
        made = begin_run(
            actor=actor,
            project=project,
            team_id=story.ids[f"team:{site.code}:{team.name}"],
            span=Span(month, _after(month) - timedelta(days=1)),
            rules_id=story.ids[f"rules:{rules}"],
            now=story.now,
        )
    except Invalid:
        return  # nobody of the team worked by the hour, or nothing is signed yet
    run_id = made.id
    story.send(run_id)
    while story.turn(run_id) is not None:
        yield story.later(4)
        story.approve(run_id)
    if not pays:
        return
    yield story.later(24)
    data = {"run": run_id, "paid_on": story.today(site.zone), "method": "bank"}
    payment = story.file(OFFICER, "wage_payment", site.code, data).id
    yield from _paid_from(story, payment, f"wages:{site.code}")


def _paid_from(story: Story, record_id: str, account: str) -> Life:
    """The project manager agrees; finance pays, and names the account."""
    while (task := story.turn(record_id)) is not None:
        yield story.later(5)
        edit = partial(dict.update, account=story.ids[account]) if task.step in PAYING else None
        story.approve(record_id, edit=edit)


def _advance_life(story: Story, site: Site, team: Team) -> Life:
    """Some of a team need money before pay-day."""
    lines = [
        {"worker": story.ids[f"worker:{site.code}:{worker[0]}"], "amount": amount}
        for worker, amount in zip(team.workers, ADVANCES[team.name], strict=False)
    ]
    data = {
        "purpose": "Rent and travel home 房租及返乡路费",
        "team": story.ids[f"team:{site.code}:{team.name}"],
        "paid_on": story.today(site.zone),
        "method": "cash",
        "lines": lines,
    }
    record_id = story.file(OFFICER, "wage_advance", site.code, data).id
    yield from _paid_from(story, record_id, f"petty:{site.code}")


def _lent_life(story: Story, site: Site) -> Life:
    """Two foremen book the same man for the same day."""
    known = story.look(story.ids[f"worker:{FROM_SITE}:{LENT}"]).data
    copied = ("name", "id_number", "trade", "skill", "bank_name", "bank_account")
    team = site.teams[0]
    today = story.today(site.zone)
    rates = [{"from_date": today, "hourly_rate": "30.00", "standard_hours": "8.00"}]
    guest = {key: known[key] for key in copied if known.get(key)} | {
        "team": story.ids[f"team:{site.code}:{team.name}"],
        "entry_on": today,
        "rates": rates,
    }
    guest_id = story.file(OFFICER, "worker", site.code, guest).id
    home = story.ids[f"worker:{FROM_SITE}:{LENT}"]
    for code, worker, login, place in (
        (FROM_SITE, home, "luo.gang", "Formwork team 木工班组"),
        (site.code, guest_id, team.foreman, team.name),
    ):
        data = {
            "work_date": today,
            "day_type": "normal",
            "team": story.ids[f"team:{code}:{place}"],
            "work": "Unload and stack timber 卸车码放木方",
            "location": "Storage yard 堆场",
            "cost_code": story.ids["code:01.02"],
            "ordered_by": "Site meeting 现场例会",
            "outside_contract": False,
            "owner_signature": False,
            "workers": [{"worker": worker, "hours": "8.00", "overtime": "0.00"}],
        }
        record_id = story.file(login, "day_labor", code, data).id
        while story.turn(record_id) is not None and code == FROM_SITE:
            yield story.later(3)
            story.approve(record_id)
        story.remark(OFFICER, record_id, LENT_WHY)
