"""One module in several courses, and courses begun from others."""

import re

import pytest
from flask import Flask
from hypothesis import given
from sqlalchemy import select, update

from courses import reuse
from courses.formats.packed import (
    FILE_NAME,
    KEY,
    KEY_LENGTH,
    PICTURE_NAME,
    PackedCourse,
    PackedFile,
    PackedLesson,
    PackedModule,
)
from courses.lesson_text import list_files
from courses.models import Course, Enrolment, Lesson, Module, Revision
from lms.core.access import TRAINER
from lms.core.clock import now
from lms.core.db import db
from lms.people.models import Person
from quizzes.models import Question, QuestionBank, QuizSection
from tests.courses.packs import courses
from tests.courses.test_authoring import publish, save
from tests.factories import Factory
from tests.services.page_client import PageClient


@pytest.fixture
def trainer(make: Factory, client: PageClient) -> Person:
    person = make.person("Phạm Thị Lan", agency=make.agency())
    make.grant(person, TRAINER)
    client.sign_in(person)
    return person


@pytest.fixture
def origin(make: Factory, trainer: Person) -> Course:
    return make.course("Kiến thức cơ bản", owner=trainer, lessons=1, quiz=True)


@pytest.fixture
def borrower(make: Factory, trainer: Person) -> Course:
    return make.course("Công tác văn thư", owner=trainer, lessons=1)


def repeat(client: PageClient, borrower: Course, origin: Course) -> int:
    client.post(f"/courses/write/{borrower.slug}/draft")
    page = client.get(f"/courses/write/{borrower.slug}/reuse").text
    assert "Kiến thức cơ bản" in page
    data = {"course": origin.slug, "module": "khai-niem"}
    return client.post(f"/courses/write/{borrower.slug}/reuse", data=data).status_code


def lessons_of(app: Flask, course: Course, state: str) -> list[Lesson]:
    with app.app_context():
        query = (
            select(Lesson)
            .join(Module, Module.id == Lesson.module_id)
            .join(Revision, Revision.id == Lesson.revision_id)
            .where(Revision.course_id == course.id, Revision.state == state)
            .order_by(Module.position, Lesson.position)
        )
        return list(db.session.scalars(query))


def test_a_module_written_once_is_updated_in_the_course_that_repeats_it(
    app: Flask, client: PageClient, make: Factory, origin: Course, borrower: Course
) -> None:
    learner = make.person("Ngô Thị Học", agency=make.agency())
    enrolment = make.enrolment(learner, borrower)
    assert repeat(client, borrower, origin) == 303
    assert repeat(client, borrower, origin) == 422
    publish(client, f"/courses/write/{borrower.slug}")
    assert len(lessons_of(app, borrower, "published")) == 3

    client.post(f"/courses/write/{origin.slug}/draft")
    assert save(client, f"/courses/write/{origin.slug}/lessons/bai-1", "Lời mới") == 303
    page = client.get(f"/courses/write/{origin.slug}/publish").text
    assert "Công tác văn thư" in page.partition('data-test="followers"')[2]
    publish(client, f"/courses/write/{origin.slug}")

    sources = [lesson.source for lesson in lessons_of(app, borrower, "published")]
    assert "Lời mới" in sources
    with app.app_context():
        # Those under way stay on what they began with.
        kept = db.session.get_one(Enrolment, enrolment.id)
        assert kept.revision_id == enrolment.revision_id


def test_a_draft_of_the_borrower_stays_the_newest_and_is_updated_as_well(
    app: Flask, client: PageClient, origin: Course, borrower: Course
) -> None:
    repeat(client, borrower, origin)
    publish(client, f"/courses/write/{borrower.slug}")
    client.post(f"/courses/write/{borrower.slug}/draft")
    client.post(f"/courses/write/{origin.slug}/draft")
    save(client, f"/courses/write/{origin.slug}/lessons/bai-1", "Lời mới")
    publish(client, f"/courses/write/{origin.slug}")
    for state in ("draft", "published"):
        assert "Lời mới" in [lesson.source for lesson in lessons_of(app, borrower, state)]
    with app.app_context():
        query = select(Revision.state).where(Revision.course_id == borrower.id)
        states = list(db.session.scalars(query.order_by(Revision.number)))
    assert states == ["retired", "retired", "published", "draft"]
    publish(client, f"/courses/write/{borrower.slug}")


def test_a_repeated_module_is_edited_at_its_origin_until_it_is_cut_off(
    app: Flask, client: PageClient, origin: Course, borrower: Course
) -> None:
    repeat(client, borrower, origin)
    page = client.get(f"/courses/write/{borrower.slug}").text
    cut = re.search(r'action="([^"]+/modules/(\d+)/cut)"', page)
    assert cut is not None
    repeated = lessons_of(app, borrower, "draft")[1]
    lesson = f"/courses/write/{borrower.slug}/lessons/{repeated.key}"
    assert f'href="{lesson}/preview"' in page
    assert f'href="{lesson}"' not in page
    assert save(client, lesson, "Lời khác") == 409
    rename = f"/courses/write/{borrower.slug}/modules/{cut.group(2)}"
    assert client.post(rename, data={"title": "Tên khác"}).status_code == 409
    assert client.post(cut.group(1)).status_code == 303
    assert save(client, lesson, "Lời khác") == 303


def test_only_published_modules_are_offered_and_none_twice_removed(
    client: PageClient, make: Factory, trainer: Person, origin: Course, borrower: Course
) -> None:
    hidden = make.course("Chưa công bố", owner=trainer, published=False)
    repeat(client, borrower, origin)
    publish(client, f"/courses/write/{borrower.slug}")
    third = make.course("Khóa thứ ba", owner=trainer, published=False)
    page = client.get(f"/courses/write/{third.slug}/reuse").text
    assert "Chưa công bố" not in page
    assert page.count('data-test="offered-module"') == 2
    address = f"/courses/write/{third.slug}/reuse"
    data = {"course": hidden.slug, "module": "khai-niem"}
    assert client.post(address, data=data).status_code == 404
    data = {"course": origin.slug, "module": "khong-co"}
    assert client.post(address, data=data).status_code == 422


def test_a_duplicate_has_everything_and_an_address_of_its_own(
    app: Flask, client: PageClient, origin: Course
) -> None:
    answer = client.post(f"/courses/write/{origin.slug}/duplicate")
    assert answer.status_code == 303
    assert answer.headers["Location"] != f"/courses/write/{origin.slug}"
    with app.app_context():
        query = select(Course).where(Course.slug == answer.headers["Location"].rpartition("/")[2])
        copy = db.session.scalars(query).one()
    before, after = lessons_of(app, origin, "published"), lessons_of(app, copy, "draft")
    assert [(x.key, x.title, x.source) for x in before] == [
        (x.key, x.title, x.source) for x in after
    ]
    publish(client, answer.headers["Location"])


def test_questions_of_the_borrower_stay_and_those_gone_at_the_origin_go(
    app: Flask, client: PageClient, make: Factory, trainer: Person, origin: Course
) -> None:
    borrower = make.course("Công tác văn thư", owner=trainer, lessons=1, quiz=True)
    own, lent = _questions_of(app, borrower), _questions_of(app, origin)
    repeat(client, borrower, origin)
    assert len(_questions_of(app, borrower)) == len(own) + len(lent)
    publish(client, f"/courses/write/{borrower.slug}")
    client.post(f"/courses/write/{origin.slug}/draft")
    with app.app_context():
        bank = select(QuestionBank.id).where(QuestionBank.course_id == origin.id)
        gone = db.session.scalars(select(Question).where(Question.bank_id.in_(bank))).first()
        assert gone is not None
        gone.retired_at = now()
        db.session.execute(update(QuizSection).values(draw=1))
        db.session.commit()
    publish(client, f"/courses/write/{origin.slug}")
    left = _questions_of(app, borrower)
    assert own <= left
    assert len(left) == len(own) + len(lent) - 1


def _questions_of(app: Flask, course: Course) -> set[str]:
    with app.app_context():
        bank = select(QuestionBank.id).where(QuestionBank.course_id == course.id)
        query = select(Question.key).where(
            Question.bank_id.in_(bank), Question.retired_at.is_(None)
        )
        return set(db.session.scalars(query))


def test_a_lent_module_takes_its_files_along_and_leaves_waiting_for_others_behind() -> None:
    long = "x" * 90
    lessons = (
        PackedLesson(
            "xem",
            "Xem",
            "video",
            "![Minh họa](media/b.mp4)",
            settings={"file": f"media/{long}.mp4"},
            release={"after": "ngoai", "from": "2026-12-01"},
        ),
        PackedLesson("doc", "Đọc", source="Tệp media/b.mp4x", release={"after": "xem"}),
    )
    names = [f"media/{long}.mp4", f"media/{long}.vi.vtt", "media/b.mp4", "media/khac.mp4"]
    file = PackedFile.of_bytes("video/mp4", b"x")
    course = PackedCourse(
        slug="goc",
        title="Gốc",
        periods=1,
        modules=(PackedModule("Phần", lessons),),
        files=dict.fromkeys(names, file),
    )
    lent = reuse.lend(course, 1)
    first, second = lent.modules[0].lessons
    assert first.settings["file"] in lent.files
    assert first.settings["file"].removesuffix("mp4") + "vi.vtt" in lent.files
    assert len(lent.files) == 3
    assert all(FILE_NAME.fullmatch(name) for name in lent.files)
    assert list_files(first.source)[0] in lent.files
    assert first.release == {"from": "2026-12-01"}
    assert second.release == {"after": first.key}
    assert second.source == "Tệp media/b.mp4x"


@given(courses())
def test_what_is_lent_has_names_of_its_own_and_loses_nothing(course: PackedCourse) -> None:
    for number, module in enumerate(course.modules, 1):
        lent = reuse.lend(course, number)
        lessons = lent.modules[0].lessons
        assert [x.title for x in lessons] == [x.title for x in module.lessons]
        assert len({x.key for x in lessons}) == len(lessons)
        for lesson, original in zip(lessons, module.lessons, strict=True):
            assert KEY.fullmatch(lesson.key)
            assert len(lesson.key) <= KEY_LENGTH
            assert lesson.key != original.key
            assert (lesson.quiz is None) == (original.quiz is None)
        assert all(PICTURE_NAME.fullmatch(name) for name in lent.pictures)
        assert all(FILE_NAME.fullmatch(name) for name in lent.files)
        assert reuse.lend(course, number) == lent
