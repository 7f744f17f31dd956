"""Videos and recordings: told by content, made small by ffmpeg, watched and remembered."""

import io
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from courses import transcoding
from courses.files import open_kept
from courses.formats import audio, video
from courses.formats.brought import Brought
from courses.formats.faults import UnreadableCourse
from courses.jobs.transcoding import clean_up, transcode_waiting
from courses.models import Evidence, Lesson, LessonProgress, Media, Rendition
from courses.services import renditions
from courses.services.renditions import MOST_TRIES
from lms.core import jobs
from lms.core.clock import now
from lms.core.db import db
from tests.courses.played import Played, clip, paper, played_course, tone
from tests.factories import Factory
from tests.services.page_client import PageClient


def brought(data: bytes, name: str = "Bài giảng 1.mp4") -> Brought:
    return Brought(io.BytesIO(data), name)


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (clip("mp4"), "video/mp4"),
        (clip("mov"), "video/quicktime"),
        (clip("webm"), "video/webm"),
        (tone("mp3"), "audio/mpeg"),
        (tone("m4a"), "audio/mp4"),
        (tone("ogg"), "audio/ogg"),
        (tone("wav"), "audio/wav"),
        (paper(1), None),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", None),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", None),
        (b"<html><video src=x></html>", None),
        (b"", None),
    ],
    ids=["mp4", "mov", "webm", "mp3", "m4a", "ogg", "wav", "pdf", "hls", "concat", "html", "none"],
)
def test_the_type_comes_from_the_bytes(data: bytes, content_type: str | None) -> None:
    head = data[:8192]
    assert (video.tell_video_type(head) or audio.tell_audio_type(head)) == content_type
    assert video.recognises(brought(data)) == bool(content_type and "video" in content_type)
    assert audio.recognises(brought(data)) == bool(content_type and "audio" in content_type)


def test_a_video_becomes_a_course_of_one_lesson_that_plays_it() -> None:
    course = video.read(brought(clip()))
    [lesson] = course.lessons()
    assert (lesson.kind, lesson.title) == ("video", "Bài giảng 1")
    assert lesson.settings == {"file": "media/bai-giang-1.mp4"}
    file = course.files["media/bai-giang-1.mp4"]
    with file.open() as one, file.open() as other:
        assert one.read() == other.read() == clip()
    with pytest.raises(UnreadableCourse):
        audio.read(brought(b"no recording"))


@given(st.binary(max_size=200))
def test_any_bytes_are_told_or_not_and_never_a_crash(data: bytes) -> None:
    video.recognises(brought(data))
    audio.recognises(brought(data))


# --- ffmpeg


@pytest.mark.parametrize(
    ("data", "content_type", "facts"),
    [
        (clip("mp4"), "video/mp4", (640, 360, True, True)),
        (clip("webm", size="240x426"), "video/webm", (240, 426, True, True)),
        (clip("mov", sound=False), "video/quicktime", (640, 360, True, False)),
        (tone("wav"), "audio/wav", (0, 0, False, True)),
    ],
    ids=["mp4", "webm", "mov", "wav"],
)
def test_ffmpeg_says_what_a_file_holds(
    tmp_path: Path, data: bytes, content_type: str, facts: tuple[int, int, bool, bool]
) -> None:
    (tmp_path / "x").write_bytes(data)
    probe = transcoding.probe_file(tmp_path / "x", content_type)
    assert (probe.width, probe.height, probe.has_video, probe.has_audio) == facts
    assert 1.5 < probe.seconds < 3.5


@pytest.mark.parametrize("content_type", sorted(transcoding.DEMUXERS))
def test_a_playlist_is_never_followed(tmp_path: Path, content_type: str) -> None:
    (tmp_path / "secret.mp4").write_bytes(clip())
    playlist = f"#EXTM3U\n#EXTINF:1,\nfile://{tmp_path}/secret.mp4\n#EXT-X-ENDLIST\n"
    for text in (playlist, f"ffconcat version 1.0\nfile {tmp_path}/secret.mp4\n"):
        (tmp_path / "x").write_text(text * 40)
        with pytest.raises(transcoding.TranscodingError):
            transcoding.probe_file(tmp_path / "x", content_type)


def test_an_attempt_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcoding, "BEAT_SECONDS", 0.1)
    beats: list[int] = []
    pids: list[int] = []
    with pytest.raises(transcoding.TranscodingError, match="too long"):
        transcoding.run(["sleep", "60"], 0.3, lambda: beats.append(1), pids.append)
    assert beats
    assert subprocess.run(["kill", "-0", str(pids[0])], check=False, capture_output=True).returncode


# --- the worker


@pytest.fixture
def played(make: Factory) -> Played:
    """Return a course that plays a film."""
    return played_course(make, clip())


def list_renditions(app: Flask) -> dict[str, Rendition]:
    with app.app_context():
        rows = list(db.session.scalars(select(Rendition)))
        db.session.expunge_all()
    return {row.profile: row for row in rows}


@contextmanager
def working(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_the_worker_makes_a_film_small_and_leaves_no_trace(app: Flask, played: Played) -> None:
    with working(app):
        assert jobs.run("courses.transcode") == 4
        assert jobs.run("courses.transcode") == 0
    made = list_renditions(app)
    assert {key: row.state for key, row in made.items()} == dict.fromkeys(
        ("poster", "480p", "240p", "audio"), "done"
    )
    assert made["240p"].facts["height"] == 240
    assert 2.5 < made["audio"].facts["seconds"] < 3.5
    with working(app):
        with open_kept(str(made["240p"].sha256)) as file:
            head = file.read(4096)
        assert head.index(b"moov") < 4096  # the index stands first, so that it plays at once
        with open_kept(str(made["poster"].sha256)) as file:
            assert file.read(3) == b"\xff\xd8\xff"
    assert list((Path(str(app.config["LMS_DATA_DIR"])) / "transcoding").iterdir()) == []


def test_what_makes_no_sense_for_a_film_is_not_made(app: Flask, make: Factory) -> None:
    played_course(make, clip(size="320x180", sound=False))
    with working(app):
        transcode_waiting()
    assert sorted(list_renditions(app)) == ["240p", "poster"]


def test_a_film_that_cannot_be_read_is_given_up_with_its_reason(app: Flask, make: Factory) -> None:
    broken = clip()[:64] + b"\0" * 4000
    played_course(make, broken)
    with working(app):
        assert transcode_waiting() == 0
    for row in list_renditions(app).values():
        assert (row.state, row.sha256) == ("failed", None)
        assert row.reason


def test_one_worker_at_a_time_and_a_dead_one_is_followed(app: Flask, played: Played) -> None:
    with working(app):
        renditions.want_missing()
        first = renditions.claim_next()
        assert first is not None
        assert renditions.claim_next() is None
        _let_leases_end()
        second = renditions.claim_next()
        assert second is not None
        assert second.rendition_id == first.rendition_id


def test_what_kills_workers_is_given_up_after_three_tries(app: Flask, played: Played) -> None:
    with working(app):
        renditions.want_missing()
        claims = []
        for _try in range(MOST_TRIES):
            claims.append(renditions.claim_next())
            _let_leases_end()
        assert len({claim.rendition_id for claim in claims if claim}) == 1
        following = renditions.claim_next()
        assert following is not None
        assert claims[0] is not None
        assert following.rendition_id != claims[0].rendition_id
        assert db.session.get_one(Rendition, claims[0].rendition_id).state == "failed"


def test_a_disk_that_fails_is_no_fault_of_the_film(
    app: Flask, played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise OSError("no space left")

    with working(app):
        monkeypatch.setattr("courses.jobs.transcoding.keep_file", fail)
        transcode_waiting()
    assert {row.tries for row in list_renditions(app).values()} == {MOST_TRIES}
    assert {row.state for row in list_renditions(app).values()} == {"failed"}


def test_what_a_dead_worker_left_is_swept_and_a_living_one_keeps_its_own(app: Flask) -> None:
    folder = Path(str(app.config["LMS_DATA_DIR"])) / "transcoding"
    left = folder / "7-99999"
    left.mkdir(parents=True)
    (left / "target").write_bytes(b"half")
    (left / "ffmpeg.pid").write_text("1")  # some other process by now
    with working(app):
        clean_up()
    assert not left.exists()


def _let_leases_end() -> None:
    db.session.execute(update(Rendition).values(claimed_until=now() - timedelta(seconds=1)))
    db.session.expire_all()


# --- the page


@pytest.fixture
def learner(app: Flask, make: Factory, client: PageClient, played: Played) -> PageClient:
    """Return a learner of the course."""
    person = make.person(agency=make.agency())
    make.enrolment(person, played.course)
    client.sign_in(person)
    return client


def test_until_it_is_ready_the_original_is_played_and_the_page_says_so(
    learner: PageClient, played: Played, app: Flask
) -> None:
    with working(app):
        renditions.want_missing()
        db.session.commit()
    page = learner.get(played.address(played.video)).text
    assert 'data-test="film-waits"' in page
    assert 'data-test="film-choices"' not in page
    assert "bai-giang.mp4" in page


def test_the_versions_are_links_with_their_sizes(
    learner: PageClient, played: Played, app: Flask
) -> None:
    with working(app):
        transcode_waiting()
    page = learner.get(played.address(played.video)).text
    for profile in ("480p", "240p", "audio"):
        assert f"?quality={profile}" in page
    assert "bai-giang-480p.mp4" in page
    assert 'srclang="vi"' in page
    assert "poster=" in page
    sparing = learner.get(played.address(played.video), headers={"Save-Data": "on"}).text
    assert 'src="' in sparing
    assert "bai-giang-240p.mp4" in sparing.partition("<track")[0]
    sound = learner.get(played.address(played.video) + "?quality=audio").text
    assert "bai-giang-audio.m4a" in sound.partition("<track")[0]
    assert learner.get(played.address(played.video) + "?quality=x").status_code == 200


def send(
    client: PageClient, address: str, position: float, watched: object = (), seconds: float = 0
) -> dict[str, object]:
    data = {
        "position": json.dumps(position),
        "watched": json.dumps(watched),
        "seconds": json.dumps(seconds),
    }
    answer = client.post(f"{address}/progress", data=data)
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def test_a_film_is_gone_on_with_where_it_was_left(
    learner: PageClient, played: Played, app: Flask
) -> None:
    address = played.address(played.video)
    send(learner, address, 2.5, [[0, 2.5]])
    assert 'data-place="2.5"' in learner.get(address).text
    answer = learner.post(
        f"{address}/progress",
        json={"position": 1.25, "watched": [], "seconds": 3},
        headers={"X-CSRFToken": learner.csrf_token()},
    )
    assert answer.status_code == 200
    with working(app):
        [row] = db.session.scalars(select(LessonProgress))
        assert (row.position, row.watched) == (1.25, [[0, 2.5]])


def test_how_much_was_watched_stands_on_the_page(
    learner: PageClient, played: Played, app: Flask
) -> None:
    with working(app):
        transcode_waiting()
    address = played.address(played.video)
    assert '<div class="film-state" hidden' in learner.get(address).text
    send(learner, address, 1, [[0, 1]], 3)
    page = learner.get(address).text
    assert '<div class="film-state" data-film-state' in page
    assert 'max="100" value="5' in page  # a second of three, and half a second


def test_watching_enough_of_a_film_completes_the_lesson(
    learner: PageClient, played: Played, app: Flask
) -> None:
    address = played.address(played.video)
    assert send(learner, address, 3, [[0, 3]], 3) == {"share": 100, "done": True}
    with working(app):
        assert db.session.scalar(select(Evidence.lesson_id)) is not None


def test_a_part_of_a_film_is_not_enough(learner: PageClient, played: Played, app: Flask) -> None:
    with working(app):
        transcode_waiting()
    address = played.address(played.video)
    assert send(learner, address, 3, [[0, 1]], 0.5)["done"] is False  # the length is known better
    assert send(learner, address, 3, [[1, 3]], 3)["done"] is False  # no time has passed


def test_while_the_length_is_not_known_nothing_is_completed(
    learner: PageClient, played: Played, app: Flask
) -> None:
    with working(app):
        renditions.want_missing()
        db.session.commit()
    answer = send(learner, played.address(played.video), 3, [[0, 3]], 3)
    assert answer == {"share": 0, "done": False}


def test_a_page_of_a_document_is_remembered(
    learner: PageClient, played: Played, app: Flask
) -> None:
    address = played.address(played.document)
    assert send(learner, address, 2)["done"] is False
    assert 'data-place="2"' in learner.get(address).text


@pytest.mark.parametrize(
    "data",
    [
        {"position": "x"},
        {"position": "-1"},
        {"position": "1e999"},
        {"position": "NaN"},
        {"position": "[1]"},
        {"position": "true"},
        {"position": "1", "watched": "["},
        pytest.param({"position": "1", "watched": "[" * 100_000}, id="deep"),
        {},
    ],
)
def test_a_message_that_makes_no_sense_changes_nothing(
    learner: PageClient, played: Played, app: Flask, data: dict[str, str]
) -> None:
    answer = learner.post(f"{played.address(played.video)}/progress", data=data)
    assert answer.status_code == 400
    with working(app):
        assert db.session.scalar(select(LessonProgress.id)) is None


@pytest.mark.parametrize(
    "watched", [None, "x", [[1]], [[2, 1]], [["a", "b"]], [[-1, 5]], [[0, 1e300]], {"0": 1}]
)
def test_stretches_that_make_no_sense_count_for_nothing(
    learner: PageClient, played: Played, watched: object
) -> None:
    assert send(learner, played.address(played.video), 1, watched, 3)["share"] == 0


def test_nobody_tells_of_a_lesson_that_is_not_theirs(
    client: PageClient, make: Factory, played: Played
) -> None:
    client.sign_in(make.person())
    data = {"position": "1"}
    assert client.post(f"{played.address(played.video)}/progress", data=data).status_code == 404


def test_a_lesson_without_its_file_says_whom_to_tell(
    learner: PageClient, played: Played, app: Flask
) -> None:
    with working(app):
        db.session.execute(db.delete(Media))
        db.session.commit()
    assert 'data-test="film-missing"' in learner.get(played.address(played.video)).text
    assert 'data-test="document-missing"' in learner.get(played.address(played.document)).text


# --- in the middle of a text


def test_a_text_plays_what_it_shows_with_captions_and_offers_documents(
    learner: PageClient, played: Played, app: Flask, make: Factory
) -> None:
    with make.writing():
        lesson = db.session.scalars(select(Lesson).filter_by(key=played.video)).one()
        lesson.source = (
            "![Bài giảng](media/bai-giang.mp4)\n\n![Sổ tay](media/so-tay.pdf)\n\n"
            '![Không có](media/khong-co.mp4)\n\n![x" onplay="alert(1)](media/bai-giang.mp4)'
        )
    text = learner.get(played.address(played.video)).text.partition('class="prose"')[2]
    assert '<video src="/courses/media/' in text
    assert 'aria-label="Bài giảng"' in text
    assert 'srclang="vi"' in text
    assert ">Sổ tay</a>" in text
    assert "<p>Không có</p>" in text
    assert 'onplay="' not in text


def test_a_player_in_a_text_gets_the_lightest_good_version(
    learner: PageClient, played: Played, app: Flask
) -> None:
    with working(app):
        sha256 = db.session.scalar(select(Media.sha256).filter_by(content_type="video/mp4"))
    address = f"/courses/media/{sha256}/bai-giang.mp4?best=480p"
    assert learner.get(address).status_code == 200
    with working(app):
        transcode_waiting()
    answer = learner.get(address)
    assert answer.status_code == 302
    assert str(list_renditions(app)["480p"].sha256) in answer.location
    assert learner.get(answer.location).status_code == 200


def test_a_film_kept_elsewhere_is_fetched_first(
    app: Flask, played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.core.storage.local_path", lambda _key: None)
    with working(app):
        assert transcode_waiting() == 4
    assert list((Path(str(app.config["LMS_DATA_DIR"])) / "transcoding").iterdir()) == []
