"""What people of the demo say when they decide or remark; in the language each would use."""

import random
from collections.abc import Collection, Mapping

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
AGREED: Mapping[str, tuple[str, ...]] = {  # to a change, by its reason
    "site": (
        "Seen on site; nobody could know it from the survey. 现场已核，勘察资料未反映。",
        "Agreed; measure what is really met. 同意，按实计量。",
        "The alternative stops the site. 不处理将停工。",
    ),
    "owner": (
        "The owner asked in writing; price agreed. 业主有书面要求，价格已商定。",
        "Agreed, once the owner's amount is signed. 同意，以业主签认金额为准。",
        "Tell the owner what it does to the dates. 须向业主说明对工期的影响。",
    ),
    "design": (
        "The designer's calculation is attached. 设计计算书已附。",
        "Agreed; the revised drawing comes first. 同意，须先出修改图。",
        "Cheaper now than when it is built. 施工前改更划算。",
    ),
    "price": (
        "Index and share checked against the contract. 信息价与分担比例已核对合同。",
        "Agreed for this quarter only. 仅限本季度。",
        "Booked against the reserve for prices. 计入材料价差准备。",
    ),
    "quantity": (
        "Measured jointly; the quantity stands. 已共同计量，数量属实。",
        "Agreed; unit price as in the contract. 同意，执行合同单价。",
        "No other line covers it. 清单其他项未包含。",
    ),
    "error": (
        "The drawings do contradict each other. 图纸确有矛盾。",
        "Agreed; recover it from the designer. 同意，向设计方追索。",
        "The smaller of the two repairs. 两种修复方案取其小者。",
    ),
}
SIGNED: Mapping[str, tuple[str, ...]] = {  # a ticket, by step
    "foreman": ("My people were there. 人员属实。",),
    "site_manager": ("Seen on site. 现场已见证。", "Ordered by me. 系本人安排。"),
    "labor_officer": ("Hours agree with the gate. 与门禁记录一致。",),
    "owner": ("Work done as described. 工作属实。",),
}

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
REJECTED_BY_BOARD = (
    "The route is the contractor's risk by the contract. 按合同运距风险由承包方承担。",
    "I see no extra cost that is shown. 未见增加费用的依据。",
    "Not at this price; another route is open. 单价不认可，另有路线可行。",
)
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


def unsaid(chance: random.Random, words: Collection[str], said: set[str]) -> str:
    """One of these that nobody has said of a document yet, or, as often, nothing."""
    left = [one for one in words if one and one not in said]
    told = chance.choice(left) if left and chance.random() < 0.6 else ""
    said.add(told)
    return told
