"""An exported SCORM package in another learning system: a page with the API, and a frame."""

import io
import mimetypes
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, Response, Route, expect

from courses.formats import scorm
from courses.formats.scorm.writing import write
from lms import create_app
from tests.browser.accessibility import find_violations
from tests.browser.site import Site
from tests.browser.sizes import Size
from tests.browser.visitor import Visit
from tests.courses.formats.building import (
    QUESTIONS,
    brought,
    item,
    resource,
    scorm_12,
    whole_course,
)
from tests.courses.packages import package_course
from tests.factories import PASSWORD

HOST = "http://lms.example"
NEXT = ".steps button.main:visible"
#: What SCORM 1.2 asks of a system, kept in the browser so that it outlives the page.
SYSTEM = """<!DOCTYPE html><html lang="vi"><title>Hệ thống khác</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script>
  const kept = () => JSON.parse(localStorage.cmi || '{}');
  let open = false;
  window.calls = [];
  window.API = {
    LMSInitialize() { calls.push('initialize'); open = true; return 'true'; },
    LMSFinish() { calls.push('finish'); localStorage.finished = 1; open = false; return 'true'; },
    LMSCommit() { calls.push('commit'); return 'true'; },
    LMSGetValue(name) {
      if (!open) calls.push('error');
      const start = { 'cmi.core.lesson_status': 'not attempted' };
      return kept()[name] ?? start[name] ?? '';
    },
    LMSSetValue(name, value) {
      if (!open || typeof value !== 'string' || value.length > 4096) calls.push('error');
      localStorage.cmi = JSON.stringify({ ...kept(), [name]: value });
      return 'true';
    },
    LMSGetLastError: () => '0', LMSGetErrorString: () => '', LMSGetDiagnostic: () => '',
  };
</script>
<style>html, body { height: 100%; margin: 0 } iframe { width: 100%; height: 100%; border: 0 }</style>
<iframe title="Khóa học" src="/package/index.html"></iframe></html>"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    app = create_app(
        {
            "LMS_ENV": "testing",
            "LMS_DATA_DIR": str(tmp_path_factory.mktemp("export")),
            "LMS_SECRET_KEY": "for tests only, and long enough to be one",
        }
    )
    out = io.BytesIO()
    with app.test_request_context():
        write(whole_course(), out)
    return zipfile.ZipFile(out)


@pytest.fixture
def system(browser: Browser, size: Size, package: zipfile.ZipFile) -> Iterator[BrowserContext]:
    context = browser.new_context(**size.context)
    context.set_default_timeout(20_000)
    context.route(f"{HOST}/**", lambda route: _answer(route, package))
    context.faults = []
    yield context
    assert not context.faults, context.faults
    context.close()


def _answer(route: Route, package: zipfile.ZipFile) -> None:
    path = unquote(urlsplit(route.request.url).path)
    name = path.removeprefix("/package/")
    if path == "/":
        route.fulfill(body=SYSTEM, content_type="text/html; charset=utf-8")
    elif name in package.namelist():
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        route.fulfill(body=package.read(name), content_type=kind)
    else:
        route.fulfill(status=404, body="")


def _open(system: BrowserContext) -> tuple[Page, FrameLocator]:
    page = system.new_page()
    page.on("pageerror", lambda error: system.faults.append(str(error)))
    page.goto(f"{HOST}/")
    frame = page.frame_locator("iframe")
    expect(frame.locator("#progress")).not_to_be_empty()
    return page, frame


def _kept(page: Page) -> dict[str, str]:
    kept = page.evaluate("JSON.parse(localStorage.cmi)")
    assert "error" not in page.evaluate("window.calls")
    return kept


def _to(frame: FrameLocator, key: str, size: Size) -> None:
    if size.is_phone:
        frame.locator("#contents").evaluate("element => { element.open = true; }")
    frame.locator(f"[data-lesson='{key}']").click()
    expect(frame.locator(f"#lesson-{key}")).to_be_visible()


def _answer_all(frame: FrameLocator) -> None:
    """Answer every question rightly, whichever were drawn and in whatever order."""
    for box in frame.locator("#quiz-kiem-tra fieldset").all():
        question = next(q for q in QUESTIONS if q["stem"] == box.locator(".stem").inner_text())
        for option in question.get("options", []):
            if option.get("correct"):
                box.get_by_text(option["text"], exact=True).click()
        if question["type"] == "true_false":
            box.locator("input").nth(0 if question["answer"] else 1).check()
        if question["type"] == "short_answer":
            box.locator("input").fill("ha  noi")
        for number, pair in enumerate(question.get("pairs", [])):
            box.locator("select").nth(number).select_option(pair["right"])


def _photograph(page: Page, name: str, size: Size) -> None:
    if folder := os.environ.get("LMS_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"scorm-export-{name}-{size.name}.png")


def test_a_course_is_begun_left_resumed_and_passed_in_another_system(
    system: BrowserContext, size: Size
) -> None:
    page, frame = _open(system)
    assert _kept(page)["cmi.core.lesson_status"] == "incomplete"
    expect(frame.locator("#lesson-mo-dau img")).to_be_visible()
    assert frame.locator("#alone").is_hidden()
    _photograph(page, "text", size)
    frame.locator(NEXT).click()
    expect(frame.locator("#lesson-phim video")).to_be_visible()
    _photograph(page, "video", size)
    page.close()

    page, frame = _open(system)
    # It opens where it was left.
    expect(frame.locator("#lesson-phim")).to_be_visible()
    kept = _kept(page)
    assert kept["cmi.core.lesson_location"] == "phim"
    assert kept["cmi.core.exit"] == "suspend"
    assert kept["cmi.core.session_time"].count(":") == 2
    for _turn in range(3):
        frame.locator(NEXT).click()
    expect(frame.locator("#lesson-kiem-tra")).to_be_visible()
    frame.locator("#quiz-kiem-tra button.main").click()
    _photograph(page, "quiz", size)
    _answer_all(frame)
    frame.locator("#quiz-kiem-tra form button.main").click()
    expect(frame.locator(".result")).to_contain_text("100")
    _photograph(page, "result", size)
    kept = _kept(page)
    assert kept["cmi.core.lesson_status"] == "passed"
    assert kept["cmi.core.score.raw"] == "100"
    assert (kept["cmi.core.score.min"], kept["cmi.core.score.max"]) == ("0", "100")
    page.close()

    page, frame = _open(system)
    assert _kept(page)["cmi.core.lesson_status"] == "passed"
    assert _kept(page)["cmi.core.exit"] == ""
    page.evaluate("localStorage.cmi = JSON.stringify({'cmi.core.lesson_status': 'passed'})")
    page.close()

    # A system that forgets everything but the result: the result stays.
    page, frame = _open(system)
    frame.locator(NEXT).click()
    assert _kept(page)["cmi.core.lesson_status"] == "passed"


def test_an_export_plays_in_our_own_player_and_its_result_is_kept(
    visit: Visit, site: Site, package: zipfile.ZipFile
) -> None:
    person = site.learner("Nguyễn Thị Xuất", "24")
    files = {name: package.read(name) for name in package.namelist()}
    course = package_course(site.make, files, score_completes=True)
    guest = visit()
    guest.sign_in(str(person.staff_code), PASSWORD)
    guest.open(f"/courses/{course.slug}")
    guest.follow("enrol")
    frame = guest.page.frame_locator("iframe").frame_locator("iframe")
    for _turn in range(4):
        frame.locator(NEXT).click()
    frame.locator("#quiz-kiem-tra button.main").click()
    _answer_all(frame)
    with guest.page.expect_response(_is_report):
        frame.locator("#quiz-kiem-tra form button.main").click()
    expect(guest.page.get_by_test_id("package-standing")).to_contain_text("100")


def test_a_package_with_vietnamese_names_opens_with_its_parameters(
    visit: Visit, site: Site
) -> None:
    person = site.learner("Nguyễn Thị Tên", "24")
    name = "Bài giảng/số 1 (50% đúng).html"
    page = "<!DOCTYPE html><title>Bài</title><p id='here'>Xin chào</p>"
    files = {name: page, "imsmanifest.xml": ""}
    items = item("a", "Bài 1", ' parameters="?cau=3"')
    data = scorm_12(items, resource("a", name), **{name.replace(".", "__"): page})
    (lesson,) = scorm.read(brought(data)).lessons()
    course = package_course(site.make, files, launch=lesson.settings["launch"])
    guest = visit()
    guest.sign_in(str(person.staff_code), PASSWORD)
    guest.open(f"/courses/{course.slug}")
    guest.follow("enrol")
    here = guest.page.frame_locator("iframe").frame_locator("iframe").locator("#here")
    expect(here).to_have_text("Xin chào")
    assert here.evaluate("() => location.search") == "?cau=3"


def _is_report(response: Response) -> bool:
    return response.url.endswith("/package") and response.request.method == "POST"


def test_a_quiz_failed_in_every_attempt_fails_the_course(
    system: BrowserContext, size: Size
) -> None:
    page, frame = _open(system)
    _to(frame, "kiem-tra", size)
    for _attempt in range(2):
        frame.locator("#quiz-kiem-tra button.main").click()
        frame.locator("#quiz-kiem-tra form button.main").click()
        expect(frame.locator("#quiz-kiem-tra .verdict").first).to_be_visible()
    assert _kept(page)["cmi.core.lesson_status"] == "failed"
    assert frame.locator("#quiz-kiem-tra > div > button").count() == 0


def test_without_a_system_the_course_is_read_and_says_that_nothing_is_kept(
    system: BrowserContext, size: Size
) -> None:
    page = system.new_page()
    page.goto(f"{HOST}/package/index.html")
    expect(page.locator("#alone")).to_be_visible()
    page.locator(NEXT).click()
    expect(page.locator("#lesson-phim")).to_be_visible()


def test_the_pages_have_no_barriers_and_fit_the_screen(system: BrowserContext, size: Size) -> None:
    page = system.new_page()
    page.goto(f"{HOST}/package/index.html")
    for key in ("mo-dau", "bai-tap", "kiem-tra"):
        _to(page.main_frame, key, size)
        assert find_violations(page) == []
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size.width
    page.locator("#quiz-kiem-tra button.main").click()
    assert find_violations(page) == []


def test_without_scripts_all_of_the_course_can_be_read(
    browser: Browser, size: Size, package: zipfile.ZipFile
) -> None:
    context = browser.new_context(**size.context, java_script_enabled=False)
    context.route(f"{HOST}/**", lambda route: _answer(route, package))
    page = context.new_page()
    page.goto(f"{HOST}/package/index.html")
    for key in ("mo-dau", "phim", "bai-tap"):
        expect(page.locator(f"#lesson-{key}")).to_be_visible()
    context.close()
