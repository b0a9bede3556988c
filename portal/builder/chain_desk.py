"""What the chain's pages show beside the text: people, conditions and findings in words."""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from portal.accounts import queries as accounts
from portal.builder import words
from portal.builder.chain_form import ChainForm, Choice
from portal.builder.design.chain import Node, read_chain
from portal.builder.design.chain_people import read_who
from portal.builder.design.chain_step import read_step
from portal.builder.queries import Draft, current_files
from portal.builder.saving import mark_of
from portal.definitions.checking import Finding
from portal.definitions.checking.notes import spoken
from portal.definitions.checking.translations import apart
from portal.definitions.json_source import SourceError, read_source
from portal.errors import NotFound
from portal.web.filters import text_in
from portal.web.words import gettext as _
from portal.workflows.people import PeopleRule, Reason

SUFFIX = ".workflow.json"
_MOST_PEOPLE = 300
_EXCERPT = 300


class ChainDesk(ChainForm):
    """One workflow file of a draft as its pages show it."""

    def title(self, node: Node) -> str:
        """What a block is called, for its reader."""
        if node.title:
            return text_in(node.title) or node.id
        return str(_("A copy to read")) if node.kind == "cc" else node.id

    def who(self, raw: Any) -> str:
        """Whom a people rule asks, in words; what has none stands as it is written."""
        lines, kept = read_who(raw)
        parts = [words.people(PeopleRule((self._reason(*one),)), self.roles) for one in lines]
        parts += [json.dumps(one, ensure_ascii=False)[:_EXCERPT] for one in kept]
        return str(_(" or ")).join(parts)

    def _reason(self, rule: str, value: str) -> Reason:
        by_field = rule == "field" or (
            rule == "dept_head_of" and value not in ("requester", "project")
        )
        return Reason(
            rule, self.labels.get(value.replace("[].", "."), value) if by_field else value
        )

    def need(self, raw: Any) -> str:
        """How many must approve, in words."""
        values = read_step(raw)
        if values.need == "kept":
            return json.dumps(raw.get("need"), ensure_ascii=False)[:_EXCERPT]
        return words.need(values.count or values.need)

    def line(self, node: Node) -> int:
        """The line of the text at which a block begins."""
        return read_source(self.the_chain.text).position(node.path)[0]

    def mark(self, node: Node) -> str:
        """What a page carries to say which block it shows."""
        return mark_of(node.written)

    def excerpt(self, node: Node) -> str:
        """The beginning of a block nothing else is known of."""
        return node.written[:_EXCERPT]

    @cached_property
    def _apart(self) -> tuple[list[Finding], int]:
        return apart(self.judged.in_file(self.name))

    @property
    def lacking(self) -> int:
        """How many texts of the chain lack a language: they are filled in elsewhere."""
        return self._apart[1]

    @cached_property
    def _placed(self) -> Mapping[str, list[Finding]]:
        places = [(spoken(node.path), node.at) for node in self.the_chain.all_nodes()]
        places.sort(key=lambda one: -len(one[0]))
        found: dict[str, list[Finding]] = {}
        for one in self._apart[0]:
            inside = (at for where, at in places if _is_within(one.path, where))
            found.setdefault(next(inside, ""), []).append(one)
        return found

    def findings(self, node: Node) -> list[Finding]:
        """What the check says of this block, and of no block within it."""
        return self._placed.get(node.at, [])

    @property
    def loose(self) -> list[Finding]:
        """What the check says of no block."""
        return self._placed.get("", []) if self.chain else self.judged.in_file(self.name)

    @cached_property
    def elsewhere(self) -> int:
        """How many errors the other files of the draft have."""
        return len(self.judged.elsewhere(self.name))

    def people_options(self) -> list[tuple[str, list[Choice]]]:
        """Whom a line may name, by group; a certain person last."""
        roles = [(scope, role, title) for (scope, role), title in self.roles.items()]
        project = [(f"project_role:{r}", t) for scope, r, t in roles if scope == "project"]
        company = [(f"role:{r}", t) for scope, r, t in roles if scope == "company"]
        heads = [
            ("dept_head_of:requester", _("head of the requester's department")),
            ("dept_head_of:project", _("head of the project's department")),
        ]
        heads += [
            (
                f"dept_head_of:{one.path}",
                _("head of the department in “%(field)s”", field=one.label),
            )
            for one in self.fields
            if one.kind == "department"
        ]
        named = [
            (f"field:{one.path}", _("person in “%(field)s”", field=one.label))
            for one in self.fields
            if one.kind == "user"
        ]
        people = [
            (f"user:{one.login}", f"{one.name} ({one.login})")
            for one in accounts.active_people()[:_MOST_PEOPLE]
        ]
        groups = [
            (str(_("Role in the project")), sorted(project, key=lambda one: one[1])),
            (str(_("Role in the company")), sorted(company, key=lambda one: one[1])),
            (str(_("Head of department")), heads),
            (str(_("Person the form names")), named),
            (str(_("A certain person (a role lasts longer)")), people),
        ]
        return [(label, options) for label, options in groups if options]

    def line_words(self, line: str) -> str:
        """One line of a people rule in words: `role:director`."""
        rule, _mark, value = line.partition(":")
        return words.people(PeopleRule((self._reason(rule, value),)), self.roles)

    def kept_people(self, raw: Any) -> list[str]:
        """What of a people rule the page cannot say, as it is written."""
        return [json.dumps(one, ensure_ascii=False)[:_EXCERPT] for one in read_who(raw)[1]]

    def targets(self, path: tuple[str | int, ...], *also: str) -> list[Choice]:
        """Where a step at this place may return to; `also` stay offered, though not found."""
        found = [("start", str(_("the requester")))]
        found += [(node.id, self.title(node)) for node in self.the_chain.earlier(path)]
        known = {one[0] for one in found}
        lost = [one for one in also if one and one not in known]
        return found + [(one, _("“%(id)s” (does not come before)", id=one)) for one in lost]

    def published(self) -> Any:
        """The chain as it is published now: its ids are never given to anything else."""
        try:
            return read_source(current_files(self.module).get(self.name, "")).value
        except SourceError:
            return None


def lay_out_chain(draft: Draft, name: str, language: str) -> ChainDesk:
    """The desk of a workflow file; raises NotFound for any other."""
    text = draft.files.get(name)
    if text is None or not name.endswith(SUFFIX):
        raise NotFound
    try:
        chain = read_chain(text)
    except SourceError:
        chain = None
    return ChainDesk(draft.module, draft, name, language, chain)


def _is_within(path: str, where: str) -> bool:
    return path == where or path.startswith((f"{where}.", f"{where}["))
