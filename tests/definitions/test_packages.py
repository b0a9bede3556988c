"""Signed packages: what a portal writes another reads; anything else is refused, naming it."""

import io
import json
import random
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal import limits
from portal.audit.models import AuditRow
from portal.db import db, system_context, unscoped
from portal.definitions import queries, services
from portal.definitions.cli import definitions
from portal.definitions.models import Definition, ModuleRelease
from portal.definitions.packages import keys, trust
from portal.definitions.packages.archive import mark_of, pack, unpack
from portal.definitions.packages.exporting import make_package
from portal.definitions.packages.importing import (
    DraftOpen,
    UnknownKey,
    import_package,
    verify,
)
from portal.definitions.packages.manifest import Manifest, read_manifest
from portal.errors import Conflict, Invalid, PortalError, TooLarge

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
FILES = {"module.json": b"{}\n", "visit.form.json": '{"title": "巡查"}\n'.encode()}


def manifest_of(files: dict[str, bytes], key: str) -> Manifest:
    return Manifest(
        module="visits", number=3, portal="0.1.0", made_at="2026-03-01T08:00:00+00:00",
        files={name: mark_of(content) for name, content in files.items()}, key=key,
    )  # fmt: skip


def signed(home: Path, files: dict[str, bytes] = FILES) -> Manifest:
    key = keys.signing_key(home)
    made = manifest_of(files, keys.fingerprint_of(key.public_key()))
    return replace(made, signature=key.sign(made.signed))


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return box.getvalue()


def entries_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def away(tmp_path: Path) -> Path:
    """The home folder of another portal."""
    home = tmp_path / "away"
    home.mkdir()
    return home


@pytest.fixture
def store(app: Flask, modules: Path) -> Iterator[Flask]:
    """A portal on which both sample modules are published."""
    with app.app_context(), system_context("test"):
        services.publish_folders(paths=sorted(modules.iterdir()), actor=None, now=NOW)
        db.session.commit()
        yield app


def home_of(app: Flask) -> Path:
    return Path(app.instance_path)


def trusting(app: Flask, away: Path) -> None:
    text = keys.pem_of(keys.signing_key(away).public_key())
    trust.trust(name="Site office", text=text, home=home_of(app), actor=None, now=NOW)


def packed(away: Path, app: Flask, change: Callable[[dict[str, str]], None]) -> bytes:
    """The sample module as another portal would send it, changed."""
    files = dict(queries.export("changes"))
    change(files)
    content = {name: text.encode() for name, text in files.items()}
    key = keys.signing_key(away)
    made = replace(
        manifest_of(content, keys.fingerprint_of(key.public_key())), module="changes", number=7
    )
    return pack(replace(made, signature=key.sign(made.signed)), content)


def other_rule(files: dict[str, str]) -> None:
    files["change.form.json"] = files["change.form.json"].replace("== 'other'", "in ['other']", 1)


def test_the_key_is_made_once_and_for_the_portals_user_alone(away: Path) -> None:
    assert keys.own_key(away) is None
    key = keys.signing_key(away)
    assert keys.signing_key(away).private_bytes_raw() == key.private_bytes_raw()
    assert stat.S_IMODE((away / keys.FILE).stat().st_mode) == 0o600
    assert [path.name for path in away.iterdir()] == [keys.FILE]


def test_a_public_key_is_read_from_the_text_it_is_written_as(away: Path) -> None:
    key = keys.signing_key(away).public_key()
    again = keys.read_public_key("\r\n" + keys.pem_of(key).replace("\n", "\r\n"))
    assert keys.fingerprint_of(again) == keys.fingerprint_of(key)
    with pytest.raises(Invalid, match="private key"):
        keys.read_public_key((away / keys.FILE).read_text())
    for text in ("", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "中"):
        with pytest.raises(Invalid, match="no Ed25519 public key"):
            keys.read_public_key(text)


def test_a_package_holds_what_was_packed_and_is_the_same_bytes_again(away: Path) -> None:
    made = signed(away)
    content = pack(made, FILES)
    found = unpack(content)
    assert (found.manifest, found.files) == (made, FILES)
    assert pack(found.manifest, dict(reversed(FILES.items()))) == content


names = st.from_regex(r"[a-z][a-z0-9_]{0,10}\.(form|workflow|postings|cases)\.json", fullmatch=True)


@given(files=st.dictionaries(names, st.binary(max_size=200), max_size=5))
def test_any_files_come_out_as_they_went_in(files: dict[str, bytes]) -> None:
    made = replace(manifest_of(files, "a" * 64), signature=b"s" * 64)
    found = unpack(pack(made, files))
    assert (found.manifest, found.files) == (made, files)


@given(data=st.data())
def test_a_changed_byte_is_refused_or_changes_nothing(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.getbasetemp() / "signer"
    home.mkdir(exist_ok=True)
    made = signed(home)
    whole = bytearray(pack(made, FILES))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    try:
        found = unpack(bytes(whole))
    except PortalError:
        return
    key = keys.signing_key(home).public_key()
    holds = keys.verifies(key, found.manifest.signature, found.manifest.signed)
    same = {name: mark_of(text) for name, text in found.files.items()} == found.manifest.files
    assert not (holds and same) or found.files == FILES


def test_a_newer_format_is_named_with_the_version_that_made_it(away: Path) -> None:
    raw = {**json.loads(signed(away).text()), "format": 2, "portal": "9.1", "more": []}
    with pytest.raises(Invalid, match=r"newer version of the portal \(9\.1\)"):
        read_manifest(json.dumps(raw))
    raw["portal"] = "<script>" * 20
    with pytest.raises(Invalid, match=r"newer version of the portal \(\?\)"):
        read_manifest(json.dumps(raw))


@pytest.mark.parametrize(
    "change",
    [
        {"module": "../up"}, {"number": 0}, {"number": True}, {"number": "1"}, {"files": []},
        {"files": {"../x.form.json": {"size": 1, "sha256": "a" * 64}}},
        {"files": {"x.form.json": {"size": -1, "sha256": "a" * 64}}},
        {"files": {"x.form.json": {"size": 1, "sha256": "A"}}},
        {"key": "short"}, {"signature": 3}, {"format": 0}, {"format": "1"}, {"extra": 1},
        {"made_at": "x" * 100},
    ],
    ids=str,
)  # fmt: skip
def test_a_manifest_no_portal_writes_is_refused(change: dict[str, object], away: Path) -> None:
    raw = {**json.loads(signed(away).text()), **change}
    with pytest.raises(Invalid, match=r"manifest\.json does not say"):
        read_manifest(json.dumps(raw))


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 50_000, '{"format": NaN}'])
def test_a_manifest_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match=r"manifest\.json does not say"):
        read_manifest(text)


def test_what_is_no_archive_or_damaged_is_refused(away: Path) -> None:
    whole = pack(signed(away), FILES)
    for content in (b"", b"PK\x03\x04", b"hello", whole[:-30], whole[: len(whole) // 2]):
        with pytest.raises(Invalid, match="no package of a module, or it is damaged"):
            unpack(content)
    with pytest.raises(Invalid, match=r"no manifest\.json"):
        unpack(zipped({"files/module.json": b"{}"}))


@pytest.mark.parametrize(
    "name",
    [
        "../evil.form.json", "/etc/passwd", "files/../../x.form.json", "files/a/b.form.json",
        "files\\x.form.json", "C:\\x.form.json", "files/", "files/x.exe", "module.json",
        "files/.hidden", "MANIFEST.JSON",
    ],
)  # fmt: skip
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    with pytest.raises(Invalid, match="no file of a module"):
        unpack(zipped({"manifest.json": b"{}", name: b"x"}))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_is_refused() -> None:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        for text in ("{}", "[]"):
            archive.writestr("manifest.json", text)
    with pytest.raises(Invalid, match="no file of a module"):
        unpack(box.getvalue())


def test_bombs_are_refused_before_they_are_unpacked() -> None:
    with pytest.raises(TooLarge, match="would unpack to more than"):
        unpack(zipped({"manifest.json": b"0" * 900_000}))
    with pytest.raises(TooLarge, match="is larger than"):
        unpack(zipped({"files/x.form.json": b"0" * (limits.DEFINITION_BYTES + 1)}))
    with pytest.raises(TooLarge, match="holds more than"):
        unpack(zipped({f"files/f{n}.form.json": b"" for n in range(limits.PACKAGE_FILES + 1)}))
    with pytest.raises(TooLarge, match="The package is larger"):
        unpack(b"0" * (limits.PACKAGE_BYTES + 1))
    text = random.Random(1).randbytes(20_000) + b"0" * 940_000
    many = {f"files/f{n}.form.json": text for n in range(22)}
    with pytest.raises(TooLarge, match="together"):
        unpack(zipped(many))


def test_an_entry_that_lies_about_its_size_gives_no_more_than_it_said() -> None:
    whole = bytearray(zipped({"manifest.json": b"0" * 50_000}, zipfile.ZIP_DEFLATED))
    small = (10).to_bytes(4, "little")
    central = whole.rindex(b"PK\x01\x02")
    whole[22:26] = small
    whole[central + 24 : central + 28] = small
    with pytest.raises(Invalid, match="damaged"):
        unpack(bytes(whole))


def test_another_packing_is_refused() -> None:
    with pytest.raises(Invalid, match="packed in a way no portal writes"):
        unpack(zipped({"manifest.json": b"{}"}, zipfile.ZIP_BZIP2))


def test_a_release_goes_out_and_comes_in_as_a_draft(store: Flask, away: Path) -> None:
    trusting(store, away)
    content = packed(away, store, other_rule)
    found = verify(content, home_of(store))
    assert found.signer == "Site office"
    draft = import_package(package=found, actor=None, now=NOW)
    db.session.commit()
    assert (draft.state, draft.number) == ("draft", None)
    assert queries.files_of(draft.id) == found.files
    assert [one.number for one in queries.history("changes")] == [1]
    with pytest.raises(DraftOpen, match="has a draft open"):
        import_package(package=found, actor=None, now=NOW)


def test_a_module_nobody_has_here_comes_in_whole(store: Flask, away: Path) -> None:
    trusting(store, away)
    found = verify(pack(signed(away), FILES), home_of(store))
    draft = import_package(package=found, actor=None, now=NOW)
    assert queries.files_of(draft.id) == {name: raw.decode() for name, raw in FILES.items()}
    assert draft.module == "visits"


def test_a_file_the_package_lacks_is_not_in_the_draft(store: Flask, away: Path) -> None:
    trusting(store, away)
    content = packed(away, store, lambda files: files.pop("change.cases.json"))
    draft = import_package(package=verify(content, home_of(store)), actor=None, now=NOW)
    assert "change.cases.json" not in queries.files_of(draft.id)


def test_what_is_published_already_is_no_draft(store: Flask) -> None:
    home = home_of(store)
    content = make_package(module="changes", number=1, home=home, actor=None, now=NOW)
    assert make_package(module="changes", number=1, home=home, actor=None, now=NOW) == content
    found = verify(content, home)
    assert found.signer == ""
    with pytest.raises(Conflict, match="published here already: release 1"):
        import_package(package=found, actor=None, now=NOW)


def test_an_unknown_key_is_refused_with_its_fingerprint(store: Flask, away: Path) -> None:
    content = packed(away, store, other_rule)
    with pytest.raises(UnknownKey) as refused:
        verify(content, home_of(store))
    fingerprint = keys.fingerprint_of(keys.signing_key(away).public_key())
    assert refused.value.fingerprint == fingerprint
    assert trust.spoken(fingerprint) in str(refused.value)
    trusting(store, away)
    verify(content, home_of(store))
    trust.distrust(fingerprint=fingerprint, actor=None, now=NOW)
    with pytest.raises(UnknownKey):
        verify(content, home_of(store))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda e: e.update({"files/change.form.json": b"{}"}), "“change.form.json” is not the file"),
        (lambda e: e.pop("files/change.form.json"), "“change.form.json” is signed, but is not in"),
        (lambda e: e.update({"files/more.form.json": b"{}"}), "“more.form.json” is in the package, but"),
        (
            lambda e: e.update({"manifest.json": e["manifest.json"].replace(b'"number": 7', b'"number": 8')}),
            "The signature of manifest.json does not hold",
        ),
        (
            lambda e: e.update({"manifest.json": e["manifest.json"].replace(b"==", b"!!")}),
            "The signature of manifest.json does not hold",
        ),
    ],
)  # fmt: skip
def test_what_was_changed_after_signing_is_refused_and_named(
    change: Callable[[dict[str, bytes]], object], said: str, store: Flask, away: Path
) -> None:
    trusting(store, away)
    entries = entries_of(packed(away, store, other_rule))
    change(entries)
    with pytest.raises(Invalid) as refused:
        verify(zipped(entries), home_of(store))
    assert said in str(refused.value)
    assert queries.draft_of("changes") is None


def test_a_signed_file_that_is_no_text_is_refused(store: Flask, away: Path) -> None:
    trusting(store, away)
    files = {"module.json": b"\xff\xfe"}
    with pytest.raises(Invalid, match=r"“module\.json” is no text"):
        verify(pack(signed(away, files), files), home_of(store))


def test_nothing_is_half_written(store: Flask, away: Path) -> None:
    trusting(store, away)
    db.session.commit()
    files = {"module.json": b"{}", "x.form.json": b'"a\x00b"'}
    found = verify(pack(signed(away, files), files), home_of(store))
    with pytest.raises(Invalid, match="cannot be stored"):
        import_package(package=found, actor=None, now=NOW)
    db.session.rollback()
    rows = select(ModuleRelease.id).where(ModuleRelease.module == "visits")
    assert db.session.scalars(rows).all() == []
    assert (
        db.session.scalars(select(Definition.id).where(Definition.name == "x.form.json")).all()
        == []
    )


def test_a_key_is_trusted_once_and_the_own_one_always(store: Flask, away: Path) -> None:
    trusting(store, away)
    with pytest.raises(Invalid) as refused:
        trusting(store, away)
    assert "trusted already, as “Site office”" in str(refused.value.errors[0].message)
    own = trust.make_own(home=home_of(store), actor=None, now=NOW)
    assert trust.make_own(home=home_of(store), actor=None, now=NOW) == own
    with pytest.raises(Invalid) as refused:
        trust.trust(name="Us", text=own.text, home=home_of(store), actor=None, now=NOW)
    assert "key of this portal" in str(refused.value.errors[0].message)


def test_every_act_is_in_the_audit_chain(store: Flask, away: Path) -> None:
    trusting(store, away)
    make_package(module="changes", number=1, home=home_of(store), actor=None, now=NOW)
    found = verify(packed(away, store, other_rule), home_of(store))
    import_package(package=found, actor=None, now=NOW)
    trust.distrust(fingerprint=found.manifest.key, actor=None, now=NOW)
    db.session.commit()
    acts = db.session.scalars(
        unscoped(select(AuditRow.action).order_by(AuditRow.seq.desc()).limit(5), "a test")
    ).all()
    assert acts == ["key.distrust", "module.import", "module.package", "key.make", "key.trust"]


def run(app: Flask, *args: object) -> Result:
    result = CliRunner().invoke(definitions, [str(one) for one in args], obj=lambda: app)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_the_commands_carry_a_package(
    app: Flask, modules: Path, away: Path, tmp_path: Path
) -> None:
    with app.app_context(), system_context("test"):
        services.publish_folders(paths=sorted(modules.iterdir()), actor=None, now=NOW)
        db.session.commit()
    file = tmp_path / "out.portal"
    assert run(app, "package", "changes@1", file).exit_code == 0
    assert run(app, "package", "changes@9", file).exit_code == 2
    again = run(app, "import", file)
    assert (again.exit_code, "published here already" in again.stderr) == (2, True)
    with app.app_context(), system_context("test"):
        file.write_bytes(packed(away, app, other_rule))
    refused = run(app, "import", file)
    assert (refused.exit_code, "does not trust" in refused.stderr) == (1, True)
    with app.app_context(), system_context("test"):
        trusting(app, away)
        db.session.commit()
    done = run(app, "import", file)
    assert (done.exit_code, done.stdout.splitlines()) == (
        0,
        [
            "changes: release 7 is a draft here, not published",
            "  change.form.json: Rule “Explanation” (other_needs_note) changed: condition.",
        ],
    )
    waiting = run(app, "import", file)
    assert (waiting.exit_code, "has a draft open" in waiting.stderr) == (2, True)
    shown = run(app, "key")
    assert keys.read_public_key(shown.stdout)
    assert run(app, "key").stdout == shown.stdout
