"""The plain builder of posting rules: the rules of a form in order, moved, copied and removed."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.builder import queries
from portal.builder.area import AUTHORS, READERS, area, may_write
from portal.builder.design import posting_edits as edits
from portal.builder.design.postings import Rule
from portal.builder.posting_desk import PostingDesk, lay_out_postings
from portal.builder.starters import new_file
from portal.definitions import services
from portal.errors import N_, ChangedMeanwhile, Conflict, NotFound
from portal.web.answers import page_or_fragment, see_other, sentence
from portal.web.inputs import one_line
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

AT = "/modules/<module>/draft/<key>.postings.json/design"
_LONGEST = 200
_CHANGED = N_("Somebody changed this rule meanwhile. Look at it, then do it again.")
_GONE = N_("This rule is no longer there: somebody took it out.")


@area.page(AT, access=READERS)
def design_postings(module: str, key: str) -> BaseResponse:
    """The posting rules of a form in order, in words."""
    return show_rules(the_desk(module, key))


@area.action(f"{AT}/rules/<int:at>/<act>", access=AUTHORS)
def change_posting_rule(module: str, key: str, at: int, act: str) -> BaseResponse:
    """Move a rule, duplicate it, or take it out; 409 if it was changed meanwhile."""
    desk = the_desk(module, key)
    try:
        rule = the_same(desk, at)
    except Conflict as conflict:
        return show_rules(desk, status=409, said=sentence(conflict.message))
    text = desk.the_rules.text
    if act in ("up", "down"):
        keep(desk, edits.move_rule(text, rule.at, up=act == "up"))
        moved = rule.at + (-1 if act == "up" else 1)
        last = len(desk.the_rules.rules) - 1
        return back(desk, _("The rule is moved."), max(0, min(moved, last)))
    if act == "duplicate" and rule.is_known:
        name = edits.new_key(rule.id, desk.taken())
        keep(desk, edits.duplicate_rule(text, rule, name))
        return back(desk, _("The rule is there twice now. Change what differs."), rule.at + 1)
    if act == "remove":
        return _remove(desk, rule)
    raise NotFound


def _remove(desk: PostingDesk, rule: Rule) -> BaseResponse:
    """Without its last rule a file says nothing: it goes as well."""
    left = edits.remove_rule(desk.the_rules.text, rule.at)
    if left is not None:
        keep(desk, left)
        return back(desk, _("The rule is taken out."))
    services.delete_draft_file(
        release_id=desk.draft.id,
        name=desk.name,
        seen_revision=desk.draft.revision,
        actor=current_viewer(),
        now=clock.now(),
    )
    said = _("The last rule is taken out, and its file with it: the form posts nothing.")
    return see_other(url_for("builder.draft", module=desk.module), said)


def the_desk(module: str, key: str) -> PostingDesk:
    """The posting file of the newest draft, there or to be; raises NotFound."""
    return lay_out_postings(queries.the_draft(module), key, current_viewer().language)


def find(desk: PostingDesk, at: int) -> Rule | None:
    """The rule a page was about, wherever it stands now: by its name, else by its text."""
    name, part = typed("id"), typed("part")
    found = [
        one
        for one in desk.the_rules.rules
        if (one.id == name if name else not one.id and desk.mark(one) == part)
    ]
    return next((one for one in found if one.at == at), found[0] if found else None)


def the_same(desk: PostingDesk, at: int) -> Rule:
    """The rule a page was about, as it was shown there; raises Conflict."""
    rule = find(desk, at)
    if rule is None:
        raise ChangedMeanwhile(_GONE)
    if desk.mark(rule) != typed("part"):
        raise ChangedMeanwhile(_CHANGED)
    return rule


def text_to_edit(desk: PostingDesk) -> str:
    """The file's text; of one that is not there yet the text it begins with."""
    return desk.the_rules.text if desk.exists else new_file("postings", desk.key, desk.form)


def keep(desk: PostingDesk, text: str) -> None:
    """Store another text of the rules. The transaction already holds the write lock."""
    if text == desk.draft.files.get(desk.name):
        return
    services.save_draft_file(
        release_id=desk.draft.id,
        name=desk.name,
        text=text,
        seen_revision=desk.draft.revision,
        actor=current_viewer(),
        now=clock.now(),
    )


def back(desk: PostingDesk, said: str, at: int | None = None) -> BaseResponse:
    """To the list, at a rule."""
    anchor = None if at is None else f"rule-{at}"
    url = url_for("builder.design_postings", module=desk.module, key=desk.key, _anchor=anchor)
    return see_other(url, said)


def typed(name: str) -> str:
    """One input of the request, on one line."""
    return str(one_line(request.form.get(name, "")))[:_LONGEST]


def show_rules(desk: PostingDesk, *, status: int = 200, said: str = "") -> BaseResponse:
    """The list, with a sentence above it where something was not done."""
    return show("postings", desk, status=status, said=said)


def show(template: str, desk: PostingDesk, /, *, status: int = 200, **more: Any) -> BaseResponse:
    """One of the pages of posting rules."""
    return page_or_fragment(
        f"builder/design/{template}.html",
        more.pop("fragment", None),
        status=status,
        desk=desk,
        module=queries.the_module(desk.module),
        may_write=may_write(current_viewer()),
        **more,
    )
