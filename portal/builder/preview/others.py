"""Posting rules, example cases and module.json, each as a table."""

from collections.abc import Mapping
from typing import Any

from portal.builder import words
from portal.builder.checks import Judged
from portal.definitions.checking.findings import Package
from portal.definitions.posting_columns import LEDGERS
from portal.web.filters import text_in

Shown = dict[str, Any]


def postings(raw: Mapping[str, Any]) -> Shown:
    """What each rule binds, in the order of the ledger's columns."""
    rules = [
        {
            "id": rule["id"],
            "ledger": rule["ledger"],
            "on": rule["on"],
            "foreach": rule.get("foreach"),
            "when": rule.get("when"),
            "columns": [
                (name, rule["set"][name]) for name in LEDGERS[rule["ledger"]] if name in rule["set"]
            ],
        }
        for rule in raw["rules"]
    ]
    return {"kind": "postings", "form": raw["form"], "rules": rules}


def cases(judged: Judged, name: str, raw: Mapping[str, Any]) -> Shown:
    """Every example and whether it holds."""
    examples = judged.examples
    failed = {
        one.path.split("]")[0]: one for one in reversed(judged.in_file(name))
        if one.severity == "error"
    }  # fmt: skip
    cases = [
        {"name": text_in(case["name"]), "failure": failed.get(f"cases[{at}")}
        for at, case in enumerate(raw["cases"])
    ]
    return {"kind": "cases", "form": raw["form"], "cases": cases, "ran": examples.ran}


def module(package: Package, raw: Mapping[str, Any]) -> Shown:
    """Where the module stands, its forms and who may use them, its roles."""
    titles = words.role_titles(words.own_roles(raw))
    return {
        "kind": "module",
        "title": text_in(raw["title"]),
        "icon": raw.get("icon", "file-text"),
        "group": raw["menu"]["group"],
        "forms": [_access(entry, package, titles) for entry in raw["forms"]],
        "roles": [
            (role["role"], role["scope"], text_in(role["title"])) for role in raw.get("roles", ())
        ],
        "requires": list(raw.get("requires", ())),
    }


def _access(
    entry: Mapping[str, Any], package: Package, titles: Mapping[tuple[str, str], str]
) -> Shown:
    form = package.forms.get(entry["form"])
    access = entry.get("access") or {}
    scope = form.scope if form else "project"
    return {
        "key": entry["form"],
        "title": text_in({"en": form.title.en, "zh": form.title.zh}) if form else entry["form"],
        "workflow": entry.get("workflow"),
        "file": words.who_may(access.get("file"), scope, titles),
        "read": words.who_may(access.get("read"), scope, titles),
        "void": words.who_may(access.get("void"), scope, titles, "void"),
    }
