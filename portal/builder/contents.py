"""What a release holds, form by form, ready for the module's page."""

from collections.abc import Mapping
from typing import Any

from portal.builder import words
from portal.definitions.json_source import SourceError, read_source
from portal.definitions.published import FormInRelease, Release

Shown = dict[str, Any]


def contents(release: Release, files: Mapping[str, str]) -> list[Shown]:
    """Every form with its chain, its posting rules, its examples, and who files and reads it."""
    titles = words.role_titles(release.module_json.get("roles", ()))
    entries = {entry["form"]: entry for entry in release.module_json["forms"]}
    read = {name: _read(text) for name, text in files.items()}
    return [_form(form, entries[key], read, titles) for key, form in release.forms.items()]


def _form(
    form: FormInRelease,
    entry: Mapping[str, Any],
    files: Mapping[str, Any],
    titles: Mapping[tuple[str, str], str],
) -> Shown:
    access = entry.get("access") or {}
    own = {name: raw for name, raw in files.items() if raw.get("form") == form.key}
    chain = f"{entry['workflow']}.workflow.json" if entry.get("workflow") else None
    cases = f"{form.key}.cases.json"
    return {
        "key": form.key,
        "title": form.title,
        "scope": form.scope,
        "version": form.expanded["version"],
        "fields": len(form.expanded["data"]["properties"]),
        "file_name": f"{form.key}.form.json",
        "chain": chain,
        "steps": _steps(files.get(chain or "", {}).get("blocks", ())),
        "postings": [
            (name, len(raw.get("rules", ())))
            for name, raw in own.items()
            if name.endswith(".postings.json")
        ],
        "cases": (cases, len(own[cases].get("cases", ()))) if cases in own else None,
        "files": words.who_may(access.get("file"), form.scope, titles),
        "reads": words.who_may(access.get("read"), form.scope, titles),
        "voids": words.who_may(access.get("void"), form.scope, titles, "void"),
    }


def _steps(blocks: Any) -> int:
    """How many steps a chain has, over all its branches."""
    count = 0
    for block in blocks if isinstance(blocks, list | tuple) else ():
        count += "step" in block
        count += sum(_steps(case.get("then")) for case in block.get("when", ()))
        count += _steps(block.get("else"))
    return count


def _read(text: str) -> Mapping[str, Any]:
    try:
        raw = read_source(text).value
    except SourceError:
        return {}
    return raw if isinstance(raw, dict) else {}
