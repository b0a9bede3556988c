"""The files of a clone, whole: renamed, and without what cannot follow; no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from portal.builder.cloning import leaving_out
from portal.builder.cloning.naming import ClonePlan, renamed
from portal.builder.cloning.renaming import own_keys, with_new_keys
from portal.definitions.checking import Finding, Known, check_module, file_kind


@dataclass(frozen=True, slots=True)
class Clone:
    """The files of a clone, and what of its source was left out.

    `fields` are lists of records of other modules as (form, field); `rules` counts posting rules;
    `errors` are what its author has to mend, where the source itself was not sound.
    """

    files: Mapping[str, str]
    fields: tuple[tuple[str, str], ...] = ()
    rules: int = 0
    errors: tuple[Finding, ...] = field(default=())


def make_clone(source: str, files: Mapping[str, str], plan: ClonePlan, known: Known) -> Clone:
    """The clone of a module's files.

    Left out are lists of other modules' records, which link to the source, posting rules that a
    ledger takes from the source's own register alone, and sheets and rules of health, of
    which the company has one each. Raises SourceError for no JSON.
    """
    files = {
        name: text
        for name, text in files.items()
        if not name.endswith((".sheet.json", ".health.json"))
    }
    keys = renamed(own_keys(files), source, plan)
    made = Clone(with_new_keys(files, keys, plan))
    made = _without_lists(made, set(keys.values()))
    made = _without_postings(made) if not plan.has_postings else made
    return _fitted(made, known)


def _without_lists(made: Clone, own: set[str]) -> Clone:
    files, gone = dict(made.files), []
    for name, text in made.files.items():
        kind, key = file_kind(name) or ("", "")
        for path in leaving_out.lists_of_others(text, own) if kind == "form" else ():
            gone.append((key, path))
            for other in _of_form(files, key):
                files[other] = leaving_out.without_field(files[other], path)
    return replace(made, files=files, fields=tuple(gone))


def _of_form(files: Mapping[str, str], form: str) -> list[str]:
    """The form itself and the chains written for it."""
    chains = [one for one in files if one.endswith(".workflow.json")]
    return [f"{form}.form.json", *(one for one in chains if f'"form": "{form}"' in files[one])]


def _without_postings(made: Clone) -> Clone:
    files = {
        name: leaving_out.without_expected(text) if name.endswith(".cases.json") else text
        for name, text in made.files.items()
        if not name.endswith(".postings.json")
    }
    return replace(made, files=files)


def _fitted(made: Clone, known: Known) -> Clone:
    """Without the posting rules that do not fit, and what examples expected of them."""
    report = check_module(made.files, known=known)
    unfit = leaving_out.unfit_rules(report.errors)
    if unfit:
        files = dict(made.files)
        for name, numbers in unfit.items():
            files[name] = leaving_out.without_rules(files[name], numbers)
        files = {name: text for name, text in files.items() if text}
        made = replace(made, files=files, rules=sum(map(len, unfit.values())))
        report = check_module(files, known=known)
    expected = leaving_out.unfit_examples(report.errors)
    if expected:
        files = dict(made.files)
        for name, numbers in expected.items():
            files[name] = leaving_out.without_expected(files[name], numbers)
        made = replace(made, files=files)
        report = check_module(files, known=known)
    return replace(made, errors=tuple(report.errors))
