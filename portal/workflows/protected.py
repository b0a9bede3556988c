"""Which fields are protected: changing one voids the approvals given (WORKFLOWS 1.7)."""

from collections.abc import Callable, Iterable, Mapping

from portal.workflows.blocks import KINDS
from portal.workflows.tree import WorkflowDefinition

Reads = Callable[[str], Iterable[str]]


def fields_read_by_block(
    definition: WorkflowDefinition, reads: Reads
) -> Mapping[str, frozenset[str]]:
    """The fields each block's conditions and people rules read.

    `reads(expression)` gives the paths an expression reads.
    """
    read = {}
    for block in definition.all_blocks():
        kind = KINDS[block.kind]
        paths = kind.people_fields(block).union(*map(reads, kind.expressions(block)))
        if paths:
            read[block.id] = paths
    return read


def protected_fields(
    definition: WorkflowDefinition, *, reads: Reads, postings: Iterable[str] = ()
) -> frozenset[str]:
    """Every protected path: read by conditions, people rules and `postings`, or declared.

    The shell passes it as `Facts.protected`; computed fields read should bring their sources.
    """
    rule = definition.policy.empty_go
    return frozenset().union(
        *fields_read_by_block(definition, reads).values(),
        rule.fields_read() if rule else (),
        postings,
        definition.policy.protected,
    )
