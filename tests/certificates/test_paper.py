"""The paper: right to the letter, the same each time, and closed to what a name may hide."""

import io
import re
import subprocess
import threading
import unicodedata
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import segno
from flask import Flask
from PIL import Image

from certificates import pdf
from certificates.pdf import qr
from certificates.pdf.frame import frame_for
from certificates.pdf.layout import lay_out
from certificates.pdf.reading import find_token
from certificates.pdf.words import words_of
from lms import create_app
from lms.core.text import clean

# WeasyPrint leaves its colour profile to be closed by the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014:ResourceWarning")

TOKEN = "Zk3v9QwXl-0aBcDeFgHiJkLmNoPqRsTu"
ADDRESS = f"https://hoc.bacninh.gov.vn/verify/{TOKEN}"
BASE_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz"
VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


@pytest.fixture(scope="module", autouse=True)
def _paper_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Drawing needs the product's templates and no database."""
    app = create_app({"LMS_ENV": "testing", "LMS_DATA_DIR": str(tmp_path_factory.mktemp("paper"))})
    with app.app_context():
        yield app


def words(**changes: Any) -> dict[str, Any]:
    """Return a snapshot such as a certificate keeps."""
    return {
        "number": "0123/2026/GCN-SNV",
        "holder": "Nguyễn Thị Quỳnh Hoa",
        "sex": "F",
        "birth_date": "1988-03-12",
        "birth_year": None,
        "agency": "Phòng Văn hóa - Xã hội phường Kinh Bắc",
        "course": "Kiến thức cơ bản về bình đẳng giới",
        "periods": 4,
        "started_on": "2026-11-02",
        "completed_on": "2026-11-20",
        "issuer_parent": "UBND TỈNH BẮC NINH",
        "issuer": "SỞ NỘI VỤ",
        "place": "Bắc Ninh",
        "title": "GIẤY CHỨNG NHẬN",
        "signer_authority": "KT. GIÁM ĐỐC",
        "signer_post": "PHÓ GIÁM ĐỐC",
        "signer": "Trần Văn Đức",
        "issued_on": "2026-02-05",
        "verify_url": ADDRESS,
        **changes,
    }


def draw(**changes: Any) -> bytes:
    return pdf.render("gcn-1", words(**changes))


def poppler(program: str, data: bytes, *args: str) -> str:
    """Run one of Poppler's programs on a file and return what it prints."""
    command = [program, *args, "-", *(["-"] if program == "pdftotext" else [])]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()


def lines_of(data: bytes) -> list[str]:
    return [
        line.strip() for line in poppler("pdftotext", data, "-layout").splitlines() if line.strip()
    ]


def all_letters() -> list[str]:
    """Return every Vietnamese letter with every tone it takes, small then capital."""
    small = [
        unicodedata.normalize("NFC", letter + tone)
        for letter in BASE_LETTERS
        for tone in (TONES if letter in VOWELS else ("",))
    ]
    return small + [letter.upper() for letter in small]


def names_of_all_letters() -> list[str]:
    """Return names that together hold every letter: words of six, four words a name."""
    letters = all_letters()
    parts = ["".join(letters[i : i + 6]) for i in range(0, len(letters), 6)]
    return [" ".join(parts[i : i + 4]) for i in range(0, len(parts), 4)]


def test_there_are_12_vowels_with_6_tones_and_21_consonants() -> None:
    assert len(set(all_letters())) == 2 * (12 * 6 + 21)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("name", names_of_all_letters())
def test_the_text_in_the_paper_is_the_name_to_the_letter(name: str, form: str) -> None:
    typed = unicodedata.normalize(form, name)
    assert name in lines_of(draw(holder=clean(typed)))


def test_the_paper_reads_as_an_official_one() -> None:
    text = " ".join(" ".join(lines_of(draw())).split())
    for phrase in (
        "UBND TỈNH BẮC NINH",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "GIẤY CHỨNG NHẬN",
        "GIÁM ĐỐC SỞ NỘI VỤ",
        "chứng nhận Bà",
        "Sinh ngày 12/03/1988",
        "Đơn vị công tác: Phòng Văn hóa - Xã hội phường Kinh Bắc",
        "đã hoàn thành khóa bồi dưỡng",
        "Kiến thức cơ bản về bình đẳng giới",
        "Thời lượng 4 tiết, từ ngày 02/11/2026 đến ngày 20/11/2026",
        "Bắc Ninh, ngày 05 tháng 02 năm 2026",
        "KT. GIÁM ĐỐC",
        "PHÓ GIÁM ĐỐC",
        "Trần Văn Đức",
        "Số: 0123/2026/GCN-SNV",
        ADDRESS,
    ):
        assert phrase in text
    assert "chứng chỉ" not in text.lower()


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"sex": "M"}, "chứng nhận Ông"),
        ({"sex": None}, "chứng nhận Ông/Bà"),
        ({"birth_date": None, "birth_year": 1975}, "Sinh năm 1975"),
        ({"started_on": "2026-11-20"}, "Thời lượng 4 tiết, ngày 20/11/2026"),
        ({"signer_authority": "", "signer_post": "GIÁM ĐỐC"}, "GIÁM ĐỐC SỞ NỘI VỤ"),
        (
            {"signer_authority": "TM. BAN CHỈ ĐẠO", "signer_post": "TRƯỞNG BAN"},
            "BAN CHỈ ĐẠO",
        ),
    ],
)
def test_a_line_says_what_is_known(changes: dict[str, Any], line: str) -> None:
    assert line in lines_of(draw(**changes))


def test_an_unknown_birth_leaves_no_line() -> None:
    assert not any("Sinh" in line for line in lines_of(draw(birth_date=None)))


def test_the_same_words_give_the_same_bytes() -> None:
    first = draw()
    frame_for.__globals__["_frame"].cache_clear()
    assert draw() == first


def test_a_paper_is_small_and_has_its_fonts_inside() -> None:
    data = draw(holder="Nguyễn Thị Quỳnh Hoa" * 2)
    assert len(data) <= 40 * 1024
    fonts = poppler("pdffonts", data).splitlines()[2:]
    assert len(fonts) == 3
    for font in fonts:
        assert "Be-Vietnam-Pro" in font
        assert font.split()[-5:-2] == ["yes", "yes", "yes"]  # embedded, subset, Unicode


def test_a_paper_says_what_it_is_and_is_made_to_last() -> None:
    with pikepdf.open(io.BytesIO(draw())) as document:
        assert len(document.pages) == 1
        assert document.Root.Lang == "vi"
        assert document.Root.MarkInfo.Marked
        title = "Giấy chứng nhận số 0123/2026/GCN-SNV – Nguyễn Thị Quỳnh Hoa"
        assert document.docinfo["/Title"] == title
        assert document.docinfo["/Author"] == "SỞ NỘI VỤ"
        with document.open_metadata() as metadata:
            assert metadata.pdfa_status == "2A"
            assert metadata["dc:title"] == title
            assert metadata["dc:description"] == ADDRESS
        assert document.pages[0].Annots[0].A.URI == ADDRESS
        assert document.check_pdf_syntax() == []


def test_the_qr_code_on_the_paper_leads_to_the_address(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(draw())
    subprocess.run(
        ["pdftoppm", "-r", "300", "-gray", "-singlefile", path, tmp_path / "paper"], check=True
    )
    with Image.open(tmp_path / "paper.pgm") as picture:
        width, height = picture.size
        dots = picture.load()
        side = 25 / 297 * width
        left, top = 24 / 297 * width, height - (18 + 25) / 210 * height
        count = qr.modules_of(ADDRESS)
        seen = [
            [
                dots[int(left + (x + 0.5) * side / count), int(top + (y + 0.5) * side / count)]
                < 128
                for x in range(count)
            ]
            for y in range(count)
        ]
    code = segno.make(ADDRESS, error="m", mask=2, micro=False, boost_error=False)
    assert seen == [[bool(module) for module in row] for row in code.matrix]


def test_a_filled_frame_looks_like_a_page_laid_out_by_itself() -> None:
    texts = words_of(words())
    filled = frame_for("gcn-1", texts).fill(texts)
    laid_out = lay_out("gcn-1", texts, qr.picture_of(ADDRESS))
    for one, other in zip(boxes(filled), boxes(laid_out), strict=True):
        assert one[0] == other[0]
        assert one[1] == pytest.approx(other[1], abs=0.15)  # points


def boxes(data: bytes) -> list[tuple[str, list[float]]]:
    """Return each word on the page with its box in points."""
    found = re.findall(
        r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.+?)</word>',
        poppler("pdftotext", data, "-bbox"),
    )
    return sorted((word, [float(x) for x in box]) for *box, word in found)


LONG_AGENCY = (
    "Trung tâm Giáo dục nghề nghiệp - Giáo dục thường xuyên liên xã phường khu vực phía Bắc"
)
LONGEST_AGENCY = (
    "Ban Chỉ đạo công tác bình đẳng giới, vì sự tiến bộ của phụ nữ và phòng, chống bạo lực "
    "trên cơ sở giới của các cơ quan, đơn vị, trường học trên địa bàn phường Kinh Bắc mở rộng"
)


@pytest.mark.parametrize("agency", [LONG_AGENCY, LONGEST_AGENCY])
def test_long_words_stay_within_the_frame_and_above_the_signature(agency: str) -> None:
    data = draw(
        agency=agency,
        holder="Công Tằng Tôn Nữ Nguyễn Phúc Quỳnh Hương Giang Thanh",
        course="Truyền thông và ứng phó ban đầu với bạo lực trên cơ sở giới dành cho cộng tác "
        "viên, tuyên truyền viên ở xã, phường",
    )
    assert agency in " ".join(" ".join(lines_of(data)).split())
    with pikepdf.open(io.BytesIO(data)) as document:
        assert len(document.pages) == 1
    for _word, (left, _top, right, _bottom) in boxes(data):
        assert left > 60
        assert right < 782
    placed = dict(boxes(data))
    assert placed["lượng"][3] < placed["tháng"][1]


HOSTILE = [
    "<link rel=attachment href=file:///etc/passwd>",
    "<img src=http://127.0.0.1:{port}/name>",
    "<style>@import url(http://127.0.0.1:{port}/style);</style>",
    '"><iframe src=file:///etc/passwd></iframe>',
    "{{{{ config }}}} {{% raw %}}",
    "</p><script>alert(1)</script>",
    "mark:name: mark:qr:",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_only_printed(name: str, canary: "Canary", tmp_path: Path) -> None:
    name = name.format(port=canary.server_port)
    data = draw(holder=name, agency=name, course=name, issuer=name)
    path = tmp_path / "paper.pdf"
    path.write_bytes(data)
    listed = subprocess.run(["pdfdetach", "-list", path], capture_output=True, check=True)
    assert listed.stdout == b"0 embedded files\n"
    assert canary.asked == []
    assert "root:x:0" not in data.decode("latin-1")
    assert name.split()[0] in " ".join(lines_of(data))


def test_a_name_in_another_script_is_drawn_too() -> None:
    assert "Nguyễn Łukasz Ñ" in lines_of(draw(holder="Nguyễn Łukasz Ñ"))


def test_the_token_is_found_in_metadata_links_or_text() -> None:
    data = draw()
    assert find_token(data) == TOKEN
    with pikepdf.open(io.BytesIO(data)) as document:
        del document.Root.Metadata, document.trailer.Info
        del document.pages[0].Annots
        output = io.BytesIO()
        document.save(output)
    assert find_token(output.getvalue()) == TOKEN


@pytest.mark.parametrize("data", [b"", b"no PDF", b"%PDF-1.7\n%%EOF"])
def test_a_file_that_is_no_paper_has_no_token(data: bytes) -> None:
    assert find_token(data) is None


class Canary(HTTPServer):
    """A web server that should never be asked anything."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Listener)
        self.asked: list[str] = []


class _Listener(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_error(404)


@pytest.fixture
def canary() -> Iterator[Canary]:
    """Give a server that notes every request."""
    server = Canary()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
