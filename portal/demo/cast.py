"""The people of the demo company: who they are, where they sit, which roles they hold."""

from dataclasses import dataclass

COMPANY = "Harbor Engineering 海港工程"
CURRENCY = "CNY"
ZONE = "Asia/Shanghai"

# code, name, parent, head
DEPARTMENTS = (
    ("HQ", "Head office 公司总部", None, "lin.hai"),
    ("ENG", "Engineering 工程管理部", "HQ", "gao.feng"),
    ("SITE-HB", "Harbor site 海港项目部", "ENG", "wang.jianguo"),
    ("SITE-RV", "River tunnel site 江底隧道项目部", "ENG", "liu.yang"),
    ("SITE-JB", "Jebel Ali site 迪拜项目部", "ENG", "o.haddad"),
    ("COST", "Cost and contracts 造价合约部", "HQ", "zhao.lei"),
    ("FIN", "Finance 财务部", "HQ", "qian.ying"),
    ("LABOR", "Labor 劳务管理部", "HQ", "he.jing"),
    ("QSE", "Quality and safety 质量安全部", "ENG", "t.becker"),
    ("IT", "Information 信息中心", "HQ", "an.ran"),
)


@dataclass(frozen=True, slots=True)
class Role:
    """A person of the cast; `roles` are the company's, project roles stand with the projects."""

    login: str
    name: str
    title: str
    department: str | None
    roles: tuple[str, ...] = ()
    system: tuple[str, ...] = ()
    language: str = "zh"
    external_in: str = ""


ADMIN = Role(
    "an.ran",
    "An Ran 安然",
    "Portal administrator 门户管理员",
    "IT",
    system=("people_admin", "author", "auditor", "operator"),
    language="en",
)

PEOPLE = (
    Role("lin.hai", "Lin Hai 林海", "Director 总经理", "HQ", ("director", "sponsor")),
    Role("gao.feng", "Gao Feng 高峰", "Chief engineer 总工程师", "ENG", ("change_board",)),
    Role(
        "zhao.lei",
        "Zhao Lei 赵磊",
        "Head of contracts 合约部经理",
        "COST",
        ("cost_controller", "change_board"),
    ),
    Role("bai.xue", "Bai Xue 白雪", "Cost controller 成本主管", "COST"),  # gets her role later
    Role(
        "qian.ying",
        "Qian Ying 钱颖",
        "Head of finance 财务总监",
        "FIN",
        ("finance", "change_board"),
    ),
    Role("sun.yue", "Sun Yue 孙悦", "Cashier 出纳", "FIN", ("cashier",)),
    Role("he.jing", "He Jing 何静", "Labor officer 劳资员", "LABOR"),
    Role(
        "t.becker",
        "Tom Becker",
        "Head of quality and safety 质安部经理",
        "QSE",
        ("change_board",),
        language="en",
    ),
    Role("wang.jianguo", "Wang Jianguo 王建国", "Project manager 项目经理", "SITE-HB"),
    Role("song.ke", "Song Ke 宋科", "Project engineer 项目总工", "SITE-HB"),
    Role("ma.chao", "Ma Chao 马超", "Site manager 现场经理", "SITE-HB"),
    Role("chen.li", "Chen Li 陈立", "Site engineer 施工员", "SITE-HB"),
    Role("zhou.min", "Zhou Min 周敏", "Contract engineer 合约工程师", "COST"),
    Role("luo.gang", "Luo Gang 罗刚", "Foreman, formwork 木工班长", "SITE-HB"),
    Role("deng.wei", "Deng Wei 邓伟", "Foreman, steel 钢筋班长", "SITE-HB"),
    Role("liu.yang", "Liu Yang 刘洋", "Project manager 项目经理", "SITE-RV"),
    Role("pan.yu", "Pan Yu 潘宇", "Project engineer 项目总工", "SITE-RV"),
    Role("tang.rui", "Tang Rui 唐瑞", "Site manager 现场经理", "SITE-RV"),
    Role("huang.jie", "Huang Jie 黄洁", "Site engineer 施工员", "SITE-RV"),
    Role("feng.qi", "Feng Qi 冯琦", "Quantity surveyor 造价员", "COST"),
    Role("cao.yong", "Cao Yong 曹勇", "Foreman 综合班长", "SITE-RV"),
    Role("o.haddad", "Omar Al-Haddad", "Project manager 项目经理", "SITE-JB", language="en"),
    Role("k.novak", "Karel Novák", "Project engineer 项目总工", "SITE-JB", language="en"),
    Role("r.iyer", "Rajesh Iyer", "Site manager 现场经理", "SITE-JB", language="en"),
    Role("m.santos", "Maria Santos", "Site engineer 施工员", "SITE-JB", language="en"),
    Role("p.nair", "Priya Nair", "Contract engineer 合约工程师", "SITE-JB", language="en"),
    Role("j.mensah", "Joseph Mensah", "Foreman 班长", "SITE-JB", language="en"),
    Role("ye.qing", "Ye Qing 叶青", "Owner's representative 业主代表", None, external_in="HB01"),
    Role("shi.lei", "Shi Lei 石磊", "Supervising engineer 监理工程师", None, external_in="HB01"),
)

CARDS = (
    ("chen.li", {"en": "Site engineer", "zh": "施工员"}),
    ("zhou.min", {"en": "Contract engineer", "zh": "合约工程师"}),
    ("wang.jianguo", {"en": "Project manager", "zh": "项目经理"}),
    ("lin.hai", {"en": "Director", "zh": "公司领导"}),
    ("zhao.lei", {"en": "Head of contracts", "zh": "合约部经理"}),
    ("he.jing", {"en": "Labor officer", "zh": "劳资员"}),
    ("sun.yue", {"en": "Cashier", "zh": "出纳"}),
    ("an.ran", {"en": "Administrator", "zh": "管理员"}),
)
