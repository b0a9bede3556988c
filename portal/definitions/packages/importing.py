"""A package on its way in: verified as a whole, then a draft of its module, never published."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from portal.accounts.queries import person_name
from portal.db import db
from portal.definitions.drafts import (
    draft_of,
    files_of,
    new_module,
    open_draft,
    set_draft_files,
)
from portal.definitions.models import Module, ModuleRelease
from portal.definitions.packages.archive import Contents, mark_of, unpack
from portal.definitions.packages.keys import verifies
from portal.definitions.packages.manifest import Manifest
from portal.definitions.packages.trust import signer, spoken
from portal.definitions.releases import current_release
from portal.definitions.trail import note
from portal.errors import N_, Conflict, Invalid
from portal.web.viewer import Viewer

_ASK_AGAIN = N_("Ask for the package again; it was changed or is something else.")


@dataclass(frozen=True, slots=True)
class Verified:
    """A package whose key is trusted, whose signature holds, whose files are the signed ones.

    `signer` is the name of the trusted key; empty for the company's own.
    """

    manifest: Manifest
    files: Mapping[str, str]
    signer: str


class UnknownKey(Invalid):
    """A package signed with a key nobody here trusts; `fingerprint` says which."""

    def __init__(self, fingerprint: str) -> None:
        self.fingerprint = fingerprint
        super().__init__(
            N_("The package is signed with a key this portal does not trust: %(fingerprint)s."),
            hint=N_(
                "Ask the sender for the public key, compare its fingerprint with this one on "
                "another way, and add it under Trusted keys."
            ),
            fingerprint=spoken(fingerprint),
        )


class DraftOpen(Conflict):
    """The module has a draft; it is kept, and the package waits."""

    def __init__(self, module: str, person: str) -> None:
        self.module = module
        self.person = person
        text = (
            N_("“%(module)s” has a draft open, begun by %(person)s. It is kept as it is.")
            if person
            else N_("“%(module)s” has a draft open. It is kept as it is.")
        )
        super().__init__(
            text,
            hint=N_("Publish that draft or throw it away, then import again."),
            module=module,
            person=person,
        )


def verify(content: bytes, home: Path) -> Verified:
    """Open a package and believe it; raises TooLarge, UnknownKey and Invalid, naming the file."""
    found = unpack(content)
    manifest = found.manifest
    known = signer(manifest.key, home)
    if known is None:
        raise UnknownKey(manifest.key)
    if not verifies(known.key, manifest.signature, manifest.signed):
        raise Invalid(
            N_("The signature of manifest.json does not hold: it was changed after signing."),
            hint=_ASK_AGAIN,
        )
    return Verified(manifest, _signed_files(found), known.name)


def import_package(*, package: Verified, actor: Viewer | None, now: datetime) -> ModuleRelease:
    """Make the package a draft of its module.

    Raises DraftOpen, and Conflict where this very content is what is published here.
    """
    module = package.manifest.module
    open_one = draft_of(module)
    if open_one is not None:
        by = open_one.created_by or ""
        raise DraftOpen(module, person_name([by]).get(by, ""))
    current = current_release(module)
    if current is not None and files_of(current.id) == dict(package.files):
        raise Conflict(
            N_("This is what is published here already: release %(number)s of “%(module)s”."),
            number=current.number,
            module=module,
        )
    if db.session.get(Module, module) is None:
        draft = new_module(key=module, title="-", actor=actor, now=now, files=package.files)
    else:
        draft = open_draft(module=module, actor=actor, now=now)
        set_draft_files(
            release_id=draft.id, files=package.files, seen_revision=draft.revision,
            actor=actor, now=now,
        )  # fmt: skip
    detail = {"number": package.manifest.number, "key": package.manifest.key}
    note(actor, "module.import", module, detail, now)
    return draft


def _signed_files(found: Contents) -> dict[str, str]:
    """The files as texts; each is signed, unchanged and there."""
    marks = found.manifest.files
    for name in sorted(marks.keys() | found.files.keys()):
        if name not in found.files:
            raise Invalid(
                N_("“%(name)s” is signed, but is not in the package."), hint=_ASK_AGAIN, name=name
            )
        if name not in marks:
            raise Invalid(
                N_("“%(name)s” is in the package, but is not signed."), hint=_ASK_AGAIN, name=name
            )
        if mark_of(found.files[name]) != marks[name]:
            raise Invalid(
                N_("“%(name)s” is not the file that was signed."), hint=_ASK_AGAIN, name=name
            )
    return {name: _text(name, content) for name, content in found.files.items()}


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid(N_("“%(name)s” is no text in UTF-8."), hint=_ASK_AGAIN, name=name) from None
