"""Course packs for tests, made in code: whole ones to take apart, and how to draw any."""

import io
import zipfile
from collections.abc import Mapping

from hypothesis import strategies as st

from courses.formats.packed import PackedCourse, PackedLesson, PackedModule, PackedPicture
from courses.lesson_text import normalise
from lms.core.text import clean

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20 + b"IEND\xaeB`\x82"

COURSE = """\
format: 1
slug: khoa-thu
title: Khóa thử
summary: Một câu.
audiences: [official]
periods: 2
objectives:
  - Nêu được khái niệm giới.
sources:
  - title: Luật Bình đẳng giới
    number: 73/2006/QH11
    date: 2006-11-29
modules:
  - title: Phần một
    lessons:
      - file: lessons/01-mo-dau.md
  - title: Kiểm tra
    lessons:
      - quiz: quiz.yml
        key: kiem-tra
        title: Bài kiểm tra
"""
LESSON = """\
---
key: mo-dau
title: Mở đầu
minutes: 5
---

## Khái niệm

![Hình một ô vuông](images/o-vuong.svg)
"""
QUIZ = """\
format: 1
title: Bài kiểm tra
pass_mark: 60
attempts: 3
time_limit: 30
sections:
  - title: Chung
    category: chung
    draw: 1
questions:
  - key: q01
    category: chung
    type: true_false
    stem: Giới tính là đặc điểm sinh học.
    answer: true
    feedback: Theo Điều 5.
  - key: q02
    category: chung
    type: single_choice
    stem: Chọn một.
    options:
      - text: Đúng
        correct: true
      - text: Sai một
      - text: Sai hai
      - text: Sai ba
    feedback: Vì thế.
"""
FILES: Mapping[str, str | bytes] = {
    "course.yml": COURSE,
    "lessons/01-mo-dau.md": LESSON,
    "quiz.yml": QUIZ,
    "images/o-vuong.svg": SVG,
}


def zipped(files: Mapping[str, str | bytes | None] | None = None, top: str = "") -> bytes:
    """Return the zip of the good pack with some files changed, or left out when None."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in {**FILES, **(files or {})}.items():
            if data is not None:
                file.writestr(f"{top}{name}", data)
    return buffer.getvalue()


# --- any course at all

#: Signs that have undone a round trip before: quotes, colons, fences, what YAML takes for a value.
_AWKWARD = st.sampled_from(
    ["yes", "null", "1.5", "2006-11-29", "---", "a: b", "#x", "'", '"', "&a"]
)
_LETTERS = st.characters(exclude_categories=["Cs", "Cn", "Co"])
_LINES = (_AWKWARD | st.text(_LETTERS, max_size=40)).map(clean)
_TITLES = _LINES.filter(bool)
_KEYS = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6})?", fullmatch=True)
_TEXTS = st.text(_LETTERS | st.sampled_from("\n\r\t#-:`| "), max_size=200).map(normalise)
_VALUES = st.booleans() | st.integers(-5, 10**6) | _TITLES
_QUESTIONS = st.fixed_dictionaries(
    {
        "category": st.just("chung"),
        "type": st.sampled_from(["true_false", "short_answer"]),
        "stem": _TITLES,
        "answers": st.lists(_VALUES, min_size=1, max_size=3),
    }
)


@st.composite
def _quizzes(draw: st.DrawFn) -> dict[str, object]:
    questions = draw(st.lists(_QUESTIONS, min_size=1, max_size=3))
    return {
        "pass_mark": draw(st.integers(0, 100)),
        "attempts": draw(st.integers(1, 5)),
        "sections": [{"title": draw(_TITLES), "category": "chung", "draw": len(questions)}],
        "questions": [{"key": f"q{n}", **q} for n, q in enumerate(questions, 1)],
    }


@st.composite
def courses(draw: st.DrawFn) -> PackedCourse:
    """Draw any course that a pack can hold."""
    keys = draw(st.lists(_KEYS, unique=True, max_size=5))
    lessons = [draw(_lessons(key)) for key in keys]
    cut = draw(st.integers(0, len(lessons)))
    return PackedCourse(
        slug=draw(_KEYS.filter(lambda key: key not in ("new", "write", "media"))),
        title=draw(_TITLES),
        periods=draw(st.integers(1, 200)),
        summary=draw(_LINES),
        audiences=tuple(draw(st.lists(_KEYS, max_size=3))),
        objectives=tuple(draw(st.lists(_TITLES, max_size=3))),
        sources=tuple(draw(st.lists(_sources(), max_size=2))),
        modules=(
            PackedModule(draw(_TITLES), tuple(lessons[:cut])),
            PackedModule(draw(_TITLES), tuple(lessons[cut:])),
        ),
        pictures=draw(st.dictionaries(_names(), _pictures(), max_size=2)),
    )


@st.composite
def _lessons(draw: st.DrawFn, key: str) -> PackedLesson:
    quiz = draw(st.none() | _quizzes())
    return PackedLesson(
        key=key,
        title=draw(_TITLES),
        kind="article" if quiz is None else "quiz",
        source=draw(_TEXTS) if quiz is None else "",
        minutes=draw(st.integers(0, 600)),
        required=draw(st.booleans()),
        sensitive=draw(st.booleans()),
        quiz=quiz,
    )


@st.composite
def _sources(draw: st.DrawFn) -> dict[str, str]:
    source = {"title": draw(_TITLES), "number": draw(_LINES), "note": draw(_LINES)}
    source["date"] = draw(st.just("") | st.dates().map(lambda day: day.isoformat()))
    return {key: value for key, value in source.items() if value}


def _names() -> st.SearchStrategy[str]:
    return st.from_regex(r"images/[a-z0-9]{1,8}\.svg", fullmatch=True)


def _pictures() -> st.SearchStrategy[PackedPicture]:
    return st.just(PackedPicture(SVG, "image/svg+xml"))
