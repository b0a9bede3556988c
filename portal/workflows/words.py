"""The sentences `explain` writes, in both languages (definitions are read side by side)."""

from collections.abc import Mapping
from typing import Any

from portal.workflows.people import PeopleRule
from portal.workflows.tree import Text, in_language

SENTENCES: Mapping[str, tuple[str, str]] = {
    "workflow": (
        "Workflow “%(title)s” for the form %(form)s.",
        "流程“%(title)s”，用于表单 %(form)s。",
    ),
    "withdraw_never": ("The requester cannot withdraw.", "发起人不能撤回。"),
    "withdraw_until_first_decision": (
        "The requester may withdraw until somebody has decided.",
        "在有人做出决定之前，发起人可以撤回。",
    ),
    "withdraw_until_end": (
        "The requester may withdraw until the approval has ended.",
        "在审批结束之前，发起人可以撤回。",
    ),
    "withdraw_until": (
        "The requester may withdraw until “%(block)s” is reached.",
        "在到达“%(block)s”之前，发起人可以撤回。",
    ),
    "self_approval": (
        "Nobody decides on their own request, on any route.",
        "任何情况下，发起人都不能审批自己的申请。",
    ),
    "distinct": (
        "Nobody decides in more than one of these steps: %(steps)s.",
        "同一人不得在以下步骤中重复做决定：%(steps)s。",
    ),
    "no_distinct": (
        "No two steps are kept apart: one person may decide in several.",
        "未设置职责分离：同一人可以在多个步骤做决定。",
    ),
    "empty_hold": (
        "If nobody is found for a step, the approval is held and shown to the administrators.",
        "找不到审批人时，流程挂起，并提示管理员处理。",
    ),
    "empty_reject": (
        "If nobody is found for a step, the record is rejected.",
        "找不到审批人时，申请被驳回。",
    ),
    "empty_skip": (
        "If nobody is found for a step, it is skipped; somebody must approve all the same.",
        "找不到审批人时跳过该步骤；但至少须有一人审批通过。",
    ),
    "empty_go": (
        "If nobody is found for a step, it goes to %(who)s.",
        "找不到审批人时，转由%(who)s审批。",
    ),
    "disabled": (
        "If somebody leaves, their open seat is vacated; votes cast stay.",
        "审批人离职停用后，其未处理的席位空出；已做出的决定保留。",
    ),
    "again": (
        "Who is found in several steps is asked in each.",
        "同一人出现在多个步骤时，每步都要审批。",
    ),
    "auto": (
        "Nothing is approved without a person's decision.",
        "没有人做出决定，就不会通过。",
    ),
    "restart": (
        "Changing a protected field removes the approvals given and restarts at “%(block)s”.",
        "受保护字段被修改后，已有的审批作废，从“%(block)s”重新开始。",
    ),
    "protected": (
        "Protected are all fields read by conditions, people rules and postings%(more)s.",
        "受保护字段：条件、审批人规则和记账所读取的全部字段%(more)s。",
    ),
    "protected_more": (", and %(fields)s", "，以及 %(fields)s"),
    "max_returns": (
        "It may be returned at most %(count)s times.",
        "最多可退回 %(count)s 次。",
    ),
    "step": ("Step “%(title)s” (%(id)s): %(who)s.", "步骤“%(title)s”（%(id)s）：%(who)s。"),
    "need_any": ("One approval is enough.", "或签：一人同意即通过。"),
    "need_all": ("Everybody must approve.", "会签：须全部同意。"),
    "need_count": ("%(count)s approvals are needed.", "须 %(count)s 人同意。"),
    "reject_one": ("One rejection rejects", "一人驳回即为驳回"),
    "reject_impossible": (
        "It is rejected once the rejections make approval impossible",
        "驳回数使通过已不可能时，即为驳回",
    ),
    "reject_all": ("It is rejected once everybody has rejected", "全部驳回才为驳回"),
    "then_end": ("%(rule)s; that ends the approval.", "%(rule)s，审批随即结束。"),
    "then_return": ("%(rule)s; it then returns to %(block)s.", "%(rule)s，并退回到%(block)s。"),
    "deadlock_none": ("A deadlock cannot occur.", "不会出现僵局。"),
    "deadlock_reject": (
        "If approval is out of reach without a rejection, it is rejected.",
        "若未驳回但已无法通过，则视为驳回。",
    ),
    "deadlock_hold": (
        "If approval is out of reach without a rejection, it is held for the administrators.",
        "若未驳回但已无法通过，则挂起，由管理员处理。",
    ),
    "deadlock_return": (
        "If approval is out of reach without a rejection, it returns to %(block)s.",
        "若未驳回但已无法通过，则退回到%(block)s。",
    ),
    "may_return": (
        "May return it to %(targets)s; everything after that runs again.",
        "可退回到%(targets)s，其后的步骤重新走。",
    ),
    "may_not_return": ("May not return it.", "不能退回。"),
    "transfer_same_rule": (
        "May transfer the seat to another person who fulfills the same rule.",
        "可转交给符合同一规则的其他人。",
    ),
    "transfer_any": (
        "May transfer the seat to anybody but the requester.",
        "可转交给发起人以外的任何人。",
    ),
    "may_not_transfer": ("May not transfer it.", "不能转交。"),
    "edit": ("May change: %(fields)s.", "可修改：%(fields)s。"),
    "no_edit": ("May change no field.", "不能修改任何字段。"),
    "hide": ("Does not see: %(fields)s.", "不可见：%(fields)s。"),
    "require": ("Must fill before approving: %(fields)s.", "同意前必填：%(fields)s。"),
    "meaning": ("The signature means: %(meaning)s.", "签名含义：%(meaning)s。"),
    "choose": (
        "Choice “%(id)s”: the first condition that is true.",
        "条件分支“%(id)s”：取第一个成立的条件。",
    ),
    "choose_titled": (
        "Choice “%(title)s” (%(id)s): the first condition that is true.",
        "条件分支“%(title)s”（%(id)s）：取第一个成立的条件。",
    ),
    "if": ("If %(condition)s:", "如果 %(condition)s："),
    "signed_by_sending": (
        "The requester signs by sending it; changed afterwards, it returns to be sent again.",
        "发起人提交即视为签认；此后受保护字段被他人修改的，退回发起人重新提交确认。",
    ),
    "else": ("Otherwise:", "否则："),
    "unknown_holds": (
        "If a condition cannot be determined, the approval is held and the field is named.",
        "条件无法判断时，流程挂起，并指出缺少的字段。",
    ),
    "nothing": ("nothing", "不做任何事"),
    "cc": ("A copy for reading goes to %(who)s (%(id)s).", "抄送给%(who)s（%(id)s）。"),
    "start": ("the requester", "发起人"),
    "user": ("the person %(value)s", "指定人员 %(value)s"),
    "role": ("the role %(value)s", "角色 %(value)s"),
    "project_role": ("the project role %(value)s", "项目角色 %(value)s"),
    "dept_head_of": (
        "the head of the department in “%(value)s”",
        "“%(value)s”中部门的负责人",
    ),
    "dept_head_of_requester": ("the head of the requester's department", "发起人的部门负责人"),
    "dept_head_of_project": ("the head of the project's department", "项目所属部门的负责人"),
    "field": ("the person named in “%(value)s”", "表单中“%(value)s”填写的人"),
    "or": (" or ", "或"),
    "comma": (", ", "、"),
}
INDENT = "    "


class Words:
    """Sentences in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._column = 1 if language == "zh" else 0

    def say(self, key: str, **args: Any) -> str:
        sentence = SENTENCES[key][self._column]
        return sentence % args if args else sentence

    def line(self, key: str, depth: int, **args: Any) -> str:
        return INDENT * depth + self.say(key, **args)

    def text(self, text: Text) -> str:
        return in_language(text, self.language)

    def names(self, names: tuple[str, ...] | list[str]) -> str:
        return self.say("comma").join(names)

    def target(self, block_id: str) -> str:
        return self.say("start") if block_id == "start" else f"“{block_id}”"

    def people(self, rule: PeopleRule) -> str:
        parts = []
        for part in rule.parts:
            special = f"{part.rule}_{part.value}"
            parts.append(self.say(special if special in SENTENCES else part.rule, value=part.value))
        return self.say("or").join(parts)
