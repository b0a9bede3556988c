"""The expression language: typed, Decimal, three-valued, budgeted; pure.

Sources look like Python, are read with `ast`, and become closures from a whitelist. Nothing in
here looks up an attribute by a name from a source text.
"""

from portal.expressions.compiling import Expression, compile_expression
from portal.expressions.conditions import compile_condition, referenced_paths
from portal.expressions.errors import BudgetExceeded, ExpressionError
from portal.expressions.graph import CycleError, Graph, Rule
from portal.expressions.kinds import Type
from portal.expressions.running import Budget, Environment, NotComputable, Outcome
from portal.expressions.scope import Scope
from portal.expressions.sentences import to_sentence

__all__ = [
    "Budget",
    "BudgetExceeded",
    "CycleError",
    "Environment",
    "Expression",
    "ExpressionError",
    "Graph",
    "NotComputable",
    "Outcome",
    "Rule",
    "Scope",
    "Type",
    "compile_condition",
    "compile_expression",
    "referenced_paths",
    "to_sentence",
]
