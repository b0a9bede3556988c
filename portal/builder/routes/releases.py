"""Published releases: their files, what they changed, and taking them out as an archive."""

import io
import zipfile
from collections.abc import Mapping

from flask import request
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts import queries as accounts
from portal.builder import queries, words
from portal.builder.area import READERS, area, may_write
from portal.builder.checks import ordered
from portal.definitions import queries as definitions
from portal.definitions.diff import diff
from portal.definitions.folder_writing import SCHEMAS
from portal.definitions.formatting import format_source
from portal.definitions.metaschema import files as schemas
from portal.errors import NotFound
from portal.web.answers import page_or_fragment
from portal.web.downloads import download
from portal.web.viewer import current_viewer

_MOMENT = (1980, 1, 1, 0, 0, 0)  # archives of equal content are equal bytes


@area.page("/modules/<module>/releases/<int:number>", access=READERS)
def release(module: str, number: int) -> BaseResponse:
    """One file of a release as written or as it counts, and the difference to another release."""
    found = queries.release_files(module, number)
    names = ordered(found.files)
    name = request.args.get("file") or names[0]
    if name not in found.files:
        raise NotFound
    numbers = [one.number for one in definitions.history(module)]
    against = request.args.get("against", type=int) or _previous(numbers, number)
    before = queries.release_files(module, against).files if against else {}
    is_full = request.args.get("show") == "full" and name.endswith(".form.json")
    by = found.release.published_by
    return page_or_fragment(
        "builder/release.html",
        module=queries.the_module(module),
        release=found.release,
        author=accounts.person_name([by]).get(by, "") if by else "",
        names=names,
        name=name,
        is_full=is_full,
        text=_full(found, name) if is_full else found.files[name],
        against=against,
        numbers=[one for one in numbers if one != number],
        diff=diff(before, found.files) if against else None,
        file_titles=words.file_titles(),
        may_write=may_write(current_viewer()),
    )


def _previous(numbers: list[int], number: int) -> int | None:
    return max((one for one in numbers if one < number), default=None)


def _full(found: queries.ReleaseFiles, name: str) -> str:
    return format_source(queries.expanded_files(found.release.id)[name])


@area.page("/modules/<module>/releases/<int:number>/files.zip", access=READERS)
def export(module: str, number: int) -> BaseResponse:
    """The files of a release as written, in a folder named for the module, beside their schemas."""
    found = queries.release_files(module, number)
    name = f"{module}-release-{number}.zip"
    return download(_archive(module, found.files), "application/zip", name)


def _archive(module: str, files: Mapping[str, str]) -> bytes:
    entries = {f"{module}/{name}": text for name, text in sorted(files.items())}
    entries |= {f"{SCHEMAS}/{name}": format_source(schema) for name, schema in schemas()}
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text.encode("utf-8"), zipfile.ZIP_DEFLATED)
    return box.getvalue()
