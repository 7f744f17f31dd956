"""Uploads that can be resumed: what tus 1.0 promises, and that nobody reaches another's."""

import base64
import hashlib
import io
import threading
import tracemalloc
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from courses.models import Import, Upload, UploadPart
from courses.parted_file import Part, open_parts
from courses.services import uploads
from lms.core import jobs, storage
from lms.core.access import TRAINER
from lms.core.clock import now
from lms.core.db import db
from lms.people.models import Person
from tests.courses.packs import zipped
from tests.factories import Factory
from tests.services.page_client import PageClient

VERSION = {"Tus-Resumable": "1.0.0"}
PART = {**VERSION, "Content-Type": "application/offset+octet-stream"}


class Tus:
    """A client that speaks the protocol by hand."""

    def __init__(self, client: PageClient) -> None:
        self.client = client
        self.csrf = {"X-CSRFToken": client.csrf_token()}

    def begin(self, size: int | str, name: str = "goi.zip", **headers: str) -> TestResponse:
        encoded = base64.b64encode(name.encode()).decode()
        return self.client.open(
            "/courses/uploads",
            method="POST",
            headers={
                **VERSION,
                **self.csrf,
                "Upload-Length": str(size),
                "Upload-Metadata": f"filename {encoded},for {base64.b64encode(b'library').decode()}",
                **headers,
            },
        )

    def begun(self, size: int) -> str:
        return str(self.begin(size).headers["Location"])

    def send(self, place: str, offset: int | str, data: bytes, **headers: str) -> TestResponse:
        return self.client.open(
            place,
            method="PATCH",
            data=data,
            headers={**PART, **self.csrf, "Upload-Offset": str(offset), **headers},
        )

    def offset(self, place: str) -> int:
        answer = self.client.open(place, method="HEAD", headers=VERSION)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        return int(answer.headers["Upload-Offset"])

    def give_up(self, place: str) -> TestResponse:
        return self.client.open(place, method="DELETE", headers={**VERSION, **self.csrf})


@pytest.fixture
def trainer(make: Factory, client: PageClient) -> Person:
    person = make.person("Phạm Thị Lan", agency=make.agency())
    make.grant(person, TRAINER)
    client.sign_in(person)
    return person


@pytest.fixture
def tus(client: PageClient, trainer: Person) -> Tus:
    return Tus(client)


def kept(app: Flask, place: str) -> bytes:
    """Return what came, read as an importer reads it."""
    with app.app_context():
        token = place.rpartition("/")[2]
        upload = db.session.scalars(select(Upload).where(Upload.token == token)).one()
        return uploads.open_upload(upload).read()


def test_the_server_says_what_it_can_do(tus: Tus) -> None:
    answer = tus.client.open("/courses/uploads", method="OPTIONS")
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Max-Size"] == str(2 * 1024**3)
    assert set(answer.headers["Tus-Extension"].split(",")) == {
        "creation",
        "expiration",
        "termination",
        "checksum",
    }


def test_a_file_comes_in_parts_and_is_read_as_one(app: Flask, tus: Tus) -> None:
    data = bytes(range(256)) * 40
    begun = tus.begin(len(data))
    assert begun.status_code == 201
    assert "Upload-Expires" in begun.headers
    place = begun.headers["Location"]
    assert tus.offset(place) == 0
    for start in range(0, len(data), 3000):
        answer = tus.send(place, start, data[start : start + 3000])
        assert answer.status_code == 204
        assert int(answer.headers["Upload-Offset"]) == min(start + 3000, len(data))
        assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert tus.offset(place) == len(data)
    assert kept(app, place) == data


def test_a_part_at_the_wrong_place_changes_nothing(tus: Tus) -> None:
    place = tus.begun(10)
    tus.send(place, 0, b"01234")
    for offset in (0, 4, 6, 10):
        assert tus.send(place, offset, b"56789").status_code == 409
    assert tus.offset(place) == 5


def test_what_the_protocol_forbids_is_refused_by_its_number(tus: Tus) -> None:
    place = tus.begun(10)
    wrong_type = {"Content-Type": "application/octet-stream"}
    assert tus.send(place, 0, b"0", **wrong_type).status_code == 415
    refused = tus.send(place, 0, b"0", **{"Tus-Resumable": "0.2.2"})
    assert refused.status_code == 412
    assert refused.headers["Tus-Version"] == "1.0.0"
    for offset in ("", "-1", "x", "1" * 30, "²"):
        answer = tus.client.open(
            place, method="PATCH", data=b"0", headers={**PART, **tus.csrf, "Upload-Offset": offset}
        )
        assert answer.status_code == 400
    assert tus.send(place, 0, b"0" * 11).status_code == 413
    assert tus.offset(place) == 0


def test_a_file_that_is_too_large_or_of_no_known_length_is_not_begun(tus: Tus) -> None:
    assert tus.begin(uploads.MAX_BYTES + 1).status_code == 413
    for size in ("", "-1", "viel", "9" * 40):
        assert tus.begin(size).status_code == 400
    assert tus.begin(5, **{"Upload-Defer-Length": "1"}).status_code == 400
    assert tus.begin(5, **{"Tus-Resumable": "2.0.0"}).status_code == 412
    assert tus.begin(5, **{"Upload-Metadata": "filename &&&"}).status_code == 400


def test_nobody_keeps_more_on_the_way_than_is_fair(tus: Tus) -> None:
    for _n in range(3):
        assert tus.begin(uploads.MAX_BYTES).status_code == 201
    refused = tus.begin(uploads.MAX_BYTES)
    assert refused.status_code == 413
    assert refused.mimetype == "text/plain"


def test_a_wrong_checksum_leaves_the_offset_where_it_was(tus: Tus) -> None:
    place = tus.begun(6)
    for name in ("sha1", "sha256", "md5"):
        right = base64.b64encode(hashlib.new(name, b"ab").digest()).decode()
        offset = tus.offset(place)
        wrong = tus.send(place, offset, b"xy", **{"Upload-Checksum": f"{name} {right}"})
        assert wrong.status_code == 460
        assert tus.offset(place) == offset
        answer = tus.send(place, offset, b"ab", **{"Upload-Checksum": f"{name} {right}"})
        assert answer.status_code == 204
    for odd in ("crc32 AAAA", "sha1", "sha1 ###"):
        assert tus.send(place, 6, b"", **{"Upload-Checksum": odd}).status_code in (400, 409)


def test_what_came_before_a_cut_is_kept(app: Flask, tus: Tus) -> None:
    place = tus.begun(10)
    answer = tus.client.open(
        place,
        method="PATCH",
        input_stream=io.BytesIO(b"0123"),
        headers={**PART, **tus.csrf, "Upload-Offset": "0", "Content-Length": "10"},
    )
    assert answer.headers["Upload-Offset"] == "4"
    assert tus.offset(place) == 4
    assert tus.send(place, 4, b"456789").status_code == 204
    assert kept(app, place) == b"0123456789"


def test_another_person_finds_no_upload(make: Factory, tus: Tus, client: PageClient) -> None:
    place = tus.begun(4)
    other = make.person(agency=make.agency())
    make.grant(other, TRAINER)
    client.sign_in(other)
    stranger = Tus(client)
    assert stranger.send(place, 0, b"0123").status_code == 404
    assert stranger.give_up(place).status_code == 404
    assert client.open(place, method="HEAD", headers=VERSION).status_code == 404


def test_a_learner_may_not_upload_and_no_request_goes_without_a_token(
    make: Factory, tus: Tus, client: PageClient
) -> None:
    place = tus.begun(4)
    for method in ("PATCH", "DELETE"):
        answer = client.open(place, method=method, headers={**PART, "Upload-Offset": "0"})
        assert answer.status_code == 400
    client.sign_in(make.person(agency=make.agency()))
    assert Tus(client).begin(4).status_code == 403


def test_what_is_given_up_is_gone_and_its_bytes_go_with_the_next_sweep(
    app: Flask, tus: Tus
) -> None:
    place = tus.begun(4)
    tus.send(place, 0, b"01")
    with app.app_context():
        key = db.session.scalars(select(UploadPart.key)).one()
    assert tus.give_up(place).status_code == 204
    assert tus.send(place, 2, b"23").status_code == 404
    with app.app_context():
        assert jobs.run("courses.forget_uploads") == 1
        assert not storage.exists(key)
        assert db.session.scalars(select(Upload)).all() == []
        assert jobs.run("courses.forget_uploads") == 0


def test_what_nobody_touches_for_a_week_is_swept_with_bytes_that_no_row_knows(
    app: Flask, tus: Tus
) -> None:
    place = tus.begun(4)
    tus.send(place, 0, b"01")
    with app.app_context():
        stray = f"{uploads.folder_of(place.rpartition('/')[2])}2-stray"
        storage.put(stray, b"23")
        assert jobs.run("courses.forget_uploads") == 0
        db.session.execute(update(Upload).values(expires_at=now() - timedelta(seconds=1)))
        db.session.commit()
        assert jobs.run("courses.forget_uploads") == 1
        assert not storage.exists(stray)


def test_of_two_parts_at_once_one_wins(live_app: Flask) -> None:
    make = Factory(live_app)
    person = make.person(agency=make.agency())
    make.grant(person, TRAINER)
    clients = []
    for _n in range(2):
        client = live_app.test_client()
        assert isinstance(client, PageClient)
        client.sign_in(person)
        clients.append(Tus(client))
    place = clients[0].begun(8)
    answers: list[int] = []
    barrier = threading.Barrier(2)

    def send(tus: Tus, data: bytes) -> None:
        barrier.wait()
        answers.append(tus.send(place, 0, data).status_code)

    threads = [
        threading.Thread(target=send, args=(tus, letter * 8))
        for tus, letter in zip(clients, (b"a", b"b"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [204, 409]
    assert kept(live_app, place) in (b"a" * 8, b"b" * 8)
    with live_app.app_context():
        assert len(db.session.scalars(select(UploadPart)).all()) == 1


@given(
    st.lists(st.binary(min_size=1, max_size=400), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 500)), max_size=10),
)
def test_a_file_in_parts_reads_like_the_file(
    shared_app: Flask, parts: list[bytes], reads: list[tuple[int, int]]
) -> None:
    whole = io.BytesIO(b"".join(parts))
    with shared_app.app_context():
        stretches, start = [], 0
        for number, data in enumerate(parts):
            storage.put(f"uploads/try/{number}", data)
            stretches.append(Part(start, len(data), f"uploads/try/{number}"))
            start += len(data)
        file = open_parts(stretches, start)
        for place, size in reads:
            assert file.seek(place) == whole.seek(place)
            assert file.read(size) == whole.read(size)
        assert file.seek(-start, 2) == 0
        assert file.read() == whole.getvalue()


def test_a_large_file_comes_and_is_read_without_being_held(app: Flask, tus: Tus) -> None:
    part, parts = bytes(1024**2) * 8, 38
    place = tus.begun(len(part) * parts)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for number in range(parts):
        stream: Any = io.BytesIO(part)
        answer = tus.client.open(
            place,
            method="PATCH",
            input_stream=stream,
            content_length=len(part),
            headers={**PART, **tus.csrf, "Upload-Offset": str(number * len(part))},
        )
        assert answer.status_code == 204
    with app.app_context():
        upload = db.session.scalars(select(Upload)).one()
        file = uploads.open_upload(upload)
        total = 0
        while block := file.read(1024**2):
            total += len(block)
    assert total == len(part) * parts
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert peak < 100 * 1024**2
    with app.app_context():
        uploads.drop_bytes(place.rpartition("/")[2])


def test_a_file_for_an_import_is_read_as_soon_as_it_is_whole(
    app: Flask, tus: Tus, client: PageClient
) -> None:
    data = zipped()
    purpose = base64.b64encode(b"import").decode()
    name = base64.b64encode("Khóa học.zip".encode()).decode()
    headers = {"Upload-Metadata": f"filename {name},for {purpose}"}
    place = tus.begin(len(data), **headers).headers["Location"]
    half = len(data) // 2
    assert "Content-Location" not in tus.send(place, 0, data[:half]).headers
    assert "Khóa học.zip" in client.get("/courses/write/import").text
    shown = tus.send(place, half, data[half:]).headers["Content-Location"]
    assert "Khóa thử" in client.get(shown).text
    with app.app_context():
        assert db.session.scalars(select(Import.state)).one() == "ready"


def test_an_empty_file_is_told_to_be_empty(tus: Tus, client: PageClient) -> None:
    encoded = base64.b64encode(b"import").decode()
    begun = tus.begin(0, **{"Upload-Metadata": f"filename,for {encoded}"})
    assert begun.status_code == 201
    assert 'data-test="faults"' in client.get(begun.headers["Content-Location"]).text


def test_a_storage_that_fails_is_to_be_tried_again(
    tus: Tus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_key: str, _stream: object) -> str:
        raise OSError

    place = tus.begun(4)
    with monkeypatch.context() as full:
        full.setattr(storage, "put_file", fail)
        assert tus.send(place, 0, b"0123").status_code == 503
    assert tus.offset(place) == 0
    assert tus.send(place, 0, b"0123").status_code == 204
