"""Quizzes in and out of course packs, and along the revisions of their course."""

import copy
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from courses.events import PackExporting, PackImported
from courses.models import Course, Lesson
from courses.services.authoring.drafts import discard_draft, start_draft
from lms.core.db import db
from lms.core.errors import Refused
from quizzes import services
from quizzes.models import Question, QuestionRevision, Quiz, QuizSection
from tests.factories import Factory
from tests.services.page_client import PageClient

PACK: dict[str, Any] = {
    "pass_mark": 70,
    "attempts": 2,
    "time_limit": 15,
    "sections": [
        {"title": "Khái niệm", "category": "khai-niem", "draw": 2},
        {"title": "Luật", "category": "luat", "draw": 1},
    ],
    "questions": [
        {
            "key": "q01",
            "category": "khai-niem",
            "type": "single_choice",
            "stem": "Định kiến giới là gì?",
            "options": [{"text": "Đánh giá thiên lệch", "correct": True}, {"text": "Sinh học"}],
            "feedback": "Điều 5 Luật Bình đẳng giới.",
        },
        {
            "key": "q02",
            "category": "khai-niem",
            "type": "multiple_choice",
            "stem": "Chọn tất cả phương án đúng.",
            "options": [
                {"text": "Một", "correct": True},
                {"text": "Hai", "correct": True},
                {"text": "Ba"},
            ],
        },
        {
            "key": "q03",
            "category": "luat",
            "type": "true_false",
            "stem": "Luật Bình đẳng giới ban hành năm 2006.",
            "answer": False,
        },
        {
            "key": "q04",
            "category": "luat",
            "type": "short_answer",
            "stem": "Tỉnh nào?",
            "answers": ["Bắc Ninh"],
        },
        {
            "key": "q05",
            "category": "du-tru",
            "type": "matching",
            "stem": "Ghép từng cặp.",
            "pairs": [{"left": "a", "right": "1"}, {"left": "b", "right": "2"}],
            "extra": ["3"],
        },
    ],
}


@pytest.fixture
def course(make: Factory) -> Course:
    return make.course(lessons=0, quiz=True)


def lesson_id(make: Factory, course: Course) -> int:
    return make.lessons(course)[-1].id


def load(make: Factory, course: Course, *packs: dict[str, Any], ids: tuple[int, ...] = ()) -> None:
    ids = ids or (lesson_id(make, course),)
    with make.writing():
        event = PackImported(course.id, dict(zip(ids, packs, strict=True)))
        services.load_packed_quizzes(event)


def pack(app: Flask, *lesson_ids: int) -> dict[int, dict[str, Any]]:
    event = PackExporting(lesson_ids)
    with app.app_context():
        services.pack_quizzes(event)
    return event.quizzes


def revisions(app: Flask, key: str) -> list[tuple[int, bool]]:
    with app.app_context():
        query = (
            select(QuestionRevision.number, QuestionRevision.is_current)
            .join(Question, Question.id == QuestionRevision.question_id)
            .where(Question.key == key)
            .order_by(QuestionRevision.number)
        )
        return [(row[0], row[1]) for row in db.session.execute(query)]


def in_use(app: Flask) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(select(Question.key).where(Question.retired_at.is_(None))))


def changed(**values: object) -> dict[str, Any]:
    """Return the pack with other values in its first question."""
    other = copy.deepcopy(PACK)
    other["questions"][0].update(values)
    return other


def test_what_goes_in_comes_out_unchanged(app: Flask, make: Factory, course: Course) -> None:
    load(make, course, PACK)
    lesson = lesson_id(make, course)
    assert pack(app, lesson) == {lesson: PACK}


def test_the_same_pack_again_makes_no_revision(app: Flask, make: Factory, course: Course) -> None:
    load(make, course, PACK)
    load(make, course, PACK)
    for question in PACK["questions"]:
        assert revisions(app, question["key"]) == [(1, True)]


def test_changed_content_makes_one_revision_and_a_changed_category_none(
    app: Flask, make: Factory, course: Course
) -> None:
    load(make, course, PACK)
    load(make, course, changed(stem="Định kiến giới nghĩa là gì?"))
    assert revisions(app, "q01") == [(1, False), (2, True)]
    assert revisions(app, "q02") == [(1, True)]
    moved = copy.deepcopy(PACK)
    moved["questions"][4]["category"] = "luat"
    load(make, course, moved)
    assert revisions(app, "q05") == [(1, True)]


def test_a_question_gone_from_the_pack_is_retired_and_one_that_returns_is_not(
    app: Flask, make: Factory, course: Course
) -> None:
    load(make, course, PACK)
    assert in_use(app) == {"q01", "q02", "q03", "q04", "q05"}, "those of before are retired"
    without = copy.deepcopy(PACK)
    del without["questions"][3]
    load(make, course, without)
    assert in_use(app) == {"q01", "q02", "q03", "q05"}
    load(make, course, PACK)
    assert in_use(app) == {"q01", "q02", "q03", "q04", "q05"}
    assert revisions(app, "q04") == [(1, True)]


def test_two_quizzes_of_a_course_share_its_bank(app: Flask, make: Factory, course: Course) -> None:
    first = lesson_id(make, course)
    with make.writing():
        lesson = db.session.get_one(Lesson, first)
        other = Lesson(
            revision_id=lesson.revision_id,
            module_id=lesson.module_id,
            key="kiem-tra-2",
            position=2,
            kind="quiz",
            title="Kiểm tra nhanh",
        )
        db.session.add(other)
        db.session.flush()
        second = other.id
    quick = {
        **PACK,
        "sections": PACK["sections"][1:],
        "questions": PACK["questions"][2:4],
    }
    load(make, course, PACK, quick, ids=(first, second))
    assert pack(app, first, second) == {first: PACK, second: quick}
    quick = copy.deepcopy(quick)
    quick["questions"][0]["answer"] = True
    with pytest.raises(Refused, match="q03"):
        load(make, course, PACK, quick, ids=(first, second))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"type": "essay"}, "q01, tại “type”: "),
        ({"options": [{"text": "Một"}, {"text": "Hai"}]}, "q01, tại “options”: "),
        ({"options": [{"text": "Một", "correct": True}, {"text": 1.5, "x": 2}]}, "options[2].x"),
        ({"stem": " "}, "q01, tại “stem”: "),
        ({"hint": "gợi ý"}, "q01, tại “hint”: "),
        ({"key": "q 1"}, "q 1, tại “key”: "),
    ],
)
def test_a_bad_question_is_refused_by_its_key_with_the_place_and_the_reason(
    app: Flask, make: Factory, course: Course, change: dict[str, object], words: str
) -> None:
    before = in_use(app)
    with pytest.raises(Refused) as refusal:
        load(make, course, changed(**change))
    assert words in refusal.value.message
    assert in_use(app) == before, "a refused pack changes nothing"


def test_many_faults_are_told_together_but_not_all_of_a_thousand(
    make: Factory, course: Course
) -> None:
    bad = copy.deepcopy(PACK)
    bad["pass_mark"] = 101
    for question in bad["questions"]:
        question["stem"] = ""
    with pytest.raises(Refused) as refusal:
        load(make, course, bad)
    assert "q01" in refusal.value.message
    assert "q05" in refusal.value.message
    assert refusal.value.message.endswith("Và 1 lỗi khác.")


def test_a_section_that_draws_more_than_there_is_is_refused(make: Factory, course: Course) -> None:
    bad = copy.deepcopy(PACK)
    bad["sections"][1]["draw"] = 3
    with pytest.raises(Refused, match="luat"):
        load(make, course, bad)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "left", "right", "correct"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    question=st.dictionaries(
        st.sampled_from(
            ["key", "type", "stem", "options", "answer", "answers", "pairs", "extra", "feedback"]
        ),
        json_values,
    ),
    kind=st.sampled_from([q["type"] for q in PACK["questions"]]),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_a_pack_is_loaded_or_refused_in_words(
    make: Factory, course: Course, question: dict[str, Any], kind: str
) -> None:
    pack_ = copy.deepcopy(PACK)
    pack_["questions"].append({"type": kind, **question})
    with suppress(Refused):
        load(make, course, pack_)


def test_a_draft_gets_the_rules_and_a_discarded_one_leaves_nothing_behind(
    app: Flask, make: Factory, course: Course
) -> None:
    load(make, course, PACK)
    published = lesson_id(make, course)
    with make.writing():
        draft = start_draft(db.session.get_one(Course, course.id))
        db.session.flush()
        copied = db.session.scalars(select(Lesson.id).where(Lesson.revision_id == draft.id)).one()
    assert pack(app, copied) == {copied: PACK}
    assert pack(app, published) == {published: PACK}
    with make.writing():
        discard_draft(start_draft(db.session.get_one(Course, course.id)))
    with app.app_context():
        assert db.session.scalars(select(Quiz.lesson_id)).all() == [published]
        assert len(db.session.scalars(select(QuizSection.id)).all()) == 2


def test_learners_of_an_older_revision_can_still_take_their_quiz_after_the_bank_moved_on(
    make: Factory, client: PageClient, course: Course
) -> None:
    """The factory's quiz draws five of "chung", a category that the new pack has not."""
    client.sign_in(make.person(agency=make.agency()))
    client.post(f"/courses/{course.slug}/enrol")
    with make.writing():
        draft = start_draft(db.session.get_one(Course, course.id))
        ids = tuple(db.session.scalars(select(Lesson.id).where(Lesson.revision_id == draft.id)))
    load(make, course, PACK, ids=ids)
    answer = client.post(f"/quizzes/{course.slug}/kiem-tra/start", follow_redirects=True)
    assert answer.status_code == 200
    assert "Câu 1 trên 5" in answer.text
