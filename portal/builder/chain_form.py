"""What a chain's pages know of its form: its fields with their labels, conditions as sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from portal.builder import words
from portal.builder.checks import Judged, judge
from portal.builder.design.chain import Chain
from portal.builder.design.conditions import Option
from portal.builder.queries import Draft
from portal.errors import NotFound
from portal.expressions.telling import told
from portal.forms.compiled import CompiledForm
from portal.forms.fields import FieldDefinition
from portal.web.filters import text_in
from portal.web.words import gettext as _
from portal.workflows.tree import WorkflowDefinition

AMOUNTS = ("money", "number", "quantity", "percent")

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of the form as these pages need it; `table` is empty for one of the record itself."""

    path: str
    label: str
    kind: str
    table: str = ""
    is_writable: bool = True
    choices: Mapping[str, str] | None = None
    many: bool = False


@dataclass(frozen=True)
class ChainForm:
    """One workflow file of a draft; `chain` is None while its text is no JSON."""

    module: str
    draft: Draft
    name: str
    language: str
    chain: Chain | None

    @property
    def the_chain(self) -> Chain:
        """The chain; raises NotFound while the text is no JSON."""
        if self.chain is None:
            raise NotFound
        return self.chain

    @property
    def heading(self) -> str:
        """What the chain is called."""
        raw = self.chain.raw if self.chain else None
        title = raw.get("title") if isinstance(raw, dict) else None
        return (text_in(title) if isinstance(title, str | dict) else "") or self.name

    @cached_property
    def judged(self) -> Judged:
        """The draft as checked, without running its examples."""
        return judge(self.module, self.draft.files, run_cases=False)

    @cached_property
    def roles(self) -> Mapping[tuple[str, str], str]:
        """(scope, role) → title, those of this draft included."""
        return words.role_titles(words.roles_in(self.draft.files.get("module.json", "")))

    @cached_property
    def fields(self) -> list[FormField]:
        """The fields of the form, columns behind their table; none while it cannot be read."""
        package = self.judged.report.package
        form = package.form_definition(self.the_chain.form) if package else None
        if form is None:
            return []
        found = []
        for one in form.header:
            found.append(self._field(one, ""))
            label = one.label.in_language(self.language)
            found += [self._field(column, label) for column in form.columns.get(one.key, ())]
        return found

    def _field(self, one: FieldDefinition, table: str) -> FormField:
        choices = {
            value: text.in_language(self.language)
            for value, text in (one.options.get("choices") or {}).items()
        }
        label = one.label.in_language(self.language) or one.path
        kind = one.kind.name
        kind = str(one.options.get("as", "number")) if kind == "rollup" else kind
        many = one.options.get("many") is True
        return FormField(one.path, label, kind, table, one.is_writable, choices, many)

    @cached_property
    def options(self) -> list[Option]:
        """The fields of the record a condition may ask for."""
        return [
            Option(one.path, one.label, one.kind, one.many, tuple((one.choices or {}).items()))
            for one in self.fields
            if not one.table and one.kind not in ("table", "reverse", "attachment")
        ]

    @cached_property
    def amounts(self) -> list[Choice]:
        """The fields of the record that hold an amount."""
        return [
            (one.path, one.label) for one in self.fields if not one.table and one.kind in AMOUNTS
        ]

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What a condition can name, with its label."""
        found = {"requester": str(_("Requester"))}
        for one in self.fields:
            path = one.path.replace("[].", ".")
            found[path] = one.label
            found.update({f"{path}={v}": text for v, text in (one.choices or {}).items()})
        return found

    def told(self, source: str) -> str:
        """A condition as a sentence."""
        return told(source, self.labels, self.language)

    @property
    def workflow(self) -> WorkflowDefinition | None:
        """The chain as the engine runs it; None while it or its form has errors."""
        package = self.judged.report.package
        file = package.files.get(self.name) if package else None
        if package is None or file is None or not file.is_sound or file.notes.has_errors:
            return None
        return package.workflows.get(file.key) if self.form else None

    @property
    def form(self) -> CompiledForm | None:
        """The form the chain is for; None while it has errors."""
        package = self.judged.report.package
        return package.compiled.get(self.the_chain.form) if package else None
