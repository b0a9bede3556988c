"""Workflow definitions: the dataclasses, and reading them from JSON the schema has accepted."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.workflows.blocks import KINDS, Case, Cc, Choose, Step, StepFields
from portal.workflows.check import check_workflow
from portal.workflows.explain import explain
from portal.workflows.findings import Finding
from portal.workflows.people import PeopleRule, Reason, read_people
from portal.workflows.tree import START, Block, Policy, Text, WorkflowDefinition, in_language

__all__ = [
    "START",
    "Block",
    "Case",
    "Cc",
    "Choose",
    "Finding",
    "PeopleRule",
    "Policy",
    "Reason",
    "Step",
    "StepFields",
    "Text",
    "WorkflowDefinition",
    "check_workflow",
    "explain",
    "in_language",
    "read_workflow",
]


def read_workflow(raw: Mapping[str, Any]) -> WorkflowDefinition:
    """The definition in a `.workflow.json` that `check_workflow` has found sound."""
    return WorkflowDefinition(
        workflow=raw["workflow"],
        form=raw["form"],
        title=raw["title"],
        withdraw=raw.get("start", {}).get("withdraw", "until_first_decision"),
        policy=_read_policy(raw.get("policy", {})),
        blocks=_read_blocks(raw["blocks"]),
        language=raw["language"],
    )


def _read_blocks(raw: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
    return tuple(
        next(kind for key, kind in KINDS.items() if key in block).read(block, _read_blocks)
        for block in raw
    )


def _read_policy(raw: Mapping[str, Any]) -> Policy:
    empty = raw.get("empty", "hold")
    go = empty["go"] if isinstance(empty, Mapping) else None
    restart = raw.get("on_protected_change")
    return Policy(
        distinct=tuple(frozenset(group) for group in raw.get("distinct", ())),
        empty="go" if go is not None else empty,
        empty_go=None if go is None else read_people(go),
        protected=tuple(raw.get("protected", ())),
        restart_from=restart.removeprefix("restart_from:") if restart else None,
        max_returns=raw.get("max_returns", 5),
    )
