"""What can go wrong with an expression: refused when compiled, or over its budget when run."""

from portal.errors import N_, Message, PortalError


class ExpressionError(PortalError):
    """An expression that cannot be accepted.

    `line` and `column` count from 1 in the source text; `suggestion` is a replacement for the
    refused piece where one is likely ("total" for "totl").
    """

    status = 422

    def __init__(
        self, message: Message, line: int = 1, column: int = 1, suggestion: str | None = None
    ) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.suggestion = suggestion


class BudgetExceeded(ExpressionError):
    """An evaluation took more steps than portal.limits allows; it was stopped, never hung."""

    def __init__(self, steps: int) -> None:
        super().__init__(
            Message(
                N_("This calculation is too large: it needs more than %(steps)s steps."),
                {"steps": steps},
            )
        )
        self.steps = steps
