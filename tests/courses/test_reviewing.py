"""Four eyes: a draft put before a second person, and packages that need one."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from courses import readiness
from courses.formats.packed import PackedCourse, PackedFile, PackedLesson, PackedModule
from courses.models import Course, Media, Review, Revision
from lms.core import storage
from lms.core.access import ADMIN, HR, TRAINER
from lms.core.db import db
from lms.core.mail import OutboxMessage
from lms.people.models import Person
from tests.factories import Factory
from tests.services.page_client import PageClient


@pytest.fixture
def writer(make: Factory) -> Person:
    person = make.person("Phạm Thị Lan", agency=make.agency(), email="lan@bacninh.example")
    make.grant(person, TRAINER)
    return person


@pytest.fixture
def reviewer(make: Factory) -> Person:
    person = make.person("Nguyễn Văn Bình", agency=make.agency())
    make.grant(person, TRAINER)
    return person


@pytest.fixture
def draft(make: Factory, writer: Person) -> Course:
    return make.course(owner=writer, published=False, lessons=2)


def seen_in(page: str) -> str:
    found = re.search(r'name="seen"[^>]*value="([^"]+)"', page)
    assert found is not None, page
    return found.group(1)


def ask(client: PageClient, course: Course, note: str = "Xem giúp phần 2.") -> int:
    page = client.get(f"/courses/write/{course.slug}/publish").text
    data = {"seen": seen_in(page), "note": note}
    return client.post(f"/courses/write/{course.slug}/ask-review", data=data).status_code


def state_of(app: Flask, course: Course) -> str:
    with app.app_context():
        query = select(Revision.state).where(Revision.course_id == course.id)
        return str(db.session.scalar(query.order_by(Revision.number.desc())))


def test_a_second_person_reads_a_draft_and_publishes_it(
    app: Flask, client: PageClient, writer: Person, reviewer: Person, draft: Course
) -> None:
    client.sign_in(writer)
    assert ask(client, draft) == 303
    assert state_of(app, draft) == "in_review"
    client.sign_in(reviewer)
    assert "Xem giúp phần 2." in client.get("/courses/reviews").text
    page = client.get(f"/courses/reviews/{draft.slug}").text
    lesson = re.search(r'href="(/courses/write/[^"]+/preview)"', page)
    assert lesson is not None
    assert client.get(lesson.group(1)).status_code == 200
    data = {"seen": seen_in(page), "comment": "Tốt."}
    assert client.post(f"/courses/reviews/{draft.slug}/approve", data=data).status_code == 303
    assert state_of(app, draft) == "published"
    with app.app_context():
        mail = db.session.scalar(select(OutboxMessage))
        assert mail is not None
        assert mail.recipient == "lan@bacninh.example"
        assert "Tốt." in mail.body


def test_a_draft_handed_back_can_be_written_again(
    app: Flask, client: PageClient, writer: Person, reviewer: Person, draft: Course
) -> None:
    client.sign_in(writer)
    ask(client, draft)
    client.sign_in(reviewer)
    address = f"/courses/reviews/{draft.slug}/hand-back"
    assert client.post(address, data={"comment": " "}).status_code == 422
    assert state_of(app, draft) == "in_review"
    assert client.post(address, data={"comment": "Thiếu nguồn luật."}).status_code == 303
    assert state_of(app, draft) == "draft"
    client.sign_in(writer)
    assert "Thiếu nguồn luật." in client.get(f"/courses/write/{draft.slug}/publish").text


def test_a_draft_in_review_is_not_edited_until_it_is_taken_back(
    app: Flask, client: PageClient, writer: Person, draft: Course
) -> None:
    client.sign_in(writer)
    ask(client, draft)
    address = f"/courses/write/{draft.slug}"
    assert client.get(f"{address}/facts").status_code == 404
    assert client.post(f"{address}/draft").status_code == 409
    assert client.post(f"{address}/lessons/bai-1", data={"title": "x"}).status_code == 409
    assert client.post(f"{address}/take-back").status_code == 303
    assert state_of(app, draft) == "draft"
    assert client.get(f"{address}/facts").status_code == 200


def test_nobody_approves_what_they_asked_for(
    app: Flask, client: PageClient, make: Factory, draft: Course
) -> None:
    admin = make.person("Trần Quản Trị", agency=make.agency())
    make.grant(admin, ADMIN)
    client.sign_in(admin)
    assert ask(client, draft) == 303
    assert client.get(f"/courses/reviews/{draft.slug}").status_code == 404
    assert client.post(f"/courses/reviews/{draft.slug}/approve", data={}).status_code == 404
    assert state_of(app, draft) == "in_review"
    with app.app_context():
        assert db.session.scalar(select(Review.approved)) is None


def test_a_review_of_what_changed_since_is_refused(
    app: Flask, client: PageClient, writer: Person, reviewer: Person, draft: Course
) -> None:
    client.sign_in(writer)
    ask(client, draft)
    client.sign_in(reviewer)
    data = {"seen": "2026-01-01T00:00:00+00:00"}
    assert client.post(f"/courses/reviews/{draft.slug}/approve", data=data).status_code == 409
    assert state_of(app, draft) == "in_review"


def test_only_trainers_and_administrators_see_drafts_in_review(
    client: PageClient, make: Factory, writer: Person, draft: Course
) -> None:
    client.sign_in(writer)
    ask(client, draft)
    hr = make.person("Vũ Thị Nhân", agency=make.agency())
    make.grant(hr, HR, make.agency())
    client.sign_in(hr)
    assert client.get("/courses/reviews").status_code == 403
    assert client.get(f"/courses/reviews/{draft.slug}").status_code == 403


def test_a_trainer_reads_nothing_of_a_draft_that_is_not_in_review(
    client: PageClient, reviewer: Person, draft: Course
) -> None:
    client.sign_in(reviewer)
    assert client.get(f"/courses/reviews/{draft.slug}").status_code == 404
    assert client.get(f"/courses/write/{draft.slug}/lessons/bai-1/preview").status_code == 404


def test_a_draft_with_a_package_needs_a_second_person(
    app: Flask, client: PageClient, writer: Person, reviewer: Person, draft: Course
) -> None:
    _bring_package(app, draft)
    client.sign_in(writer)
    page = client.get(f"/courses/write/{draft.slug}/publish").text
    assert 'data-test="confirm-publish"' not in page
    data = {"seen": seen_in(page)}
    assert client.post(f"/courses/write/{draft.slug}/publish", data=data).status_code == 403
    assert state_of(app, draft) == "draft"
    assert ask(client, draft) == 303
    client.sign_in(reviewer)
    page = client.get(f"/courses/reviews/{draft.slug}").text
    data = {"seen": seen_in(page)}
    assert client.post(f"/courses/reviews/{draft.slug}/approve", data=data).status_code == 303
    assert state_of(app, draft) == "published"


def test_a_package_that_was_published_once_needs_no_second_look() -> None:
    before = _with_package(b"one")
    assert readiness.find_new_packages(None, before) == ["Gói"]
    assert readiness.find_new_packages(before, before) == []
    assert readiness.find_new_packages(before, _with_package(b"two")) == ["Gói"]


def _with_package(data: bytes) -> PackedCourse:
    lesson = PackedLesson("goi", "Gói", "package", settings={"file": "packages/goi.zip"})
    file = PackedFile.of_bytes("application/zip", data)
    return PackedCourse(
        slug="x",
        title="X",
        periods=1,
        modules=(PackedModule("Phần", (lesson,)),),
        files={"packages/goi.zip": file},
    )


def _bring_package(app: Flask, course: Course) -> None:
    with app.app_context():
        revision = db.session.scalars(select(Revision).where(Revision.course_id == course.id)).one()
        lesson = revision.modules[0].lessons[0]
        lesson.kind = "package"
        lesson.settings = {
            "file": "packages/goi.zip",
            "standard": "scorm12",
            "launch": "index.html",
        }
        digest = storage.put("media/ab/ab", b"zip")
        media = Media(
            revision_id=revision.id,
            name="packages/goi.zip",
            sha256=digest,
            content_type="application/zip",
            size=3,
        )
        db.session.add(media)
        db.session.commit()


def test_a_course_taken_out_of_the_catalogue_is_finished_by_those_under_way(
    app: Flask, client: PageClient, make: Factory, writer: Person
) -> None:
    course = make.course(owner=writer, lessons=1)
    learner = make.person("Ngô Thị Học", agency=make.agency())
    make.enrolment(learner, course)
    client.sign_in(writer)
    assert client.post(f"/courses/write/{course.slug}/retire").status_code == 303
    assert client.post(f"/courses/write/{course.slug}/retire").status_code == 409
    assert client.get(f"/courses/write/{course.slug}").status_code == 200
    client.sign_in(learner)
    assert client.get(f"/courses/{course.slug}").status_code == 200
    assert f'href="/courses/{course.slug}"' not in client.get("/courses/").text
    stranger = make.person("Bùi Văn Mới", agency=make.agency())
    client.sign_in(stranger)
    assert client.get(f"/courses/{course.slug}").status_code == 404
    client.sign_in(writer)
    assert client.post(f"/courses/write/{course.slug}/draft").status_code == 303
    assert state_of(app, course) == "draft"
