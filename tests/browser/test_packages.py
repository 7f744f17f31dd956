"""Packages at play in a real browser: to the end, in two sittings, on two devices, and hostile."""

import json
from collections.abc import Mapping

import pytest
from playwright.sync_api import Browser, Dialog, Frame, Page, Request, expect
from sqlalchemy import select

from courses.models import Course, Enrolment, Evidence, Lesson, PackageAttempt, Statement
from lms.core.db import db
from lms.people.models import Person
from tests.browser.site import Site
from tests.browser.sizes import Size
from tests.browser.visitor import Visit, Visitor
from tests.courses.packages import H5P, SCORM_12, SCORM_2004, hostile, package_course
from tests.factories import PASSWORD

STANDARDS = pytest.mark.parametrize(
    ("standard", "files"),
    [("scorm12", SCORM_12), ("scorm2004", SCORM_2004), ("h5p", H5P)],
    ids=["scorm12", "scorm2004", "h5p"],
)


@STANDARDS
def test_a_package_is_left_in_the_middle_and_completed_on_another_device(
    visit: Visit, site: Site, standard: str, files: Mapping[str, str]
) -> None:
    person = site.learner("Nguyễn Thị Gói", "24")
    course = package_course(site.make, files, standard, score_completes=True)
    first = _begin(visit, person, course)
    with _saved(first):
        _frame(first).click("#next")
    first.page.close()
    assert _attempt(site, person).completed is False

    second = visit()
    second.sign_in(str(person.staff_code), PASSWORD)
    second.open(f"/courses/{course.slug}/lessons/goi")
    expect(_frame(second).locator("#page")).to_have_text("Trang 2")
    with _saved(second):
        _frame(second).click("#end")
    expect(second.page.get_by_test_id("package-standing")).to_contain_text("80")
    second.follow("package-next")
    second.follow("mark-read")

    attempt = _attempt(site, person)
    assert (attempt.number, attempt.completed, attempt.passed, attempt.score) == (
        1,
        True,
        True,
        0.8,
    )
    assert _status(site, person) == "completed"
    if standard == "h5p":
        assert _verbs(site, person) == ["interacted", "completed"]


def test_h5p_content_finds_its_libraries_its_styles_and_its_pictures(
    visit: Visit, site: Site
) -> None:
    person = site.learner("Nguyễn Thị Hình", "24")
    guest = _begin(visit, person, package_course(site.make, H5P, "h5p"))
    frame = _frame(guest)
    text = frame.locator(".phan-them")
    expect(text).to_have_text("NỘI DUNG THỬ")
    expect(text).to_have_css("text-align", "right")
    assert frame.locator("#picture").evaluate("picture => picture.naturalWidth") == 20


def test_what_a_package_said_when_its_page_was_left_is_kept(visit: Visit, site: Site) -> None:
    person = site.learner("Nguyễn Thị Rời", "24")
    course = package_course(site.make, _saving_at_its_end(), score_completes=True)
    guest = _begin(visit, person, course)
    _frame(guest)
    guest.follow("next")
    assert _attempt(site, person).state["cmi"]["suspend_data"] == "lời cuối"


def test_what_a_package_said_while_its_tab_was_closed_is_kept(visit: Visit, site: Site) -> None:
    person = site.learner("Nguyễn Thị Đóng", "24")
    course = package_course(site.make, _saving_at_its_end())
    guest = _begin(visit, person, course)
    with _saved(guest):
        _frame(guest).click("#next")
    # As from the address bar: the page is gone before a message could arrive.
    guest.page.goto("about:blank")
    for _time in range(50):
        if _attempt(site, person).state["cmi"]["suspend_data"] == "lời cuối":
            break
        guest.page.wait_for_timeout(100)
    assert _attempt(site, person).state["cmi"]["suspend_data"] == "lời cuối"
    guest.open(f"/courses/{course.slug}/lessons/goi")
    with _saved(guest):
        _frame(guest).click("#next")
    assert _attempt(site, person).state["cmi"]["core"]["lesson_location"] == "3"


def test_two_devices_never_overwrite_each_other(visit: Visit, site: Site) -> None:
    person = site.learner("Nguyễn Thị Hai", "24")
    course = package_course(site.make, SCORM_12)
    first = _begin(visit, person, course)
    _frame(first)
    second = visit()
    second.sign_in(str(person.staff_code), PASSWORD)
    second.open(f"/courses/{course.slug}/lessons/goi")
    for _page in range(2):
        with _saved(second):
            _frame(second).click("#next")
    with first.page.expect_response(lambda r: r.request.method == "POST") as answer:
        _frame(first).click("#next")
    assert answer.value.status == 409
    expect(first.page.get_by_test_id("package-reload")).to_be_visible()
    assert _attempt(site, person).state["cmi"]["core"]["lesson_location"] == "3"
    first.follow("package-reload")
    expect(_frame(first).locator("#page")).to_have_text("Trang 3")
    # The browser tells of the 409 that the page explains.
    first.faults[:] = [fault for fault in first.faults if "409" not in fault]


def test_without_a_network_what_was_done_waits_and_is_sent(visit: Visit, site: Site) -> None:
    person = site.learner("Nguyễn Thị Mạng", "24")
    course = package_course(site.make, SCORM_12)
    guest = _begin(visit, person, course)
    frame = _frame(guest)
    with guest.offline():
        frame.click("#next")
        expect(guest.find("package-state")).to_have_class("is-waiting")
    with _saved(guest):
        pass
    assert _attempt(site, person).state["cmi"]["core"]["lesson_location"] == "2"


def test_whoever_signs_in_meanwhile_in_this_browser_gets_nothing_of_it(
    visit: Visit, site: Site
) -> None:
    person, other = (site.learner(f"Nguyễn Thị Chung {n}", "24") for n in ("Một", "Hai"))
    course = package_course(site.make, SCORM_12)
    site.make.enrolment(other, course)
    guest = _begin(visit, person, course)
    frame = _frame(guest)
    _change_session(guest, site, other)
    with guest.page.expect_response(lambda r: r.request.method == "POST" and r.status == 403):
        frame.click("#next")
    expect(guest.find("package-state")).to_have_class("is-refused")
    assert _attempts(site, other) == []

    _change_session(guest, site, person)
    with _saved(guest):
        guest.page.reload()
    assert _attempt(site, person).state["cmi"]["core"]["lesson_location"] == "2"
    # The browser tells of the refusals that the page explains.
    guest.faults[:] = [fault for fault in guest.faults if "status of 40" not in fault]


def test_signing_in_anew_in_another_tab_lets_the_package_go_on(visit: Visit, site: Site) -> None:
    person = site.learner("Nguyễn Thị Phiên", "24")
    guest = _begin(visit, person, package_course(site.make, SCORM_12))
    frame = _frame(guest)
    _change_session(guest, site, person)
    with _saved(guest):
        frame.click("#next")
    guest.faults[:] = [fault for fault in guest.faults if "status of 400" not in fault]


def test_a_package_fills_the_screen_and_there_is_a_way_back(
    visit: Visit, site: Site, size: Size
) -> None:
    person = site.learner("Nguyễn Thị Màn", "24")
    course = package_course(site.make, SCORM_12, sensitive=True)
    guest = _begin(visit, person, course)
    _frame(guest)
    guest.check()
    box = guest.find("package-frame").bounding_box()
    assert box is not None
    if size.is_phone:
        assert box["width"] == size.width
    guest.press("package-full")
    expect(guest.find("package-back")).to_be_focused()
    full = guest.find("package").bounding_box()
    assert full is not None
    assert full["width"] >= size.width
    guest.check()
    assert guest.has("package-leave")
    guest.press("package-back")
    expect(guest.find("package-full")).to_be_focused()
    assert guest.find("package-frame").get_attribute("title")
    assert not guest.has("package-leave")


def test_a_trainer_sees_the_package_play_and_decides_what_its_word_is_worth(
    visit: Visit, site: Site
) -> None:
    trainer = site.learner("Trần Văn Giảng", "24")
    site.make.grant(trainer, "trainer", site.agency("24"))
    course = package_course(site.make, SCORM_12, owner=trainer, published=False)
    guest = visit()
    guest.sign_in(str(trainer.staff_code), PASSWORD)
    guest.open(f"/courses/write/{course.slug}/lessons/goi/preview")
    _frame(guest).click("#next")
    expect(_frame(guest).locator("#page")).to_have_text("Trang 2")
    with site.app.app_context():
        mine = select(Enrolment.id).where(Enrolment.person_id == trainer.id)
        assert db.session.scalars(mine).all() == []
    guest.open(f"/courses/write/{course.slug}/lessons/goi")
    guest.find("score-completes").check()
    guest.follow("save-package")
    assert guest.find("score-completes").is_checked()
    guest.open(f"/courses/write/{course.slug}/publish")
    assert "Gói bài học" in guest.page.inner_text("main")


@pytest.mark.parametrize("last_act", ["sendItself", "goAway"])
def test_a_hostile_package_reaches_nothing_of_the_product(
    browser: Browser, site: Site, size: Size, last_act: str
) -> None:
    person = site.learner("Nguyễn Thị Hại", "24")
    course = package_course(site.make, hostile(site.address), score_completes=True)
    context = browser.new_context(**size.context)
    page = context.new_page()
    opened: list[Page] = []
    dialogs: list[str] = []
    downloads: list[str] = []
    reached: list[str] = []
    page.on("popup", lambda popup: opened.append(popup))  # noqa: PLW0108 - it is given an attribute

    def refuse(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    page.on("download", lambda download: downloads.append(download.url))

    _sign_in(page, site, person)
    page.goto(f"{site.address}/courses/{course.slug}")
    page.get_by_test_id("enrol").first.click()
    page.wait_for_url("**/lessons/goi")
    page.on("requestfinished", lambda request: _note_reached(request, site, reached))
    lesson = page.url
    frame = _find(page, "#report")
    expect(frame.locator("#report")).not_to_be_empty(timeout=15_000)
    found = json.loads(frame.locator("#report").inner_text())
    page.evaluate(
        "window.postMessage({kind: 'report', state: {cmi: {core: {lesson_status: 'passed'}}}}, '*')"
    )
    addresses = [frame.url, frame.parent_frame.url if frame.parent_frame else ""]
    frame.evaluate(f"{last_act}()")
    page.wait_for_timeout(1500)

    assert len(found) > 20
    assert {name: outcome for name, outcome in found.items() if outcome != "refused"} == {}
    assert page.url == lesson
    assert (opened, dialogs, downloads, reached) == ([], [], [], [])
    assert _attempts(site, person) == []
    # Still signed in, and the same file is not to be had from the product's own origin.
    assert page.request.get(f"{site.address}/people/me").ok
    for address in addresses:
        answer = page.request.get(address.replace("localhost", "127.0.0.1"))
        assert answer.status == 404
    context.close()


def _begin(visit: Visit, person: Person, course: Course) -> Visitor:
    guest = visit()
    guest.sign_in(str(person.staff_code), PASSWORD)
    guest.open(f"/courses/{course.slug}")
    guest.follow("enrol")
    return guest


def _sign_in(page: Page, site: Site, person: Person) -> None:
    page.goto(f"{site.address}/sign-in")
    page.get_by_test_id("username").fill(str(person.staff_code))
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("sign-in").click()
    page.wait_for_url(f"{site.address}/**")
    page.wait_for_load_state()


def _change_session(guest: Visitor, site: Site, person: Person) -> None:
    """Sign in in another tab of the same browser."""
    guest.context.clear_cookies()
    tab = guest.context.new_page()
    _sign_in(tab, site, person)
    tab.close()


def _frame(guest: Visitor) -> Frame:
    """Return the frame of the package itself, once it plays."""
    return _find(guest.page, "#next")


def _find(page: Page, selector: str) -> Frame:
    for _time in range(100):
        for frame in page.frames[1:]:
            if frame.locator(selector).count():
                return frame
        page.wait_for_timeout(100)
    raise AssertionError(f"no package with {selector}: {[frame.url for frame in page.frames]}")


def _saved(guest: Visitor):  # type: ignore[no-untyped-def]
    """Wait for the next report that the server has kept."""
    return guest.page.expect_response(
        lambda r: r.url.endswith("/package") and r.request.method == "POST" and r.status == 200
    )


def _note_reached(request: Request, site: Site, reached: list[str]) -> None:
    """Note a request that came from a package's frame and was answered by the product."""
    if request.is_navigation_request() and request.frame.parent_frame is None:
        return
    if request.frame.parent_frame is not None and request.url.startswith(site.address):
        reached.append(request.url)


def _attempt(site: Site, person: Person) -> PackageAttempt:
    (attempt,) = _attempts(site, person)
    return attempt


def _attempts(site: Site, person: Person) -> list[PackageAttempt]:
    with site.app.app_context():
        query = select(PackageAttempt).join(Enrolment, Enrolment.id == PackageAttempt.enrolment_id)
        attempts = list(db.session.scalars(query.where(Enrolment.person_id == person.id)))
        db.session.expunge_all()
    return attempts


def _status(site: Site, person: Person) -> str:
    with site.app.app_context():
        enrolment = db.session.scalars(
            select(Enrolment).where(Enrolment.person_id == person.id)
        ).one()
        done = select(Lesson.key).join(Evidence, Evidence.lesson_id == Lesson.id)
        keys = set(db.session.scalars(done.where(Evidence.enrolment_id == enrolment.id)))
        assert keys == {"goi", "bai-1"}
        return enrolment.status


def _verbs(site: Site, person: Person) -> list[str]:
    with site.app.app_context():
        query = (
            select(Statement.verb)
            .join(PackageAttempt, PackageAttempt.id == Statement.attempt_id)
            .join(Enrolment, Enrolment.id == PackageAttempt.enrolment_id)
            .where(Enrolment.person_id == person.id)
        )
        return list(db.session.scalars(query.order_by(Statement.id)))


def _saving_at_its_end() -> dict[str, str]:
    """Return a package that keeps everything until it is closed, as some authoring tools do."""
    script = SCORM_12["sco.js"].replace(
        "window.addEventListener('unload', () => {",
        "window.addEventListener('unload', () => { api.LMSSetValue('cmi.suspend_data', 'lời cuối');",
    )
    return {**SCORM_12, "sco.js": script}
