"""A published release on its way out, signed with the company's key."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from portal import __version__
from portal.db import db
from portal.definitions.drafts import files_of
from portal.definitions.models import ModuleRelease
from portal.definitions.packages.archive import ENDING, mark_of, pack
from portal.definitions.packages.keys import fingerprint_of, signing_key
from portal.definitions.packages.manifest import Manifest
from portal.definitions.packages.trust import make_own
from portal.definitions.trail import note
from portal.errors import NotFound
from portal.web.viewer import Viewer


def package_name(module: str, number: int) -> str:
    """What the file of a release is called."""
    return f"{module}-{number}{ENDING}"


def make_package(
    *, module: str, number: int, home: Path, actor: Viewer | None, now: datetime
) -> bytes:
    """The package of a published release; the company's key is made at first use.

    Packages of one release are equal bytes. Raises NotFound.
    """
    release = db.session.scalars(
        select(ModuleRelease).where(ModuleRelease.module == module, ModuleRelease.number == number)
    ).first()
    if release is None or release.published_at is None:
        raise NotFound
    make_own(home=home, actor=actor, now=now)
    key = signing_key(home)
    files = {name: text.encode("utf-8") for name, text in files_of(release.id).items()}
    manifest = Manifest(
        module=module,
        number=number,
        portal=__version__,
        made_at=release.published_at.astimezone(UTC).isoformat(timespec="seconds"),
        files={name: mark_of(content) for name, content in files.items()},
        key=fingerprint_of(key.public_key()),
    )
    signed = replace(manifest, signature=key.sign(manifest.signed))
    note(actor, "module.package", module, {"number": number, "key": signed.key}, now)
    return pack(signed, files)
