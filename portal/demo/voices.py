"""What people of the demo say when they decide or remark; in the language each would use."""

CHECKED = (
    "Measured on site with the subcontractor. 已与分包现场核量。",
    "Quantities agree with the daily log. 与施工日志一致。",
    "",
    "",
)
COSTS = (
    "Prices and recovery checked. 单价与扣回已核。",
    "",
    "",
    "Retention as agreed. 质保金按约定扣留。",
)
BOARD = (
    "Agreed. 同意。",
    "Better now than after the deck is cast. 面板浇筑前改更划算。",
    "",
    "Agreed; please keep the contingency in view. 同意，注意预备费余额。",
)
SIGNED = ("", "", "", "Seen on site. 现场已见证。")

RETURN_PAYMENT = (
    "Line 2 counts work of the next period; please take it out. 第 2 行含下期工程量，请扣除。",
    "The measurement sheet for this period is missing. 缺本期计量单。",
    "Invoice and application name different amounts. 发票金额与申请不一致。",
)
REJECT_PAYMENT = "Half of these days the plant stood idle; leave them out. 半数为停置台班，请剔除。"
RETURN_CHANGE = (
    "Please add the supervisor's instruction. 请补充监理指令。",
    "Unit price without a basis; compare three offers. 单价依据不足，请三家比价。",
)
REJECT_CHANGE = "Within the contract: the drawing shows it already. 图纸已含，不属变更。"
RETURN_TICKET = (
    "Which gate was it? Please name the place. 请写明具体部位。",
    "Two of these workers were booked elsewhere that day. 其中两人当日已在别处记工。",
)
REJECT_TICKET = "Covered by the unit price; not day labor. 清单单价已含，不计点工。"
WITHDRAW = "Filed twice by mistake. 重复填报，撤回。"
TRANSFER = "You measured this part, please check it. 这部分是你量的，请核。"
RESENT = ("Corrected as asked. 已按意见修改。", "Document added. 已补资料。")
REMARKS = (
    "Can this be paid together with the next one? 能否与下期一并支付？",
    "The client asked about this on Friday's meeting. 周五例会业主问起此事。",
    "Photos of the repair are in the site log. 修复照片见施工日志。",
    "Please mind the cap for this contract. 注意本合同上限。",
)
