"""The media library: found, described, used, replaced everywhere, never seen by strangers."""

import io

import pytest
from flask import Flask
from sqlalchemy import select

from courses.models import Course, Lesson, LibraryFile, Media, Rendition, Revision
from lms.agencies.models import Agency
from lms.core import audit
from lms.core.db import db
from lms.people.models import Person
from tests.courses.played import clip, paper, tone
from tests.courses.test_imaging import photo
from tests.factories import Factory
from tests.services.page_client import PageClient

SRT = "1\n00:00:01,000 --> 00:00:02,000\nXin chào\n".encode()


@pytest.fixture
def agency(make: Factory) -> Agency:
    """Return the agency of the trainer."""
    return make.agency()


@pytest.fixture
def trainer(make: Factory, agency: Agency, client: PageClient) -> Person:
    """Return a trainer, signed in."""
    person = make.person("Lê Thị Giảng", agency=agency)
    make.grant(person, "trainer", agency)
    client.sign_in(person)
    return person


def bring(client: PageClient, data: bytes, filename: str, status: int = 303) -> int:
    """Send a file to the library; return its id there."""
    answer = client.post("/courses/library", data={"file": (io.BytesIO(data), filename)})
    assert answer.status_code == status, answer.text
    return int(answer.location.rpartition("/")[2]) if status == 303 else 0


def get(app: Flask, file_id: int) -> LibraryFile:
    with app.app_context():
        file: LibraryFile = db.session.get_one(LibraryFile, file_id)
        db.session.expunge(file)
    return file


def list_media(app: Flask, course: Course, state: str) -> dict[str, Media]:
    with app.app_context():
        query = (
            select(Media)
            .join(Revision)
            .where(Revision.course_id == course.id, Revision.state == state)
        )
        media = list(db.session.scalars(query))
        db.session.expunge_all()
    return {one.name: one for one in media}


@pytest.mark.parametrize(
    ("data", "filename", "kind", "kept_as"),
    [
        (photo("JPEG"), "Ảnh lớp học.jpg", "picture", "anh-lop-hoc.jpg"),
        (photo("GIF"), "hinh.gif", "picture", "hinh.png"),
        (clip(), "Bài giảng.mp4", "video", "bai-giang.mp4"),
        (tone(), "Ghi âm.mp3", "audio", "ghi-am.mp3"),
        (paper(1), "Sổ tay.pdf", "document", "so-tay.pdf"),
        (SRT, "phu de.srt", "captions", "phu-de.vtt"),
    ],
    ids=["jpeg", "gif", "mp4", "mp3", "pdf", "srt"],
)
def test_a_file_is_kept_by_what_it_is(
    app: Flask,
    client: PageClient,
    trainer: Person,
    data: bytes,
    filename: str,
    kind: str,
    kept_as: str,
) -> None:
    file = get(app, bring(client, data, filename))
    assert (file.kind, file.filename, file.owner_id) == (kind, kept_as, trainer.id)
    assert client.get(f"/courses/library/{file.id}").status_code == 200
    sent = client.get(f"/courses/library/{file.id}/file/{file.filename}")
    assert sent.mimetype == file.content_type
    assert len(sent.data) == file.size
    with app.app_context():
        asked = db.session.scalar(select(Rendition.id).limit(1)) is not None
        assert asked == (kind in ("video", "audio"))
        assert audit.find_break() is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"MZ\x90\0", "Word"),
        (b"PK\x03\x04", "Word"),
        (b"<html></html>", "Word"),
        (photo("PNG")[:60], ""),
        (b"%PDF-1.4 broken", ""),
        (b"--> nothing", ""),
        (b"", ""),
    ],
    ids=["program", "zip", "page", "cut-picture", "broken-pdf", "no-captions", "empty"],
)
def test_what_may_not_be_kept_is_refused_with_a_sentence(
    client: PageClient, trainer: Person, data: bytes, words: str
) -> None:
    answer = client.post("/courses/library", data={"file": (io.BytesIO(data), "x.mp4")})
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text
    assert words in answer.text


def test_a_form_without_a_file_says_so(client: PageClient, trainer: Person) -> None:
    assert client.post("/courses/library", data={}).status_code == 422


def test_the_same_file_is_kept_once(app: Flask, client: PageClient, trainer: Person) -> None:
    assert bring(client, SRT, "a.srt") == bring(client, SRT, "b.srt")


def test_a_file_is_found_without_diacritics_and_by_kind(
    client: PageClient, trainer: Person
) -> None:
    bring(client, photo("PNG"), "Sơ đồ bình đẳng.png")
    bring(client, SRT, "Lời thoại.srt")
    client.get("/courses/library")  # says what was done before
    found = client.get("/courses/library?q=so+do+BINH").text
    assert "Sơ đồ bình đẳng" in found
    assert "Lời thoại" not in found
    captions = client.get("/courses/library?kind=captions&q=").text
    assert "Lời thoại" in captions
    assert "Sơ đồ bình đẳng" not in captions
    for odd in ("?kind=x", "?page=999", "?page=x", "?q=%25", "?q=" + "a" * 5000):
        assert client.get(f"/courses/library{odd}").status_code == 200


def test_a_full_library_says_what_to_do(app: Flask, client: PageClient, trainer: Person) -> None:
    before, app.config["LMS_LIBRARY_QUOTA_MB"] = app.config["LMS_LIBRARY_QUOTA_MB"], "0"
    try:
        bring(client, SRT, "a.srt", status=422)
        with app.app_context():
            assert db.session.scalar(select(LibraryFile.id)) is None
    finally:
        app.config["LMS_LIBRARY_QUOTA_MB"] = before


def test_colleagues_use_a_file_and_strangers_do_not_see_it(
    make: Factory, client: PageClient, trainer: Person, agency: Agency
) -> None:
    file_id = bring(client, SRT, "Phụ đề chung.srt")
    colleague, stranger = make.person(agency=agency), make.person(agency=make.agency())
    for person in (colleague, stranger):
        make.grant(person, "trainer", agency)
    client.sign_in(colleague)
    assert "Phụ đề chung" in client.get("/courses/library").text
    assert client.get(f"/courses/library/{file_id}").status_code == 200
    for act in ("", "/replace", "/delete"):
        data = {"title": "x", "file": (io.BytesIO(SRT), "x.srt")}
        assert client.post(f"/courses/library/{file_id}{act}", data=data).status_code == 404
    client.sign_in(stranger)
    assert "Phụ đề chung" not in client.get("/courses/library").text
    for address in (f"/courses/library/{file_id}", f"/courses/library/{file_id}/file/x.vtt"):
        assert client.get(address).status_code == 404
    client.sign_in(make.person())
    assert client.get("/courses/library").status_code == 403


def test_a_picture_is_described_alone_or_from_the_list(
    app: Flask, client: PageClient, trainer: Person
) -> None:
    one, other = bring(client, photo("PNG"), "mot.png"), bring(client, photo("JPEG"), "hai.jpg")
    client.post(f"/courses/library/{one}", data={"title": "Lớp học", "alt": "Một  lớp học"})
    assert (get(app, one).title, get(app, one).alt) == ("Lớp học", "Một lớp học")
    page = client.get("/courses/library/alt").text
    assert f'name="alt-{other}"' in page
    assert f'name="alt-{one}"' not in page
    client.post("/courses/library/alt", data={f"alt-{other}": "Hai người", "alt-999": "x"})
    assert get(app, other).alt == "Hai người"
    assert client.post(f"/courses/library/{one}", data={"title": ""}).status_code == 422


def test_pictures_without_words_in_drafts_are_listed(
    client: PageClient, make: Factory, trainer: Person
) -> None:
    course = make.course(lessons=1, owner=trainer, published=False)
    with make.writing():
        lesson = db.session.scalars(
            select(Lesson).join(Revision).filter_by(course_id=course.id)
        ).one()
        lesson.source = "![](images/a.svg)\n\n![Lời](images/b.svg)"
    page = client.get("/courses/library/alt").text
    assert f"/courses/write/{course.slug}/lessons/bai-1" in page
    assert "images/a.svg" in page
    assert "images/b.svg" not in page


@pytest.fixture
def course(make: Factory, trainer: Person) -> Course:
    """Return a published course of the trainer, without a draft."""
    return make.course("Khóa của tôi", lessons=1, owner=trainer)


def test_a_file_is_added_to_the_draft_once_and_told_where_it_is_used(
    app: Flask, client: PageClient, course: Course, make: Factory
) -> None:
    file_id = bring(client, photo("PNG"), "so-do.png")
    for _twice in range(2):
        answer = client.post(f"/courses/library/{file_id}/use", data={"course": course.slug})
        assert answer.status_code == 303
    [media] = list_media(app, course, "draft").values()
    assert (media.name, media.library_file_id) == ("images/so-do.png", file_id)
    with make.writing():
        lesson = db.session.scalars(
            select(Lesson).join(Revision).where(Revision.state == "draft")
        ).one()
        lesson.source = "![Sơ đồ](images/so-do.png)"
        title = lesson.title
    page = client.get(f"/courses/library/{file_id}").text
    assert "Khóa của tôi" in page
    assert title in page
    assert client.post(f"/courses/library/{file_id}/delete").status_code == 422
    foreign = make.course()
    answer = client.post(f"/courses/library/{file_id}/use", data={"course": foreign.slug})
    assert answer.status_code == 404


def test_a_file_that_is_used_nowhere_can_go(
    app: Flask, client: PageClient, trainer: Person
) -> None:
    file_id = bring(client, SRT, "a.srt")
    assert client.post(f"/courses/library/{file_id}/delete").status_code == 303
    assert client.get(f"/courses/library/{file_id}").status_code == 404


def test_a_replaced_file_is_in_drafts_at_once_and_waits_for_publishing_elsewhere(
    app: Flask, client: PageClient, course: Course, make: Factory, trainer: Person
) -> None:
    file_id = bring(client, photo("PNG"), "so-do.png")
    drafted = make.course(lessons=1, owner=trainer, published=False)
    for one in (course, drafted):
        client.post(f"/courses/library/{file_id}/use", data={"course": one.slug})
    client.post(f"/courses/write/{course.slug}/publish", data={"seen": _seen(app, course)})
    old = list_media(app, course, "published")["images/so-do.png"].sha256

    data = {"file": (io.BytesIO(photo("PNG", (50, 50))), "moi.png")}
    answer = client.post(f"/courses/library/{file_id}/replace", data=data, follow_redirects=True)

    new = get(app, file_id).sha256
    assert new != old
    assert "Khóa của tôi" in answer.text
    assert list_media(app, drafted, "draft")["images/so-do.png"].sha256 == new
    assert list_media(app, course, "draft")["images/so-do.png"].sha256 == new
    assert list_media(app, course, "published")["images/so-do.png"].sha256 == old


def test_a_file_is_replaced_by_one_of_its_type_only(
    app: Flask, client: PageClient, trainer: Person
) -> None:
    file_id = bring(client, photo("PNG"), "so-do.png")
    before = get(app, file_id).sha256
    for data in (photo("JPEG"), b"nothing"):
        answer = client.post(
            f"/courses/library/{file_id}/replace", data={"file": (io.BytesIO(data), "x.png")}
        )
        assert answer.status_code == 422
    assert get(app, file_id).sha256 == before


def test_a_video_lesson_gets_its_file_and_its_captions(
    app: Flask, client: PageClient, make: Factory, trainer: Person
) -> None:
    course = make.course(lessons=1, owner=trainer, published=False)
    with make.writing():
        lesson = db.session.scalars(
            select(Lesson).join(Revision).filter_by(course_id=course.id)
        ).one()
        lesson.kind = "video"
    address = f"/courses/write/{course.slug}/lessons/bai-1"
    assert "choose-file" in client.get(address).text
    publish = client.get(f"/courses/write/{course.slug}/publish").text
    assert 'data-test="obstacles"' in publish or "Bài 1" in publish

    refused = client.post(f"{address}/file/new", data={"file": (io.BytesIO(SRT), "x.srt")})
    assert refused.status_code == 422
    answer = client.post(f"{address}/file/new", data={"file": (io.BytesIO(clip()), "phim.mp4")})
    assert answer.status_code == 303
    sound = bring(client, tone(), "ghi-am.mp3")
    page = client.get(f"{address}/file").text
    assert "media/phim.mp4" in page
    assert f"library:{sound}" in page
    captions = {"video": "media/phim.mp4", "language": "vi", "file": (io.BytesIO(SRT), "x.srt")}
    assert client.post(f"/courses/write/{course.slug}/captions", data=captions).status_code == 303
    assert set(list_media(app, course, "draft")) == {"media/phim.mp4", "media/phim.vi.vtt"}
    assert 'srclang="vi"' in client.get(f"{address}/preview").text

    client.post(f"{address}/file", data={"file": f"library:{sound}"})
    with app.app_context():
        assert db.session.scalars(
            select(Lesson).join(Revision).filter_by(course_id=course.id)
        ).one().settings == {"file": "media/ghi-am.mp3"}
    for nothing in ("media/nichts.mp4", "library:999999", "library:x", "", "media/phim.vi.vtt"):
        odd = client.post(f"{address}/file", data={"file": nothing})
        assert odd.status_code in (404, 422), nothing
    bad = {"video": "media/phim.mp4", "language": "vi", "file": (io.BytesIO(b"x"), "x.srt")}
    assert client.post(f"/courses/write/{course.slug}/captions", data=bad).status_code == 422


def test_a_shelf_of_many_costs_as_many_queries_as_a_shelf_of_one(
    client: PageClient, trainer: Person, count_queries: list[str]
) -> None:
    def shelf() -> int:
        client.get("/courses/library")  # says what was done before
        count_queries.clear()
        assert client.get("/courses/library").status_code == 200
        return len(count_queries)

    bring(client, SRT, "0.srt")
    one = shelf()
    for number in range(1, 6):
        bring(client, SRT.replace(b"Xin", str(number).encode()), f"{number}.srt")
    assert shelf() == one


def _seen(app: Flask, course: Course) -> str:
    with app.app_context():
        query = select(Revision.updated_at).filter_by(course_id=course.id, state="draft")
        return str(db.session.scalars(query).one().isoformat())
