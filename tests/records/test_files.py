"""Files: judged by what they are, tied to one record, shown as small harmless pictures."""

import io
import zipfile
from typing import Any

import pytest
from PIL import Image

from portal import limits
from portal.errors import Invalid, TooLarge
from portal.records import attachments, filekinds, filestore, services
from portal.records.models import Attachment
from tests.stage import Stage

Files = dict[str, bytes | str]
TYPES = "[Content_Types].xml"
PDF = b"%PDF-1.7\n%%EOF"


def picture(name: str = "PNG", size: tuple[int, int] = (40, 20), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, name, **more)
    return out.getvalue()


def archive(files: Files, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def office(**more: bytes | str) -> bytes:
    return archive({TYPES: "<Types/>", "xl/workbook.xml": "<workbook/>", **more})


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture("PNG"), "image"),
        (picture("JPEG"), "image"),
        (picture("GIF"), "image"),
        (picture("WEBP"), "image"),
        (PDF, "pdf"),
        (office(), "office"),
        (archive({TYPES: "<Types/>", "word/document.xml": "<w/>"}), "office"),
        ("数量,单价\n1,2\n".encode(), "text"),
        (picture("GIF") + archive({"a.txt": "hidden"}), "image"),  # kept, never opened as archive
    ],
)
def test_what_a_file_is_is_read_from_its_content(content: bytes, kind: str) -> None:
    found = filekinds.judge(content)
    assert found is not None
    assert found.kind == kind


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        b"<!doctype html><script>alert(1)</script>",
        b"\xef\xbb\xbf<html>",
        "<html>".encode("utf-16"),
        b"   \n\t<?xml version='1.0'?><a/>",
        b"MZ\x90\x00",
        b"\x7fELF",
        b"#!/bin/sh\x00",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old office",
        b"\x89PNG\r\n\x1a\nnot a picture",
        b"GIF89a<script>alert(1)</script>",
        b"PK\x03\x04 broken",
        archive({"a.txt": "any archive"}),
        office(**{"xl/vbaProject.bin": b"macro"}),
        office(**{"xl/VBAPROJECT.BIN": b"macro"}),
        archive(
            {
                TYPES: '<Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>',
                "xl/workbook.xml": "<workbook/>",
                "xl/innocent.bin": b"macro",
            }
        ),
        office(**{"xl/activeX/activeX1.bin": b"x"}),
    ],
)  # fmt: skip
def test_what_could_run_or_is_unknown_is_refused(content: bytes) -> None:
    assert filekinds.judge(content) is None


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    bomb = archive(
        {TYPES: "<Types/>", "xl/workbook.xml": "<w/>", "xl/media/zeros": b"\0" * 60_000_000}
    )
    assert len(bomb) < 100_000
    assert filekinds.judge(bomb) is None


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    import struct
    import zlib

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    for side in (9_000, 60_000):
        head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
        bomb = (
            b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
        )
        assert filekinds.judge(bomb) is None


def test_a_preview_is_a_small_upright_picture_with_nothing_else_in_it() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the phone upright: to be turned by a quarter
    exif[0x010E] = "secret place"
    shown = filekinds.preview(picture("JPEG", (800, 400), exif=exif), 100)
    with Image.open(io.BytesIO(shown)) as small:
        assert (small.format, small.size) == ("JPEG", (50, 100))
        assert not small.getexif()
    assert b"secret place" not in shown
    hidden = picture("PNG") + b"<script>alert(1)</script>"
    assert b"<script>" not in filekinds.preview(hidden, 100)


def upload(
    stage: Stage, login: str = "rita", content: bytes = b"", name: str = "a.png",
    accept: tuple[str, ...] = ("image",), field: str = "photo",
) -> str:  # fmt: skip
    with stage.acting(login) as viewer:
        return attachments.store(
            actor=viewer, name=name, content=content or picture(), accept=accept, field=field,
            now=stage.now(),
        ).id  # fmt: skip


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\photos\\pit.png", "pit.png"),
        ("a\r\nSet-Cookie: x.png", "a_Set-Cookie_ x.png"),
        ("photo.exe", "photo.exe.png"),
        ("evil\u202egnp.exe", "evil_gnp.exe.png"),
        ("", "file.png"),
        ("基坑照片.png", "基坑照片.png"),
    ],
)
def test_a_name_is_made_harmless_and_tells_the_kind(stage: Stage, given: str, kept: str) -> None:
    [row] = stage.rows(Attachment, id=upload(stage, name=given))
    assert row.name == kept


def test_a_file_too_large_or_of_another_kind_is_refused(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Invalid):
        upload(stage, content=PDF)
    with pytest.raises(Invalid):
        upload(stage, content=SVG, name="a.png")
    monkeypatch.setattr(limits, "UPLOAD_BYTES", 10)
    with pytest.raises(TooLarge):
        upload(stage)
    assert stage.rows(Attachment) == []


def test_a_file_is_tied_to_the_record_it_is_saved_with(stage: Stage) -> None:
    photo = upload(stage)
    record_id = stage.filed(stage.purchase(photo=[photo]))
    [row] = stage.rows(Attachment)
    assert (row.record_id, row.field) == (record_id, "photo")
    assert filestore.read(row.sha256) == picture()
    assert stage.problems() == {}


def refused(stage: Stage, login: str = "rita", **data: Any) -> None:
    with pytest.raises(Invalid) as error:
        stage.draft(login, stage.purchase(**data))
    assert [one.code for one in error.value.errors] == ["foreign_file"]


def test_nobody_takes_anothers_file(stage: Stage) -> None:
    photo = upload(stage, "ron")
    refused(stage, photo=[photo])
    stage.filed(stage.purchase(photo=[photo]), "ron")
    refused(stage, photo=[photo])
    refused(stage, "ron", photo=[photo])
    refused(stage, photo=["00000000-0000-7000-8000-000000000000"])


def test_a_file_does_not_slip_into_a_field_that_does_not_accept_it(stage: Stage) -> None:
    paper = upload(stage, content=PDF, name="a.pdf", accept=("pdf",), field="paper")
    refused(stage, photo=[paper])


def test_more_files_than_a_field_takes_are_refused(stage: Stage) -> None:
    photos = [upload(stage) for _ in range(3)]
    with pytest.raises(Invalid):
        stage.filed(stage.purchase(photo=photos))


@pytest.mark.parametrize(
    ("login", "sees"),
    [("rita", True), ("ron", True), ("carl", True), ("audrey", True), ("olga", False),
     ("eve", False), ("nobody", False)],
)  # fmt: skip
def test_a_file_is_seen_with_its_record(stage: Stage, login: str, sees: bool) -> None:
    photo = upload(stage)
    stage.filed(stage.purchase(photo=[photo]))
    with stage.looking(login):
        from portal.errors import NotFound

        if sees:
            assert attachments.get(photo).id == photo
        else:
            with pytest.raises(NotFound):
                attachments.get(photo)


def test_before_it_is_saved_a_file_is_seen_by_its_uploader_alone(stage: Stage) -> None:
    photo = upload(stage)
    answers = {who: stage.browser(who).get(f"/files/{photo}") for who in ("rita", "ron", "audrey")}
    assert {who: answer.status_code for who, answer in answers.items()} == {
        "rita": 200, "ron": 404, "audrey": 404,
    }  # fmt: skip


def test_a_file_is_sent_so_that_no_browser_runs_it(stage: Stage) -> None:
    photo = upload(stage, name="基坑.png")
    stage.filed(stage.purchase(photo=[photo]))
    answer = stage.browser("ron").get(f"/files/{photo}")
    assert answer.data == picture()
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    small = stage.browser("ron").get(f"/files/{photo}/thumbnail")
    assert (small.status_code, small.mimetype) == (200, "image/jpeg")


def test_a_field_that_a_step_hides_hides_its_files(stage: Stage) -> None:
    paper = upload(stage, content=PDF, name="a.pdf", accept=("pdf",), field="private_paper")
    record_id = stage.filed(stage.purchase(private_paper=[paper]))
    assert stage.browser("carl").get(f"/files/{paper}").status_code == 404
    assert stage.browser("rita").get(f"/files/{paper}").status_code == 200
    assert stage.record(record_id).data["private_paper"] == [paper]


def test_what_was_uploaded_for_a_discarded_draft_belongs_to_nobody_else(stage: Stage) -> None:
    photo = upload(stage)
    record_id = stage.draft(data=stage.purchase(photo=[photo]))
    with stage.acting("rita") as rita:
        services.discard(actor=rita, record_id=record_id, now=stage.now())
    [row] = stage.rows(Attachment)
    assert row.record_id is None
