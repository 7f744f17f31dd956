"""Submitting: marked once, told with the reasons, and kept whatever is changed afterwards."""

import html
import re
from typing import Any

import pytest
import yaml
from flask import Flask
from sqlalchemy import func, select, update

from courses.models import Course, Enrolment, Evidence
from lms.core.audit import AuditEntry
from lms.core.db import db
from lms.people.models import Person
from quizzes.models import Attempt, Quiz, QuizSection, Response
from tests.courses.packs import zipped
from tests.factories import Factory
from tests.services.page_client import PageClient

MIXED: dict[str, Any] = {
    "format": 1,
    "pass_mark": 60,
    "attempts": 3,
    "sections": [{"title": "Chung", "category": "chung", "draw": 5}],
    "questions": [
        {
            "key": "mot",
            "type": "single_choice",
            "stem": "Ai nuôi con?",
            "options": [{"text": "Cha và mẹ", "correct": True}, {"text": "Chỉ mẹ"}],
            "feedback": "Vì sao một.",
        },
        {
            "key": "nhieu",
            "type": "multiple_choice",
            "stem": "Đâu là vai trò giới?",
            "options": [
                {"text": "Nấu ăn", "correct": True},
                {"text": "Chăm con", "correct": True},
                {"text": "Mang thai"},
            ],
            "feedback": "Vì sao nhiều.",
        },
        {
            "key": "dung-sai",
            "type": "true_false",
            "stem": "Giới là bẩm sinh.",
            "answer": False,
            "feedback": "Vì sao đúng sai.",
        },
        {
            "key": "ngan",
            "type": "short_answer",
            "stem": "Luật Bình đẳng giới ban hành năm nào?",
            "answers": [2006, "năm 2006"],
            "feedback": "Vì sao ngắn.",
        },
        {
            "key": "ghep",
            "type": "matching",
            "stem": "Ghép số với nghĩa.",
            "pairs": [{"left": f"số {n}", "right": f"nghĩa {n}"} for n in (1, 2, 3)],
            "feedback": "Vì sao ghép.",
        },
    ],
}
for _question in MIXED["questions"]:
    _question["category"] = "chung"

RIGHT = {
    "Ai nuôi con?": ["Cha và mẹ"],
    "Đâu là vai trò giới?": ["Nấu ăn", "Chăm con"],
    "Giới là bẩm sinh.": ["Sai"],
    "Luật Bình đẳng giới ban hành năm nào?": ["Năm 2006"],
    "Ghép số với nghĩa.": ["nghĩa 1", "nghĩa 2", "nghĩa 3"],
}
PARTLY = {
    "Ai nuôi con?": ["Cha và mẹ"],
    "Đâu là vai trò giới?": ["Nấu ăn"],
    "Giới là bẩm sinh.": ["Đúng"],
    "Ghép số với nghĩa.": ["nghĩa 2", "nghĩa 1", "nghĩa 3"],
}


@pytest.fixture
def trainer(make: Factory) -> Person:
    person = make.person("Lê Văn Giảng", agency=make.agency(), sex="M")
    make.grant(person, "trainer")
    return person


@pytest.fixture
def course(make: Factory, client: PageClient, trainer: Person) -> Course:
    """Give a course with a quiz of five true statements; a trainee is enrolled and signed in."""
    course = make.course(lessons=0, quiz=True, owner=trainer)
    client.sign_in(make.person(agency=make.agency()))
    client.post(f"/courses/{course.slug}/enrol")
    return course


@pytest.fixture
def mixed(app: Flask, make: Factory, client: PageClient, tmp_path) -> str:
    """Give the address of a quiz with every type of question, out of a pack."""
    path = tmp_path / "goi.zip"
    path.write_bytes(zipped({"quiz.yml": yaml.safe_dump(MIXED, allow_unicode=True)}))
    words = ["courses", "import", str(path), "--publish"]
    done = app.test_cli_runner().invoke(args=words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    client.sign_in(make.person(agency=make.agency()))
    client.post("/courses/khoa-thu/enrol")
    client.post("/courses/khoa-thu/lessons/mo-dau/read")
    return "/quizzes/khoa-thu/kiem-tra"


def _start(client: PageClient, quiz: str | Course) -> str:
    address = quiz if isinstance(quiz, str) else f"/quizzes/{quiz.slug}/kiem-tra"
    answer = client.post(f"{address}/start")
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].partition("?")[0]


def _answer(client: PageClient, attempt: str, words: dict[str, list[str]]) -> None:
    """Answer by what the page shows, a form a question, as a browser without a script does."""
    for fieldset in re.findall(r"<fieldset.*?</fieldset>", client.get(attempt).text, re.DOTALL):
        position = re.search(r'data-question="(\d+)"', fieldset)[1]
        stem = html.unescape(re.search(r"</span>([^<]*)</legend>", fieldset)[1])
        shown = re.findall(r'value="(\w+)"[^>]*><span>([^<]*)', fieldset)
        shown += re.findall(r'<option value="(\w+)"[^>]*>([^<]*)', fieldset)
        values = {html.unescape(text): value for value, text in shown}
        given = [values.get(word, word) for word in words.get(stem, [])]
        form = {f"answer-{position}": given}
        assert client.post(f"{attempt}/answers/{position}", data=form).status_code == 303


def _answer_right(client: PageClient, attempt: str, right: int) -> None:
    for position in range(1, right + 1):
        form = {f"answer-{position}": "true"}
        assert client.post(f"{attempt}/answers/{position}", data=form).status_code == 303


def _status(app: Flask) -> str | None:
    with app.app_context():
        return db.session.scalar(select(Enrolment.status))


def test_partial_marks_add_up_and_the_result_says_why(
    app: Flask, client: PageClient, mixed: str
) -> None:
    attempt = _start(client, mixed)
    _answer(client, attempt, PARTLY)
    review = client.get(f"{attempt}/review").text
    assert "Còn 1 câu chưa trả lời." in review

    page = client.post(f"{attempt}/submit", follow_redirects=True).text

    assert "1,83 trên 5 điểm (36,7%)" in page  # 1 + 1/2 + 0 + 0 + 1/3
    assert "Chưa đạt" in page
    assert page.count("Đúng một phần: 50%") == page.count("Đúng một phần: 33%") == 1
    for words in ("số 1 → nghĩa 2", "số 1 → nghĩa 1", "Chăm con", "2006", "Chưa trả lời"):
        assert words in page
    for question in MIXED["questions"]:
        assert question["feedback"] in page
    assert "Còn 2 lượt" in page
    assert _status(app) == "started"


def test_failing_first_and_passing_then_completes_the_course(
    app: Flask, client: PageClient, mixed: str
) -> None:
    for words, outcome in ((PARTLY, "started"), (RIGHT, "completed")):
        attempt = _start(client, mixed)
        _answer(client, attempt, words)
        client.post(f"{attempt}/submit")
        assert _status(app) == outcome

    page = client.get(f"{attempt}/result").text
    assert "5 trên 5 điểm" in page
    assert "Anh/chị đã hoàn thành khóa học." in page
    listed = client.get(mixed).text
    assert "đã dùng 2 trên 3, còn 1" in listed
    assert listed.index("100,0%") < listed.index("36,7%")


def test_a_course_that_is_passed_stays_so_when_a_later_attempt_fails(
    app: Flask, client: PageClient, course: Course
) -> None:
    for right, words in ((5, "Đạt"), (0, "Chưa đạt")):
        attempt = _start(client, course)
        _answer_right(client, attempt, right)
        assert f"<h1>{words}" in client.post(f"{attempt}/submit", follow_redirects=True).text
    assert _status(app) == "completed"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Evidence)) == 1


@pytest.mark.parametrize(("right", "passed"), [(2, False), (3, True)])
def test_exactly_the_mark_passes(
    app: Flask, client: PageClient, course: Course, right: int, passed: bool
) -> None:
    attempt = _start(client, course)
    _answer_right(client, attempt, right)
    client.post(f"{attempt}/submit")
    assert _status(app) == ("completed" if passed else "started")


def test_a_mark_missed_by_a_little_is_not_shown_as_reached(
    app: Flask, make: Factory, client: PageClient, course: Course
) -> None:
    """Two thirds are 66.7 per cent: less than 67, and no figure of the page says 67."""
    with make.writing():
        db.session.execute(update(Quiz).values(pass_mark=67))
        db.session.execute(update(QuizSection).values(draw=3))
    attempt = _start(client, course)
    _answer_right(client, attempt, 2)
    page = client.post(f"{attempt}/submit", follow_redirects=True).text
    assert _status(app) == "started"
    assert "2 trên 3 điểm (66,7%) · cần 67% để đạt" in page
    assert page.count("67%") == 1


def test_submitting_again_answers_the_same_and_adds_nothing(
    app: Flask, client: PageClient, course: Course
) -> None:
    attempt = _start(client, course)
    _answer_right(client, attempt, 4)
    answers = [client.post(f"{attempt}/submit") for _again in range(3)]

    assert {(a.status_code, a.headers["Location"]) for a in answers} == {(303, f"{attempt}/result")}
    with app.app_context():
        action = AuditEntry.action == "quizzes.attempt.submitted"
        details = db.session.scalars(select(AuditEntry.details).where(action)).one()
        assert (details["marks"], details["closed_by"]) == (4, "learner")
        marks = sum(db.session.scalars(select(Response.mark)))
        assert marks == db.session.scalar(select(Attempt.marks)) == 4


@pytest.mark.parametrize("page", ["", "/review"])
def test_after_submission_the_questions_lead_to_the_result(
    client: PageClient, course: Course, page: str
) -> None:
    attempt = _start(client, course)
    assert client.get(f"{attempt}/result").headers["Location"] == attempt
    client.post(f"{attempt}/submit")
    assert client.get(f"{attempt}{page}").headers["Location"] == f"{attempt}/result"


def test_fewer_attempts_than_are_used_leave_none_and_not_less(
    make: Factory, client: PageClient, course: Course
) -> None:
    for _n in range(2):
        client.post(f"{_start(client, course)}/submit")
    with make.writing():
        db.session.execute(update(Quiz).values(attempts_allowed=1))
    page = client.get(f"/quizzes/{course.slug}/kiem-tra").text
    assert "còn 0" in page
    assert client.post(f"/quizzes/{course.slug}/kiem-tra/start").status_code == 422


def test_a_result_keeps_the_words_that_were_asked_when_the_question_is_revised(
    client: PageClient, course: Course, trainer: Person
) -> None:
    trainee = client.get_cookie("lms")
    assert trainee is not None
    first = _start(client, course)
    _answer_right(client, first, 5)
    client.post(f"{first}/submit")
    client.sign_in(trainer)
    for number in range(1, 6):
        address = f"/quizzes/banks/{course.slug}/questions/q{number}"
        form = {"stem": f"Viết lại {number}", "feedback": "Lý do mới.", "category": "chung"}
        form |= {"rows-0-answer": "false", "revision": "1"}
        assert client.post(address, data=form).status_code == 303

    client.set_cookie("lms", trainee.value)
    result = client.get(f"{first}/result").text
    assert "Giới tính là đặc điểm sinh học" in result
    assert "Theo Luật Bình đẳng giới, Điều 5." in result
    assert "Viết lại" not in result
    assert "5 trên 5 điểm" in result

    second = _start(client, course)
    assert client.get(second).text.count("Viết lại") == 5
    _answer_right(client, second, 5)
    page = client.post(f"{second}/submit", follow_redirects=True).text
    assert "0 trên 5 điểm" in page
    assert "Lý do mới." in page
