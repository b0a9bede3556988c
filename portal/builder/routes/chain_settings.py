"""The settings of a whole chain: withdrawal, who may not decide twice, what a change undoes."""

from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.builder.area import AUTHORS, READERS, area
from portal.builder.chain_desk import ChainDesk
from portal.builder.chain_form import Choice
from portal.builder.chain_inputs import typed_who
from portal.builder.design.chain_policy import (
    PolicyValues,
    change_policy,
    marked,
    read_policy,
)
from portal.builder.routes.chain import AT, errors_of, keep, show, the_desk, typed
from portal.builder.saving import mark_of
from portal.errors import Invalid
from portal.web.answers import see_other
from portal.web.words import gettext as _

_MOST_GROUPS = 12
_MOST = 200


@area.page(f"{AT}/settings", access=READERS)
def chain_settings(module: str, file: str) -> BaseResponse:
    """The settings of a chain in plain words."""
    desk = the_desk(module, file)
    return _show(desk, read_policy(desk.the_chain.raw))


@area.action(f"{AT}/settings", access=AUTHORS)
def save_chain_settings(module: str, file: str) -> BaseResponse:
    """Save what was typed; 422 with what is wrong, 409 if somebody changed them meanwhile."""
    desk, values = the_desk(module, file), _typed()
    now = mark_of(marked(desk.the_chain.raw))
    if now not in (typed("part"), typed("over")):
        return _show(desk, values, status=409, theirs=_differing(desk, values), over=now)
    try:
        text = change_policy(desk.the_chain.text, values)
    except Invalid as refusal:
        return _show(desk, values, status=422, errors=errors_of(refusal))
    keep(desk, text)
    url = url_for("builder.chain_settings", module=module, file=file)
    return see_other(url, _("The settings of the chain are saved."))


def _typed() -> PolicyValues:
    groups = (
        tuple(dict.fromkeys(request.form.getlist(f"distinct-{number}")[:_MOST]))
        for number in range(_MOST_GROUPS)
    )
    empty = typed("empty")
    return PolicyValues(
        title_en=typed("title_en"),
        title_zh=typed("title_zh"),
        withdraw=typed("withdraw"),
        distinct=tuple(one for one in groups if one),
        empty=empty,
        empty_who=typed_who(request.form.getlist("empty_who")) if empty == "go" else (),
        protected=tuple(dict.fromkeys(request.form.getlist("protected")[:_MOST])),
        restart=typed("restart"),
        max_returns=typed("max_returns"),
    )


def withdraw_words(desk: ChainDesk) -> list[Choice]:
    """Until when the requester may withdraw, by what is written."""
    steps = [node for node in desk.the_chain.all_nodes() if node.kind == "step" and node.id]
    return [
        ("until_first_decision", str(_("until somebody has decided"))),
        ("until_end", str(_("until it is approved or rejected"))),
        ("never", str(_("never"))),
        *(
            (f"until:{one.id}", str(_("until it reaches “%(step)s”", step=desk.title(one))))
            for one in steps
        ),
    ]


def empty_words() -> list[Choice]:
    """What happens where nobody is found for a step."""
    return [
        ("hold", str(_("it waits for an administrator"))),
        ("go", str(_("somebody else is asked:"))),
        ("reject", str(_("it is rejected"))),
        ("skip", str(_("the step is skipped"))),
    ]


def _said(desk: ChainDesk, values: PolicyValues) -> list[Choice]:
    """The settings in words, by label."""
    titles = {node.id: desk.title(node) for node in desk.the_chain.all_nodes()}
    names = {one.path: one.label for one in desk.fields}
    who = str(_(" or ")).join(desk.line_words(one) for one in values.empty_who)
    empty = dict(empty_words()).get(values.empty, values.empty)
    return [
        (_("Title in English"), values.title_en),
        (_("Title in Chinese"), values.title_zh),
        (
            _("The requester may withdraw it"),
            dict(withdraw_words(desk)).get(values.withdraw, values.withdraw),
        ),
        (_("Not twice the same person"), "; ".join(_joined(g, titles) for g in values.distinct)),
        (_("When nobody is found for a step"), f"{empty} {who}".strip()),
        (_("Protected fields"), _joined(values.protected, names)),
        (_("Then it starts again from"), titles.get(values.restart, values.restart)),
        (_("How often it may be returned"), values.max_returns),
    ]


def _joined(keys: Sequence[str], titles: dict[str, str]) -> str:
    return str(_(", ")).join(titles.get(one, one) for one in keys)


def _differing(desk: ChainDesk, mine: PolicyValues) -> list[Choice]:
    theirs = _said(desk, read_policy(desk.the_chain.raw))
    typed_here = dict(_said(desk, mine))
    return [(label, text) for label, text in theirs if typed_here.get(label) != text]


def _show(desk: ChainDesk, values: PolicyValues, *, status: int = 200, **more: Any) -> BaseResponse:
    starts = [node for node in desk.the_chain.nodes if node.kind in ("step", "choose")]
    kept_part = typed("part") if status == 409 else mark_of(marked(desk.the_chain.raw))
    return show(
        "chain_settings",
        desk,
        status=status,
        given=values,
        groups=[*values.distinct, ()][:_MOST_GROUPS],
        withdraws=withdraw_words(desk),
        empties=empty_words(),
        restarts=[(node.id, desk.title(node)) for node in starts],
        part=kept_part,
        protectable=[
            (one.path, f"{one.table} · {one.label}" if one.table else one.label)
            for one in desk.fields
        ],
        **{"errors": {}, "theirs": None, "over": "", **more},
    )
