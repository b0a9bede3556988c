"""The figures of centers that rules of health may name; portal.definitions.measures fills them."""

KEYS: frozenset[str] = frozenset(
    {
        "cost.variance",
        "cost.left",
        "cost.used",
        "cost.code_left",
        "progress.days_late",
        "progress.finish_late",
        "progress.pace",
        "funds.collected",
    }
)
"""Every figure a rule may name: a definition is checked without the centers behind it."""
