"""A form's draft part by part, as its author edits it: what stands where, what is wrong there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.builder.design.conditions import Option
from portal.builder.design.examples import lacking_cases
from portal.builder.design.form import Design, Field, Section, read_design
from portal.builder.design.rules import checks, reactions
from portal.builder.desk import Desk, lay_out
from portal.builder.queries import Draft
from portal.definitions.checking import Finding
from portal.definitions.checking.translations import apart
from portal.definitions.json_source import Path
from portal.errors import NotFound
from portal.expressions.telling import told
from portal.forms.texts import read_text

FORM = ".form.json"


@dataclass(frozen=True, slots=True)
class Row:
    """A field in the list: what its rules say of it in words, and what is wrong with it.

    `lacking` counts the examples without a value for it, where one is required.
    """

    field: Field
    shown_if: str
    required_if: str
    checks: int
    lacking: int
    findings: list[Finding]
    columns: tuple["Row", ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A section or note of the layout with its rows."""

    section: Section
    rows: list[Row]
    findings: list[Finding]


@dataclass(frozen=True)
class FormPage:
    """Everything the page shows; `rest` are findings of the file that stand at no part.

    Texts that lack a language are only counted: they are filled in all at once elsewhere.
    """

    desk: Desk
    design: Design | None
    blocks: list[Block]
    loose: list[Row]
    rest: list[Finding]
    lacking: int = 0

    @property
    def lacking_samples(self) -> int:
        """How many values the examples lack at fields everybody must fill in."""
        rows = [*self.loose, *(row for block in self.blocks for row in block.rows)]
        return sum(row.lacking + sum(one.lacking for one in row.columns) for row in rows)


def form_page(draft: Draft, name: str, language: str) -> FormPage:
    """The form's parts; `design` is None while the text is no JSON. Raises NotFound."""
    if not name.endswith(FORM):
        raise NotFound
    desk = lay_out(draft, name, language, run_cases=False)
    design = read_design(desk.text)
    if design is None:
        return FormPage(desk, None, [], [], desk.findings)
    findings, lacking = apart(desk.findings)
    rows = _Rows(design, draft.files.get(cases_of(name), ""), findings, language)
    blocks = [
        Block(
            section,
            [rows.row(one) for one in section.fields],
            rows.take(design.lines(("layout", section.at))),
        )
        for section in design.sections
    ]
    loose = [rows.row(one) for one in design.loose]
    return FormPage(desk, design, blocks, loose, rows.left, lacking)


def designs_of(files: Mapping[str, str]) -> list[tuple[str, Design]]:
    """The files of examples of a draft, with the forms they are of; unreadable forms left out."""
    pairs = [
        (cases_of(name), read_design(files[name]))
        for name in sorted(files)
        if name.endswith(FORM) and cases_of(name) in files
    ]
    return [(cases, design) for cases, design in pairs if design is not None]


def cases_of(name: str) -> str:
    """The file of a form's examples."""
    return name.removesuffix(FORM) + ".cases.json"


def is_asked(field: Field) -> bool:
    """Whether everybody must fill it in by hand."""
    given = field.computed or field.options.get("read_only") or "default" in field.options
    return field.is_required and not given and field.kind not in ("table", "rollup", "reverse")


class _Rows:
    """Gives every finding to the part whose lines it stands on, once."""

    def __init__(
        self, design: Design, cases: str, findings: Iterable[Finding], language: str
    ) -> None:
        self.design, self.cases, self.language = design, cases, language
        self.left = list(findings)
        self._labels = labels(design, language)

    def row(self, field: Field) -> Row:
        columns = tuple(self.row(one) for one in field.columns)
        return Row(
            field=field,
            shown_if=self._told(field.path, "show"),
            required_if=self._told(field.path, "require"),
            checks=len(checks(self.design, field.path)),
            lacking=lacking_cases(self.cases, field) if is_asked(field) else 0,
            findings=self._findings(field),
            columns=columns,
        )

    def take(self, lines: range) -> list[Finding]:
        found = [one for one in self.left if one.line in lines]
        self.left = [one for one in self.left if one.line not in lines]
        return found

    def _findings(self, field: Field) -> list[Finding]:
        found = self.take(self.design.lines(field.place))
        for place in places(self.design, field):
            found += self.take(self.design.lines(place))
        return found

    def _told(self, path: str, effect: str) -> str:
        sources = [one.source for one in reactions(self.design, path, effect) if one.source]
        return "; ".join(told(one, self._labels, self.language) for one in sources)


def places(design: Design, field: Field) -> list[Path]:
    """Where else in the text something is said of this field alone: what computes and checks it."""
    found: list[Path] = [("computed", field.path)] if field.computed else []
    for at, rule in design.rules:
        named = [one for each in ("show", "require", "lock") for one in rule.get(each) or ()]
        if rule.get("on") == field.path or named == [field.path]:
            found.append(("rules", at))
    return found


def labels(design: Design, language: str) -> Mapping[str, str]:
    """Path as expressions write it → the field's label; a choice as "path=value"."""
    found: dict[str, str] = {}
    for one in design.fields.values():
        for path in (one.path, *([f"row.{one.key}"] if one.table else ())):
            known = _option(one, path, language)
            found[path] = known.label
            found.update({f"{path}={value}": label for value, label in known.choices if label})
    return found


def options(design: Design, field: Field, language: str) -> list[Option]:
    """The fields a condition at this field may ask for: of its row first, then of the record."""
    return options_within(design, field.table, language)


def options_within(design: Design, table: str, language: str) -> list[Option]:
    """The fields a condition may ask for of a row of a table first, then of the record."""
    row = [one for one in design.fields.values() if one.table and one.table == table]
    found = [_option(one, f"row.{one.key}", language) for one in row]
    plain = [one for one in design.header if one.kind not in ("table", "reverse", "attachment")]
    return found + [_option(one, one.path, language) for one in plain]


def _option(field: Field, path: str, language: str) -> Option:
    raw = field.options.get("options")
    choices = tuple(
        (str(one.get("value", "")), _worded(one, language))
        for one in (raw if isinstance(raw, list) else ())
        if isinstance(one, Mapping)
    )
    return Option(
        path=path,
        label=field.label.in_language(language) or field.key,
        kind=str(field.options.get("as", "number")) if field.kind == "rollup" else field.kind,
        many=field.options.get("many") is True,
        choices=choices,
    )


def _worded(choice: Mapping[str, object], language: str) -> str:
    return read_text(choice.get("label")).in_language(language)
