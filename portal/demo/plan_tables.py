"""What the plans of the demo's projects are made of: steps with planned and real durations."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """A task; without days a milestone, or a point that `decides`; a summary of what is below it.

    `took` are the days it really takes (as planned unless said), `budget` is in thousands.
    """

    code: str
    name: str
    days: int = 0
    after: tuple[str, ...] = ()
    budget: int = 0
    took: int = 0
    shortest: int = 0
    longest: int = 0
    milestone: str = ""
    uses: tuple[tuple[str, int], ...] = ()
    decides: bool = False

    @property
    def really(self) -> int:
        return self.took or self.days


HARBOR = (
    Step("1", "Preparation 施工准备"),
    Step("1.1", "Site handed over 场地移交", after=("1.2 SS+12",), milestone="HB-M1"),
    Step("1.2", "Site installation 临设与进场", 22, (), 1450),
    Step("1.3", "Working drawings, foundations 基础施工图", 20, (), 380),
    Step("1.4", "Access road and hardstand 便道与堆场", 15, ("1.2 SS+8",), 620),
    Step("2", "Piling 桩基工程"),
    Step("2.1", "Test piles 试桩", 10, ("1.2", "1.3"), 760),
    Step("2.2", "Piles, berth 1 一号泊位桩基", 50, ("2.1",), 9800, 58),
    Step("2.3", "Piles, berth 2 二号泊位桩基", 48, ("2.2 SS+30", "1.4"), 7400),
    Step("2.4", "Pile tests, berth 1 一号泊位桩检测", 8, ("2.2",), 260),
    Step("2.5", "Pile tests, berth 2 二号泊位桩检测", 8, ("2.3",), 240),
    Step("2.6", "Berth 1 piles complete 一号泊位桩基完成", after=("2.4",), milestone="HB-M2"),
    Step("3", "Pile caps 承台"),
    Step("3.1", "Pile caps, axis 1 to 6 承台 1~6 轴", 26, ("2.2 FS-16",), 3100, 28),
    Step("3.2", "Pile caps, axis 7 to 11 承台 7~11 轴", 24, ("3.1 SS+14", "2.4"), 2900, 27),
    Step(
        "3.3",
        "Pile caps, berth 2 二号泊位承台",
        34,
        ("3.2 SS+12", "2.5"),
        4200,
        37,
        30,
        44,
        uses=(("R1", 2),),
    ),
    Step("4", "Quay structure 码头结构"),
    Step("4.1", "Joint details approved 节点图批准", 15, ("3.1 SS",), 120, 26),
    Step(
        "4.2",
        "Crane beams, berth 1 一号泊位轨道梁",
        34,
        ("3.2", "4.1"),
        5600,
        38,
        31,
        45,
        uses=(("R1", 2), ("R2", 1)),
    ),
    Step(
        "4.3",
        "Crane beams, berth 2 二号泊位轨道梁",
        46,
        ("3.3", "4.2 SS+18"),
        5400,
        0,
        40,
        60,
        uses=(("R1", 2), ("R2", 1)),
    ),
    Step(
        "4.4",
        "Deck slab, berth 1 一号泊位面板",
        30,
        ("4.2 SS+16",),
        4800,
        0,
        27,
        38,
        uses=(("R1", 1),),
    ),
    Step(
        "4.5",
        "Deck slab, berth 2 二号泊位面板",
        30,
        ("4.3 SS+16", "4.4"),
        4700,
        0,
        27,
        38,
        uses=(("R1", 1),),
    ),
    Step("4.6", "Fenders and bollards, berth 1 一号泊位护舷系船柱", 14, ("4.4",), 1350),
    Step("4.7", "Fenders and bollards, berth 2 二号泊位护舷系船柱", 14, ("4.5",), 1300),
    Step("4.8", "Crane beams complete 轨道梁完成", after=("4.3",), milestone="HB-M4"),
    Step("5", "Dredging and fill 疏浚与回填"),
    Step("5.1", "Turbidity screens 防污帘", 8, ("1.2",), 290, 14),
    Step("5.2", "Dredging, access channel 航道疏浚", 60, ("5.1",), 3900),
    Step("5.3", "Dredging, berth pocket 港池疏浚", 83, ("5.2 SS+45",), 7000, 90, 76, 110),
    Step("5.4", "Revetment 护岸", 36, ("2.3 SS+20",), 2600, 38),
    Step("5.5", "Sand fill 吹填砂", 52, ("5.3 SS+30", "5.4 SS+15"), 5200, 59, 44, 66),
    Step("5.6", "Compaction 地基处理", 24, ("5.5 FS-8",), 1400, 0, 20, 34),
    Step("5.7", "Berth pocket dredged 港池疏浚完成", after=("5.3",), milestone="HB-M3"),
    Step("6", "Rails and fittings 轨道附属"),
    Step("6.1", "Rails delivered 轨道到货", 60, ("3.1",), 2200, 63),
    Step(
        "6.2",
        "Crane rails, berth 1 一号泊位轨道安装",
        18,
        ("4.2", "6.1"),
        1150,
        0,
        16,
        24,
        uses=(("R2", 1),),
    ),
    Step("6.3", "Crane rails, berth 2 二号泊位轨道安装", 18, ("4.3", "6.2"), 1100, 0, 16, 24),
    Step("6.4", "Cable trench and covers 电缆沟及盖板", 20, ("4.4", "6.5"), 640),
    Step("6.5", "Shore power, 6.6 or 10 kV 岸电电压选型", after=("4.1",), decides=True),
    Step("7", "Services 机电"),
    Step("7.1", "Ducts and drainage 管沟与排水", 36, ("5.6 SS+8",), 1350, 0, 31, 48),
    Step("7.2", "Power supply and substation 供配电", 68, ("7.1 SS+15",), 2450, 0, 54, 104),
    Step("7.3", "Lighting masts 高杆灯", 15, ("7.2 FS-10",), 520),
    Step("7.4", "Water and fire mains 给水消防", 22, ("7.1",), 610, 0, 18, 30),
    Step("8", "Yard and handover 堆场与移交"),
    Step("8.1", "Yard base course 堆场基层", 44, ("5.6", "7.1 SS+20"), 1500, 0, 34, 64),
    Step("8.2", "Yard pavement 堆场面层", 34, ("8.1 FS-10", "7.4"), 1950, 0, 29, 44),
    Step("8.3", "Cranes delivered by the owner 业主岸桥到港", after=("6.3 FS+40",)),
    Step("8.4", "Trial operation 试运行", 26, ("6.3", "7.2", "8.2", "4.7", "8.3"), 480),
    Step("8.5", "Trial operation ends 试运行完成", after=("8.4",), milestone="HB-M5"),
    Step("8.6", "Defects and documents 消缺与竣工资料", 28, ("8.4",), 380),
    Step("8.7", "Handover 竣工移交", after=("8.6",), milestone="HB-M6"),
)
TUNNEL = (
    Step("1", "North shaft 北工作井"),
    Step("1.1", "Traffic diversion 交通导改", 18, (), 1900),
    Step("1.2", "Diaphragm walls, north 北井连续墙", 80, ("1.1",), 12600, 87),
    Step("1.3", "North shaft walls closed 北井连续墙封闭", after=("1.2",), milestone="RV-M1"),
    Step("1.4", "Excavation, north 北井开挖", 72, ("1.2 FS-5",), 8200, 0, 62, 92),
    Step("1.5", "Lining, north 北井内衬", 60, ("1.4 FS-20",), 9800),
    Step("2", "South shaft 南工作井"),
    Step("2.1", "Diaphragm walls, south 南井连续墙", 58, ("1.2 SS+25",), 11200, 64),
    Step("2.2", "Excavation, south 南井开挖", 66, ("2.1 FS-10",), 7900, 80, 58, 96),
    Step("2.3", "South shaft at full depth 南井开挖到底", after=("2.2",), milestone="RV-M2"),
    Step("3", "Bored tunnel 盾构区间"),
    Step("3.1", "Segments cast, first 200 rings 首批管片预制", 90, ("1.1",), 6600, 96),
    Step("3.2", "Machine delivered 盾构机到场", 120, (), 14500),
    Step("3.3", "Machine assembled 盾构机组装", 40, ("1.5", "3.2"), 3400, 0, 35, 60),
    Step("3.4", "Machine ready 组装完成", after=("3.3",), milestone="RV-M3"),
    Step("3.5", "Drive under the river 江中段掘进", 255, ("3.4", "3.1"), 68000, 0, 200, 320),
    Step("3.6", "Breakthrough 隧道贯通", after=("3.5", "2.3"), milestone="RV-M4"),
    Step("4", "Approaches 引道"),
    Step("4.1", "South approach 南引道", 150, ("2.2",), 15900),
    Step("4.2", "Handover 竣工移交", after=("3.6", "4.1")),
)
WAREHOUSE = (
    Step("1", "Substructure 基础"),
    Step("1.1", "Foundations", 34, (), 1800),
    Step("1.2", "Ground slab", 30, ("1.1 FS-6",), 1500, 32),
    Step("2", "Frame and cladding 钢结构与围护"),
    Step("2.1", "Steel frame", 44, ("1.1",), 5600),
    Step("2.2", "Frame complete", after=("2.1",), milestone="JB-M1"),
    Step("2.3", "Roof and cladding", 44, ("2.1 FS-12",), 3600, 42),
    Step("2.4", "Watertight", after=("2.3",), milestone="JB-M2"),
    Step("3", "Services 机电"),
    Step("3.1", "Sprinklers", 44, ("2.3 SS+18",), 2100, 50, 40, 60),
    Step("3.2", "Power and lighting", 40, ("2.3 SS+15",), 1900, 42),
    Step("3.3", "Tests of services", 12, ("3.1", "3.2"), 500, 0, 10, 20),
    Step("3.4", "Services tested", after=("3.3",), milestone="JB-M3"),
    Step("4", "External works 室外工程"),
    Step("4.1", "Yard and docks", 52, ("2.3",), 1200, 56, 48, 66),
    Step("4.2", "Handover", after=("3.4", "4.1"), milestone="JB-M4"),
)
RESOURCES: Mapping[str, tuple[tuple[str, str, str, int], ...]] = {  # code, name, kind, how many
    "HB01": (
        ("R1", "Formwork crews 木工班组", "people", 3),
        ("R2", "Floating crane 起重船", "machine", 1),
    ),
}
PLANS: Mapping[str, tuple[Step, ...]] = {"HB01": HARBOR, "RV02": TUNNEL, "JB03": WAREHOUSE}
