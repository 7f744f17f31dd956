"""What is right stays on the server until submission, and an attempt is its learner's alone.

Canary words are hidden in everything that only the key holds; every answer of the server
before submission is searched for them.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from sqlalchemy import select

from courses.models import Course
from lms.core.db import db
from lms.people.models import Person
from quizzes.models import QuestionRevision
from tests.courses.packs import zipped
from tests.factories import Factory
from tests.services.page_client import PageClient

JSON = {"Accept": "application/json"}
CANARY = "CHIM-HOÀNG-YẾN"
QUIZ = "/quizzes/khoa-thu/kiem-tra"

QUESTIONS: list[dict[str, Any]] = [
    {
        "type": "single_choice",
        "options": [{"text": "phương án một", "correct": True}, {"text": "phương án hai"}],
    },
    {
        "type": "multiple_choice",
        "options": [{"text": t, "correct": t in "xy"} for t in "xyz"],
    },
    {"type": "true_false", "answer": True},
    {"type": "short_answer", "answers": [f"{CANARY} viết", f"{CANARY} khác"]},
    {
        "type": "matching",
        "pairs": [{"left": f"trái {n}", "right": f"phải {n}"} for n in (1, 2, 3)],
        "extra": ["phải 4"],
    },
]
PACK = {
    "format": 1,
    "pass_mark": 60,
    "attempts": 3,
    "sections": [{"title": "Chung", "category": "chung", "draw": len(QUESTIONS)}],
    "questions": [
        {
            "key": f"q{number}",
            "category": "chung",
            "stem": f"Câu hỏi {number}",
            "feedback": f"{CANARY} vì sao {number}",
            **question,
        }
        for number, question in enumerate(QUESTIONS, 1)
    ],
}
#: Answers to refuse, by what is wrong with them.
REFUSED = ({"seq": "x"}, {"position": 99}, {"answer-1": "9"}, {"answer-1": ["1", "2", "3", "4"]})


@pytest.fixture
def trainer(make: Factory) -> Person:
    person = make.person("Lê Văn Giảng", agency=make.agency(), sex="M")
    make.grant(person, "trainer")
    return person


@pytest.fixture
def attempt(app: Flask, make: Factory, client: PageClient, trainer: Person, tmp_path: Path) -> str:
    """Give the open attempt of a signed-in trainee at a quiz with canaries."""
    pack = tmp_path / "goi.zip"
    pack.write_bytes(zipped({"quiz.yml": yaml.safe_dump(PACK, allow_unicode=True)}))
    words = ["courses", "import", str(pack), "--publish", "--owner", trainer.staff_code]
    done = app.test_cli_runner().invoke(args=words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    client.sign_in(make.person(agency=make.agency()))
    client.post("/courses/khoa-thu/enrol")
    return client.post(f"{QUIZ}/start").headers["Location"].partition("?")[0]


def _crawl(client: PageClient, attempt: str) -> list[str]:
    """Return all that the server says to somebody who takes a quiz, before submission."""
    addresses = ["/", "/courses/", "/courses/khoa-thu", "/courses/khoa-thu/lessons/mo-dau", QUIZ]
    addresses += [attempt, f"{attempt}/review"]
    addresses += [f"{attempt}?q={position}" for position in range(7)]
    seen = [client.get(address).text for address in addresses]
    seen.append(client.get(f"{attempt}/result", follow_redirects=True).text)
    for position in range(1, len(QUESTIONS) + 1):
        for headers in (JSON, {}):
            form = {"position": position, f"answer-{position}": ["1"], f"flag-{position}": "1"}
            reply = client.post(f"{attempt}/answers", data=form, headers=headers)
            seen += [reply.text, str(reply.headers)]
    for wrong in REFUSED:
        form = {"position": 1, "answer-1": "1", "seq": 9, **wrong}
        for headers in (JSON, {}):
            seen.append(client.post(f"{attempt}/answers", data=form, headers=headers).text)
    return seen + [client.get(address).text for address in addresses]


def test_nothing_that_only_the_key_knows_is_said_before_submission(
    client: PageClient, attempt: str
) -> None:
    told = _crawl(client, attempt)
    assert len(told) > 40
    for text in told:
        assert CANARY not in text
        assert "correct" not in text
        assert "feedback" not in text

    result = client.post(f"{attempt}/submit", follow_redirects=True).text
    assert result.count(f"{CANARY} vì sao") == len(QUESTIONS)
    assert f"{CANARY} viết" in result


def test_the_page_is_the_same_letter_for_letter_whatever_is_right(
    make: Factory, client: PageClient, attempt: str
) -> None:
    pages = [f"{attempt}?q={position}" for position in range(1, 6)] + [f"{attempt}/review", QUIZ]
    before = [_without_token(client.get(page).text) for page in pages]

    with make.writing():
        for revision in db.session.scalars(select(QuestionRevision)):
            revision.data = _other_key(revision.data)
            revision.feedback = "Lý do khác."

    assert [_without_token(client.get(page).text) for page in pages] == before


def _other_key(data: dict[str, Any]) -> dict[str, Any]:
    """Return the same question with something else as its right answer."""
    if "options" in data:
        flipped = [o["text"] for o in data["options"] if not o.get("correct")]
        return {
            "options": [
                {"text": o["text"], "correct": o["text"] in flipped} for o in data["options"]
            ]
        }
    if "answer" in data:
        return {"answer": not data["answer"]}
    return {"answers": ["khác"]} if "answers" in data else data


def _without_token(page: str) -> str:
    """Leave out what differs each time, and the seconds left."""
    return re.sub(r'name="csrf_token"[^>]*|\d+:\d\d|seconds="\d+"', "", page)


@pytest.mark.parametrize("position", range(1, 6))
def test_a_save_says_the_same_of_a_right_answer_as_of_a_wrong_one(
    client: PageClient, attempt: str, position: int
) -> None:
    page = client.get(f"{attempt}?q={position}").text
    fieldset = page.partition(f'id="q{position}"')[2].partition("</fieldset>")[0]
    offered = re.findall(rf'(?:name="answer-{position}"|<option) value="(\w+)"', fieldset)
    replies = []
    for seq, value in enumerate(offered or [f"{CANARY} viết", "sai"], 1):
        form = {"position": position, "seq": seq, f"answer-{position}": value}
        reply = client.post(f"{attempt}/answers", data=form, headers=JSON)
        assert reply.status_code == 200
        replies.append(reply.get_json().keys())
    assert len(replies) >= 2
    assert all(reply == replies[0] for reply in replies)
    assert set(replies[0]) == {"saved_at", "seq", "remaining_seconds"}


@pytest.mark.parametrize("who", ["another trainee", "the trainer", "hr", "admin"])
def test_an_attempt_is_404_for_everyone_but_its_learner(
    make: Factory, client: PageClient, attempt: str, trainer: Person, who: str
) -> None:
    agency = make.agency()
    other = {"the trainer": trainer, "hr": make.hr(agency)}.get(who) or make.person(
        "Trần Thị Khác", agency=agency
    )
    if who == "admin":
        make.grant(other, "admin")
    client.sign_in(other)
    client.post("/courses/khoa-thu/enrol")

    for page in ("", "?q=1", "/review", "/result"):
        assert client.get(f"{attempt}{page}").status_code == 404
    form = {"position": 1, "seq": 9, "answer-1": "1"}
    for address in (f"{attempt}/answers", f"{attempt}/answers/1"):
        for headers in (JSON, {}):
            assert client.post(address, data=form, headers=headers).status_code == 404
    assert client.post(f"{attempt}/submit").status_code == 404

    own = client.post(f"{QUIZ}/start").headers["Location"].partition("?")[0]
    assert own != attempt
    assert client.get(own).status_code == 200


def test_a_stranger_is_asked_to_sign_in(client: PageClient, attempt: str) -> None:
    client.delete_cookie("lms")
    for address in (QUIZ, attempt, f"{attempt}/review", f"{attempt}/result"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (
            302,
            "/sign-in",
        )
    for address in (f"{QUIZ}/start", f"{attempt}/answers/1", f"{attempt}/submit"):
        assert client.post(address).status_code == 401


def test_a_quiz_is_404_without_enrolment_and_a_reading_is_not_a_quiz(
    make: Factory, client: PageClient, attempt: str
) -> None:
    reading = "/quizzes/khoa-thu/mo-dau"
    assert client.get(reading).headers["Location"] == "/courses/khoa-thu/lessons/mo-dau"
    assert client.post(f"{reading}/start").status_code == 422
    client.sign_in(make.person("Trần Thị Khác", agency=make.agency()))
    for address in (QUIZ, reading, "/quizzes/khong-co/kiem-tra"):
        assert client.get(address).status_code == 404
        assert client.post(f"{address}/start").status_code == 404


@pytest.mark.parametrize("role", ["trainee", "hr", "trainer"])
def test_the_bank_with_its_key_opens_to_the_course_s_trainer_alone(
    make: Factory, client: PageClient, attempt: str, trainer: Person, role: str
) -> None:
    agency = make.agency()
    other = make.hr(agency) if role == "hr" else make.person("Trần Thị Khác", agency=agency)
    if role == "trainer":
        make.grant(other, "trainer")
    refused = 404 if role == "trainer" else 403
    bank = "/quizzes/banks/khoa-thu"
    pages = ["", "/questions/new", "/questions/q4", "/rules/1/kiem-tra"]
    posts = [*pages[1:], "/questions/q4/retire", "/questions/q4/restore"]

    client.sign_in(other)
    assert {client.get(f"{bank}{page}").status_code for page in pages} == {refused}
    assert {client.post(f"{bank}{page}").status_code for page in posts} == {refused}

    client.sign_in(trainer)
    assert {client.get(f"{bank}{page}").status_code for page in pages} == {200}
    assert CANARY in client.get(f"{bank}/questions/q4").text


def test_a_trainer_reaches_no_question_through_another_course(
    make: Factory, client: PageClient, attempt: str
) -> None:
    other = make.person("Trần Thị Khác", agency=make.agency())
    make.grant(other, "trainer")
    own: Course = make.course(lessons=0, quiz=True, owner=other)
    client.sign_in(other)
    assert client.get(f"/quizzes/banks/{own.slug}/questions/q1").status_code == 200
    shown = client.get(f"/quizzes/banks/{own.slug}/questions/q4").text
    assert CANARY not in shown
    assert CANARY not in client.get(f"/quizzes/banks/{own.slug}?q=chim").text
