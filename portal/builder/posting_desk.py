"""What the pages of posting rules show beside the text: rules as sentences, fields to bind."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portal.builder.checks import Judged, judge
from portal.builder.design.binding_offers import offers
from portal.builder.design.bindings import Binding, Offer, read_binding, word_title
from portal.builder.design.conditions import Option
from portal.builder.design.form import Design, read_design
from portal.builder.design.postings import Rule, RuleFile, read_rules
from portal.builder.form_page import labels, options_within
from portal.builder.queries import Draft, current_files
from portal.builder.saving import mark_of
from portal.definitions.checking import Finding
from portal.definitions.checking.certainty import Certainty
from portal.definitions.checking.notes import Notes, spoken
from portal.definitions.checking.postings import RuleCheck
from portal.definitions.diff_postings import ENTRY_PER_ROW, ONE_ENTRY, WHERE
from portal.definitions.ledger_words import COLUMN_TITLES, LEDGER_TITLES, TRANSITIONS
from portal.definitions.posting_columns import LEDGERS
from portal.errors import NotFound
from portal.expressions.telling import labeled, told
from portal.forms.compiled import CompiledForm
from portal.web.words import gettext as _

SUFFIX = ".postings.json"


@dataclass(frozen=True)
class PostingDesk:
    """The posting rules of a draft's file; `rules` is None while its text is no JSON.

    A file that is not there yet has no rules: it begins with its first.
    """

    module: str
    draft: Draft
    key: str
    language: str
    rules: RuleFile | None

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.key + SUFFIX

    @property
    def exists(self) -> bool:
        """Whether the draft has the file."""
        return self.name in self.draft.files

    @property
    def the_rules(self) -> RuleFile:
        """The rules; raises NotFound while the text is no JSON."""
        if self.rules is None:
            raise NotFound
        return self.rules

    @property
    def form(self) -> str:
        """The form the rules are for."""
        return self.rules.form if self.rules else ""

    @cached_property
    def heading(self) -> str:
        """What the form is called."""
        title = self.design.title if self.design else None
        return (title.in_language(self.language) if title else "") or self.form or self.key

    @cached_property
    def judged(self) -> Judged:
        """The draft as checked, without running its examples."""
        return judge(self.module, self.draft.files, run_cases=False)

    @cached_property
    def design(self) -> Design | None:
        """The form part by part; None while it is no JSON."""
        return read_design(self.draft.files.get(f"{self.form}.form.json", ""))

    @cached_property
    def compiled(self) -> CompiledForm | None:
        """The form ready to run; None while it has errors."""
        package = self.judged.report.package
        return package.compiled.get(self.form) if package else None

    @cached_property
    def tables(self) -> list[tuple[str, str]]:
        """The line tables of the form with what they are called."""
        fields = self.design.header if self.design else []
        return [
            (one.key, one.label.in_language(self.language) or one.key)
            for one in fields
            if one.kind == "table"
        ]

    def options(self, table: str) -> list[Option]:
        """The fields a condition of a rule may ask for."""
        return options_within(self.design, table, self.language) if self.design else []

    def offers(self, table: str) -> list[Offer]:
        """What a column may be bound to; nothing while the form has errors."""
        if self.compiled is None or (table and table not in self.compiled.scopes):
            return []
        return offers(self.compiled, table or None, self.language)

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What an expression can name, with its label; choices as "path=value"."""
        found: dict[str, str] = {}
        for table in ("", *(key for key, _label in self.tables)):
            found.update((one.path, one.label) for one in self.offers(table))
            for option in self.options(table):
                found.update({f"{option.path}={v}": text for v, text in option.choices})
        return {**found, **(labels(self.design, self.language) if self.design else {})}

    def sentence(self, ledger: str, on: str, table: str, when: str) -> str:
        """When, how often and where a rule posts, as a sentence."""
        parts = {
            "when": str(_(TRANSITIONS[on])) if on in TRANSITIONS else on,
            "ledger": str(_(LEDGER_TITLES[ledger])) if ledger in LEDGER_TITLES else ledger,
            "table": dict(self.tables).get(table, table),
        }
        whole = _(ENTRY_PER_ROW if table else ONE_ENTRY, **parts)
        if not when.strip():
            return str(whole)
        condition = told(when, self.labels, self.language)
        return str(_(WHERE, sentence=whole, condition=condition))

    def told(self, rule: Rule) -> str:
        """A rule as a sentence."""
        return self.sentence(rule.ledger, rule.on, rule.table, rule.when)

    def bindings(self, rule: Rule) -> dict[str, Binding]:
        """What every column of the rule's ledger is bound to."""
        paths = frozenset(one.path for one in self.offers(rule.table))
        return {
            name: read_binding(column, rule.columns.get(name), paths)
            for name, column in LEDGERS[rule.ledger].items()
        }

    def bound(self, rule: Rule) -> list[tuple[str, str]]:
        """(column, what it is bound to) in words, in the ledger's order."""
        return [
            (column_title(name), self.binding_words(name, one))
            for name, one in self.bindings(rule).items()
            if one.how
        ]

    def binding_words(self, name: str, binding: Binding) -> str:
        """What a column is bound to, in words."""
        if binding.how == "word":
            return str(_(word_title(name, binding.text)))
        if binding.how == "fixed":
            return f"“{binding.text}”"
        return labeled(binding.text, self.labels)

    def mark(self, rule: Rule) -> str:
        """What a page carries to say which rule it shows."""
        return mark_of(rule.written)

    def findings(self, rule: Rule) -> list[Finding]:
        """What the check says of this rule."""
        place = spoken(("rules", rule.at))
        return [one for one in self.judged.in_file(self.name) if _is_within(one.path, place)]

    @property
    def loose(self) -> list[Finding]:
        """What the check says of no rule."""
        places = [spoken(("rules", one.at)) for one in (self.rules.rules if self.rules else ())]
        return [
            one
            for one in self.judged.in_file(self.name)
            if not any(_is_within(one.path, place) for place in places)
        ]

    @cached_property
    def elsewhere(self) -> int:
        """How many errors the other files of the draft have."""
        return len(self.judged.elsewhere(self.name))

    def judge_rule(self, raw: Mapping[str, Any]) -> list[Finding]:
        """What the check would say of a rule that has the right shape; paths begin in the rule."""
        package = self.judged.report.package
        if self.compiled is None or package is None:
            return []
        form, scopes = self.compiled.definition, self.compiled.scopes
        notes = Notes(self.name)
        certainty = Certainty(form, package.form_definition, scopes)
        RuleCheck(form, scopes, certainty, notes, (), raw).check()
        return notes.findings

    def taken(self) -> frozenset[str]:
        """The names of all rules of the form: in this draft, and in what is published."""
        files = [*self.draft.files.items(), *current_files(self.module).items()]
        read = [read_rules(text) for name, text in files if name.endswith(SUFFIX)]
        return frozenset(
            rule.id for one in read if one and one.form == self.form for rule in one.rules
        )


def lay_out_postings(draft: Draft, key: str, language: str) -> PostingDesk:
    """The desk of a posting file, there or to be; raises NotFound where the draft has no form."""
    text = draft.files.get(key + SUFFIX)
    if text is not None:
        return PostingDesk(draft.module, draft, key, language, read_rules(text))
    if f"{key}.form.json" not in draft.files:
        raise NotFound
    return PostingDesk(draft.module, draft, key, language, RuleFile("", key, (), is_whole=True))


def without_rules(files: Mapping[str, str]) -> list[str]:
    """The forms of a draft no posting file is for, under the key its file would have."""
    read = [read_rules(text) for name, text in files.items() if name.endswith(SUFFIX)]
    served = {one.form for one in read if one}
    forms = [name.removesuffix(".form.json") for name in files if name.endswith(".form.json")]
    return [key for key in forms if key not in served and key + SUFFIX not in files]


def column_title(name: str) -> str:
    """What people call a column of a ledger."""
    return str(_(COLUMN_TITLES[name])) if name in COLUMN_TITLES else name


def _is_within(path: str, where: str) -> bool:
    return path == where or path.startswith((f"{where}.", f"{where}["))
