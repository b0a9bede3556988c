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
        "progress.spi",
        "funds.collected",
        "funds.overdue",
        "funds.overdue_share",
        "funds.overdue_days",
        "funds.lowest",
        "labor.at_risk",
        "labor.at_risk_share",
        "labor.unsigned",
        "labor.unsigned_days",
    }
)
"""Every figure a rule may name: a definition is checked without the centers behind it."""
