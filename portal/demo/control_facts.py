"""What the demo's sites inspect, mend, fear, decide and log. Days count back from today."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wrong:
    """A defect or a hazard. `mended`: after how many days; None while it is open.

    `again`: it was not gone when it was looked at, and had to be mended twice.
    """

    what: str
    kind: str
    grade: str
    place: str
    found: int
    allowed: int
    mended: int | None = None
    again: bool = False
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Feared:
    """A risk as raised; `after` is what a response leaves of it: (probability, impact)."""

    what: str
    about: str
    cause: str
    raised: int
    scores: tuple[str, str]
    cost: str = ""
    chance: str = ""
    response: str = ""
    plan: str = ""
    instead: str = ""
    after: tuple[str, str] | None = None
    reviewed: int = 6
    ended: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A decision: question, background, options, the choice, why, how many days ago."""

    question: str
    context: str
    options: tuple[tuple[str, str, str], ...]
    chosen: int
    reason: str
    ago: int


@dataclass(frozen=True, slots=True)
class Control:
    """All of it for one site."""

    defects: tuple[Wrong, ...]
    hazards: tuple[Wrong, ...]
    inspections: tuple[tuple[str, str, int], ...]
    risks: tuple[Feared, ...]
    decision: Asked
    works: tuple[str, ...]
    crews: tuple[tuple[str, int], ...]
    machines: tuple[tuple[str, int], ...]
    checker: str
    next_checker: str


HARBOR = Control(
    defects=(
        Wrong("Honeycombing at cap C4 承台 C4 蜂窝麻面", "concrete", "major", "C4", 52, 10, 8),
        Wrong("Cover too thin at cap C12 承台 C12 保护层不足", "rebar", "minor", "C12", 34, 7, 6),
        Wrong(
            "Dowels of cap C9 out of line 承台 C9 预埋筋偏位",
            "steel",
            "major",
            "C9",
            21,
            10,
            9,
            True,
        ),
        Wrong("Cold joint in cap C14 承台 C14 施工冷缝", "concrete", "major", "C14", 12, 7),
        Wrong("Chipped edge of cap C15 承台 C15 缺棱掉角", "concrete", "minor", "C15", 4, 9),
    ),
    hazards=(
        Wrong(
            "Open edge at the berth front 泊位前沿临边无防护", "edge", "general", "K0+080", 26, 2, 1
        ),
        Wrong(
            "Crane pad soft after rain 雨后吊车支垫松软", "lifting", "serious", "K0+040", 9, 1, 1
        ),
        Wrong("Cables across the walkway 通道电缆拖地", "electric", "general", "B1", 2, 3),
    ),
    inspections=(
        ("Reinforcement of pile cap C15 承台 C15 钢筋", "C15", 16),
        ("Formwork of crane beam T2 轨道梁 T2 模板", "T2", 4),
        ("Reinforcement of crane beam T2 轨道梁 T2 钢筋", "T2", 1),
    ),
    risks=(
        Feared(
            "Typhoon closes the berth for two weeks 台风致泊位停工两周",
            "external",
            "The season begins before the fill is protected. 回填防护完成前进入台风季。",
            120,
            ("3.5", "4.5"),
            "1800000.00",
            "35.00",
            "reduce",
            "Rock bund before the season; plant at anchor. 台风季前完成抛石护坡，船机锚泊。",
            "Works insurance; two weeks of float. 工程险；轨道梁前预留两周时差。",
            ("3.0", "2.5"),
        ),
        Feared(
            "Dredger arrives late 挖泥船进场延误",
            "time",
            "The vessel is tied up at another port. 船舶在他港未退场。",
            44,
            ("3.0", "4.0"),
            response="transfer",
            plan="Liquidated damages in the dredging contract. 疏浚合同约定违约金。",
            after=("2.0", "3.5"),
            reviewed=39,
        ),
        Feared(
            "Old quay moves while piles are driven 打桩引起老码头位移",
            "quality",
            "Vibration above 5 mm/s was measured once. 曾测得振速超过 5 mm/s。",
            140,
            ("3.0", "5.0"),
            response="avoid",
            plan="Bored piles next to the old quay. 邻近老码头改用灌注桩。",
            instead="Stop, underpin, go on from the sea. 停工、托换、改由海上施工。",
            ended="All piles are in; no movement. 桩基全部完成，未见位移。",
        ),
    ),
    decision=Asked(
        "How are piles driven next to the old quay? 老码头旁如何沉桩？",
        "Vibration limit 5 mm/s at the quay wall. 码头墙体振速限值 5 mm/s。",
        (
            ("Bored piles 灌注桩", "No vibration 无振动", "12 days longer 工期长 12 天"),
            (
                "Driven piles, pre-drilled 引孔沉桩",
                "Quicker 较快",
                "Vibration near the limit 振速接近限值",
            ),
        ),
        0,
        "The quay stays in use; a stop costs more. 老码头在用，停工损失更大。",
        146,
    ),
    works=(
        "Pile cap C16: reinforcement 承台 C16 钢筋绑扎",
        "Crane beam T2: formwork 轨道梁 T2 支模",
        "Sand fill behind berth 1 一号泊位后方吹填",
    ),
    crews=(("Steel fixers 钢筋工", 16), ("Carpenters 木工", 14), ("Laborers 普工", 9)),
    machines=(("Crawler crane 履带吊", 2), ("Excavator 挖掘机", 3)),
    checker="deng.wei",
    next_checker="luo.gang",
)
TUNNEL = Control(
    defects=(
        Wrong(
            "Leak at wall joint N7 连续墙接缝 N7 渗漏",
            "waterproofing",
            "critical",
            "N7",
            33,
            10,
            12,
            True,
            "Joint was not brushed clean 接缝刷壁不净",
        ),
        Wrong(
            "Strut out of level 支撑轴线偏差", "steel", "major", "S shaft, 1st 南井第一道", 18, 6
        ),
        Wrong("Leak at wall joint N3 连续墙接缝 N3 渗漏", "waterproofing", "major", "N3", 11, 8),
        Wrong("Spalling at capping beam 冠梁剥落", "concrete", "minor", "S shaft 南井", 9, 5),
        Wrong("Guide wall cracked 导墙开裂", "concrete", "minor", "S shaft 南井", 47, 9, 7),
    ),
    hazards=(
        Wrong(
            "Excavation deeper than the struts allow 超挖",
            "excavation",
            "serious",
            "S shaft 南井",
            3,
            1,
        ),
        Wrong("Ladder not fixed 爬梯未固定", "height", "general", "N shaft 北井", 15, 3, 2),
    ),
    inspections=(
        ("Strut 1, south shaft 南井第一道支撑", "S-1", 19),
        ("Reinforcement of the capping beam, north 北井冠梁钢筋", "N-1", 3),
    ),
    risks=(
        Feared(
            "Boulders on the line of the machine 盾构线路遇孤石",
            "time",
            "Two boreholes of nine met boulders. 九孔中两孔见孤石。",
            96,
            ("3.5", "4.5"),
            "6200000.00",
            "30.00",
            "reduce",
            "Closer boreholes; cutters changed before the drive. 加密勘探，掘进前更换刀具。",
            "Divers and blasting from a chamber. 开仓爆破处理。",
            reviewed=10,
        ),
        Feared(
            "Ground water rises in the south shaft 南井承压水上升",
            "safety",
            "The river is a metre above the forecast. 河水位高于预报一米。",
            20,
            ("4.0", "4.5"),
            "2400000.00",
            "40.00",
            "reduce",
            "Four more wells, read twice a day. 增设四口降水井，每日两测。",
            "Flood the shaft, which is stable then. 回灌保持稳定。",
        ),
        Feared(
            "Segments delivered late 管片供应延迟",
            "contract",
            "The plant serves two tunnels. 厂家同时供两条隧道。",
            70,
            ("2.5", "3.0"),
            reviewed=44,
        ),
    ),
    decision=Asked(
        "Are the struts of the south shaft closed up? 南井支撑是否加密？",
        "Wall movement of 38 mm, limit 40 mm. 墙体位移 38 mm，限值 40 mm。",
        (
            (
                "Fifth strut level 增设第五道支撑",
                "Movement stops 控制位移",
                "16 days, 450,000 增加 16 天",
            ),
            ("Go on and measure 加强监测继续开挖", "No delay 不延误", "At the limit 接近限值"),
        ),
        0,
        "Safety of the shaft goes before the date. 基坑安全优先于工期。",
        30,
    ),
    works=(
        "South shaft: excavation of level 2 南井第二层开挖",
        "North shaft: excavation of level 1 北井第一层开挖",
        "Wells and readings 降水与监测",
    ),
    crews=(("Laborers 普工", 22), ("Steel fixers 钢筋工", 11), ("Welders 电焊工", 5)),
    machines=(("Excavator 挖掘机", 4), ("Gantry crane 龙门吊", 1)),
    checker="cao.yong",
    next_checker="tang.rui",
)
WAREHOUSE = Control(
    defects=(
        Wrong("Floor out of level at dock 6", "concrete", "major", "Dock 6", 40, 9, 8),
        Wrong("Cladding joint not sealed", "waterproofing", "minor", "Axis G", 8, 12),
    ),
    hazards=(Wrong("Hot work without a fire watch", "fire", "general", "Level 1", 13, 2, 1),),
    inspections=(("Sprinkler mains, pressure test", "Zone C", 5), ("Asphalt base", "Yard", 2)),
    risks=(
        Feared(
            "Sprinkler heads held at customs",
            "time",
            "The certificate of origin was refused once.",
            52,
            ("3.0", "3.5"),
            "240000.00",
            "25.00",
            "reduce",
            "A second lot ordered from stock in the country.",
            after=("2.0", "2.0"),
        ),
        Feared(
            "Handover in the heat stops outdoor work",
            "external",
            "Midday break by law from mid June.",
            75,
            ("2.0", "3.0"),
            reviewed=12,
        ),
    ),
    decision=Asked(
        "Which sprinkler density is built?",
        "The insurer asks for 24 mm/min in the racking area.",
        (
            ("24 mm/min now", "Insured from the first day", "Heads arrive late"),
            ("16 mm/min, upgrade later", "No delay", "Twice the work"),
        ),
        0,
        "The tenant cannot move in uninsured.",
        34,
    ),
    works=("Services: cable trays", "External works: asphalt", "Snagging of offices"),
    crews=(("Electricians", 12), ("Pipe fitters", 9), ("Laborers", 14)),
    machines=(("Scissor lift", 5), ("Asphalt paver", 1)),
    checker="j.mensah",
    next_checker="r.iyer",
)
CONTROLS: Mapping[str, Control] = {"HB01": HARBOR, "RV02": TUNNEL, "JB03": WAREHOUSE}


@dataclass(frozen=True, slots=True)
class Said:
    """What the weekly reports of a site say in words."""

    standing: str
    summary: str
    next_week: str
    deviations: str = ""
    help_needed: str = ""


REPORTS: Mapping[str, Said] = {
    "HB01": Said(
        "amber",
        "Pile cap C14 poured, first crane beams set out. 承台 C14 浇筑，首批轨道梁放样。",
        "Pile caps of berth 2, dredging goes on. 二号泊位承台，继续疏浚。",
        "The berth pocket is late: the dredger came late. 港池疏浚因船舶进场晚而滞后。",
        "A second barge from the marine plant pool. 请协调增加一艘驳船。",
    ),
    "RV02": Said(
        "red",
        "South shaft at level 2; wall movement 38 mm. 南井开挖至第二层，墙体位移 38 mm。",
        "Fifth strut level, wells read twice a day. 第五道支撑，降水井每日两测。",
        "Seven days late by the struts that were added. 因支撑加密滞后七天。",
        "The board's vote on the shaft lining. 请变更委员会尽快表决井壁加厚。",
    ),
    "JB03": Said(
        "green",
        "Services tested in zones A and B; asphalt base laid.",
        "Sprinklers of zone C, snagging of the offices.",
    ),
}
