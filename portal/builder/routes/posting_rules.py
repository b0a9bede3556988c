"""One posting rule: its ledger, when it posts, and what each column is bound to."""

from dataclasses import replace

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.builder.area import AUTHORS, READERS, area
from portal.builder.design import posting_edits as edits
from portal.builder.design.bindings import proposals
from portal.builder.design.comparing import comparison_words
from portal.builder.design.postings import Rule
from portal.builder.posting_desk import PostingDesk
from portal.builder.posting_judging import Judgement, differences, judge_inputs
from portal.builder.posting_page import (
    RuleInputs,
    RulePage,
    column_rows,
    stored_inputs,
    typed_inputs,
)
from portal.builder.routes.postings import AT, back, find, keep, show, text_to_edit, the_desk, typed
from portal.definitions.ledger_words import LEDGER_TEXTS, LEDGER_TITLES, TRANSITIONS
from portal.definitions.posting_columns import LEDGERS
from portal.errors import NotFound
from portal.web.inputs import whole
from portal.web.words import gettext as _


@area.page(f"{AT}/rules/<int:at>", access=READERS)
def posting_rule(module: str, key: str, at: int) -> BaseResponse:
    """A rule as choices: ledger, moment, rows, condition, columns."""
    desk = the_desk(module, key)
    rule = next((one for one in desk.the_rules.rules if one.at == at), None)
    if rule is None or not rule.is_known:
        raise NotFound
    inputs = stored_inputs(desk, rule)
    return _show(desk, _page(desk, inputs, judge_inputs(desk, inputs, rule), rule))


@area.action(f"{AT}/rules/<int:at>", access=AUTHORS)
def save_posting_rule(module: str, key: str, at: int) -> BaseResponse:
    """Save what was chosen; 422 with what is wrong, 409 if somebody changed the rule meanwhile."""
    desk, inputs = the_desk(module, key), typed_inputs()
    rule = find(desk, at)
    judged = judge_inputs(desk, inputs, rule)
    if rule is None or not rule.is_known:
        return _show(desk, _page(desk, inputs, judged, is_gone=True), status=409)
    if desk.mark(rule) not in (typed("part"), typed("over")):
        return _show_overtaken(desk, inputs, judged, rule)
    if judged.errors:
        page = _page(desk, inputs, judged, rule, part=typed("part"))
        return _show(desk, page, status=422)
    keep(desk, edits.change_rule(desk.the_rules.text, rule.at, judged.written))
    return back(desk, _("The rule is saved."), rule.at)


@area.page(f"{AT}/rules/new", access=AUTHORS)
def new_posting_rule(module: str, key: str) -> BaseResponse:
    """First which ledger, when and how often; then its columns with what suggests itself."""
    desk = the_desk(module, key)
    ledger, on, table = (request.args.get(name, "") for name in ("ledger", "on", "table"))
    inputs = RuleInputs(ledger, on or "approved", table)
    judged = judge_inputs(desk, inputs)
    if not request.args or {"ledger", "on", "table"} & judged.errors.keys():
        errors = {} if not request.args else judged.errors
        return _show_first(desk, inputs, errors, status=422 if errors else 200)
    amount = str(desk.design.raw.get("amount") or "") if desk.design else ""
    bindings = proposals(ledger, inputs.on, desk.offers(table), amount)
    inputs = RuleInputs(ledger, inputs.on, table, bindings=bindings)
    return _show(desk, _page(desk, inputs, judge_inputs(desk, inputs), is_asked=False))


@area.action(f"{AT}/rules/new", access=AUTHORS)
def add_posting_rule(module: str, key: str) -> BaseResponse:
    """Add a rule behind the others, with its file where there is none; 422 with what is wrong."""
    desk, inputs = the_desk(module, key), typed_inputs()
    judged = judge_inputs(desk, inputs)
    if judged.errors:
        return _show(desk, _page(desk, inputs, judged), status=422)
    words = [inputs.bindings[one].text for one in ("bucket", "stage", "reading", "pay_class")
             if one in inputs.bindings and inputs.bindings[one].how == "word"]  # fmt: skip
    name = edits.new_key(words[0] if words else inputs.ledger, desk.taken())
    keep(desk, edits.add_rule(text_to_edit(desk), judged.written, name))
    return back(desk, _("The rule is added."), len(desk.the_rules.rules))


@area.ask(f"{AT}/look", access=AUTHORS)
def look_at_posting_rule(module: str, key: str) -> BaseResponse:
    """The columns of what was chosen, and what is wrong with it, without saving it."""
    desk, inputs = the_desk(module, key), typed_inputs()
    at = whole(typed("at"))
    rule = find(desk, at) if at is not None else None
    judged = judge_inputs(desk, inputs, rule)
    return _show(desk, _page(desk, inputs, judged, rule, part=typed("part"), is_asked=False))


def _page(
    desk: PostingDesk,
    inputs: RuleInputs,
    judged: Judgement,
    rule: Rule | None = None,
    *,
    part: str = "",
    is_gone: bool = False,
    is_asked: bool = True,
) -> RulePage:
    """The page with what is wrong; of what nobody asked to keep, nothing is called missing yet."""
    errors = judged.errors
    if not is_asked:
        errors = {k: v for k, v in errors.items() if not _is_open(inputs, k)}
    return RulePage(
        inputs=inputs,
        columns=column_rows(desk, inputs),
        told=desk.sentence(inputs.ledger, inputs.on, inputs.table, judged.written.when),
        rule=rule,
        part=part or (desk.mark(rule) if rule else ""),
        errors=errors,
        missing=[
            row.title for row in column_rows(desk, inputs) if row.required and not row.binding.how
        ],
        notes=judged.notes,
        is_gone=is_gone,
    )


def _is_open(inputs: RuleInputs, place: str) -> bool:
    binding = inputs.bindings.get(place.removeprefix("set-"))
    return place.startswith("set-") and (binding is None or not binding.how or not binding.text)


def _show_overtaken(
    desk: PostingDesk, inputs: RuleInputs, judged: Judgement, rule: Rule
) -> BaseResponse:
    """What was chosen stays, and beside it what somebody else made of the rule."""
    page = _page(desk, inputs, judged, rule, part=typed("part"))
    now = differences(desk, inputs, rule, stored_inputs(desk, rule))
    page = replace(page, theirs=list(now.items()), over=desk.mark(rule))
    return _show(desk, page, status=409)


def _show_first(
    desk: PostingDesk, inputs: RuleInputs, errors: dict[str, str], *, status: int
) -> BaseResponse:
    return show(
        "new_posting",
        desk,
        status=status,
        inputs=inputs,
        errors=errors,
        ledgers=[(key, _(LEDGER_TITLES[key]), _(LEDGER_TEXTS[key])) for key in LEDGERS],
        moments=[(key, _(text)) for key, text in TRANSITIONS.items()],
        table_choices=_table_choices(desk),
    )


def _table_choices(desk: PostingDesk) -> list[tuple[str, str]]:
    return [(key, _("for every row of “%(table)s”", table=label)) for key, label in desk.tables]


def _show(desk: PostingDesk, page: RulePage, *, status: int = 200) -> BaseResponse:
    return show(
        "posting_rule",
        desk,
        status=status,
        fragment="builder/design/_posting_rule.html",
        page=page,
        options=desk.options(page.inputs.table),
        ops=comparison_words(),
        ledgers=[(key, _(LEDGER_TITLES[key])) for key in LEDGERS],
        moments=[(key, _(text)) for key, text in TRANSITIONS.items()],
        table_choices=_table_choices(desk),
        look_url=url_for("builder.look_at_posting_rule", module=desk.module, key=desk.key),
    )
