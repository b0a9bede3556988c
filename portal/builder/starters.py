"""Texts to begin with: a minimal module that can be published as it is, and single files; pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.definitions.formatting import format_source
from portal.forms.texts import Text

Json = dict[str, Any]

_ICONS = {"money": "cash", "site": "crane", "plan": "calendar-event", "registers": "list-details"}
_APPROVER = {"project_role": "project_manager"}


@dataclass(frozen=True, slots=True)
class Blank:
    """What a new module is made of: its key, title, menu group and the letters of its numbers."""

    key: str
    title: Text
    group: str
    prefix: str


def key_from(title: str) -> str:
    """A key proposed for an English title; empty if there is none in it."""
    words = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")
    return re.sub(r"^[0-9_]+", "", words)[:41].rstrip("_")


def prefix_from(key: str) -> str:
    """The letters numbers begin with: CR for `change_request`, PAYM for `payment`."""
    parts = [part for part in key.split("_") if part]
    letters = "".join(part[0] for part in parts) if len(parts) > 1 else key[:4]
    return letters.upper()


def minimal_module(blank: Blank) -> dict[str, str]:
    """The files of a module with one form (title, amount; the project is always there), one step
    and one example, ready to be published."""
    return {
        "module.json": format_source(_module(blank)),
        f"{blank.key}.form.json": format_source(_form(blank.key, blank.title, blank.prefix)),
        f"{blank.key}.workflow.json": format_source(_workflow(blank.key, blank.key, blank.title)),
        f"{blank.key}.cases.json": format_source(_cases(blank.key)),
    }


def form_files(
    key: str, title: Text, *, scope: str, currency: str, has_chain: bool
) -> dict[str, str]:
    """The files of one more form of a module: a form, an example, and a chain of one step.

    A form without a chain is a register: its entries have no numbers. `currency` is taken where
    the form belongs to no project.
    """
    form = _form(key, title, prefix_from(key)[:10], scope, currency)
    if not has_chain:
        del form["numbering"]
    files = {
        f"{key}.form.json": format_source(form),
        f"{key}.cases.json": format_source(_cases(key)),
    }
    return files | (
        {f"{key}.workflow.json": new_chain(key, key, title, scope)} if has_chain else {}
    )


def new_chain(key: str, form: str, title: Text, scope: str) -> str:
    """A chain of one step: the project manager approves, or the head of the department."""
    chain = _workflow(key, form, title)
    if scope == "company":
        by_head = {"en": "Head of department approves", "zh": "部门负责人审批"}
        chain["blocks"][0] |= {"title": by_head, "who": {"dept_head_of": "requester"}}
    return format_source(chain)


def new_file(kind: str, key: str, form: str) -> str:
    """A text for one more file of a module; `form` is the form a chain or its postings serve."""
    title = Text(key.replace("_", " ").capitalize())
    if kind == "form":
        return format_source(_form(key, title, prefix_from(key)))
    if kind == "workflow":
        return format_source(_workflow(key, form, title))
    if kind == "cases":
        return format_source(_cases(key))
    return format_source(
        {"$schema": "../schema/postings-1.json", "postings": key, "form": form, "rules": []}
    )


def _module(blank: Blank) -> Json:
    return {
        "$schema": "../schema/module-1.json",
        "module": blank.key,
        "format": 1,
        "title": _words(blank.title),
        "icon": _ICONS.get(blank.group, "file-text"),
        "menu": {"group": blank.group, "order": 100},
        "forms": [{"form": blank.key, "workflow": blank.key}],
    }


def _form(key: str, title: Text, prefix: str, scope: str = "project", currency: str = "") -> Json:
    fields: Mapping[str, Json] = {
        "title": {"kind": "text", "label": {"en": "Title", "zh": "标题"}, "required": True},
        "amount": {
            "kind": "money",
            "label": {"en": "Amount", "zh": "金额"},
            "required": True,
            "currency": "project" if scope == "project" else currency,
        },
    }
    is_company = {"scope": "company"} if scope == "company" else {}
    project = "" if is_company else "{project.code}-"
    return {
        "$schema": "../schema/form-1.json",
        "form": key,
        "version": 1,
        "title": _words(title),
        **is_company,
        "numbering": f"{prefix}-{project}{{yyyy}}-{{seq:4}}",
        "subject": "title",
        "amount": "amount",
        "data": {"properties": {name: {"x-field": field} for name, field in fields.items()}},
        "layout": [
            {
                "type": "section",
                "title": {"en": "General", "zh": "基本信息"},
                "columns": 2,
                "fields": list(fields),
            }
        ],
        "list": {"columns": list(fields), "filters": ["title"]},
    }


def _workflow(key: str, form: str, title: Text) -> Json:
    step = {
        "step": "approve",
        "title": {"en": "Project manager approves", "zh": "项目经理审批"},
        "who": _APPROVER,
        "need": "any",
        "reject": "one",
        "may": {"return": {"start": "rerun"}, "transfer": "same_rule"},
    }
    return {
        "$schema": "../schema/workflow-1.json",
        "workflow": key,
        "language": 1,
        "form": form,
        "title": _words(title),
        "blocks": [step],
    }


def _cases(form: str) -> Json:
    case = {
        "name": {"en": "A plain request", "zh": "一般申请"},
        "given": {"title": "Example", "amount": "1000.00"},
        "expect": {"amount": "1000.00"},
    }
    return {"$schema": "../schema/cases-1.json", "form": form, "cases": [case]}


def _words(title: Text) -> Any:
    if title.en and title.zh:
        return {"en": title.en, "zh": title.zh}
    return title.en or title.zh
