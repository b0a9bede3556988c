"""A shipped form that changes gets the next version: the same version with other content would be
refused by every installation that has the older one.

`form_versions.json` keeps what each version of a form means. `make versions` adds what is new to
it, and never writes another content to a version that stands there.
"""

import json
import sys
from pathlib import Path

from portal import paths
from portal.definitions.folders import module_folders, read_folder
from portal.definitions.json_source import read_source
from portal.definitions.releases import FORM_SUFFIX, hashes_of

KEPT = Path(__file__).with_name("form_versions.json")
Versions = dict[str, dict[str, str]]


def shipped() -> dict[str, tuple[str, str]]:
    """(version, hash of the content) of every shipped form."""
    found = {}
    for folder in module_folders(paths.DEFINITIONS):
        texts = read_folder(folder)
        hashes = hashes_of(texts).files
        for name in texts:
            if name.endswith(FORM_SUFFIX):
                version = str(read_source(texts[name]).value["version"])
                found[name.removesuffix(FORM_SUFFIX)] = (version, hashes[name])
    return found


def judged(kept: Versions, forms: dict[str, tuple[str, str]]) -> tuple[list[str], Versions]:
    """What is wrong, and what would be kept."""
    wrong, after = [], {key: dict(versions) for key, versions in kept.items()}
    for key, (version, sha) in forms.items():
        known = after.setdefault(key, {})
        if known.get(version, sha) != sha:
            wrong.append(f"{key}: version {version} had other content; write the next number")
        elif any(int(one) > int(version) for one in known):
            wrong.append(f"{key}: a version above {version} was shipped; numbers only grow")
        else:
            known[version] = sha
    return wrong, after


def test_a_changed_form_has_the_next_version() -> None:
    kept = json.loads(KEPT.read_text("utf-8"))
    wrong, after = judged(kept, shipped())
    assert wrong == []
    assert after == kept, "a version is new: run `make versions` and commit what it wrote"


def test_other_content_under_the_same_version_is_found() -> None:
    assert judged({"a": {"1": "x"}}, {"a": ("1", "y")})[0]
    assert judged({"a": {"2": "x"}}, {"a": ("1", "y")})[0]
    assert judged({"a": {"1": "x"}}, {"a": ("2", "y")}) == ([], {"a": {"1": "x", "2": "y"}})


def main() -> None:
    """Keep what the new versions mean."""
    kept = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    wrong, after = judged(kept, shipped())
    if wrong:
        sys.exit("\n".join(wrong))
    text = json.dumps({key: after[key] for key in sorted(after)}, indent=2)
    KEPT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
