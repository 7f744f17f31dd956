"""Which questions an attempt asks: drawn by rule and seed, from what the bank holds today."""

from collections import Counter
from collections.abc import Sequence

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from courses.models import Course
from lms.core.clock import now
from lms.core.db import db
from lms.people.models import Person
from quizzes.drawing import Section, TooFewQuestions, draw
from quizzes.models import Attempt, Question, QuestionRevision, QuizSection, Response
from tests.factories import Factory
from tests.services.page_client import PageClient

seeds = st.integers(0, 2**31 - 1)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), seeds)
def test_sections_are_drawn_in_their_order_each_from_its_own_category(
    draws: list[int], seed: int
) -> None:
    sections = [Section(f"c{n}", wanted) for n, wanted in enumerate(draws)]
    pool = {section.category: [n * 100 + i for i in range(8)] for n, section in enumerate(sections)}

    drawn = draw(sections, pool, seed)

    assert [i // 100 for i in drawn] == [
        n for n, wanted in enumerate(draws) for _i in range(wanted)
    ]


@given(st.integers(0, 10), st.integers(0, 10), seeds)
def test_two_sections_of_one_category_never_ask_the_same(one: int, two: int, seed: int) -> None:
    drawn = draw([Section("a", one), Section("a", two)], {"a": range(20)}, seed)
    assert len(set(drawn)) == one + two


@given(st.integers(1, 12), seeds)
def test_a_section_that_draws_all_there_is_leaves_none_out(size: int, seed: int) -> None:
    assert sorted(draw([Section("a", size)], {"a": range(size)}, seed)) == list(range(size))


@given(st.integers(0, 9), st.integers(1, 9))
def test_too_few_says_how_many_are_wanted_and_how_many_there_are(size: int, more: int) -> None:
    with pytest.raises(TooFewQuestions) as few:
        draw([Section("a", size + more)], {"a": range(size)}, 1)
    refusal = few.value
    assert (refusal.category, refusal.wanted, refusal.available) == ("a", size + more, size)


def test_a_category_that_the_bank_does_not_have_holds_none() -> None:
    with pytest.raises(TooFewQuestions) as few:
        draw([Section("a", 1), Section("lạ", 1)], {"a": [1]}, 1)
    assert (few.value.category, few.value.available) == ("lạ", 0)


def test_every_question_is_drawn_as_often_as_any_other() -> None:
    counts = Counter(
        i for seed in range(1000) for i in draw([Section("a", 3)], {"a": range(6)}, seed)
    )
    assert set(counts) == set(range(6))
    assert all(400 < count < 600 for count in counts.values()), counts


# --- from the bank


@pytest.fixture
def trainer(make: Factory) -> Person:
    person = make.person("Lê Văn Giảng", agency=make.agency(), sex="M")
    make.grant(person, "trainer")
    return person


@pytest.fixture
def course(make: Factory, client: PageClient, trainer: Person) -> Course:
    """Give a course whose quiz draws 3 of 5 questions; a trainee is enrolled and signed in."""
    course = make.course(lessons=0, quiz=True, owner=trainer)
    with make.writing():
        db.session.execute(update(QuizSection).values(draw=3))
    client.sign_in(make.person(agency=make.agency()))
    client.post(f"/courses/{course.slug}/enrol")
    return course


def _start(client: PageClient, course: Course) -> str:
    answer = client.post(f"/quizzes/{course.slug}/kiem-tra/start")
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].partition("?")[0]


def _drawn(app: Flask, address: str) -> list[str]:
    """Return the keys of an attempt's questions in order."""
    query = (
        select(Question.key)
        .join(QuestionRevision, QuestionRevision.question_id == Question.id)
        .join(Response, Response.question_revision_id == QuestionRevision.id)
        .where(Response.attempt_id == int(address.rpartition("/")[2]))
        .order_by(Response.position)
    )
    with app.app_context():
        return list(db.session.scalars(query))


def _retire(make: Factory, keys: Sequence[str]) -> None:
    with make.writing():
        db.session.execute(update(Question).where(Question.key.in_(keys)).values(retired_at=now()))


def test_an_attempt_keeps_what_it_drew_and_can_be_drawn_again_from_its_seed(
    app: Flask, client: PageClient, course: Course
) -> None:
    address = _start(client, course)
    shown = client.get(f"{address}?q=1").text
    assert len(set(_drawn(app, address))) == 3
    assert _start(client, course) == address
    assert (
        client.get(f"{address}?q=1").text.partition("<fieldset")[2]
        == shown.partition("<fieldset")[2]
    )
    with app.app_context():
        seed = db.session.scalar(select(Attempt.seed))
        query = select(QuestionRevision.id).order_by(QuestionRevision.id)
        revisions = list(db.session.scalars(query))
        asked = list(
            db.session.scalars(select(Response.question_revision_id).order_by(Response.position))
        )
    assert asked == draw([Section("chung", 3)], {"chung": revisions}, seed)


def test_a_retired_question_is_drawn_no_more_and_a_restored_one_is(
    app: Flask, client: PageClient, course: Course, trainer: Person
) -> None:
    trainee = client.get_cookie("lms")
    assert trainee is not None
    bank = f"/quizzes/banks/{course.slug}/questions"
    client.sign_in(trainer)
    assert client.post(f"{bank}/q1/retire").status_code == 303
    assert client.post(f"{bank}/q2/retire").status_code == 303
    refused = client.post(f"{bank}/q3/retire")
    assert refused.status_code == 422
    assert "rút 3 câu" in refused.text
    assert "chỉ còn 2 câu" in refused.text

    client.set_cookie("lms", trainee.value)
    address = _start(client, course)
    assert sorted(_drawn(app, address)) == ["q3", "q4", "q5"]
    client.post(f"{address}/submit")

    client.sign_in(trainer)
    assert client.post(f"{bank}/q1/restore").status_code == 303
    assert client.post(f"{bank}/q3/retire").status_code == 303
    client.set_cookie("lms", trainee.value)
    assert sorted(_drawn(app, _start(client, course))) == ["q1", "q4", "q5"]


def test_retired_questions_help_out_where_too_few_are_in_use(
    app: Flask, make: Factory, client: PageClient, course: Course
) -> None:
    """Who is on an older revision of the course can finish it after the bank moved on."""
    _retire(make, ["q1", "q2", "q3"])
    assert len(_drawn(app, _start(client, course))) == 3


def test_a_quiz_that_asks_for_more_than_there_is_says_so_and_begins_nothing(
    app: Flask, make: Factory, client: PageClient, course: Course
) -> None:
    with make.writing():
        db.session.execute(update(QuizSection).values(draw=9))

    answer = client.post(f"/quizzes/{course.slug}/kiem-tra/start")
    assert answer.status_code == 422
    assert "rút 9 câu từ nhóm “chung” mà nhóm chỉ có 5 câu" in answer.text
    with app.app_context():
        assert db.session.scalar(select(Attempt.id)) is None


def _rules(draw_wanted: object, **changed: object) -> dict[str, object]:
    rules = {"pass_mark": 80, "attempts": 5, "time_limit": "", **changed}
    section = {"title": "Chung", "category": "chung", "draw": draw_wanted}
    return rules | {f"sections-0-{name}": value for name, value in section.items()}


def test_new_rules_hold_for_the_next_attempt_and_not_for_the_one_under_way(
    app: Flask, client: PageClient, course: Course, trainer: Person
) -> None:
    trainee = client.get_cookie("lms")
    assert trainee is not None
    first = _start(client, course)
    client.sign_in(trainer)
    rules = f"/quizzes/banks/{course.slug}/rules/1/kiem-tra"
    assert 'value="60"' in client.get(rules).text
    assert client.post(rules, data=_rules(5)).status_code == 303
    assert 'value="80"' in client.get(rules).text

    client.set_cookie("lms", trainee.value)
    assert len(_drawn(app, first)) == 3
    client.post(f"{first}/submit")
    second = _start(client, course)

    assert len(_drawn(app, second)) == 5
    with app.app_context():
        query = select(Attempt.pass_mark, Attempt.max_marks, Attempt.deadline_at.is_(None))
        attempts = [tuple(row) for row in db.session.execute(query.order_by(Attempt.number))]
    assert attempts == [(60, 3, False), (80, 5, True)]


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (_rules(6), "“chung” có 5 câu hỏi, trong khi cần rút 6 câu"),
        (_rules(1, pass_mark=101), "Từ 0 đến 100"),
        (_rules(1, attempts=0), "Từ 1 đến 100"),
        (_rules(1, time_limit=-5), "Từ 1 đến 600"),
        (_rules(1, time_limit="nửa giờ"), "số nguyên"),
        (_rules(0), "Từ 1 đến 1000"),
        (_rules(""), "Phần 1: "),
        ({"pass_mark": 60, "attempts": 3}, "cần ít nhất một phần"),
    ],
)
def test_rules_that_cannot_hold_are_refused_in_words_and_change_nothing(
    app: Flask, client: PageClient, course: Course, trainer: Person, rules, words: str
) -> None:
    client.sign_in(trainer)

    answer = client.post(f"/quizzes/banks/{course.slug}/rules/1/kiem-tra", data=rules)

    assert answer.status_code == 422
    assert words in answer.text
    with app.app_context():
        assert list(db.session.scalars(select(QuizSection.draw))) == [3]


# --- what it costs


def test_twenty_questions_cost_as_many_statements_as_five(
    make: Factory, client: PageClient, course: Course, count_queries: list[str]
) -> None:
    costs = []
    for questions in (5, 20):
        _ask_for(make, questions)
        attempt = _start(client, course)
        assert client.get(attempt).text.count("<fieldset") == questions
        costs.append(_cost_of_taking(client, course, attempt, count_queries))
    assert costs[0] == costs[1]
    assert max(costs[0][name] for name in ("questions", "review")) <= 6
    assert costs[0]["save"] <= 4


def _cost_of_taking(
    client: PageClient, course: Course, attempt: str, count_queries: list[str]
) -> dict[str, int]:
    """Take an attempt to its end; return how many statements each request sent."""
    token, quiz = client.csrf_token(), f"/quizzes/{course.slug}/kiem-tra"
    answer = {"position": 3, "seq": 1, "answer-3": "true"}
    costs = {}
    for name, method, address, form in (
        ("questions", "GET", attempt, {}),
        ("save", "POST", f"{attempt}/answers", answer),
        ("review", "GET", f"{attempt}/review", {}),
        ("submit", "POST", f"{attempt}/submit", {}),
        ("result", "GET", f"{attempt}/result", {}),
        ("quiz", "GET", quiz, {}),
    ):
        data = {"csrf_token": token, **form} if method == "POST" else None
        headers = {"Accept": "application/json" if name == "save" else "text/html"}
        count_queries.clear()
        reply = client.open(address, method=method, data=data, headers=headers)
        costs[name] = len(count_queries)
        assert reply.status_code == (303 if name == "submit" else 200)
    return costs


def _ask_for(make: Factory, questions: int) -> None:
    """Let the quiz ask that many questions; the bank gets as many as it takes."""
    with make.writing():
        section = db.session.scalars(select(QuizSection)).one()
        for number in range(6, questions + 1):
            question = Question(
                bank_id=section.quiz.bank_id, key=f"q{number}", category=section.category
            )
            question.revisions.append(
                QuestionRevision(
                    number=1,
                    is_current=True,
                    type="true_false",
                    stem=f"Câu {number}",
                    data={"answer": True},
                    created_at=now(),
                )
            )
            db.session.add(question)
        section.draw = questions
