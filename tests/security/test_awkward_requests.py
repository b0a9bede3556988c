"""Requests no page makes are refused or put right; none is a fault of the portal."""

import io
import re
import zlib
from struct import pack

import pytest
from PIL import UnidentifiedImageError

from portal.accounts import services as accounts
from portal.accounts.models import Person
from portal.records import attachments, filekinds
from portal.records.models import Comment
from tests.records.pages import open_page
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


def test_going_back_to_a_release_number_too_large_for_the_database_is_not_found(
    stage: Stage,
) -> None:
    with stage.system(writing=True):
        accounts.grant_role(
            actor=None, person_id=stage.people["paul"], kind="system", role="author",
            now=stage.now(),
        )  # fmt: skip
    client = stage.browser("paul")
    page = client.get("/modules/works").get_data(as_text=True)
    answer = client.post(
        f"/modules/works/releases/{HUGE}/again", data={"csrf_token": token_of(page)}
    )
    assert answer.status_code == 404


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
    assert kind is not None
    assert kind.kind == "image"  # its head alone is read when it comes in
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


AWKWARD = "Ann\r\nBcc: x@example.com\x01\x1b[31m\u202e"


def test_names_are_one_line_without_control_characters_however_they_come_in(stage: Stage) -> None:
    wanted = "Ann Bcc: x@example.com[31m"
    sheet = f'login,name\nann.one,"{AWKWARD}"\n'.encode()
    client = stage.browser("paul")
    page = client.get("/admin/people/import").get_data(as_text=True)
    answer = client.post(
        "/admin/people/import",
        data={
            "csrf_token": token_of(page),
            "do": "import",
            "file": (io.BytesIO(sheet), "people.csv"),
        },
    )
    assert answer.status_code == 200
    assert [one.name for one in stage.rows(Person, login="ann.one")] == [wanted]
    client = stage.browser("rita")
    page = client.get("/me").get_data(as_text=True)
    client.post(
        "/me",
        data={
            "csrf_token": token_of(page), "name": AWKWARD, "language": "en", "zone": "",
            "theme": "auto",
        },
    )  # fmt: skip
    assert [one.name for one in stage.rows(Person, login="rita")] == [wanted]


def test_a_comment_keeps_its_lines_and_no_control_characters(stage: Stage) -> None:
    record_id = stage.filed()
    client = stage.browser("rita")
    page = client.get(f"/records/{record_id}").get_data(as_text=True)
    for text, status in (("one\r\n\x01two\u202e", 303), ("\x01\x02\u202e", 422)):
        answer = client.post(
            f"/records/{record_id}/comments", data={"csrf_token": token_of(page), "text": text}
        )
        assert answer.status_code == status
    assert [one.text for one in stage.rows(Comment, record_id=record_id)] == ["one\ntwo"]


def token_of(page: str) -> str:
    """The token the forms of a page carry."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_page_number_that_is_none_does_not_come_back(stage: Stage) -> None:
    page = open_page(stage.browser("rita"), f"/records/{stage.draft()}/edit")
    for sent, back in (("12", "12"), ("号", ""), ("1\r\nX-Evil: 1", ""), ("²", "")):
        answer = page.post("recalculate", htmx=True, _n=sent)
        assert (answer.status_code, answer.headers["X-Page-Number"]) == (200, back)
