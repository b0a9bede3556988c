"""The face of a form definition: read it, compile it, and what they answer."""

from portal.forms.compiled import CompiledForm, Use
from portal.forms.compiling import compile_form
from portal.forms.fields import (
    FieldDefinition,
    FormDefinition,
    RuleDefinition,
    SectionDefinition,
)
from portal.forms.findings import DefinitionErrors, Finding
from portal.forms.reading import read_form

__all__ = [
    "CompiledForm",
    "DefinitionErrors",
    "FieldDefinition",
    "Finding",
    "FormDefinition",
    "RuleDefinition",
    "SectionDefinition",
    "Use",
    "compile_form",
    "read_form",
]
