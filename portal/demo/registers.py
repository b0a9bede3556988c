"""The registers of the demo: parties, cost codes, and per project WBS, teams, milestones."""

from collections.abc import Iterable
from datetime import date, timedelta

from portal.demo.sites import Milestone, Site, Team
from portal.demo.story import Story

# code, name, kind, contact, bank, account
PARTIES = (
    ("C-001", "Binjiang Port Group 滨江港务集团", "client", "Ye Qing 叶青", "", ""),
    ("C-002", "City Rail and Road Authority 市轨道道路建设局", "client", "Mr. Shao 邵处", "", ""),
    ("C-003", "Gulf Logistics Properties LLC", "client", "S. Rahman", "", ""),
    ("S-001", "Donghai Foundation 东海基础工程", "subcontractor", "Guo Hai 郭海", "ICBC 工商银行", "0200 1234 5678"),
    ("S-002", "Huajian Labor 华建劳务", "subcontractor", "Qin Bo 秦波", "CCB 建设银行", "3100 1500 0012"),
    ("S-003", "Changlong Dredging 长龙疏浚", "subcontractor", "Shi Min 史敏", "BOC 中国银行", "4520 6601 8890"),
    ("S-004", "Ruifeng Steelwork 瑞丰钢结构", "subcontractor", "Yu Fan 于帆", "ABC 农业银行", "0345 1100 2299"),
    ("S-005", "Al Wasl Steel LLC", "subcontractor", "H. Farouk", "Emirates NBD", "AE07 0331 2345"),
    ("S-006", "Desert Services MEP", "subcontractor", "L. Pereira", "Mashreq", "AE12 0460 9921"),
    ("S-007", "Palm Civil Works", "subcontractor", "D. Joseph", "FAB", "AE44 0350 7713"),
    ("V-001", "Haigang Concrete 海港商砼", "vendor", "Xiao Lin 肖林", "ICBC 工商银行", "0200 8866 1020"),
    ("V-002", "Shengang Steel 申钢物资", "vendor", "Tan Wei 谭伟", "CMB 招商银行", "7559 0011 2233"),
    ("V-003", "Zhenhua Marine Plant 振华船机", "vendor", "Wei Jun 魏军", "BOC 中国银行", "4520 7711 0099"),
    ("V-004", "Yuanda Segments 远大管片", "vendor", "Lei Ming 雷鸣", "CCB 建设银行", "3100 6600 4411"),
    ("V-005", "Haice Survey 海测勘测", "vendor", "Jin Ge 金戈", "CMB 招商银行", "7559 0022 3311"),
)  # fmt: skip

COST_CODES = (
    ("01", "Labor 人工费", "labor"),
    ("01.01", "Own crews 自有班组", "labor"),
    ("01.02", "Day labor 点工", "labor"),
    ("02", "Material 材料费", "material"),
    ("02.01", "Concrete 混凝土", "material"),
    ("02.02", "Reinforcement 钢筋", "material"),
    ("02.03", "Formwork 模板", "material"),
    ("02.04", "Precast parts 预制构件", "material"),
    ("03", "Machine 机械费", "machine"),
    ("03.01", "Lifting and pumping 起重泵送", "machine"),
    ("03.02", "Earth-moving 土方机械", "machine"),
    ("03.03", "Floating plant 船机", "machine"),
    ("04", "Subcontract 分包费", "subcontract"),
    ("04.01", "Piling and walls 桩基地连墙", "subcontract"),
    ("04.02", "Concrete works 混凝土工程", "subcontract"),
    ("04.03", "Earthworks and dredging 土方疏浚", "subcontract"),
    ("04.04", "Steelwork 钢结构", "subcontract"),
    ("04.05", "Services 机电安装", "subcontract"),
    ("04.07", "Tunnelling 盾构掘进", "subcontract"),
    ("05", "Indirect 间接费", "indirect"),
    ("05.01", "Site running 现场管理费", "indirect"),
    ("05.02", "Safety 安全文明施工费", "indirect"),
    ("05.09", "Contingency 预备费", "indirect"),
)


def keep_company_registers(story: Story) -> None:
    """Parties and cost codes, kept by the head of contracts."""
    for code, name, kind, contact, bank, account in PARTIES:
        data = {"code": code, "name": name, "kind": kind, "contact": contact}
        if account:
            data |= {"bank_name": bank, "bank_account": account}
        story.ids[f"party:{code}"] = story.file("zhao.lei", "party", None, data).id
    for code, name, kind in COST_CODES:
        data = {"code": code, "name": name, "type": kind}
        parent = code.rpartition(".")[0]
        if parent:
            data["parent_code"] = story.ids[f"code:{parent}"]
        story.ids[f"code:{code}"] = story.file("zhao.lei", "cost_code", None, data).id


def keep_site_registers(story: Story, site: Site) -> None:
    """What the site needs before contracts and tickets can name it."""
    engineer = site.staff["project_engineer"][0]
    for code, name, parent in site.wbs:
        data = {"code": code, "name": name, "responsible": story.ids[f"person:{engineer}"]}
        if parent:
            data["parent_element"] = story.ids[f"wbs:{site.code}:{parent}"]
        story.ids[f"wbs:{site.code}:{code}"] = story.file(engineer, "wbs", site.code, data).id
    for one in site.milestones:
        _milestone(story, site, one)
    for number, team in enumerate(site.teams, 1):
        _team(story, site, team, number)


def _on(story: Story, days: int) -> date:
    return story.end.date() + timedelta(days=days)


def _milestone(story: Story, site: Site, one: Milestone) -> None:
    manager = site.staff["project_manager"][0]
    data = {
        "code": one.code,
        "name": one.name,
        "planned_on": _on(story, one.planned).isoformat(),
        "responsible": story.ids[f"person:{manager}"],
    }
    made = story.file(manager, "milestone", site.code, data)
    story.ids[f"milestone:{one.code}"] = made.id


def _team(story: Story, site: Site, team: Team, number: int) -> None:
    officer = site.staff["labor_officer"][0]
    data = {"name": team.name, "foreman": story.ids[f"person:{team.foreman}"]}
    if team.subcontractor:
        data["subcontractor"] = story.ids[f"party:{team.subcontractor}"]
    team_id = story.file(officer, "team", site.code, data).id
    story.ids[f"team:{site.code}:{team.name}"] = team_id
    came = story.now.date()
    for seat, (name, trade, skill, rate) in enumerate(team.workers, 1):
        worker = {
            "name": name,
            "id_number": f"{site.code}-{number}{seat:02}-{story.chance.randint(100000, 999999)}",
            "team": team_id,
            "trade": trade,
            "skill": skill,
            "entry_on": came.isoformat(),
            "rates": [
                {
                    "from_date": came.isoformat(),
                    "hourly_rate": f"{rate}.00",
                    "standard_hours": "8.00",
                }
            ],
        }
        made = story.file(officer, "worker", site.code, worker)
        story.ids[f"worker:{site.code}:{name}"] = made.id


def milestone_lives(story: Story, site: Site) -> Iterable[tuple[date, Milestone]]:
    """When each milestone's entry is touched again: reached, or forecast anew."""
    for one in site.milestones:
        if one.actual is not None:
            yield _on(story, one.actual), one
        elif one.forecast is not None:
            yield _on(story, -12), one
