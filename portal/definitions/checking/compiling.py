"""Types: expressions of a form, of its workflow's conditions and of its posting rules."""

from collections.abc import Callable, Sequence

from portal.definitions.checking.findings import Package
from portal.definitions.json_source import Path
from portal.errors import N_, Message
from portal.expressions import Expression, ExpressionError, Scope, Type, compile_expression
from portal.forms.compiled import CompiledForm
from portal.forms.compiling import compile_form
from portal.workflows.findings import Finding as WorkflowFinding

YES_NO = Type("yes_no")


def compiled_form(key: str, package: Package) -> CompiledForm:
    """Compile a form of the package; raises DefinitionErrors."""
    return compile_form(package.expanded[key], package.links)


def remedy_for(error: ExpressionError) -> Message:
    """What to do about an expression that cannot be accepted."""
    if error.suggestion:
        return Message(N_("Did you mean “%(other)s”?"), {"other": error.suggestion})
    return Message(N_("Correct the expression."))


def condition_judge(scope: Scope) -> Callable[[str, Path], Sequence[WorkflowFinding]]:
    """Judges the conditions of a workflow against the names of its form."""

    def judge(source: str, path: Path) -> Sequence[WorkflowFinding]:
        try:
            compile_expression(source, scope, expect=YES_NO)
        except ExpressionError as error:
            return [WorkflowFinding(path, error.message, remedy_for(error))]
        return ()

    return judge


def typed(source: str, scope: Scope, expect: Type | None = None) -> Expression:
    """A compiled expression; raises ExpressionError."""
    return compile_expression(source, scope, expect=expect)
