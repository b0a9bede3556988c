"""Types: expressions of a form, of its workflow's conditions and of its posting rules."""

from collections.abc import Callable, Sequence

from portal import limits
from portal.definitions.checking.findings import Package
from portal.definitions.json_source import Path
from portal.errors import N_, Message
from portal.expressions import Expression, ExpressionError, Scope, Type, compile_expression
from portal.forms.compiled import CompiledForm
from portal.forms.compiling import compile_form
from portal.forms.steps import Steps
from portal.workflows.findings import Finding as WorkflowFinding

YES_NO = Type("yes_no")
TOO_LONG = N_("With full tables this takes %(steps)s steps; one evaluation may take %(most)s.")
LESS = N_("Give the tables a smaller “max”, or compute what is repeated in a column of its own.")


def compiled_form(key: str, package: Package) -> CompiledForm:
    """Compile a form of the package; raises DefinitionErrors."""
    return compile_form(package.expanded[key], package.links)


def condition_judge(compiled: CompiledForm) -> Callable[[str, Path], Sequence[WorkflowFinding]]:
    """Judges the conditions of a workflow against the names of its form, and what they may cost."""
    scope, steps = compiled.scopes[None], Steps(compiled.definition, compiled.linked)

    def judge(source: str, path: Path) -> Sequence[WorkflowFinding]:
        try:
            made = compile_expression(source, scope, expect=YES_NO)
        except ExpressionError as error:
            return [WorkflowFinding(path, error.message, error.advice)]
        needed, most = steps.of(made), limits.EXPRESSION_STEPS
        if needed > most:
            message = Message(TOO_LONG, {"steps": f"{needed:,}", "most": f"{most:,}"})
            return [WorkflowFinding(path, message, Message(LESS))]
        return ()

    return judge


def typed(source: str, scope: Scope, expect: Type | None = None) -> Expression:
    """A compiled expression; raises ExpressionError."""
    return compile_expression(source, scope, expect=expect)
