"""What stands in the company's registers: parties with their accounts, cost codes."""

# code, name, kind, contact, bank, account
PARTIES = (
    ("C-001", "Binjiang Port Group 滨江港务集团", "client", "Ye Qing 叶青", "", ""),
    ("C-002", "City Rail and Road Authority 市轨道道路建设局", "client", "Mr. Shao 邵处", "", ""),
    ("C-003", "Gulf Logistics Properties LLC", "client", "S. Rahman", "", ""),
    (
        "S-001",
        "Donghai Foundation 东海基础工程",
        "subcontractor",
        "Guo Hai 郭海",
        "ICBC 工商银行",
        "0200 1234 5678",
    ),
    (
        "S-002",
        "Huajian Labor 华建劳务",
        "subcontractor",
        "Qin Bo 秦波",
        "CCB 建设银行",
        "3100 1500 0012",
    ),
    (
        "S-003",
        "Changlong Dredging 长龙疏浚",
        "subcontractor",
        "Shi Min 史敏",
        "BOC 中国银行",
        "4520 6601 8890",
    ),
    (
        "S-004",
        "Ruifeng Steelwork 瑞丰钢结构",
        "subcontractor",
        "Yu Fan 于帆",
        "ABC 农业银行",
        "0345 1100 2299",
    ),
    ("S-005", "Al Wasl Steel LLC", "subcontractor", "H. Farouk", "Emirates NBD", "AE07 0331 2345"),
    ("S-006", "Desert Services MEP", "subcontractor", "L. Pereira", "Mashreq", "AE12 0460 9921"),
    ("S-008", "Desert Services M.E.P. LLC", "subcontractor", "", "Mashreq", "AE12-0460-9921"),
    ("S-007", "Palm Civil Works", "subcontractor", "D. Joseph", "FAB", "AE44 0350 7713"),
    (
        "V-001",
        "Haigang Concrete 海港商砼",
        "vendor",
        "Xiao Lin 肖林",
        "ICBC 工商银行",
        "0200 8866 1020",
    ),
    (
        "V-002",
        "Shengang Steel 申钢物资",
        "vendor",
        "Tan Wei 谭伟",
        "CMB 招商银行",
        "7559 0011 2233",
    ),
    (
        "V-003",
        "Zhenhua Marine Plant 振华船机",
        "vendor",
        "Wei Jun 魏军",
        "BOC 中国银行",
        "4520 7711 0099",
    ),
    (
        "V-004",
        "Yuanda Segments 远大管片",
        "vendor",
        "Lei Ming 雷鸣",
        "CCB 建设银行",
        "3100 6600 4411",
    ),
    ("V-005", "Haice Survey 海测勘测", "vendor", "Jin Ge 金戈", "CMB 招商银行", "7559 0022 3311"),
)

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

# code, name, for how many, (days ago, rate in CNY): an old rate, and the one that counts
CURRENCIES = (
    ("AED", "UAE dirham 阿联酋迪拉姆", 1, ((1200, "1.972000"), (35, "1.938000"))),
    ("EUR", "Euro 欧元", 1, ((1200, "7.831000"), (35, "8.264000"))),
    ("JPY", "Japanese yen 日元", 100, ((1200, "4.785000"), (35, "4.621000"))),
    ("USD", "US dollar 美元", 1, ((1200, "7.243000"), (35, "7.118000"))),
)
TAX_RATES = (
    ("VAT-13", "Goods, machine hire 货物销售、有形动产租赁", "13.00", "2019-04-01"),
    ("VAT-9", "Construction services 建筑服务", "9.00", "2019-04-01"),
    ("VAT-6", "Services 现代服务", "6.00", "2016-05-01"),
    ("VAT-5", "VAT of the UAE 阿联酋增值税", "5.00", "2018-01-01"),
    ("VAT-3", "Simplified taxpayer 简易计税", "3.00", "2016-05-01"),
    ("VAT-0", "Outside 不征税", "0.00", "2016-05-01"),
)
# supplier, material, unit, (days ago, price including tax): what was agreed, and its last change
RATE_CARDS = (
    ("V-002", "M-201", "t", ((300, "4920.00"), (60, "4746.00"))),
    ("V-002", "M-205", "kg", ((300, "7.35"),)),
    ("V-002", "M-501", "t", ((300, "4859.00"),)),
    ("S-004", "M-521", "m", ((300, "186.45"),)),
)
UNITS = (
    ("m", "Meter 米", "length"),
    ("m²", "Square meter 平方米", "area"),
    ("m³", "Cubic meter 立方米", "volume"),
    ("t", "Ton 吨", "mass"),
    ("kg", "Kilogram 千克", "mass"),
    ("pcs", "Pieces 个", "count"),
    ("lot", "Lot 项", "lump"),
    ("shift", "Machine shift 台班", "time"),
)
