"""The posting rules of a form as its release has them, and the states they hang on."""

from dataclasses import dataclass

from portal.definitions import queries as definitions
from portal.definitions.posting_lines import PostingRule
from portal.forms.compiled import CompiledForm


@dataclass(frozen=True, slots=True)
class RuleBook:
    """A form with its posting rules, in the order of their files."""

    form: CompiledForm
    rules: tuple[PostingRule, ...]

    def on(self, state: str) -> tuple[PostingRule, ...]:
        """The rules that post when a record enters this state."""
        return tuple(rule for rule in self.rules if rule.on == state)

    def state_of(self, rule_id: str) -> str | None:
        """The state whose entering makes this rule post; None for a rule of another release."""
        return next((rule.on for rule in self.rules if rule.id == rule_id), None)


def rule_book(release_id: str, form: str) -> RuleBook:
    """The rule book of a record's form; compiled once per release."""
    found = definitions.form_of(release_id, form)
    return RuleBook(found.form, found.postings)
