"""What each member of a definition means, in a few words: editors show them where one writes.

A member is named by its own name, or by that of the member around it as well (`list.columns`).
"""

from collections.abc import Mapping
from typing import Any

from portal.definitions.ledger_words import COLUMN_TITLES
from portal.errors import N_

Json = dict[str, Any]

_EVERYWHERE: Mapping[str, str] = {
    "$schema": N_("The schema editors check this file by"),
    "title": N_("What people read; a text, or one per language"),
    "en": N_("In English"),
    "zh": N_("In Chinese"),
}
_PEOPLE: Mapping[str, str] = {
    "who": N_("Who is asked; everybody one of the rules finds"),
    "user": N_("These people, by sign-in name"),
    "role": N_("Holders of a role of the company"),
    "project_role": N_("Holders of a role in the project"),
    "department": N_("People of the department with this code"),
    "requester": N_("Whoever may work where the record belongs"),
    "dept_head_of": N_("The head of the department of a person or department in this field"),
    "field": N_("The person in this field"),
}
_MODULE: Mapping[str, str] = {
    **_PEOPLE,
    "module": N_("The key of the module, as its folder is named"),
    "format": N_("The number of this format"),
    "icon": N_("The icon beside its name"),
    "menu": N_("Where it stands in the side bar"),
    "group": N_("The group of the side bar"),
    "order": N_("The place within the group; smaller stands higher"),
    "forms": N_("The forms of the module"),
    "form": N_("The key of a form: its file is <form>.form.json"),
    "workflow": N_("Who approves it: <workflow>.workflow.json; without it the form is a register"),
    "access": N_("Who may file the form, read its records and void them"),
    "file": N_("Who may file it; one rule that fits is enough"),
    "read": N_("Who may read its records; one rule that fits is enough"),
    "void": N_("Who may void what counts; one rule that fits is enough. Without it nobody may"),
    "private": N_("Who reads private fields in full; without it whoever may file"),
    "requires": N_("Modules it cannot do without"),
    "roles": N_("The roles its people rules name"),
    "roles.role": N_("The key of the role"),
    "scope": N_("Whether it is given in a project or in the whole company"),
}
_LONG: Mapping[str, str] = {
    "type": N_("The type of the value, as JSON Schema names it"),
    "description": N_("A remark for whoever reads the definition"),
    "readOnly": N_("Nobody types it"),
    "deprecated": N_("Whether it is about to go"),
    "default": N_("Filled in at first with"),
    "examples": N_("Values as they may look"),
    "minLength": N_("Fewest characters"),
    "maxLength": N_("Most characters"),
    "pattern": N_("The regular expression a text must match"),
    "format": N_("How the text is to be read, such as date"),
    "oneOf": N_("The choices, each with its text"),
    "oneOf.const": N_("The value that is stored"),
    "enum": N_("The only values it may have"),
    "const": N_("The only value it may have"),
    "minimum": N_("Least"),
    "maximum": N_("Most"),
    "minItems": N_("Fewest rows or values"),
    "maxItems": N_("Most rows or values"),
    "uniqueItems": N_("Whether no value may stand twice"),
    "additionalProperties": N_("Always false: what no field declares is refused"),
    "required": N_("Members that must be there"),
    "kind": N_("The kind of the field"),
}
_FORM: Mapping[str, str] = {
    **_LONG,
    "form": N_("The key of the form, as its file is named"),
    "version": N_("Counts up with every change of the form that is published"),
    "scope": N_("Whether its records belong to a project or to the company"),
    "numbering": N_("The pattern of its numbers, such as PR-{project.code}-{yyyy}-{seq:4}"),
    "subject": N_("The field a record is known by in lists and mails"),
    "amount": N_("The amount that lists and approvers see"),
    "freezes": N_("Approved records freeze fields of registers in their project"),
    "named_in": N_("The choice that says which registers a record freezes"),
    "through": N_("The form whose approved records open a frozen entry that they name"),
    "forms": N_("The registers that may be frozen, and which of their fields"),
    "forms.fields": N_("The fields that freeze"),
    "forms.link": N_("The field of the change that names the entry"),
    "retires": N_(
        "Entries of this register can be taken out of use: offered no more, never deleted"
    ),
    "duplicates": N_("Fields by which two entries look like one and the same; such can be merged"),
    "closes": N_("A date: approved records close the months of their project up to it"),
    "facts": N_("One or two fields that tell entries apart where this form is linked to"),
    "data": N_("What is filled in"),
    "properties": N_("The fields by key, in the order they are written"),
    "rows.properties": N_("The columns by key, in the order they are written"),
    "x-field": N_("What the field is: its kind and the options of that kind"),
    "items": N_("What a row holds: its columns"),
    "computed": N_("Fields the portal works out: field and expression"),
    "rules": N_("When fields are shown, required, locked, and what is refused"),
    "rules.id": N_("The name the rule keeps"),
    "when": N_("When the rule holds; without it always"),
    "at": N_("Workflow steps at which it holds; without it everywhere"),
    "show": N_("Fields that are shown only then"),
    "require": N_("Fields that are required then"),
    "lock": N_("Fields nobody may change then"),
    "check": N_("What must be true; a record is refused otherwise"),
    "message": N_("What the person reads when the check fails"),
    "on": N_("The field the message stands at"),
    "layout": N_("Sections and notes in the order they are shown"),
    "layout.type": N_("A section with fields, or a note"),
    "layout.columns": N_("Fields below each other, or two side by side"),
    "layout.fields": N_("The fields of the section, in order"),
    "collapsed": N_("Whether the section is folded up at first"),
    "text": N_("The text of the note"),
    "list": N_("What lists of its records show"),
    "list.columns": N_("The columns of the list"),
    "list.filters": N_("The fields the list can be narrowed by"),
    "migrations": N_("How drafts of earlier versions are moved along"),
    "from": N_("The version the records come from"),
    "steps": N_("What is done to their values, in order"),
    "rename": N_("The field and its new key"),
    "set_default": N_("The field and the value it gets where it is empty"),
    "retype": N_("The field whose value is kept as far as the new kind takes it"),
    "drop": N_("The field whose value is given up"),
    "was": N_("Fields the earlier version had and this one has no more"),
    "split": N_("A text cut into several fields"),
    "split.field": N_("The text that is cut"),
    "by": N_("The characters it is cut at"),
    "into": N_("The fields its pieces go to, in order"),
    "steps.set": N_("The field and the expression that gives its value"),
    "into_table": N_("Fields of the header put into one row of a table"),
    "out_of_table": N_("The one row of a table put into fields of the header"),
    "table": N_("The table"),
    "into_table.columns": N_("Field and the column it goes to"),
    "out_of_table.fields": N_("Column and the field it goes to"),
    "tests.facts": N_("What the portal knows: today, requester, project, linked records"),
    "tests": N_("Example records and what must come of them"),
    "texts": N_("Texts per language, by the place they stand at"),
}
_WORKFLOW: Mapping[str, str] = {
    **_PEOPLE,
    "workflow": N_("The key of the chain, as its file is named"),
    "language": N_("The number of this language of chains"),
    "form": N_("The form it approves"),
    "start": N_("What the requester may do once it is sent"),
    "withdraw": N_("Until when the requester may take it back"),
    "policy": N_("How special cases are dealt with"),
    "blocks": N_("The blocks in the order they are asked"),
    "step": N_("The name the step keeps for ever"),
    "choose": N_("The name the choice keeps for ever"),
    "cc": N_("The name the copy keeps for ever"),
    "cc.who": N_("Who gets a copy to read"),
    "need": N_("How many must approve"),
    "count": N_("So many of them"),
    "reject": N_("When the step counts as rejected"),
    "by": N_("Whose rejection counts"),
    "reject.then": N_("What follows a rejection"),
    "on_deadlock": N_("What happens when enough approvals can no longer come"),
    "may": N_("What the people asked may do besides deciding"),
    "return": N_("The steps it may be sent back to"),
    "transfer": N_("To whom they may hand it over"),
    "fields": N_("What they may change"),
    "edit": N_("Fields they may change"),
    "hide": N_("Fields they do not see"),
    "require": N_("Fields they must fill in"),
    "meaning": N_("What a signature at this step stands for"),
    "when": N_("The ways, tried from top to bottom"),
    "if": N_("The condition of this way"),
    "then": N_("The blocks of this way"),
    "else": N_("The blocks where no condition holds"),
    "signed_by_sending": N_("Whether sending stands for what this way passes over"),
    "self_approval": N_("Whether requesters may decide on their own records"),
    "disabled_person": N_("What a person counts as who has left"),
    "same_person_again": N_("Whether somebody who approved is asked again"),
    "auto": N_("Whether anything is approved by itself"),
    "distinct": N_("Steps no person may decide twice among"),
    "empty": N_("What happens at a step that finds nobody"),
    "go": N_("Who is asked instead"),
    "protected": N_("Fields whose change lets decisions be made again"),
    "on_protected_change": N_("From which block it is asked again"),
    "max_returns": N_("How often a record may be sent back"),
}
_POSTINGS: Mapping[str, str] = {
    **COLUMN_TITLES,
    "postings": N_("The key of the rules, as their file is named"),
    "form": N_("The form whose records are posted"),
    "rules": N_("One entry each, or one per row of a table"),
    "id": N_("The name the rule keeps"),
    "ledger": N_("The ledger it posts to"),
    "on": N_("The state of the record that posts it"),
    "foreach": N_("The table of which every row is posted"),
    "when": N_("Posts only if this is true"),
    "set": N_("What each column of the ledger is given"),
    "on_leave": N_("What happens when the record leaves that state"),
}
_CASES: Mapping[str, str] = {
    "form": N_("The form whose examples these are"),
    "cases": N_("Example records and what must come of them"),
    "name": N_("What the example shows"),
    "begins": N_("An entry a company begins with: made when the register is first published"),
    "given": N_("What is filled in"),
    "facts": N_("What the portal knows: today, requester, project, linked records"),
    "today": N_("The day the example is filed"),
    "facts.requester": N_("Who files it"),
    "project": N_("The project it is filed in"),
    "project.id": N_("Its number in the portal, where an expression asks for it"),
    "project.code": N_("The code of the project"),
    "project.name": N_("The name of the project"),
    "project.currency": N_("The currency of the project"),
    "links": N_("The records its links lead to"),
    "rollups": N_("What roll-ups add up to"),
    "number": N_("The number of the record"),
    "expect": N_("Fields and the values they must have"),
    "errors": N_("What must be refused, and where"),
    "route": N_("The blocks it must pass, in order"),
    "postings": N_("The entries that must be made"),
    "errors.path": N_("Where it is refused"),
    "errors.rule": N_("The rule that refuses it"),
    "errors.code": N_("Why it is refused, as the portal names it"),
    "postings.on": N_("The state that posts the entry"),
    "postings.ledger": N_("The ledger the entry stands in"),
    "postings.set": N_("Columns and the values they must have"),
    "changes.at": N_("The step that changes it"),
    "changes.fields": N_("The fields it changes"),
    "changes.leads_to": N_("The block that has it then"),
    "changes": N_("Who has the record after a step changed it"),
}
_SHEET: Mapping[str, str] = {
    "sheet": N_("The sheet it describes, as its file is named"),
    "columns": N_("The columns from left to right; one may build on those before it"),
    "id": N_("The key of the column"),
    "label": N_("What its head says"),
    "meaning": N_("What it counts, for whoever wants to know"),
    "show": N_("Always, only among all columns, or never: then only other columns use it"),
    "warns": N_("Whether a value below zero is painted red"),
    "sum": N_("Entries of these kinds, added up"),
    "contract": N_("Only entries under a contract, or only those under none"),
    "open": N_(
        "What was not yet used up, contract by contract or request by request; never below zero"
    ),
    "open.of": N_("Entries that commit or ask"),
    "open.less": N_("Entries that use it up"),
    "by": N_("Whether each contract is counted by itself, or each purchase request"),
    "formula": N_("Columns added and taken away"),
    "plus": N_("Columns that are added"),
    "minus": N_("Columns that are taken away"),
    "floor": N_("Whether a value below zero counts as zero, cost code by cost code"),
    "replaced_by": N_("Entries of which the latest of a cost code stands instead"),
    "share": N_("A column as a part of another one, in percent"),
    "share.of": N_("The part"),
    "in": N_("The whole"),
    "marks": N_("The columns the rest of the portal asks for"),
    "budget": N_("What may be spent"),
    "spent": N_("What was spent"),
    "forecast": N_("What it will have cost in the end; the margin is reckoned from it"),
    "projected": N_("The budget the forecast is held against; without it what may be spent"),
    "left": N_("What is left; below zero the budget is used up"),
    "headlines": N_("Columns whose totals stand at the head of the page"),
    "control": N_("What happens when a signature would spend beyond a budget"),
    "available": N_("The column that tells what is available; below zero is beyond the budget"),
    "choices": N_("Columns a project may go by instead"),
    "stages": N_("Kinds of entries, and whether they are stopped, warned of or ignored"),
    "rules": N_("Further rules; each holds beside the others"),
    "level": N_("Codes at this level of the tree with all below them: 1 the top, 0 the project"),
    "codes": N_("These codes with all below them, as the register writes them"),
    "horizon": N_("The whole budget, or what of it falls into the months until then"),
    "undated": N_("How a budget without months adds up: evenly over the project, or at once"),
    "exception": N_("The role of the company whose holders may pass a stop"),
    "portfolio": N_("Columns of the portfolio; without it the headlines"),
}
_HEALTH: Mapping[str, str] = {
    "health": N_("What it judges, as its file is named"),
    "counts": N_("Figures that count the records of a form"),
    "rules": N_("What turns a project amber or red"),
    "id": N_("Its key, unique in the file"),
    "label": N_("What it is called"),
    "meaning": N_("What it counts, for whoever wants to know"),
    "form": N_("The form whose records are counted, or which is opened"),
    "states": N_("The states a record may be in to be counted"),
    "where": N_("Fields and the value each must have; the list must filter by them"),
    "older": N_("Only records whose day lies back more than so many days"),
    "older.field": N_("The field that holds the day"),
    "days": N_("How many days; 0 means every day before today"),
    "title": N_("What is said when it turns a project amber or red"),
    "figure": N_("The figure it looks at"),
    "is": N_("Whether the figure must be above or below the threshold"),
    "amber": N_("The threshold of amber"),
    "red": N_("The threshold of red"),
    "acts": N_("What its alert offers to do next"),
    "values": N_(
        "Fields and what they begin with: {row}, {row_id}, {value}, {rule} and {owner} are known"
    ),
    "row": N_("Whether it opens the record the figure is about"),
    "page": N_("The page it opens: the plan to be changed"),
}
_OPTIONS: Mapping[str, str] = {
    "en": N_("In English"),
    "zh": N_("In Chinese"),
    "value": N_("The value that is stored"),
    "link": N_("The link that is followed"),
    "table": N_("The table of that record"),
    "fixed": N_("Whether rows can neither be added nor taken out"),
    "kind": N_("The kind of the field"),
    "label": N_("The label people read"),
    "hint": N_("A hint below the label"),
    "required": N_("Required"),
    "accept": N_("Kinds of files"),
    "as": N_("Kind of the result"),
    "by": N_("The field that links here"),
    "columns": N_("Columns shown"),
    "currency": N_("Currency"),
    "default": N_("Filled in at first with"),
    "fetch": N_("Filled in from the record chosen"),
    "field": N_("Field that is rolled up"),
    "filter": N_("Only records where"),
    "form": N_("Form"),
    "images": N_("Show pictures"),
    "in_filter": N_("Lists filter by it"),
    "in_list": N_("A column of lists"),
    "left": N_("Offered only while something of it is left"),
    "left.of": N_("The field that holds all of it"),
    "left.less": N_("The field of this form that takes from it"),
    "many": N_("Several answers"),
    "match": N_("Only records with the same"),
    "max": N_("Most"),
    "max_files": N_("Number of files at most"),
    "min": N_("Least"),
    "offers": N_("Values of a register that are offered"),
    "offers.form": N_("The register"),
    "offers.value": N_("The field there whose value is taken"),
    "offers.on": N_("The date of this form: what is in force then is offered"),
    "offers.only": N_("Nothing else is taken, as long as something is offered"),
    "on_hide": N_("When a rule hides it"),
    "op": N_("How it is rolled up"),
    "options": N_("Choices"),
    "per": N_("A rate for one of"),
    "prefill": N_("Filled in at first by an expression"),
    "private": N_("Read in full by few, and shortened for the others"),
    "read_only": N_("Nobody types it"),
    "rows_from": N_("Rows taken over from a record"),
    "same": N_("Only records whose field equals"),
    "scale": N_("Decimal places"),
    "states": N_("Only records that are"),
    "informs": N_("Says how it stood: what it counts may be voided later on"),
    "target": N_("Links to"),
    "totals": N_("Totals under columns"),
    "unique": N_("No value twice"),
    "unit": N_("Unit"),
}
_OF = {
    "module": _MODULE,
    "form": {**_CASES, **_FORM},
    "workflow": _WORKFLOW,
    "postings": _POSTINGS,
    "cases": _CASES,
    "sheet": _SHEET,
    "health": _HEALTH,
}
_ONE = ("items", "then", "else", "additionalProperties")


def titled(kind: str, schema: Json) -> Json:
    """The meta-schema with what each member means as its `title`."""
    made: Json = _schema(schema, "", {**_EVERYWHERE, **_OF[kind]})
    return made


def _schema(schema: Any, around: str, known: Mapping[str, str]) -> Any:
    if not isinstance(schema, dict):
        return schema
    made = dict(schema)
    for word in _ONE:
        if word in made:
            made[word] = _schema(made[word], around, known)
    if "allOf" in made:
        made["allOf"] = [_schema(one, around, known) for one in made["allOf"]]
    if "properties" in made:
        made["properties"] = _members(made["properties"], around, known)
    if "$defs" in made:
        made["$defs"] = {
            name: _schema(one, name, _OPTIONS if name.startswith("x_") else known)
            for name, one in made["$defs"].items()
        }
    return made


def _members(members: Mapping[str, Any], around: str, known: Mapping[str, str]) -> Json:
    """The members, each with its title and those of what it holds."""
    found = {}
    for name, shape in members.items():
        meaning = known.get(f"{around}.{name}") or known.get(name)
        below = _schema(shape, name, known)
        has_own = not isinstance(below, dict) or "title" in below or "not" in below
        found[name] = below if meaning is None or has_own else {"title": meaning, **below}
    return found
