"""The printed record: everything is on it, in both languages, whatever people typed."""

import re
import socket
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from portal.reports.record_sheet import record_pdf
from portal.reports.sheet import (
    Attachment,
    Column,
    Decision,
    Fact,
    Facts,
    Pictures,
    RecordSheet,
    Section,
    SheetTable,
)
from portal.reports.text import MISSING

Make = Callable[..., RecordSheet]
Pages = Callable[[RecordSheet], list[str]]

MARKUP = [
    "a<b & c > d",
    "<img src='/etc/hostname'/> & <font color=red size=900>x</font>",
    "<para><a href='javascript:alert(1)'>press</a></para>",
    "]]></para><b>unclosed",
    "&lt;b&gt; &amp; &#x202e; %s {0} ${x} {{ 7*7 }}",
    "一期<土方>工程，“含税”金额≥￥1,000（大写：壹仟元整）；单价±5 %…",
    "Straße, naïveté, Ωμέγα, Дом, Łukasz Şimşek, ½ m³, 25 °C",
    "𬭎 𫟹 𬬭",
]


def squeezed(text: str) -> str:
    return "".join(text.split())


def photo(kind: str = "JPEG", mode: str = "RGB", width: int = 400) -> bytes:
    target = BytesIO()
    Image.new(mode, (width, 300)).save(target, kind)
    return target.getvalue()


@pytest.mark.parametrize("text", MARKUP)
def test_awkward_text_is_printed_as_it_was_typed(text: str, sheet: Make, pages_of: Pages) -> None:
    rows = ((text, "1"),)
    table = SheetTable(text, (Column(text), Column("n", "right")), rows, (text, "1"))
    decision = Decision("s", text, text, text, "2026-03-18", text, "h")
    made = sheet(
        title=text,
        subject=text,
        sections=(
            Section(text, (Facts((Fact(text, text), Fact("long", text, wide=True))), table)),
        ),
        attachments=(Attachment(text, "1 kB", "00"),),
        decisions=(decision,),
        notes=(text,),
    )
    printed = squeezed("".join(pages_of(made)))
    assert printed.count(squeezed(text)) >= 13


def test_markup_in_text_opens_neither_file_nor_connection(
    sheet: Make, pages_of: Pages, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("canary")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/x.png"
        texts = [f'<img src="{place}"/>' for place in (address, secret, secret.as_uri())]
        made = sheet(subject=texts[0], notes=tuple(texts), url=address)
        assert "canary" not in "".join(pages_of(made))
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_only_a_web_address_becomes_a_link(sheet: Make) -> None:
    def links(url: str) -> int:
        page = PdfReader(BytesIO(record_pdf(sheet(url=url)))).pages[0]
        return len(page.get("/Annots", []))

    assert links("https://portal.example.com/r/1") == 1
    assert links("javascript:alert(1)") == 0


def test_controls_are_shown_and_missing_characters_listed(sheet: Make, pages_of: Pages) -> None:
    made = sheet(subject="pay\x00 \u202eevil 😀", notes=("שלום",))
    printed = "".join(pages_of(made))
    assert f"pay[U+0000] [U+202E]evil {MISSING}" in printed
    assert "U+1F600 GRINNING FACE, U+05E9 HEBREW LETTER SHIN" in " ".join(printed.split())
    assert "U+1F600" not in "".join(pages_of(sheet()))


def test_a_word_of_5000_characters_runs_on_over_lines_and_pages(
    sheet: Make, pages_of: Pages
) -> None:
    table = SheetTable("t", (Column("a"), Column("b")), (("ж" * 5000, "я" * 900),))
    pages = pages_of(sheet(sections=(Section("s", (Facts((Fact("f", "щ" * 5000),)), table)),)))
    printed = "".join(pages)
    assert [printed.count(char) for char in "жящ"] == [5000, 900, 5000]
    assert len(pages) > 3


def test_a_long_comment_is_printed_whole(sheet: Make, pages_of: Pages) -> None:
    comment = "\n".join(f"sentence {n} of the reasons" for n in range(300))
    decision = Decision("step", "name", "Rejected", "", "time", comment)
    printed = "".join(pages_of(sheet(decisions=(decision,))))
    assert re.findall(r"sentence (\d+) of", printed) == [str(n) for n in range(300)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_long_table_repeats_its_header_on_every_page(
    language: str, sheet: Make, pages_of: Pages
) -> None:
    pages = pages_of(sheet(language=language, lines=300))
    carrying = [page for page in pages if re.search(r"L\d{4}", page)]
    assert len(carrying) >= 5
    for page in carrying:
        assert page.index("Description") < page.index(re.search(r"L\d{4}", page)[0])  # type: ignore[index]
    assert re.findall(r"L(\d{4})", "".join(pages)) == [f"{n:04}" for n in range(300)]
    last = next(page for page in pages if "L0299" in page)
    assert "44,850,000.00" in last


def test_every_page_says_which_of_how_many_it_is(sheet: Make, pages_of: Pages) -> None:
    english = pages_of(sheet(lines=120))
    chinese = pages_of(sheet(lines=120, language="zh"))
    assert len(english) >= 3
    for place, page in enumerate(english, start=1):
        assert f"Page {place} of {len(english)}" in page
        assert "7F3K-92QD" in page
    for place, page in enumerate(chinese, start=1):
        assert f"第 {place} 页，共 {len(chinese)} 页" in page
    assert all("PAY-HQ2-2026-0014" in page for page in english)


def test_the_approval_sheet_shows_who_signed_what_when_and_its_meaning(
    sheet: Make, pages_of: Pages
) -> None:
    printed = "".join(pages_of(sheet()))
    signed = printed[printed.index("Signatures") :]
    for expected in (
        "Tomás Keller",
        "Approved",
        "Quantities verified",
        "2026-03-18 17:31",
        "Measured with the supervisor.",
        "a3f19c02",
    ):
        assert expected in signed
    assert "Two lines changed after the decision." in printed
    assert "Zhao Min" in printed


def test_a_chinese_sheet_uses_chinese_words_only(sheet: Make, pages_of: Pages) -> None:
    printed = "".join(pages_of(sheet(language="zh", lines=3)))
    for word in (
        "编号",
        "申请人",
        "附件",
        "审批流程",
        "签署记录",
        "签署含义",
        "单据指纹",
        "核验码",
    ):
        assert word in printed
    for word in ("Number", "Requester", "Attachments", "Signatures", "Page"):
        assert word not in printed


def test_a_record_without_approval_has_no_approval_sheet(sheet: Make, pages_of: Pages) -> None:
    printed = "".join(pages_of(sheet(chain=(), decisions=(), notes=(), attachments=())))
    assert "Approval sheet" not in printed
    assert "Attachments" not in printed
    undecided = "".join(pages_of(sheet(decisions=())))
    assert "Nobody has decided yet." in undecided


def test_an_empty_table_says_so(sheet: Make, pages_of: Pages) -> None:
    table = SheetTable("Lines", (Column("Code"), Column("Amount", "right")), ())
    assert "No rows" in "".join(pages_of(sheet(sections=(Section("s", (table,)),))))


def test_a_table_of_many_columns_turns_the_paper(sheet: Make) -> None:
    def paper(columns: int) -> tuple[float, float]:
        heads = tuple(Column(f"Amount {n}", "right") for n in range(columns))
        table = SheetTable("Wide", heads, (("1,234,567.00",) * columns,))
        made = sheet(sections=(Section("s", (table,)),))
        box = PdfReader(BytesIO(record_pdf(made))).pages[0].mediabox
        return float(box.width), float(box.height)

    assert paper(6)[0] < paper(6)[1]
    assert paper(12)[0] > paper(12)[1]
    assert paper(40)[0] > paper(40)[1]


def test_pictures_are_printed_and_broken_ones_only_listed(sheet: Make, pages_of: Pages) -> None:
    files = (
        Attachment("a.jpg", "1 kB", "00", photo()),
        Attachment("b.png", "1 kB", "01", photo("PNG", "RGBA", 300)),
        Attachment("c.jpg", "1 kB", "02", photo()[:200]),
        Attachment("d.jpg", "1 kB", "03", b"not a picture"),
        Attachment("e.gif", "1 kB", "04", photo("GIF", "P", 200)),
    )
    made = sheet(sections=(Section("Photos", (Pictures("Photos", files),)),), attachments=files)
    reader = PdfReader(BytesIO(record_pdf(made)))
    assert sum(len(page.images) for page in reader.pages) == 3
    printed = "".join(pages_of(made))
    assert all(file.name in printed for file in files)


def test_the_document_names_itself_and_its_language(sheet: Make) -> None:
    reader = PdfReader(BytesIO(record_pdf(sheet(language="zh", subject="第14期 <进度款>"))))
    assert reader.metadata is not None
    assert reader.metadata.title == "PAY-HQ2-2026-0014 第14期 <进度款>"
    assert reader.metadata.author == "Hailin Engineering"
    assert reader.root_object["/Lang"] == "zh-CN"


def test_the_same_sheet_gives_the_same_bytes(sheet: Make) -> None:
    made = sheet(lines=40, attachments=(Attachment("a.jpg", "1 kB", "00", photo()),))
    assert record_pdf(made) == record_pdf(made)


def test_only_the_text_module_sets_text() -> None:
    rooms = Path(__file__).parents[2] / "portal"
    named = [
        path.name
        for path in rooms.rglob("*.py")
        if re.search(r"^(from|import) .*\bParagraph\b|XPreformatted", path.read_text("utf-8"), re.M)
    ]
    assert named == []


def test_the_parts_of_a_section_stand_in_the_order_of_the_form(
    sheet: Make, pages_of: Pages
) -> None:
    table = SheetTable("Cost impact", (Column("Code"),), (("04.02",),))
    total = Facts((Fact("Total", "1,200.00"),))
    pictures = Pictures("Sketch", (Attachment("axis-4.png", "1 kB", "00", photo()),))
    printed = "".join(pages_of(sheet(sections=(Section("Money", (table, total, pictures)),))))
    places = [printed.index(text) for text in ("Money", "04.02", "1,200.00", "axis-4.png")]
    assert places == sorted(places)


def test_a_part_called_like_its_section_does_not_say_so_again(sheet: Make, pages_of: Pages) -> None:
    files = (Attachment("a.jpg", "1 kB", "00", photo()),)
    table = SheetTable("Workers", (Column("Name"),), (("Zhang",),))
    sections = (Section("Workers", (table,)), Section("Photos", (Pictures("Photos", files),)))
    printed = "".join(pages_of(sheet(sections=sections)))
    assert printed.count("Workers") == 1
    assert printed.count("Photos") == 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_verification_code_is_whole_and_the_way_back_is_on_the_first_page(
    language: str, sheet: Make, pages_of: Pages
) -> None:
    code, name = "8e10ffb7a9fb441316e5214b", "Wang Jianguo 王建国 of the very long department name"
    made = sheet(
        language=language, verification=code, audit_head=f"1234:{code}", printed_by=name, lines=90
    )
    pages = pages_of(made)
    assert len(pages) >= 3
    assert pages[0].count(code) == 3
    assert "https://portal.example.com/records/0195a2c4" in pages[0]
    assert all(re.search(rf"{code}$", page, re.M) or f"{code} " in page for page in pages)


def test_a_print_never_ends_with_a_page_of_nothing_but_proof(sheet: Make, pages_of: Pages) -> None:
    """However the text falls, what ends the print is a fact, a file or a signature."""
    for rows in range(2, 62, 2):
        facts = Facts(tuple(Fact("level", f"+{n}.00 m") for n in range(rows)))
        last = pages_of(sheet(sections=(Section("Levels", (facts,), columns=1),)))[-1]
        assert "Keller" in last or ".00 m" in last, rows
