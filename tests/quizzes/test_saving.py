"""Saving an answer: by script and by form, in any order, twice, by strangers, with nonsense."""

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import pytest
from flask import Flask
from sqlalchemy import select, update

from courses.models import Course
from lms.core.db import db
from quizzes.models import QuestionRevision, Response
from tests.factories import Factory
from tests.services.page_client import PageClient

JSON = {"Accept": "application/json"}
OPTIONS = {"options": [{"text": t, "correct": t in "ab"} for t in "abcd"]}
PAIRS = {"pairs": [{"left": f"vế {t}", "right": t} for t in "abc"]}


@pytest.fixture
def course(make: Factory, client: PageClient) -> Course:
    """Give a course with a quiz of five true statements; a trainee is enrolled and signed in."""
    course = make.course(lessons=0, quiz=True)
    client.sign_in(make.person(agency=make.agency()))
    client.post(f"/courses/{course.slug}/enrol")
    return course


@pytest.fixture
def attempt(client: PageClient, course: Course) -> str:
    """Give the address of an open attempt."""
    return _start(client, course)


def _start(client: PageClient, course: Course) -> str:
    answer = client.post(f"/quizzes/{course.slug}/kiem-tra/start")
    assert answer.status_code == 303
    return answer.headers["Location"].partition("?")[0]


def _kept(app: Flask, position: int = 1) -> tuple[object, int, bool]:
    with app.app_context():
        row = db.session.execute(
            select(Response.answer, Response.sequence, Response.flagged).where(
                Response.position == position
            )
        ).one()
        return tuple(row)


def _ask(make: Factory, kind: str, data: dict[str, object]) -> None:
    """Let every question of the bank be of one type."""
    with make.writing():
        db.session.execute(update(QuestionRevision).values(type=kind, data=data))


# --- by script


def test_the_newest_save_stays_in_whichever_order_they_arrive(
    app: Flask, client: PageClient, attempt: str
) -> None:
    """Every order in which three saves can reach the server, a question each."""
    for position, order in zip(range(1, 6), list(permutations((1, 2, 3)))[1:], strict=True):
        for seq in order:
            value = "true" if seq == 3 else "false"
            data = {"position": position, "seq": seq, f"answer-{position}": value}
            answer = client.post(f"{attempt}/answers", data=data, headers=JSON)
            assert answer.status_code in (200, 409)
        assert _kept(app, position) == (True, 3, False)


def test_an_older_save_is_refused_in_a_sentence(client: PageClient, attempt: str) -> None:
    newer = {"position": 1, "seq": 7, "answer-1": "true"}
    assert client.post(f"{attempt}/answers", data=newer, headers=JSON).get_json()["seq"] == 7

    older = client.post(
        f"{attempt}/answers", data={**newer, "seq": 6, "answer-1": "false"}, headers=JSON
    )

    assert older.status_code == 409
    assert older.get_json() == {
        "message": "Hệ thống đã lưu một câu trả lời mới hơn. Anh/chị tải lại trang để xem."
    }


def test_one_number_cannot_stand_for_two_answers(
    app: Flask, client: PageClient, attempt: str
) -> None:
    for value, status in (("true", 200), ("false", 409), ("true", 200)):
        data = {"position": 1, "seq": 4, "answer-1": value}
        assert client.post(f"{attempt}/answers", data=data, headers=JSON).status_code == status
    assert _kept(app) == (True, 4, False)


def test_an_answer_is_taken_back_by_an_empty_one(
    app: Flask, client: PageClient, attempt: str
) -> None:
    client.post(f"{attempt}/answers", data={"position": 1, "seq": 1, "answer-1": "true"})
    client.post(f"{attempt}/answers", data={"position": 1, "seq": 2}, headers=JSON)
    assert _kept(app) == (None, 2, False)
    assert "Câu 1, đã trả lời" not in client.get(f"{attempt}?q=1").text


def test_the_page_goes_on_counting_from_the_highest_number_kept(
    client: PageClient, attempt: str
) -> None:
    client.post(f"{attempt}/answers", data={"position": 3, "seq": 41, "answer-3": "true"})
    assert 'data-seq="41"' in client.get(attempt).text


@pytest.mark.parametrize("seq", ["", "-1", "1.5", "một", "9" * 11, "1000000001", "²"])
def test_a_number_that_is_none_is_refused_in_words(
    app: Flask, client: PageClient, attempt: str, seq: str
) -> None:
    data = {"position": 1, "seq": seq, "answer-1": "true"}
    answer = client.post(f"{attempt}/answers", data=data, headers=JSON)
    assert answer.status_code == 422
    assert answer.get_json()["message"] == "Số thứ tự lần lưu không phải là số nguyên."
    assert _kept(app) == (None, 0, False)


@pytest.mark.parametrize("position", ["", "0", "-1", "6", "x", "9" * 10, "9" * 40])
@pytest.mark.parametrize("headers", [JSON, {}])
def test_a_question_that_the_attempt_does_not_have_is_404(
    client: PageClient, attempt: str, position: str, headers: dict[str, str]
) -> None:
    data = {"position": position, "seq": 1, f"answer-{position}": "true"}
    assert client.post(f"{attempt}/answers", data=data, headers=headers).status_code == 404


@pytest.mark.parametrize("attempt_id", [0, 999999, 2**31 - 1, 2**31, 2**70])
def test_an_attempt_that_there_is_not_is_404(
    client: PageClient, course: Course, attempt_id: int
) -> None:
    data = {"position": 1, "seq": 1, "answer-1": "true"}
    address = f"/quizzes/attempts/{attempt_id}"
    assert client.post(f"{address}/answers", data=data, headers=JSON).status_code == 404
    assert client.post(f"{address}/submit").status_code == 404
    for page in ("", "/review", "/result"):
        assert client.get(f"{address}{page}").status_code == 404


def test_without_signing_in_or_without_the_form_s_token_nothing_is_kept(
    app: Flask, client: PageClient, attempt: str
) -> None:
    data = {"position": 1, "seq": 1, "answer-1": "true"}
    forged = client.post(f"{attempt}/answers", data=data, headers=JSON, csrf=False)
    assert 400 <= forged.status_code < 500
    client.delete_cookie("lms")
    assert client.post(f"{attempt}/answers", data=data, headers=JSON).status_code == 401
    assert _kept(app) == (None, 0, False)


def test_after_submission_a_save_is_refused_and_the_result_stays(
    app: Flask, client: PageClient, attempt: str
) -> None:
    client.post(f"{attempt}/submit")
    data = {"position": 1, "seq": 1, "answer-1": "true"}

    by_script = client.post(f"{attempt}/answers", data=data, headers=JSON)
    by_form = client.post(f"{attempt}/answers/1", data={"answer-1": "true"}, follow_redirects=True)

    assert by_script.status_code == 409
    assert by_script.get_json()["message"].startswith("Bài đã nộp.")
    assert by_form.request.path == f"{attempt}/result"
    assert "Bài đã nộp." in by_form.text
    assert _kept(app) == (None, 0, False)


# --- by form, without a script


@pytest.mark.parametrize(
    ("to", "goes_to"),
    [
        (None, "?q=3"),
        ("4", "?q=4"),
        ("1", "?q=1"),
        ("review", "/review"),
        ("0", "?q=3"),
        ("//elsewhere.example", "?q=3"),
    ],
)
def test_each_button_of_the_form_keeps_the_answer_and_goes_where_it_says(
    app: Flask, client: PageClient, attempt: str, to: str | None, goes_to: str
) -> None:
    form = {"answer-2": "false", **({} if to is None else {"to": to})}
    answer = client.post(f"{attempt}/answers/2", data=form)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{attempt}{goes_to}"
    assert _kept(app, 2) == (False, 1, False)


def test_after_the_last_question_the_form_goes_to_the_overview(
    client: PageClient, attempt: str
) -> None:
    answer = client.post(f"{attempt}/answers/5", data={"answer-5": "true"})
    assert answer.headers["Location"] == f"{attempt}/review"


def test_a_form_without_a_count_is_the_newest_there_is(
    app: Flask, client: PageClient, attempt: str
) -> None:
    data = {"position": 1, "seq": 20, "answer-1": "true"}
    client.post(f"{attempt}/answers", data=data, headers=JSON)
    client.post(f"{attempt}/answers/1", data={"answer-1": "false", "flag-1": "1"})
    assert _kept(app) == (False, 21, True)


def test_a_question_put_aside_is_shown_so_until_it_is_taken_up_again(
    client: PageClient, attempt: str
) -> None:
    client.post(f"{attempt}/answers/2", data={"flag-2": "1"})
    assert "Câu 2, để sau" in client.get(f"{attempt}/review").text
    client.post(f"{attempt}/answers/2", data={"answer-2": "true"})
    page = client.get(f"{attempt}/review").text
    assert "Câu 2, đã trả lời" in page
    assert "để sau" not in page


@pytest.mark.parametrize(
    ("kind", "data", "form", "filled"),
    [
        ("single_choice", OPTIONS, {"answer-1": ["3"]}, r'type="radio"[^>]*value="3" checked'),
        ("multiple_choice", OPTIONS, {"answer-1": ["2", "4"]}, r'value="4" checked'),
        ("true_false", {"answer": True}, {"answer-1": ["false"]}, r'value="false" checked'),
        ("short_answer", {"answers": ["x"]}, {"answer-1": [' Bắc "Ninh"']}, r"Bắc &#34;Ninh&#34;"),
        ("matching", PAIRS, {"answer-1": ["", "3", ""]}, r'<option value="3" selected'),
    ],
)
def test_every_type_shows_the_saved_answer_again(
    make: Factory, client: PageClient, course: Course, kind: str, data, form, filled: str
) -> None:
    _ask(make, kind, data)
    attempt = _start(client, course)
    empty = client.get(f"{attempt}?q=1").text
    assert not re.search(filled, empty)

    assert client.post(f"{attempt}/answers/1", data=form).status_code == 303

    page = client.get(f"{attempt}?q=1").text
    assert len(re.findall(filled, page)) == 1
    assert page.count("checked") - empty.count("checked") in (len(form["answer-1"]), 0)


def test_a_text_that_is_too_long_is_refused_and_what_was_kept_stays(
    app: Flask, make: Factory, client: PageClient, course: Course
) -> None:
    _ask(make, "short_answer", {"answers": ["x"]})
    attempt = _start(client, course)
    client.post(f"{attempt}/answers/1", data={"answer-1": "một câu"})
    for headers in (JSON, {}):
        long = client.post(f"{attempt}/answers/1", data={"answer-1": "a" * 201}, headers=headers)
        assert long.status_code == 422
        assert "không có phương án này" in (long.get_json() or {"message": long.text})["message"]
    assert _kept(app)[0] == "một câu"


# --- many at once


@pytest.mark.xdist_group("parallel")
def test_saves_that_race_each_other_end_with_the_newest(live_app: Flask) -> None:
    make = Factory(live_app)
    course = make.course(lessons=0, quiz=True)
    client = live_app.test_client()
    assert isinstance(client, PageClient)
    client.sign_in(make.person(agency=make.agency()))
    client.post(f"/courses/{course.slug}/enrol")
    attempt = _start(client, course)
    token, cookie = client.csrf_token(), client.get_cookie("lms")
    assert cookie is not None

    def save(seq: int) -> int:
        other = live_app.test_client()
        other.set_cookie("lms", cookie.value)
        value = "true" if seq == 16 else "false"
        data = {"position": 1, "seq": seq, "answer-1": value, "csrf_token": token}
        return other.post(f"{attempt}/answers", data=data, headers=JSON).status_code

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(save, [*range(16, 0, -1), 16]))

    assert set(statuses) <= {200, 409}
    assert statuses[0] == statuses[-1] == 200
    assert _kept(live_app) == (True, 16, False)
