"""What can go wrong with an expression: refused when compiled, or over its budget when run."""

from portal.errors import N_, Message, PortalError

NOT_PART = N_("This is not part of the expression language.")
PARTS = N_(
    "It has names, numbers, texts, + - * /, comparisons, and, or, not, in, if … else and functions."
)
SPLIT = N_("Compute a part of it in a field of its own.")


def did_you_mean(other: str) -> Message:
    """The advice to write something else."""
    return Message(N_("Did you mean “%(other)s”?"), {"other": other})


class ExpressionError(PortalError):
    """An expression that cannot be accepted.

    `line` and `column` count from 1 in the source text; `suggestion` is a replacement for the
    refused piece where one is likely ("total" for "totl"), `remedy` what to do otherwise.
    """

    status = 422

    def __init__(
        self,
        message: Message,
        line: int = 1,
        column: int = 1,
        suggestion: str | None = None,
        remedy: Message | None = None,
    ) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.suggestion = suggestion
        self.remedy = remedy

    @property
    def advice(self) -> Message:
        """What to do about it."""
        if self.suggestion:
            return did_you_mean(self.suggestion)
        return self.remedy or Message(N_("Correct the expression."))


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
