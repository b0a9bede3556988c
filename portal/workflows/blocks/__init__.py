"""The kinds of blocks, by the key that names them in a definition."""

from collections.abc import Mapping

from portal.workflows.blocks.cc import Cc, CcKind
from portal.workflows.blocks.choose import Case, Choose, ChooseKind
from portal.workflows.blocks.kind import BlockKind
from portal.workflows.blocks.step import Step, StepFields, StepKind

KINDS: Mapping[str, BlockKind] = {"step": StepKind(), "choose": ChooseKind(), "cc": CcKind()}

__all__ = ["KINDS", "BlockKind", "Case", "Cc", "Choose", "Step", "StepFields"]
