"""Site instructions, machine tickets and the decisions that opened the demo's projects."""

from dataclasses import dataclass
from datetime import timedelta

from portal.demo.sites import Site
from portal.demo.story import Life, Story
from portal.demo.workdays import working_moment

OF_HARBOR = "HB01"
OWNER_STEP = "owner"


@dataclass(frozen=True, slots=True)
class Instruction:
    """Extra work the owner asked for; `line` is (code, what, quantity, unit, price)."""

    days: int
    title: str
    reason: str
    place: str
    text: str
    line: tuple[str, str, str, str, str]
    asked: str
    contract: str
    is_signed: bool


INSTRUCTIONS = (
    Instruction(
        52,
        "Old mooring dolphin removed 旧系船墩拆除",
        "site",
        "East end, axis 1 东端 1 轴",
        "Two concrete dolphins not shown on the drawings were broken out and carried away.\n"
        "图纸未示的两座混凝土系船墩，破碎并外运。",
        ("04.01", "Break out and carry away 破碎外运", "186", "m³", "460.00"),
        "101200.00",
        "HB-E-01",
        is_signed=True,
    ),
    Instruction(
        16,
        "Dredger on standby for the owner's vessel 业主船舶靠泊挖泥船待机",
        "stoppage",
        "Berth 2 二号泊位",
        "The dredger waited 41 hours while the owner's vessel was berthed.\n"
        "业主船舶靠泊期间，挖泥船停工待机 41 小时。",
        ("04.03", "Standby of the dredger 挖泥船待机", "41", "h", "2150.00"),
        "106700.00",
        "HB-E-05",
        is_signed=False,
    ),
)
SHIFTS = ((33, "1.00"), (32, "1.50"), (31, "1.00"), (12, "2.00"), (11, "1.50"))


def plan_site_documents(story: Story, site: Site) -> None:
    """Put the harbor's instructions and machine tickets, and its opening, on the agenda."""
    if site.code != OF_HARBOR:
        return
    for one in INSTRUCTIONS:
        begins = working_moment(story.end - timedelta(days=one.days), 5)
        story.begin(_instruction_life(story, site, one), begins)
    for days in (31, 10):
        begins = working_moment(story.end - timedelta(days=days), 7)
        story.begin(_machine_life(story, site, days), begins)
    began = working_moment(story.end - timedelta(days=site.began - 1), 1)
    story.begin(_opening_life(story, site), began)


def _instruction_life(story: Story, site: Site, one: Instruction) -> Life:
    """From the site to the owner, whose signature comes last, or not yet."""
    code, what, quantity, unit, price = one.line
    income = next(contract for contract in site.contracts if contract.direction == "income")
    data = {
        "title": one.title,
        "instructed_on": story.today(site.zone),
        "instructed_by": "Ye Qing 叶青",
        "reason": one.reason,
        "place": one.place,
        "description": one.text,
        "scope": "out",
        "owner_contract": story.ids[f"contract:{income.code}"],
        "owner_amount": one.asked,
        "contract": story.ids.get(f"contract:{one.contract}"),
        "photos": [story.photo(site.engineer, "photos", one.title)],
        "lines": [
            {
                "cost_code": story.ids[f"code:{code}"],
                "description": what,
                "qty": f"{quantity}.000",
                "unit": unit,
                "unit_price": price,
            }
        ],
    }
    made = story.file(site.engineer, "site_instruction", site.code, data).id
    while (task := story.turn(made)) is not None:
        yield working_moment(story.now, 10)
        if task.step != OWNER_STEP:
            story.approve(made)
        elif one.is_signed:
            story.approve(made, "Seen on site. 现场已核。", login="ye.qing")
        else:
            return


def _machine_life(story: Story, site: Site, days: int) -> Life:
    """An excavator's shifts of some days, on one ticket."""
    key = f"machine:{site.code}"
    if key not in story.ids:
        machine = {
            "code": "J-07",
            "name": "Excavator 挖掘机",
            "model": "1.2 m³",
            "owned": "hired",
            "party": story.ids["party:V-003"],
            "rate_unit": "shift",
            "rate": "1850.00",
            "cost_code": story.ids["code:03.02"],
        }
        keeper = site.contract_engineer
        story.ids[key] = story.file(keeper, "machine", site.code, machine).id
    lines = [
        {
            "worked_on": (story.end - timedelta(days=ago)).date().isoformat(),
            "work": "Clean the cofferdam 围堰清理",
            "wbs": story.ids[f"wbs:{site.code}:3"],
            "cost_code": story.ids["code:03.02"],
            "counted": shifts,
        }
        for ago, shifts in SHIFTS
        if days <= ago < days + 5
    ]
    data = {"machine": story.ids[key], "operator": "Xu Bin 徐斌", "lines": lines}
    made = story.file(site.engineer, "machine_hire", site.code, data).id
    while story.turn(made) is not None:
        yield working_moment(story.now, 8)
        story.approve(made)


def _opening_life(story: Story, site: Site) -> Life:
    """The decision to take the harbor on, and later the one on its next phase, still open."""
    yield from _opening(story, site, "Harbor terminal, phase 2 海港二期码头", "117400000.00", "")
    yield working_moment(story.end - timedelta(days=9), 2)
    yield from _opening(
        story, site, "Harbor terminal, phase 3 海港三期码头", "148000000.00", "director", "HB03"
    )


def _opening(story: Story, site: Site, name: str, income: str, waits: str, code: str = "") -> Life:
    starts = story.now.date() + timedelta(days=14)
    data = {
        "name": name,
        **({"code": code} if code else {}),
        "client": story.ids["party:C-001"],
        "site": "Binjiang port 滨江港区",
        "award": "tender",
        "goal": "Two berths for 50,000 t vessels in 14 months. 14 个月内交付两个 5 万吨级泊位。",
        "scope_of_work": "Piles, quay structure, dredging, rails. 桩基、码头结构、疏浚、轨道。",
        "starts_on": starts.isoformat(),
        "ends_on": (starts + timedelta(days=425)).isoformat(),
        "manager": story.ids["person:wang.jianguo"],
        "department": story.ids["department:SITE-HB"],
        "income": income,
        "cost": f"{int(income.partition('.')[0]) * 88 // 100}.00",
        "risks": [
            {
                "risk": "Soft ground at the east end 东端软弱地基",
                "answer": "Trial piles before ordering casings 先试桩再订护筒",
            }
        ],
    }
    made = story.file("gao.feng", "project_opening", None, data).id
    while (task := story.turn(made)) is not None and task.step != waits:
        yield working_moment(story.now, 9)
        story.approve(made)
