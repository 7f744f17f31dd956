"""Modules brought to a course that is there: nothing of either is lost or overwritten."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from courses.formats.packed import KEY, PackedCourse, PackedFile, PackedPicture
from courses.joining import Taken, fit
from tests.courses.packs import SVG, courses


def _files() -> st.SearchStrategy[dict[str, PackedFile]]:
    names = st.from_regex(r"media/[a-c]{1,2}(\.mp4|\.vi\.vtt|\.pdf)", fullmatch=True)
    contents = st.sampled_from([b"one", b"two"]).map(lambda d: PackedFile.of_bytes("video/mp4", d))
    return st.dictionaries(names, contents, max_size=4)


@st.composite
def _brought(draw: st.DrawFn) -> PackedCourse:
    course = draw(courses())
    files = draw(_files())
    pictures = draw(
        st.dictionaries(
            st.sampled_from(["images/a.svg", "images/a-2.svg", "images/b.svg"]),
            st.sampled_from([SVG, SVG + b" "]).map(lambda d: PackedPicture(d, "image/svg+xml")),
        )
    )
    modules = tuple(
        replace(m, lessons=tuple(_show(x, files, pictures) for x in m.lessons))
        for m in course.modules
    )
    return replace(course, modules=modules, files=files, pictures=pictures)


def _show(lesson: Any, files: dict[str, PackedFile], pictures: dict[str, PackedPicture]) -> Any:
    """Let a lesson show everything."""
    if lesson.quiz is not None:
        return lesson
    source = "\n\n".join(f"![x]({name})" for name in (*pictures, *files))
    settings = {"file": min(files)} if files else {}
    return replace(lesson, source=source, settings=settings)


def _hash(content: PackedFile | PackedPicture) -> object:
    return content.sha256 if isinstance(content, PackedFile) else content.data


def _hashes(course: PackedCourse) -> dict[str, str]:
    files = {name: PackedFile.of_bytes("x", p.data).sha256 for name, p in course.pictures.items()}
    return files | {name: file.sha256 for name, file in course.files.items()}


def _shown(course: PackedCourse) -> Iterator[list[object]]:
    there: dict[str, PackedFile | PackedPicture] = {**course.pictures, **course.files}
    for lesson in course.lessons():
        names = re.findall(r"\((\S+)\)", lesson.source)
        yield [_hash(there[name]) for name in names if lesson.quiz is None]


@given(_brought(), _brought())
def test_what_is_brought_loses_and_overwrites_nothing(
    there: PackedCourse, brought: PackedCourse
) -> None:
    keys = [lesson.key for lesson in there.lessons()]
    files = _hashes(there)
    new = fit(brought, Taken(keys, files, {"chung"}), "n7")

    assert not set(keys) & {lesson.key for lesson in new.lessons()}
    assert all(KEY.fullmatch(lesson.key) for lesson in new.lessons())
    assert len({lesson.key for lesson in new.lessons()}) == len(list(brought.lessons()))
    for name, sha256 in _hashes(new).items():
        assert files.get(name, sha256) == sha256
    # Two names of one content may become one.
    assert {*_hashes(new).values()} == {*_hashes(brought).values()}
    assert list(_shown(new)) == list(_shown(brought))
    for old, one in zip(brought.lessons(), new.lessons(), strict=True):
        assert (old.title, old.kind, old.minutes) == (one.title, one.kind, one.minutes)
        if old.settings:
            before, after = old.settings["file"], one.settings["file"]
            assert brought.files[before] == new.files[after]
        if old.quiz is not None:
            assert one.quiz is not None
            assert [q["stem"] for q in old.quiz["questions"]] == [
                q["stem"] for q in one.quiz["questions"]
            ]
            assert all(q["key"].endswith("-n7") for q in one.quiz["questions"])
            assert all(q["category"] != "chung" for q in one.quiz["questions"])


@given(_brought())
def test_captions_stay_beside_their_video(brought: PackedCourse) -> None:
    taken = Taken(files={f"media/{name}.mp4": "0" * 64 for name in ("a", "b", "c", "aa")})
    new = fit(brought, taken, "n1")
    videos = {name for name in brought.files if name.endswith(".mp4")}
    pairs = [n for n in brought.files if n.endswith(".vi.vtt") and f"{n[:-7]}.mp4" in videos]
    assert len(
        [n for n in new.files if n.endswith(".vi.vtt") and f"{n[:-7]}.mp4" in new.files]
    ) >= (len(pairs))
