"""Requests no page makes are refused or put right; none is a fault of the portal."""

import zlib
from struct import pack

import pytest
from PIL import UnidentifiedImageError

from portal.records import attachments, filekinds
from tests.stage import Stage

HUGE = "9" * 30


@pytest.mark.parametrize(
    ("login", "address"),
    [
        ("rita", f"/inbox?page={HUGE}"),
        ("rita", f"/inbox?page=-{HUGE}"),
        ("rita", f"/forms/purchase?page={HUGE}&size={HUGE}"),
        ("audrey", f"/admin/audit?before={HUGE}"),
        ("audrey", f"/admin/audit?before=-{HUGE}"),
        ("audrey", "/admin/audit?before=x"),
        ("paul", f"/admin/people?page={HUGE}"),
        ("rita", f"/projects/P1/entries?ledger=cost&column=actual&page={HUGE}"),
    ],
)
def test_numbers_too_large_for_the_database_open_the_page_all_the_same(
    stage: Stage, login: str, address: str
) -> None:
    assert stage.browser(login).get(address).status_code == 200


def test_a_release_number_too_large_for_the_database_is_not_found(stage: Stage) -> None:
    for address in (f"/modules/works/releases/{HUGE}", f"/modules/works/releases/{HUGE}/files.zip"):
        assert stage.browser("audrey").get(address).status_code == 404


def _chunk(kind: bytes, content: bytes) -> bytes:
    return pack(">I", len(content)) + kind + content + pack(">I", zlib.crc32(kind + content))


def _broken_png() -> bytes:
    """Begins as a picture and goes on with a chunk that is none: Pillow answers SyntaxError."""
    lines = zlib.compress(b"\0" * (64 * 3 + 1) * 64)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0))
        + _chunk(b"IDAT", lines[: len(lines) // 2])
        + pack(">I", 4)
        + b"\x9a\x9a\x1a~1234"
    )


def test_a_picture_broken_behind_its_first_bytes_is_refused_as_one() -> None:
    kind = filekinds.judge(_broken_png())
    assert kind is not None and kind.kind == "image"  # its head alone is read when it comes in
    with pytest.raises(UnidentifiedImageError):
        filekinds.preview(_broken_png(), 320)


def test_a_broken_picture_spoils_neither_page_nor_print_of_its_record(stage: Stage) -> None:
    with stage.acting("rita") as viewer:
        row = attachments.store(
            actor=viewer, name="x.png", content=_broken_png(), accept=("image",), field="photo",
            now=stage.now(),
        )  # fmt: skip
        key = row.id
    record_id = stage.filed(stage.purchase(photo=[key]))
    client = stage.browser("rita")
    assert client.get(f"/files/{key}/thumbnail").status_code == 404
    assert client.get(f"/files/{key}/picture").status_code == 404
    assert client.get(f"/records/{record_id}").status_code == 200
    assert client.get(f"/records/{record_id}/print.pdf").status_code == 200
