"""Writing courses: a trainer's own, from an empty draft to what learners get."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from courses.models import Course, Enrolment, Lesson, Revision
from lms.core.access import ADMIN, TRAINER
from lms.core.db import db
from lms.people.models import Person
from tests.factories import Factory
from tests.services.page_client import PageClient

TEXT = "## Mở đầu\n\n::: note\nNhớ **kỹ** điều này.\n:::"


@pytest.fixture
def trainer(make: Factory, client: PageClient) -> Person:
    person = make.person("Phạm Thị Lan", agency=make.agency())
    make.grant(person, TRAINER)
    client.sign_in(person)
    return person


def begin(client: PageClient, title: str = "Khóa mới", periods: str = "3") -> str:
    """Begin a course; return its address under /courses/write/."""
    answer = client.post("/courses/write/new", data={"title": title, "periods": periods})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def add_module(client: PageClient, course: str, title: str) -> str:
    answer = client.post(f"{course}/modules", data={"title": title})
    assert answer.status_code == 303
    return answer.headers["Location"].rpartition("module-")[2]


def add_lesson(client: PageClient, course: str, module: str, title: str) -> str:
    data = {"title": title, "kind": "article"}
    answer = client.post(f"{course}/modules/{module}/lessons", data=data)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def version_in(page: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert found is not None
    return found.group(1)


def save(client: PageClient, lesson: str, source: str = TEXT, **changes: str) -> int:
    data = {
        "title": "Bài một",
        "source": source,
        "minutes": "7",
        "required": "y",
        "version": version_in(client.get(lesson).text),
        **changes,
    }
    return client.post(lesson, data=data).status_code


def publish(client: PageClient, course: str) -> None:
    page = client.get(f"{course}/publish").text
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', page)
    assert seen is not None, page
    answer = client.post(f"{course}/publish", data={"seen": seen.group(1)})
    assert answer.status_code == 303, answer.text


def rows_in(page: str) -> list[str]:
    return re.findall(r'id="lesson-([^"]+)"', page)


def test_a_course_goes_from_a_title_to_the_catalogue(
    make: Factory, client: PageClient, trainer: Person
) -> None:
    course = begin(client, "Bình đẳng giới ở cơ sở")
    assert course == "/courses/write/binh-dang-gioi-o-co-so"
    lesson = add_lesson(client, course, add_module(client, course, "Phần một"), "Bài một")
    assert save(client, lesson) == 303
    facts = {
        "title": "Bình đẳng giới ở cơ sở",
        "summary": "Một câu.",
        "periods": "5",
        "audiences": ["official", "teacher"],
        "objectives": "Nêu được khái niệm giới.\r\n\r\n  Nhận ra định kiến.  ",
        "sources-0-title": "Luật Bình đẳng giới",
        "sources-0-number": "73/2006/QH11",
        "sources-0-date": "2006-11-29",
        "sources-1-title": "",
        "version": version_in(client.get(f"{course}/facts").text),
    }
    assert client.post(f"{course}/facts", data=facts).status_code == 303
    publish(client, course)

    client.sign_in(make.person(agency=make.agency()))
    page = client.get("/courses/binh-dang-gioi-o-co-so").text
    assert "Nhận ra định kiến." in page
    assert "73/2006/QH11" in page
    client.post("/courses/binh-dang-gioi-o-co-so/enrol")
    page = client.get("/courses/binh-dang-gioi-o-co-so/lessons/bai-mot").text
    assert "<strong>kỹ</strong>" in page


def test_the_list_shows_own_courses_and_costs_the_same_for_many(
    make: Factory, client: PageClient, trainer: Person, count_queries: list[str]
) -> None:
    make.course("Của người khác")
    make.course("Của tôi", owner=trainer)
    count_queries.clear()
    page = client.get("/courses/write").text
    assert "Của tôi" in page
    assert "Của người khác" not in page
    one = len(count_queries)
    for number in range(8):
        make.course(f"Khóa {number}", owner=trainer)
    count_queries.clear()
    assert "Khóa 7" in client.get("/courses/write").text
    assert len(count_queries) == one


def test_another_trainers_course_is_not_found_and_an_admin_may_write_all(
    make: Factory, client: PageClient, trainer: Person
) -> None:
    slug = make.course("Của người khác", owner=make.person()).slug
    paths = ["", "/facts", "/lessons/bai-1", "/lessons/bai-1/preview", "/pictures", "/publish"]
    for path in [*paths, "/export"]:
        assert client.get(f"/courses/write/{slug}{path}").status_code == 404, path
    for path in [
        "/draft",
        "/discard",
        "/facts",
        "/modules",
        "/modules/1",
        "/modules/1/move",
        "/modules/1/delete",
        "/modules/1/lessons",
        "/lessons/bai-1",
        "/lessons/bai-1/move",
        "/lessons/bai-1/delete",
        "/pictures",
        "/pictures/1/delete",
        "/publish",
    ]:
        assert client.post(f"/courses/write/{slug}{path}").status_code == 404, path

    admin = make.person(agency=make.agency())
    make.grant(admin, ADMIN)
    client.sign_in(admin)
    assert client.get(f"/courses/write/{slug}").status_code == 200
    assert "Của người khác" in client.get("/courses/write").text


def test_trainees_and_hr_do_not_write(make: Factory, client: PageClient) -> None:
    client.sign_in(make.hr(make.agency()))
    assert client.get("/courses/write").status_code == 403
    assert client.post("/courses/write/new", data={"title": "x", "periods": "1"}).status_code == 403


def test_titles_alike_get_addresses_of_their_own_and_none_of_the_sites(
    client: PageClient, trainer: Person
) -> None:
    assert begin(client, "Khóa mới") == "/courses/write/khoa-moi"
    assert begin(client, "Khoá  mới") == "/courses/write/khoa-moi-2"
    assert begin(client, "Write") == "/courses/write/write-2"
    assert begin(client, "…") == "/courses/write/khoa-hoc"


@pytest.mark.parametrize(
    "data", [{"title": ""}, {"periods": "0"}, {"periods": "x"}, {"periods": "9" * 30}]
)
def test_a_course_without_a_title_or_a_length_is_refused_in_words(
    client: PageClient, trainer: Person, data: dict[str, str]
) -> None:
    answer = client.post("/courses/write/new", data={"title": "a", "periods": "3", **data})
    assert answer.status_code == 422
    assert "field-error" in answer.text


def test_modules_and_lessons_are_put_in_order_without_a_script(
    client: PageClient, trainer: Person
) -> None:
    course = begin(client)
    first, second = (add_module(client, course, title) for title in ("Một", "Hai"))
    for title in ("A", "B"):
        add_lesson(client, course, first, title)
    add_lesson(client, course, second, "C")
    assert rows_in(client.get(course).text) == ["a", "b", "c"]

    client.post(f"{course}/lessons/b/move", data={"step": "up"})
    assert rows_in(client.get(course).text) == ["b", "a", "c"]
    client.post(f"{course}/lessons/a/move", data={"step": "down"})  # into the next module
    client.post(f"{course}/lessons/a/move", data={"step": "down"})
    assert rows_in(client.get(course).text) == ["b", "c", "a"]
    client.post(f"{course}/lessons/b/move", data={"step": "up"})  # it is first already
    client.post(f"{course}/modules/{first}/move", data={"step": "down"})
    assert rows_in(client.get(course).text) == ["c", "a", "b"]
    client.post(f"{course}/lessons/c/move", data={"step": "down"})
    client.post(f"{course}/lessons/b/move", data={"step": "up"})
    assert rows_in(client.get(course).text) == ["a", "c", "b"]

    client.post(f"{course}/modules/{second}", data={"title": "Phần hai"})
    assert "Phần hai" in client.get(course).text
    client.post(f"{course}/lessons/c/delete")
    client.post(f"{course}/modules/{first}/delete")
    assert rows_in(client.get(course).text) == ["a", "b"]


def test_a_bad_step_title_kind_or_id_is_refused_in_words(
    client: PageClient, trainer: Person
) -> None:
    course = begin(client)
    module = add_module(client, course, "Một")
    assert client.post(f"{course}/modules/{module}/move", data={"step": "x"}).status_code == 422
    assert client.post(f"{course}/modules", data={"title": " "}).status_code == 422
    assert client.post(f"{course}/modules", data={"title": "x" * 201}).status_code == 422
    bad_kind = {"title": "A", "kind": "phim-truong"}
    answer = client.post(f"{course}/modules/{module}/lessons", data=bad_kind)
    assert answer.status_code == 422
    for wrong in ("999999999", "9" * 30, "-1", "x"):
        assert client.post(f"{course}/modules/{wrong}/move").status_code == 404


def test_a_saved_lesson_is_previewed_as_a_trainee_sees_it(
    client: PageClient, trainer: Person
) -> None:
    course = begin(client)
    module = add_module(client, course, "Một")
    lesson = add_lesson(client, course, module, "Bài một")
    add_lesson(client, course, module, "Bài hai")
    answer = client.post(
        lesson, data={"title": "Bài một", "source": TEXT, "version": "1", "preview": "1"}
    )
    assert answer.headers["Location"] == f"{lesson}/preview"
    page = client.get(f"{lesson}/preview").text
    assert "<strong>kỹ</strong>" in page
    assert 'data-test="preview-banner"' in page
    assert 'data-test="mark-read"' not in page
    assert f"{course}/lessons/bai-hai/preview" in page
    assert save(client, lesson, source="Khác *hẳn*.") == 303
    assert "<em>hẳn</em>" in client.get(f"{lesson}/preview").text


def test_a_sensitive_lesson_shows_the_quick_exit_in_its_preview(
    client: PageClient, trainer: Person
) -> None:
    course = begin(client)
    lesson = add_lesson(client, course, add_module(client, course, "Một"), "Bài một")
    assert 'data-test="quick-exit"' not in client.get(f"{lesson}/preview").text
    save(client, lesson, sensitive="y")
    assert 'data-test="quick-exit"' in client.get(f"{lesson}/preview").text


def test_a_stale_save_shows_both_versions_and_loses_nothing(
    client: PageClient, trainer: Person
) -> None:
    course = begin(client)
    lesson = add_lesson(client, course, add_module(client, course, "Một"), "Bài một")
    stale = version_in(client.get(lesson).text)
    assert save(client, lesson, source="Bản của <b>tab kia</b>.") == 303

    mine = {"title": "Bài một", "source": "Bản của tôi.", "minutes": "9", "version": stale}
    answer = client.post(lesson, data=mine)
    assert answer.status_code == 409
    assert "Bản của &lt;b&gt;tab kia&lt;/b&gt;." in answer.text
    assert "Bản của tôi." in answer.text
    assert 'value="9"' in answer.text
    assert "tab kia" in client.get(lesson).text

    again = {**mine, "version": version_in(answer.text)}
    assert client.post(lesson, data=again).status_code == 303
    assert "Bản của tôi." in client.get(lesson).text


def test_a_save_without_a_version_never_overwrites(client: PageClient, trainer: Person) -> None:
    course = begin(client)
    lesson = add_lesson(client, course, add_module(client, course, "Một"), "Bài một")
    for version in ("", "x", "9" * 40, "-1"):
        data = {"title": "Bài một", "source": "Của tôi", "version": version}
        assert client.post(lesson, data=data).status_code == 409


def test_saving_the_same_words_twice_is_no_conflict(client: PageClient, trainer: Person) -> None:
    course = begin(client)
    lesson = add_lesson(client, course, add_module(client, course, "Một"), "Bài một")
    data = {"title": "Bài một", "source": TEXT, "minutes": "7", "version": "1"}
    assert client.post(lesson, data=data).status_code == 303
    assert client.post(lesson, data=data).status_code == 303


def test_words_sent_after_the_draft_was_published_come_back(
    client: PageClient, trainer: Person
) -> None:
    course = begin(client)
    lesson = add_lesson(client, course, add_module(client, course, "Một"), "Bài một")
    save(client, lesson)
    publish(client, course)
    answer = client.post(lesson, data={"title": "Bài một", "source": "Viết muộn.", "version": "2"})
    assert answer.status_code == 409
    assert "Viết muộn." in answer.text


def test_stale_facts_show_both_versions(client: PageClient, trainer: Person) -> None:
    course = begin(client, "Khóa mới")
    stale = version_in(client.get(f"{course}/facts").text)
    data = {"title": "Tên của tab kia", "periods": "3", "version": stale}
    assert client.post(f"{course}/facts", data=data).status_code == 303
    answer = client.post(f"{course}/facts", data={**data, "title": "Tên của tôi"})
    assert answer.status_code == 409
    assert "Tên của tab kia" in answer.text
    assert "Tên của tôi" in answer.text
    again = {**data, "title": "Tên của tôi", "version": version_in(answer.text)}
    assert client.post(f"{course}/facts", data=again).status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"periods": "201"},
        {"summary": "x" * 1001},
        {"objectives": "\n".join("x" * 13)},
        {"objectives": "x" * 301},
        {"audiences": "nobody"},
        {"sources-0-number": "1"},
        {"sources-0-title": "Luật", "sources-0-date": "29/11/2006"},
    ],
)
def test_wrong_facts_are_refused_at_their_field(
    client: PageClient, trainer: Person, wrong: dict[str, str]
) -> None:
    course = begin(client)
    good = {"title": "Khóa mới", "periods": "3", "version": "1"}
    answer = client.post(f"{course}/facts", data={**good, **wrong})
    assert answer.status_code == 422
    assert 'data-test="error-summary"' in answer.text


def test_hostile_texts_stay_texts_on_every_page_of_the_trainer(
    client: PageClient, trainer: Person
) -> None:
    hostile = "\"><script>alert('x')</script>{{ 7919*7 }}"
    course = begin(client, hostile)
    module = add_module(client, course, hostile)
    lesson = add_lesson(client, course, module, hostile)
    save(client, lesson, source=hostile, title=hostile)
    data = {"title": hostile, "periods": "3", "summary": hostile, "objectives": hostile}
    data |= {"sources-0-title": hostile, "sources-0-note": hostile, "version": "1"}
    assert client.post(f"{course}/facts", data=data).status_code == 303
    for page in (course, lesson, f"{lesson}/preview", f"{course}/facts", f"{course}/publish"):
        text = client.get(page).text
        assert "<script>alert" not in text, page
        assert "55433" not in text, page


def revisions(app: Flask, slug: str) -> list[tuple[int, str]]:
    with app.app_context():
        query = select(Revision.number, Revision.state).join(Course)
        return [tuple(row) for row in db.session.execute(query.where(Course.slug == slug))]


def test_people_under_way_stay_on_their_revision(
    app: Flask, make: Factory, client: PageClient, trainer: Person
) -> None:
    course = begin(client, "Khóa")
    lesson = add_lesson(client, course, add_module(client, course, "Một"), "Bài một")
    save(client, lesson, source="Bản thứ nhất.")
    publish(client, course)
    learner, newcomer = (make.person(agency=make.agency()) for _number in range(2))
    client.sign_in(learner)
    client.post("/courses/khoa/enrol")

    client.sign_in(trainer)
    assert client.post(f"{course}/draft").status_code == 303
    save(client, lesson, source="Bản thứ hai.", title="Bài một sửa")
    page = client.get(f"{course}/publish").text
    assert "Bài một sửa" in page
    assert "1 người" in page
    publish(client, course)
    assert sorted(revisions(app, "khoa")) == [(1, "retired"), (2, "published")]

    for person, words in ((learner, "Bản thứ nhất."), (newcomer, "Bản thứ hai.")):
        client.sign_in(person)
        if person is newcomer:
            client.post("/courses/khoa/enrol")
        assert words in client.get("/courses/khoa/lessons/bai-mot").text

    client.sign_in(learner)
    assert client.post("/courses/khoa/lessons/bai-mot/read").status_code == 303
    with app.app_context():
        held = db.session.execute(
            select(Enrolment.status, Revision.number)
            .join(Revision, Revision.id == Enrolment.revision_id)
            .where(Enrolment.person_id == learner.id)
        ).one()
    assert tuple(held) == ("completed", 1)


def test_a_draft_copies_keys_and_is_made_once(
    app: Flask, make: Factory, client: PageClient, trainer: Person
) -> None:
    course = make.course(owner=trainer, lessons=2, quiz=True)
    for _time in range(2):
        assert client.post(f"/courses/write/{course.slug}/draft").status_code == 303
    assert revisions(app, course.slug) == [(1, "published"), (2, "draft")]
    with app.app_context():
        keys = select(Lesson.key).join(Revision).where(Revision.number == 2)
        assert sorted(db.session.scalars(keys)) == ["bai-1", "bai-2", "kiem-tra"]
    page = client.get(f"/courses/write/{course.slug}/publish").text
    assert 'data-test="obstacles"' not in page  # the quiz came along
    publish(client, f"/courses/write/{course.slug}")


def test_a_draft_is_discarded_with_its_quiz_and_the_published_stays(
    app: Flask, make: Factory, client: PageClient, trainer: Person
) -> None:
    course = make.course(owner=trainer, quiz=True)
    path = f"/courses/write/{course.slug}"
    client.post(f"{path}/draft")
    assert client.post(f"{path}/discard").status_code == 303
    assert revisions(app, course.slug) == [(1, "published")]
    assert client.post(f"{path}/discard").status_code == 404


def test_a_course_that_is_not_ready_is_not_published_and_says_why(
    client: PageClient, trainer: Person
) -> None:
    course = begin(client)

    def refused(words: str) -> None:
        page = client.get(f"{course}/publish").text
        assert words in page
        assert 'data-test="confirm-publish"' not in page
        answer = client.post(f"{course}/publish", data={"seen": "x"})
        assert answer.status_code in (409, 422)

    refused("chưa có bài nào")
    module = add_module(client, course, "Một")
    lesson = add_lesson(client, course, module, "Bài trống")
    refused("Bài trống")
    save(client, lesson, required="")
    refused("bắt buộc")
    save(client, lesson)
    quiz = {"title": "Bài kiểm tra trống", "kind": "quiz"}
    client.post(f"{course}/modules/{module}/lessons", data=quiz)
    refused("Bài kiểm tra trống")


def test_a_draft_edited_since_the_look_is_not_published_unseen(
    client: PageClient, trainer: Person
) -> None:
    course = begin(client)
    lesson = add_lesson(client, course, add_module(client, course, "Một"), "Bài một")
    save(client, lesson)
    page = client.get(f"{course}/publish").text
    seen = re.findall(r'name="seen"[^>]*value="([^"]+)"', page)[0]
    save(client, lesson, source="Đổi sau khi xem.")
    assert client.post(f"{course}/publish", data={"seen": seen}).status_code == 409
    publish(client, course)


def test_two_tabs_that_press_at_once_make_one_draft_and_one_revision(live_app: Flask) -> None:
    make = Factory(live_app)
    trainer = make.person(agency=make.agency())
    make.grant(trainer, TRAINER)
    course = make.course(owner=trainer)
    path = f"/courses/write/{course.slug}"

    def press(action: str, data: dict[str, str]) -> list[int]:
        tabs = [live_app.test_client() for _tab in range(4)]
        for tab in tabs:
            tab.sign_in(trainer)
        with ThreadPoolExecutor(4) as pool:
            answers = pool.map(lambda tab: tab.post(f"{path}/{action}", data=data), tabs)
            return sorted(answer.status_code for answer in answers)

    assert press("draft", {}) == [303] * 4
    assert revisions(live_app, course.slug) == [(1, "published"), (2, "draft")]
    client = live_app.test_client()
    client.sign_in(trainer)
    seen = re.findall(r'name="seen"[^>]*value="([^"]+)"', client.get(f"{path}/publish").text)[0]
    answers = press("publish", {"seen": seen})
    assert answers[0] == 303
    assert set(answers[1:]) <= {404, 409}
    assert sorted(revisions(live_app, course.slug)) == [(1, "retired"), (2, "published")]
