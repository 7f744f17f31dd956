"""A lesson saved while it is written: its history, and two trainers on it at once."""

import io
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from courses.markdown import CALLOUTS
from courses.models import LessonVersion
from courses.services.authoring import history
from lms.core.access import TRAINER
from lms.core.db import db
from lms.people.models import Person
from tests.courses.packs import SVG
from tests.courses.test_authoring import add_lesson, add_module, begin, publish, save, version_in
from tests.factories import Factory
from tests.services.page_client import PageClient


@pytest.fixture
def trainer(make: Factory, client: PageClient) -> Person:
    person = make.person("Phạm Thị Lan", agency=make.agency())
    make.grant(person, TRAINER)
    client.sign_in(person)
    return person


@pytest.fixture
def lesson(client: PageClient, trainer: Person) -> str:
    course = begin(client)
    return add_lesson(client, course, add_module(client, course, "Phần một"), "Bài một")


def autosave(
    client: PageClient, lesson: str, source: str, version: object, **changes: str
) -> dict[str, Any]:
    data = {"title": "Bài một", "source": source, "minutes": "7", "required": "y", **changes}
    answer = client.post(
        f"{lesson}/autosave",
        data={**data, "version": version},
        headers={"Accept": "application/json"},
    )
    return {"status": answer.status_code, **answer.get_json()}


def versions(client: PageClient, lesson: str) -> list[LessonVersion]:
    """Return what is kept of a lesson, the oldest first."""
    key = lesson.rpartition("/")[2]
    query = select(LessonVersion).where(LessonVersion.lesson_key == key)
    with client.application.app_context():
        found = list(db.session.scalars(query.order_by(LessonVersion.number)))
        db.session.expunge_all()
    return found


def test_a_page_saves_by_itself_and_is_told_the_version_and_the_hour(
    client: PageClient, lesson: str
) -> None:
    reply = autosave(client, lesson, "Một.", version_in(client.get(lesson).text))
    assert reply["status"] == 200
    assert re.fullmatch(r"\d\d:\d\d", reply["saved_at"])
    again = autosave(client, lesson, "Một. Hai.", reply["version"])
    assert again["version"] == reply["version"] + 1
    assert "Một. Hai." in client.get(lesson).text


def test_what_one_person_writes_within_ten_minutes_is_one_row(
    client: PageClient, lesson: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = version_in(client.get(lesson).text)
    for words in ("Một.", "Một. Hai.", "Một. Hai. Ba."):
        version = autosave(client, lesson, words, version)["version"]
    assert [(v.source, v.autosaved) for v in versions(client, lesson)] == [
        ("", False),
        ("Một. Hai. Ba.", True),
    ]
    monkeypatch.setattr(history, "FOLDED_FOR", timedelta(0))
    autosave(client, lesson, "Sau đó.", version)
    assert [v.number for v in versions(client, lesson)] == [1, 2, 3]


def test_what_somebody_meant_to_save_is_never_written_over(client: PageClient, lesson: str) -> None:
    assert save(client, lesson, "Bản lưu.") == 303
    autosave(client, lesson, "Viết tiếp.", version_in(client.get(lesson).text))
    assert [v.source for v in versions(client, lesson)] == ["", "Bản lưu.", "Viết tiếp."]
    # Saved on purpose at last, the row of the page becomes a row of its person.
    assert save(client, lesson, "Viết tiếp.") == 303
    assert [v.autosaved for v in versions(client, lesson)] == [False, False, False]


def test_two_trainers_never_write_over_each_other(
    make: Factory, client: PageClient, lesson: str, trainer: Person
) -> None:
    seen = version_in(client.get(lesson).text)
    admin = make.person("Đỗ Quang Huy", sex="M")
    make.grant(admin, "admin")
    client.sign_in(admin)
    autosave(client, lesson, "Của người kia.", seen)
    client.sign_in(trainer)
    reply = autosave(client, lesson, "Của tôi.", seen)
    assert reply["status"] == 409
    assert reply["theirs"]["source"] == "Của người kia."
    assert reply["yours"]["source"] == "Của tôi."
    # Sent as a form, the same words come back with both versions and what differs.
    data = {"title": "Bài một", "source": "Của tôi.", "minutes": "7", "version": seen}
    answer = client.post(lesson, data=data)
    assert answer.status_code == 409
    assert "data-save-url" not in answer.text
    assert re.search(r"<del>.*?người kia</del>", answer.text, re.DOTALL)
    rows = versions(client, lesson)
    assert [(v.source, v.saved_by_id) for v in rows] == [
        ("", None),
        ("Của người kia.", admin.id),
    ]


def test_what_cannot_be_saved_is_said_in_a_sentence(
    client: PageClient, trainer: Person, lesson: str
) -> None:
    version = version_in(client.get(lesson).text)
    reply = autosave(client, lesson, "x", version, title=" ")
    assert reply["status"] == 422
    assert reply["message"]
    assert autosave(client, lesson, "x" * 100_001, version)["status"] == 422
    course = lesson.partition("/lessons/")[0]
    save(client, lesson)
    publish(client, course)
    reply = autosave(client, lesson, "Quá muộn.", version)
    assert reply["status"] == 410
    assert reply["message"]


def test_a_version_that_is_brought_back_is_a_new_version(client: PageClient, lesson: str) -> None:
    save(client, lesson, "Bản đầu có **chữ đậm**.")
    save(client, lesson, "Bản sau.")
    page = client.get(f"{lesson}/history").text
    assert page.count('data-test="compare"') == 3
    assert "Phạm Thị Lan" in page
    compared = client.get(f"{lesson}/history/3").text
    assert re.search(r"<ins><span[^>]*>[^<]+</span>sau</ins>", compared)
    assert client.get(f"{lesson}/history/3?with=1").status_code == 200
    seen = version_in(client.get(f"{lesson}/history/2").text)
    assert client.post(f"{lesson}/history/2/restore", data={"version": seen}).status_code == 303
    assert [v.source for v in versions(client, lesson)][1:] == [
        "Bản đầu có **chữ đậm**.",
        "Bản sau.",
        "Bản đầu có **chữ đậm**.",
    ]
    # Whoever looked before that is not to bring back over it.
    answer = client.post(f"{lesson}/history/3/restore", data={"version": seen})
    assert answer.status_code == 409


def test_history_outlives_the_draft_and_is_for_its_trainers_alone(
    make: Factory, client: PageClient, lesson: str
) -> None:
    save(client, lesson, "Bản đầu.")
    course = lesson.partition("/lessons/")[0]
    publish(client, course)
    assert 'data-test="compare"' in client.get(f"{lesson}/history").text
    client.post(f"{course}/draft")
    save(client, lesson, "Bản của bản nháp sau.")
    assert [v.number for v in versions(client, lesson)] == [1, 2, 3]
    stranger = make.person("Lê Văn Lạ", sex="M")
    make.grant(stranger, TRAINER)
    client.sign_in(stranger)
    for path in ("history", "history/1", "phone"):
        assert client.get(f"{lesson}/{path}").status_code == 404
    assert client.post(f"{lesson}/history/1/restore").status_code == 404
    assert client.post(f"{lesson}/autosave").status_code == 404


def test_odd_numbers_in_addresses_lead_nowhere(client: PageClient, lesson: str) -> None:
    for path in ("history/99", "history/1?with=7", "history/1?with=-3", "history/9999999999"):
        assert client.get(f"{lesson}/{path}").status_code == 404, path
    for path in ("history?before=9999999999999", "history?before=-1", "history?before=x"):
        assert client.get(f"{lesson}/{path}").status_code == 200, path


def test_a_picture_pasted_into_a_lesson_takes_no_others_name(
    client: PageClient, lesson: str
) -> None:
    def send(data: bytes) -> tuple[int, dict[str, str]]:
        file = (io.BytesIO(data), "hinh.svg")
        answer = client.post(f"{lesson}/pictures", data={"file": file})
        return answer.status_code, answer.get_json()

    first, second = send(SVG), send(SVG.replace(b"9", b"8"))
    assert first[1]["name"] == "images/hinh.svg"
    assert second[1]["name"] == "images/hinh-2.svg"
    assert second[1]["type"] == "image/svg+xml"
    assert client.get(second[1]["url"]).status_code == 200
    status, reply = send(b"MZ no picture")
    assert status == 422
    assert reply["message"]
    assert client.post(f"{lesson}/pictures").status_code == 422


def test_a_file_of_the_library_comes_into_the_lesson(
    make: Factory, client: PageClient, lesson: str
) -> None:
    kept = client.post("/courses/library", data={"file": (io.BytesIO(SVG), "So do.svg")})
    assert kept.status_code == 303, kept.text
    file_id = kept.headers["Location"].rpartition("/")[2]
    assert f"library:{file_id}" in client.get(lesson).text
    taken = client.post(f"{lesson}/library/{file_id}")
    assert taken.get_json()["name"] == "images/so-do.svg"
    assert f"library:{file_id}" not in client.get(lesson).text
    assert client.post(f"{lesson}/library/{int(file_id) + 1}").status_code == 404
    stranger = make.person("Lê Văn Lạ", sex="M")
    make.grant(stranger, TRAINER)
    client.sign_in(stranger)
    assert client.post(f"{lesson}/library/{file_id}").status_code == 404


def test_the_phone_shows_the_preview_and_no_other_site_may(client: PageClient, lesson: str) -> None:
    save(client, lesson)
    phone = client.get(f"{lesson}/phone")
    assert f'src="{lesson}/preview"' in phone.text
    assert "frame-src 'self'" in phone.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in phone.headers["Content-Security-Policy"]
    preview = client.get(f"{lesson}/preview").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in preview
    assert "script-src 'self'" in preview


def order_of(page: str) -> list[list[Any]]:
    """Return the order that a course's page shows, as its script sends it."""
    parts = re.split(r'data-module="(\d+)"', page)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return [[int(number), re.findall(r'data-lesson="([^"]+)"', part)] for number, part in pairs]


def put(client: PageClient, course: str, seen: object, order: object) -> int:
    data = {"seen": json.dumps(seen), "order": json.dumps(order)}
    headers = {"Accept": "application/json"}
    return client.post(f"{course}/order", data=data, headers=headers).status_code


def test_modules_and_lessons_are_put_in_order_at_once(client: PageClient, lesson: str) -> None:
    course = lesson.partition("/lessons/")[0]
    second = add_module(client, course, "Phần hai")
    for title in ("Bài hai", "Bài ba"):
        add_lesson(client, course, second, title)
    seen = order_of(client.get(course).text)
    first = seen[0][0]
    wanted = [[int(second), ["bai-ba", "bai-mot", "bai-hai"]], [first, []]]
    assert put(client, course, seen, wanted) == 200
    assert order_of(client.get(course).text) == wanted
    # Somebody who still looks at the old order is not to undo it unseen.
    assert put(client, course, seen, seen) == 409
    assert put(client, course, wanted, wanted[:1]) == 422
    doubled = [[int(second), ["bai-ba", "bai-ba", "bai-hai"]], [first, []]]
    assert put(client, course, wanted, doubled) == 422
    for odd in ("x", [1], [[1, None]], [["1", []]], {"a": 1}, None, [[first, [1]]], [[True, []]]):
        assert put(client, course, wanted, odd) == 422, odd
    assert client.post(f"{course}/order", data={"order": "[" * 5000}).status_code == 422
    assert order_of(client.get(course).text) == wanted
    assert client.post(f"{course}/lessons/bai-hai/move", data={"step": "up"}).status_code == 303


def test_the_editor_knows_the_same_boxes_as_the_reader() -> None:
    schema = Path("lms/assets/js/editor/schema.js").read_text()
    found = re.search(r"CALLOUTS = \[([^\]]+)\]", schema)
    assert found is not None
    assert tuple(re.findall(r"'(\w+)'", found.group(1))) == CALLOUTS


def test_saving_costs_the_same_with_a_long_history(
    client: PageClient, lesson: str, count_queries: list[str]
) -> None:
    save(client, lesson, "Một.")
    count_queries.clear()
    save(client, lesson, "Hai.")
    few = len(count_queries)
    for number in range(6):
        save(client, lesson, f"Lần {number}.")
    count_queries.clear()
    save(client, lesson, "Cuối.")
    assert len(count_queries) == few
