"""The fixed words of a printed sheet, per language: print must not depend on a web request."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words; `page` and the like hold named places."""

    number: str
    project: str
    requester: str
    submitted: str
    page: str
    printed: str
    empty_table: str
    attachments: str
    file: str
    size: str
    digest: str
    approval: str
    chain: str
    step: str
    people: str
    status: str
    signatures: str
    name: str
    decision: str
    meaning: str
    time: str
    comment: str
    reason: str
    record_hash: str
    undecided: str
    scan: str
    code: str
    audit_head: str
    missing: str


_ENGLISH = Words(
    number="Number",
    project="Project",
    requester="Requester",
    submitted="Submitted",
    page="Page {page} of {pages}",
    printed="Printed by {by}, {at}",
    empty_table="No rows",
    attachments="Attachments",
    file="File",
    size="Size",
    digest="SHA-256",
    approval="Approval sheet",
    chain="Chain",
    step="Step",
    people="People",
    status="Status",
    signatures="Signatures",
    name="Name",
    decision="Decision",
    meaning="Meaning",
    time="Time",
    comment="Comment",
    reason="Reason",
    record_hash="Record hash",
    undecided="Nobody has decided yet.",
    scan="Open this address, or scan the code, to see this record as it stands today.",
    code="Verification code",
    audit_head="Audit chain head",
    missing="Characters the print font does not hold, shown as {mark}: {list}",
)

_CHINESE = Words(
    number="编号",
    project="项目",
    requester="申请人",
    submitted="提交时间",
    page="第 {page} 页，共 {pages} 页",
    printed="打印：{by}，{at}",
    empty_table="无明细",
    attachments="附件",
    file="文件名",
    size="大小",
    digest="SHA-256",
    approval="审批单",
    chain="审批流程",
    step="环节",
    people="审批人",
    status="状态",
    signatures="签署记录",
    name="姓名",
    decision="审批结果",
    meaning="签署含义",
    time="时间",
    comment="意见",
    reason="原因",
    record_hash="单据指纹",
    undecided="尚无审批记录。",
    scan="打开以下网址或扫描二维码，可查看本单据的最新状态。",
    code="核验码",
    audit_head="审计链末端指纹",
    missing="打印字库缺少以下字符，文中以 {mark} 代替：{list}",
)


def words(language: str) -> Words:
    """The words of a language; English for any but Chinese."""
    return _CHINESE if language == "zh" else _ENGLISH
