"""The engine's four pure functions under one name (WORKFLOWS 2.1)."""

from portal.workflows.decide import Answering, decide, gather, needs
from portal.workflows.effects import effects
from portal.workflows.evolve import evolve, fold

__all__ = ["Answering", "decide", "effects", "evolve", "fold", "gather", "needs"]
