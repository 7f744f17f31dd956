"""The whole job, by three people: HR, a trainee, and whoever checks the paper."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from lms.core.text import fold
from lms.seed.accounts import ACCOUNTS
from tests.browser import paper
from tests.browser.courses import StarterCourse
from tests.browser.site import Site
from tests.browser.sizes import DESK, Size, grouped
from tests.browser.visitor import Visit, Visitor
from tests.core.workbooks import xlsx

People = tuple[tuple[str, str, str], ...]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WARD = "Phường Võ Cường"
OFFICE = "Phòng Văn hóa - Xã hội phường Võ Cường"
#: Each browser brings its own people, since both may share a site: code, name and birthday.
LISTS = {
    "phone": (
        ("VC-0186", "Nguyễn Thị Thùy Dương", "14/05/1991"),
        ("VC-0187", "Đặng Quốc Khánh", "02/09/1986"),
        ("VC-0188", "Lương Thị Hòa", "1979"),
    ),
    "desk": (
        ("VC-0286", "Hoàng Thị Bích Ngọc", "21/11/1988"),
        ("VC-0287", "Ngô Đình Phúc", "30/04/1975"),
        ("VC-0288", "Tạ Thị Quỳnh", "1982"),
    ),
}
PASSWORD = "mưa phùn trên sông Cầu"
COURSE = StarterCourse("truyen-thong-va-ung-pho-ban-dau")
#: Told with the time of day.
SAVED = re.compile(r"\d\d:\d\d")
#: Seconds that the worker may take to draw a certificate on a busy machine.
DRAWING = 60


def test_a_roster_comes_in_and_a_verified_certificate_goes_out(
    visit: Visit, site: Site, size: Size, tmp_path: Path
) -> None:
    do_the_whole_job(visit, site, size, tmp_path)


@pytest.mark.parametrize("site", ["postgresql"], indirect=True)
@pytest.mark.parametrize("size", [grouped(DESK)], indirect=True)
def test_the_whole_job_is_done_on_postgresql_too(
    visit: Visit, site: Site, size: Size, tmp_path: Path
) -> None:
    do_the_whole_job(visit, site, size, tmp_path)


def do_the_whole_job(visit: Visit, site: Site, size: Size, folder: Path) -> None:
    hr, trainee = visit(), visit()
    hr.sign_in(ACCOUNTS["hr"].username, site.demo_password)
    people = LISTS[size.name]
    code, holder, _birthday = people[0]
    import_roster(hr, people)
    assign_course(hr)
    before = completed(hr)
    activate(trainee, letter_for(hr, holder))
    sign_in_again(trainee, code)
    read_every_lesson(trainee)
    pass_the_quiz(trainee)
    assert completed(hr) == (before[0] + 1, before[1])
    check_the_certificate(visit(), download_certificate(trainee, folder), holder)


def import_roster(hr: Visitor, people: People) -> None:
    hr.go_to("people.index")
    hr.follow("import")
    hr.choose("agency", WARD)
    hr.find("file").set_input_files(
        {"name": "Danh sách cán bộ.xlsx", "mimeType": XLSX, "buffer": roster(people)}
    )
    hr.follow("preview")
    assert "3" in hr.text_of("count-new")
    assert "0" in hr.text_of("count-errors")
    hr.follow("apply")
    assert hr.has("message-success")
    hr.follow("to-people")


def roster(people: People) -> bytes:
    """Return a list as offices keep it: title rows, a header of two lines, x for the sex."""
    rows = [
        ["ỦY BAN NHÂN DÂN PHƯỜNG VÕ CƯỜNG"],
        [OFFICE.upper()],
        [],
        ["DANH SÁCH CÁN BỘ, CÔNG CHỨC THAM GIA TẬP HUẤN VỀ BÌNH ĐẲNG GIỚI"],
        ["(Kèm theo Công văn số 118/VHXH ngày 02/11/2026)"],
        [],
        [
            "TT",
            "Mã cán bộ",
            "Họ và tên",
            "Ngày sinh",
            "Giới tính",
            None,
            "Chức vụ",
            "Đơn vị công tác",
        ],
        [None, None, None, None, "Nam", "Nữ", None, None],
        [1, *people[0], None, "x", "Chuyên viên", OFFICE],
        [2, *people[1], "x", None, "Chuyên viên", OFFICE],
        [3, *people[2], None, "x", "Phó Trưởng phòng", OFFICE],
    ]
    merges = [(6, 4, 6, 5), *((6, column, 7, column) for column in (0, 1, 2, 3, 6, 7))]
    return xlsx(rows, merges=merges)


def assign_course(hr: Visitor) -> None:
    hr.go_to("courses.assign")
    hr.choose("course", COURSE.title)
    hr.choose("agency", WARD)
    hr.write("due", due_day().isoformat())
    hr.follow("assign")


def due_day() -> date:
    """Return a day soon, within the year that reports show."""
    today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    return min(today + timedelta(days=30), date(today.year, 12, 31))


def completed(hr: Visitor) -> tuple[int, int]:
    """Return how many of how many have completed the course, as HR reads it."""
    hr.go_to("reports.overview")
    hr.follow("course-report", text=COURSE.title)
    words = hr.text_of("rate")
    found = re.search(r"([\d,]+)% ([\d.]+) trên ([\d.]+) người", words)
    assert found, words
    share, done, everyone = found.groups()
    assert float(share.replace(",", ".")) == pytest.approx(100 * int(done) / int(everyone), abs=0.1)
    return int(done), int(everyone)


def letter_for(hr: Visitor, holder: str) -> str:
    """Return the code in the letter that HR prints, found by a name typed without marks."""
    hr.go_to("people.index")
    hr.write("people-search", fold(holder))
    hr.find("people-search").press("Enter")
    hr.follow("person", text=holder)
    hr.follow("letter")
    assert holder in hr.text_of("letter")
    return hr.text_of("activation-code")


def activate(trainee: Visitor, code: str) -> None:
    trainee.open("/")
    trainee.follow("activate-link")
    trainee.write("code", code)
    trainee.follow("continue")
    trainee.write("password", PASSWORD)
    trainee.write("again", PASSWORD)
    trainee.follow("save")
    assert COURSE.title in trainee.text_of("resume-card")


def sign_in_again(trainee: Visitor, code: str) -> None:
    trainee.press("account-menu")
    trainee.follow("sign-out")
    trainee.write("username", code)
    trainee.write("password", PASSWORD)
    trainee.follow("sign-in")


def read_every_lesson(trainee: Visitor) -> None:
    trainee.follow("continue")
    while trainee.has("mark-read"):
        trainee.follow("mark-read")
    assert trainee.has("start-quiz")


def pass_the_quiz(trainee: Visitor) -> None:
    """Answer everything; the network fails for two questions and comes back."""
    trainee.follow("start-quiz")
    address = trainee.page.url.partition("#")[0]
    COURSE.answer(trainee.find("question"))
    trainee.press("next-question")
    with trainee.offline():
        for _ in range(2):
            COURSE.answer(trainee.find("question"))
            trainee.press("next-question")
        expect(trainee.find("save-state")).to_contain_text("2 câu")
    expect(trainee.find("save-state")).to_contain_text(SAVED)
    while trainee.has("next-question"):
        COURSE.answer(trainee.find("question"))
        trainee.press("next-question")
    COURSE.answer(trainee.find("question"))
    assert trainee.page.url.partition("#")[0] == address, "turning a page asked the server"
    trainee.check()
    trainee.follow("finish-attempt")
    trainee.follow("submit-attempt")
    assert re.match(r"15\D+15 ", trainee.text_of("score"))


def download_certificate(trainee: Visitor, folder: Path) -> Path:
    trainee.follow("certificates")
    trainee.follow("open-certificate")
    expect(trainee.find("download-certificate")).to_be_visible(timeout=DRAWING * 1000)
    trainee.check()
    with trainee.page.expect_download() as download:
        trainee.press("download-certificate")
    path = folder / "certificate.pdf"
    download.value.save_as(path)
    return path


def check_the_certificate(stranger: Visitor, pdf: Path, holder: str) -> None:
    """Read the paper, then its QR code, without an account."""
    text = paper.text_of(pdf)
    assert holder in text
    assert COURSE.title in text
    address = paper.address_in_qr(pdf)
    assert address.startswith(stranger.address + "/verify/")
    stranger.open(address.removeprefix(stranger.address))
    assert stranger.find("verdict").get_attribute("data-state") == "valid"
    assert stranger.text_of("holder") == holder
    assert stranger.text_of("number") in text
