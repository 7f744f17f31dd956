"""Reading, answering and reporting need no JavaScript."""

import re

from lms.seed.accounts import ACCOUNTS
from tests.browser.courses import StarterCourse
from tests.browser.site import Site
from tests.browser.visitor import Visit, Visitor
from tests.factories import PASSWORD

COURSE = StarterCourse("truong-hoc-an-toan")


def test_a_trainee_reads_marks_and_takes_the_quiz_without_javascript(
    visit: Visit, site: Site
) -> None:
    person = site.learner("Lê Thị Thu Hà", "09190-TH1", "teacher")
    trainee = visit(scripts=False)
    trainee.sign_in(person.staff_code, PASSWORD)
    trainee.go_to("courses.index")
    trainee.follow("course", text=COURSE.title)
    trainee.follow("enrol")
    assert trainee.has("mark-read")
    while trainee.has("mark-read"):
        trainee.follow("mark-read")
    take_the_quiz(trainee)
    assert re.match(r"15\D+15 ", trainee.text_of("score"))


def take_the_quiz(trainee: Visitor) -> None:
    """Answer each question and send it before the next."""
    trainee.follow("start-quiz")
    while trainee.has("next-question"):
        COURSE.answer(trainee.find("question"))
        trainee.follow("next-question")
    COURSE.answer(trainee.find("question"))
    trainee.follow("finish-attempt")
    trainee.follow("submit-attempt")


def test_hr_opens_the_report_and_its_list_without_javascript(visit: Visit, site: Site) -> None:
    hr = visit(scripts=False)
    hr.sign_in(ACCOUNTS["hr"].username, site.demo_password)
    hr.go_to("reports.overview")
    hr.follow("course-report", text=COURSE.title)
    hr.press("as-of")
    hr.write("as-of-day", "2026-09-30")
    hr.follow("show-figures")
    assert "30/09/2026" in hr.text_of("as-of")
    hr.follow("people")
    assert hr.has("status-overdue")
